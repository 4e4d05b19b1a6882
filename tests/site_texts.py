"""Sections of a site file that is right, for tests to put something beside or to spoil."""

PLACE = """[site]
name = "Planta"
country = "CO"
latitude = 2.98
longitude = -76.65
altitude_m = 1286
workdays_per_month = 26
shifts = [{ start = 06:00:00, end = 14:00:00 }]

"""
GRID = """[connection]
kind = "grid"
tariff = "co_ceo_n2_2025_estimate"

"""
YEAR = """[emissions]
activity_year = 2024

"""
