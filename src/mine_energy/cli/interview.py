"""What ``init`` asks of a plant, in this order: name, country, place, altitude, hours, machines, supply."""

from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast

from mine_energy import messages
from mine_energy.cli.asking import Options, Question, Talk, ask, one_of, words
from mine_energy.cli.console import say
from mine_energy.errors import InputError, Problem

if TYPE_CHECKING:
    from mine_energy.io.starter import Route, Starter, Supply
    from mine_energy.io.starter_answers import PlaceAnswer
    from mine_energy.motors import MotorInventory
    from mine_energy.site import Country

_SHIFTS: Final = "06:00-14:00, 14:00-22:00"
_WORKDAYS: Final = "26"
_KINDS: Final = ("grid", "offgrid")


def interview(talk: Talk, folder: Path) -> "tuple[Starter, dict[str, bytes]]":
    """Return what was said of the plant, and the motor list to copy into the folder."""
    from mine_energy.io.starter import Starter, genset_kw, typical_inventory

    if talk.asks:
        say(messages.text("cli.init.welcome", talk.language))
    name = ask(talk, Question(key="name", read=_name, default=folder.resolve().name or "Mina"))
    country = _country(talk)
    place, altitude_m = _place(talk, country)
    shifts, workdays = _hours(talk, country)
    motors, extra, route = _motors(talk, folder)
    machines = motors or typical_inventory(route or "gravity", shifts, talk.language)
    kind = _kind(talk)
    rated = _genset(talk, country, genset_kw(machines, altitude_m)) if kind == "offgrid" else None
    supply = _supply(talk, country, kind)
    year = _year(talk, country)
    if route is not None:
        talk.assumed["inventory"] = "machine"
    starter = Starter(
        name=name,
        country=country,
        region=place.site.name if place.site is not None and place.named else "",
        latitude=place.latitude,
        longitude=place.longitude,
        altitude_m=altitude_m,
        supply=supply,
        genset_kw=rated,
        shifts=shifts,
        workdays_per_month=workdays,
        activity_year=year,
        route=route,
        inventory=next(iter(extra), ""),
        assumed=dict(talk.assumed),
    )
    return starter, extra


def _name(typed: str) -> str:
    if not typed.isprintable():
        raise InputError([Problem(key="not_text", value=typed)])
    return typed


def _country(talk: Talk) -> "Country":
    options: Options = (("CO", "Colombia"), ("PE", "Perú" if talk.language == "es" else "Peru"))

    def read(typed: str) -> "Country":
        return cast("Country", one_of(typed, ("CO", "PE"), options))

    return ask(
        talk,
        Question(key="country", read=read, default="CO", options=options, assumes={"site.country": "default"}),
    )


def _place(talk: Talk, country: "Country") -> "tuple[PlaceAnswer, float]":
    """Ask for the place, and for its altitude: the coarse grid's only where nobody knows better."""
    from mine_energy.io.starter_answers import held, packaged_places, read_number, read_place, usual_place

    sites, usual = packaged_places(country), usual_place(country)
    assumes = dict.fromkeys(("site.latitude", "site.longitude", "site.region"), "place")
    place = ask(
        talk,
        Question(
            key="place",
            read=lambda typed: read_place(typed, country),
            default=usual.key,
            options=tuple((site.key, site.name) for site in sites),
            assumes=assumes,
            shown=usual.name,
        ),
    )

    def metres(typed: str) -> float:
        number = read_number(typed)
        held(country, "site", altitude_m=number)
        return number

    grid = None if place.site is None else f"{max(place.site.altitude_grid_m, 0):.0f}"
    shown = "" if grid is None else messages.text("cli.init.altitude_grid", talk.language, altitude=grid)
    altitude = ask(
        talk,
        Question(key="altitude", read=metres, default=grid, assumes={"site.altitude_m": "altitude"}, shown=shown),
    )
    return place, altitude


def _hours(talk: Talk, country: "Country") -> tuple[tuple[tuple[time, time], ...], int]:
    from mine_energy.io.starter_answers import held, read_shifts, read_whole

    def days(typed: str) -> int:
        number = read_whole(typed)
        held(country, "site", workdays_per_month=number)
        return number

    shifts = ask(
        talk,
        Question(
            key="shifts",
            read=lambda typed: read_shifts(typed, country),
            default=_SHIFTS,
            assumes={"site.shifts": "default"},
        ),
    )
    workdays = ask(
        talk, Question(key="days", read=days, default=_WORKDAYS, assumes={"site.workdays_per_month": "default"})
    )
    return shifts, workdays


