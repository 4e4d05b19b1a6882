"""A weather file looked over: what it lacks before any filling, and what its weather shows."""

from pathlib import Path

from mine_energy.io.weather_files import Hints, layout_of, read_hours, read_weather
from mine_energy.io.weather_gaps import gaps_of
from mine_energy.weather.check import WeatherCheck, check_weather


def check_file(path: Path, hints: Hints) -> WeatherCheck:
    """Look a weather file over.

    Parameters
    ----------
    path
        Any weather file.
    hints
        As in :func:`~mine_energy.io.weather_files.read_weather`; with ``gaps = "fill"`` a file with gaps is looked
        over too.

    Raises
    ------
    InputError
        As :func:`~mine_energy.io.weather_files.read_weather`.
    """
    _, hours = read_hours(path, "", hints)
    gaps = gaps_of(hours)
    missing = (0, 0, 0, "") if gaps is None else (gaps.hours, gaps.runs, gaps.longest_hours, gaps.first)
    weather = read_weather(path, "", hints)
    return check_weather(weather, file=path.name, layout=layout_of(path), missing=missing)