def _kind(talk: Talk) -> Literal["grid", "offgrid"]:
    kinds = words(talk, "supply", _KINDS)

    def read(typed: str) -> Literal["grid", "offgrid"]:
        return cast("Literal['grid', 'offgrid']", one_of(typed, _KINDS, kinds))

    return ask(
        talk,
        Question(key="supply", read=read, default="grid", options=kinds, assumes={"connection.kind": "default"}),
    )


def _year(talk: Talk, country: "Country") -> int:
    """Return the year of activity: a flag's, else that of the newest factor. Few would know what a question asks."""
    from mine_energy.io.starter import factor_year
    from mine_energy.io.starter_answers import held, read_whole

    def read(typed: str) -> int:
        number = read_whole(typed)
        held(country, "emissions", activity_year=number)
        return number

    silent = Talk(language=talk.language, flags=talk.flags, asks=False, problems=talk.problems, assumed=talk.assumed)
    newest = str(factor_year(country))
    return ask(silent, Question(key="year", read=read, default=newest, assumes={"emissions.activity_year": "year"}))


def _genset(talk: Talk, country: "Country", usual_kw: float) -> float:
    from mine_energy.io.starter_answers import held, read_number

    def rating(typed: str) -> float:
        number = read_number(typed)
        held(country, "genset", rated_kw=number)
        return number

    return ask(
        talk,
        Question(key="genset", read=rating, default=f"{usual_kw:.0f}", assumes={"genset.rated_kw": "genset"}),
    )


def _supply(talk: Talk, country: "Country", kind: Literal["grid", "offgrid"]) -> "Supply":
    """Ask for the tariff among those that are packaged for the country; off the grid there is one."""
    from mine_energy.io.starter import supplies
    from mine_energy.tariffs import load_tariff

    open_to = {one.tariff: one for one in supplies(country, kind)}
    usual = next((name for name, one in open_to.items() if one.voltage == "medium"), next(iter(open_to)))

    def label(name: str) -> str:
        tariff = load_tariff(name)
        title = tariff.title_es if talk.language == "es" else tariff.title_en
        voltage = messages.text(f"cli.init.voltage_{open_to[name].voltage}", talk.language)
        return title if voltage in title else f"{title}; {voltage}"

    if len(open_to) == 1:
        return open_to[usual]
    options: Options = tuple((name, label(name)) for name in sorted(open_to, key=lambda name: name != usual))
    assumes = {"connection.tariff": "tariff", "connection.voltage_v": "tariff"}
    return ask(
        talk,
        Question(
            key="tariff",
            read=lambda typed: open_to[one_of(typed, tuple(open_to), options)],
            default=usual,
            options=options,
            assumes=assumes,
        ),
    )


def _motors(talk: Talk, folder: Path) -> "tuple[MotorInventory | None, dict[str, bytes], Route | None]":
    """Ask for the motor list; without one, for the process whose typical machines stand in."""
    from mine_energy.io.starter import ROUTES
    from mine_energy.io.starter_answers import read_motor_list

    def read(typed: str) -> "tuple[Path, MotorInventory] | None":
        return read_motor_list(typed) if typed else None

    lying = next((path for name in names_of("inventory_file") if (path := folder / name).exists()), None)
    shown = messages.text("cli.init.no_list", talk.language) if lying is None else lying.as_posix()
    answer = ask(talk, Question(key="motors", read=read, default=str(lying or ""), shown=shown))
    if answer is not None:
        path, inventory = answer
        there = folder / path.name
        if there.exists() and not there.samefile(path):
            talk.problems.append(Problem(key="would_overwrite", file=there.as_posix()))
        return inventory, {path.name: path.read_bytes()}, None
    options = words(talk, "process", ROUTES)
    route = ask(
        talk,
        Question(
            key="process",
            read=lambda typed: one_of(typed, ROUTES, options),
            default="gravity",
            options=options,
            assumes={"site.processes": "default"},
        ),
    )
    return None, {}, cast("Route", route)


def names_of(key: str) -> list[str]:
    """Return the name of a starter's file in both languages."""
    return [messages.text(f"template.{key}", language) for language in messages.LANGUAGES]
