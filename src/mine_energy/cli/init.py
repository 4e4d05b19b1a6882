"""``init``: a few questions about a plant, or flags in their place, and a folder with a site that runs."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, Literal, TypeVar, cast

import typer

from mine_energy import messages
from mine_energy.cli.console import Lang, check_language, put, say, say_findings, say_notice
from mine_energy.cli.terminal import fitted
from mine_energy.errors import InputError, Param, Problem
from mine_energy.messages import Language

if TYPE_CHECKING:
    from mine_energy.io.starter import Route, Starter, Supply
    from mine_energy.io.starter_answers import PlaceAnswer
    from mine_energy.motors import MotorInventory
    from mine_energy.site import Country

T = TypeVar("T")
Options = tuple[tuple[str, str], ...]
_EXAMPLE: Final = "site_configs/ejemplo_medido"
_SHIFTS: Final = "06:00-14:00, 14:00-22:00"
_WORKDAYS: Final = "26"
_LISTED: Final = 5
"""Problems of a motor list that are shown before asking again."""
_TELLING: Final = 3
"""Letters that tell an option of a list by a part of its label."""
_STOPPED: Final = 130
"""Exit code of a command that was interrupted, as shells have it."""


def _option(name: str, metavar: str = "") -> Any:
    return typer.Option(f"--{name}", help=f"cli.help.init_{name}", metavar=metavar or None, show_default=False)


def init(
    folder: Annotated[Path, typer.Argument(help="cli.help.init_folder", metavar="DIR")] = Path(),
    name: Annotated[str | None, _option("name")] = None,
    country: Annotated[str | None, _option("country", "CO|PE")] = None,
    place: Annotated[str | None, _option("place")] = None,
    altitude: Annotated[str | None, _option("altitude", "M")] = None,
    supply: Annotated[str | None, _option("supply", "grid|offgrid")] = None,
    tariff: Annotated[str | None, _option("tariff")] = None,
    genset: Annotated[str | None, _option("genset", "KW")] = None,
    shifts: Annotated[str | None, _option("shifts")] = None,
    days: Annotated[str | None, _option("days")] = None,
    motors: Annotated[str | None, _option("motors", "FILE")] = None,
    process: Annotated[str | None, _option("process", "gravity|flotation|cyanidation")] = None,
    year: Annotated[str | None, _option("year")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="cli.help.init_yes")] = False,
    blank: Annotated[bool, typer.Option("--blank", help="cli.help.init_blank")] = False,
    example: Annotated[bool, typer.Option("--example", help="cli.help.init_example")] = False,
    lang: Lang = None,
) -> None:
    """Write a site that runs from answers or flags; or empty templates, or a filled-in example. Never over a file."""
    language = check_language(lang)
    if blank and example:
        raise typer.BadParameter(messages.text("cli.init.blank_or_example", language), param_hint="--blank")
    if country is not None and country.upper() not in {"CO", "PE"}:
        raise typer.BadParameter(messages.text("cli.unknown_country", language, value=country), param_hint="--country")
    from mine_energy.io.starter_answers import check_folder

    check_folder(folder)
    if blank or example:
        _write_plain(folder, "example" if example else "blank", cast("Country", (country or "CO").upper()), language)
        return
    flags = {
        "name": name, "country": country, "place": place, "altitude": altitude, "supply": supply, "tariff": tariff,
        "genset": genset, "shifts": shifts, "days": days, "motors": motors, "process": process, "year": year,
    }  # fmt: skip
    talk = _Talk(language=language, flags=flags, asks=sys.stdin.isatty() and not yes)
    # A site of either language is somebody's work, and two in one folder are one too many.
    _refuse_taken(folder, _names("site_file"))
    try:
        starter, extra = _interview(talk, folder)
    except (KeyboardInterrupt, EOFError):
        say("")
        raise typer.Exit(_STOPPED) from None
    if talk.problems:
        raise InputError(talk.problems)
    _write(folder, starter, extra, language)


def _write_plain(folder: Path, kind: Literal["blank", "example"], country: "Country", language: Language) -> None:
    from mine_energy.catalog import packaged
    from mine_energy.io import results, template

    if kind == "example":
        files = {path.name: path.read_bytes() for path in sorted(packaged(_EXAMPLE).iterdir()) if path.is_file()}
    else:
        files = template.starter_files(language, country)
    _refuse_taken(folder, files)
    results.write_together(folder, files)
    for written in files:
        put(f"{messages.text('cli.wrote.file', language)}: {(folder / written).as_posix()}")
    say(messages.text("cli.init_example" if kind == "example" else "cli.init_next", language))


def _names(key: str) -> list[str]:
    """Return the name of a starter's file in both languages."""
    return [messages.text(f"template.{key}", language) for language in messages.LANGUAGES]


def _refuse_taken(folder: Path, names: Any) -> None:
    taken = [Problem(key="would_overwrite", file=(folder / one).as_posix()) for one in names if (folder / one).exists()]
    if taken:
        raise InputError(taken)


@dataclass(slots=True, kw_only=True)
class _Talk:
    """One conversation: in which language, what flags already say, whether anybody is there to ask, what was wrong."""

    language: Language
    flags: Mapping[str, str | None]
    asks: bool
    problems: list[Problem] = field(default_factory=list)
    assumed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question(Generic[T]):
    """One question.

    Parameters
    ----------
    key
        Name of its flag; ``cli.init.ask_<key>`` is its text.
    read
        Turns what was typed into the answer, or raises what is wrong with it.
    default
        What Enter stands for, as it would be typed; None where there is no default.
    options
        What may be chosen by its number: value and label.
    assumes
        Keys of the site file that are assumed where the default is taken, with the reason.
    shown
        The default in words, where they say more.
    """

    key: str
    read: Callable[[str], T]
    default: str | None = None
    options: Options = ()
    assumes: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""


def _interview(talk: _Talk, folder: Path) -> "tuple[Starter, dict[str, bytes]]":
    """Return what was said of the plant, and the motor list to copy into the folder."""
    from mine_energy.io.starter import Starter, factor_year, genset_kw, typical_inventory
    from mine_energy.io.starter_answers import held, read_shifts, read_whole

    if talk.asks:
        say(messages.text("cli.init.welcome", talk.language))
    name = _ask(talk, _Question(key="name", read=_name, default=folder.resolve().name or "Mina"))
    country = _country(talk)
    place, altitude_m = _place(talk, country)
    shifts = _ask(
        talk,
        _Question(
            key="shifts",
            read=lambda typed: read_shifts(typed, country),
            default=_SHIFTS,
            assumes={"site.shifts": "default"},
        ),
    )

    def days(typed: str) -> int:
        number = read_whole(typed)
        held(country, "site", workdays_per_month=number)
        return number

    workdays = _ask(
        talk,
        _Question(key="days", read=days, default=_WORKDAYS, assumes={"site.workdays_per_month": "default"}),
    )
    motors, extra, route = _motors(talk, folder)
    machines = motors or typical_inventory(route or "gravity", shifts, talk.language)
    kinds = _words(talk, "supply", _KINDS)

    def kind_of(typed: str) -> Literal["grid", "offgrid"]:
        return cast("Literal['grid', 'offgrid']", _one_of(typed, _KINDS, kinds))

    kind = _ask(talk, _Question(key="supply", read=kind_of, default="grid", options=kinds,
                                assumes={"connection.kind": "default"}))  # fmt: skip
    rated = _genset(talk, country, genset_kw(machines, altitude_m)) if kind == "offgrid" else None
    supply = _supply(talk, country, kind)
    newest = str(factor_year(country))

    def year_of(typed: str) -> int:
        number = read_whole(typed)
        held(country, "emissions", activity_year=number)
        return number

    silent = _Talk(language=talk.language, flags=talk.flags, asks=False, problems=talk.problems, assumed=talk.assumed)
    year = _ask(
        silent,
        _Question(key="year", read=year_of, default=newest, assumes={"emissions.activity_year": "year"}),
    )
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


_KINDS: Final = ("grid", "offgrid")


def _name(typed: str) -> str:
    if not typed.isprintable():
        raise InputError([Problem(key="not_text", value=typed)])
    return typed


def _one_of(typed: str, accepted: tuple[str, ...], options: Options = ()) -> str:
    from mine_energy.io.starter_answers import folded

    labels = {folded(label): value for value, label in options} | {folded(value): value for value in accepted}
    wanted = folded(typed)
    like = {value for label, value in labels.items() if len(wanted) >= _TELLING and wanted in label}
    found = labels.get(wanted) or (next(iter(like)) if len(like) == 1 else None)
    if found is None:
        params: dict[str, Param] = {"accepted": ", ".join(accepted), "count": len(accepted)}
        raise InputError([Problem(key="option_unknown", value=typed, params=params)])
    return found


def _words(talk: _Talk, key: str, values: tuple[str, ...]) -> Options:
    return tuple((value, messages.text(f"cli.init.{key}_{value}", talk.language)) for value in values)


def _country(talk: _Talk) -> "Country":
    options: Options = (("CO", "Colombia"), ("PE", "Perú" if talk.language == "es" else "Peru"))

    def read(typed: str) -> "Country":
        return cast("Country", _one_of(typed, ("CO", "PE"), options))

    return _ask(
        talk,
        _Question(key="country", read=read, default="CO", options=options, assumes={"site.country": "default"}),
    )


def _place(talk: _Talk, country: "Country") -> "tuple[PlaceAnswer, float]":
    """Ask for the place, and for its altitude: the coarse grid's only where nobody knows better."""
    from mine_energy.io.starter_answers import held, packaged_places, read_number, read_place, usual_place

    sites, usual = packaged_places(country), usual_place(country)
    assumes = dict.fromkeys(("site.latitude", "site.longitude", "site.region"), "place")
    place = _ask(
        talk,
        _Question(
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
    altitude = _ask(
        talk,
        _Question(key="altitude", read=metres, default=grid, assumes={"site.altitude_m": "altitude"}, shown=shown),
    )
    return place, altitude


def _genset(talk: _Talk, country: "Country", usual_kw: float) -> float:
    from mine_energy.io.starter_answers import held, read_number

    def rating(typed: str) -> float:
        number = read_number(typed)
        held(country, "genset", rated_kw=number)
        return number

    return _ask(
        talk,
        _Question(key="genset", read=rating, default=f"{usual_kw:.0f}", assumes={"genset.rated_kw": "genset"}),
    )


def _supply(talk: _Talk, country: "Country", kind: Literal["grid", "offgrid"]) -> "Supply":
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
    return _ask(
        talk,
        _Question(
            key="tariff",
            read=lambda typed: open_to[_one_of(typed, tuple(open_to), options)],
            default=usual,
            options=options,
            assumes=assumes,
        ),
    )


def _motors(talk: _Talk, folder: Path) -> "tuple[MotorInventory | None, dict[str, bytes], Route | None]":
    """Ask for the motor list; without one, for the process whose typical machines stand in."""
    from mine_energy.io.starter import ROUTES
    from mine_energy.io.starter_answers import read_motor_list

    def read(typed: str) -> "tuple[Path, MotorInventory] | None":
        return read_motor_list(typed) if typed else None

    lying = next((path for name in _names("inventory_file") if (path := folder / name).exists()), None)
    shown = messages.text("cli.init.no_list", talk.language) if lying is None else lying.as_posix()
    answer = _ask(talk, _Question(key="motors", read=read, default=str(lying or ""), shown=shown))
    if answer is not None:
        path, inventory = answer
        there = folder / path.name
        if there.exists() and not there.samefile(path):
            talk.problems.append(Problem(key="would_overwrite", file=there.as_posix()))
        return inventory, {path.name: path.read_bytes()}, None
    options = _words(talk, "process", ROUTES)
    route = _ask(
        talk,
        _Question(
            key="process",
            read=lambda typed: _one_of(typed, ROUTES, options),
            default="gravity",
            options=options,
            assumes={"site.processes": "default"},
        ),
    )
    return None, {}, cast("Route", route)


def _ask(talk: _Talk, question: _Question[T]) -> T:
    """Return the answer of a flag, of a person, or the default where nobody is there to ask.

    Raises
    ------
    InputError
        A flag is wrong, or missing without a default, and there is nothing to go on with.
    EOFError
        The terminal was closed.
    """
    flag = talk.flags.get(question.key)
    if flag is not None:
        try:
            return _read(question, flag)
        except InputError as error:
            talk.problems += [_of_flag(problem, question.key, flag) for problem in error.problems]
            if question.default is None:
                raise InputError(talk.problems) from None
            return question.read(question.default)
    if talk.asks:
        return _asked(talk, question)
    if question.default is None:
        needed = Problem(key="flag_missing", field=f"--{question.key}")
        raise InputError([*talk.problems, needed])
    talk.assumed.update(question.assumes)
    return question.read(question.default)


def _of_flag(problem: Problem, key: str, typed: str) -> Problem:
    if problem.file:
        return problem
    return Problem(key=problem.key, field=f"--{key}", value=problem.value or typed, params=problem.params)


def _read(question: _Question[T], typed: str) -> T:
    """Read an answer; a number of the list stands for its option."""
    bare = typed.strip()
    if question.options and bare.isdecimal() and 1 <= int(bare) <= len(question.options):
        bare = question.options[int(bare) - 1][0]
    if not bare and question.default is None:
        raise InputError([Problem(key="answer_missing")])
    return question.read(bare)


def _asked(talk: _Talk, question: _Question[T]) -> T:
    """Ask until the answer is right."""
    say("")
    say(fitted(messages.text(f"cli.init.ask_{question.key}", talk.language), stream=sys.stderr))
    for number, (_, label) in enumerate(question.options, 1):
        say(fitted(f"{number:>4}  {label}", after="      ", stream=sys.stderr))
    shown = question.shown or dict(question.options).get(question.default or "", question.default)
    while True:
        typed = _line(f"[{shown}] > " if shown else "> ")
        if not typed and question.default is not None:
            talk.assumed.update(question.assumes)
            return question.read(question.default)
        try:
            return _read(question, typed)
        except InputError as error:
            for problem in error.problems[:_LISTED]:
                say(fitted(f"  {_advice(problem, talk.language)}", after="  ", stream=sys.stderr))
            if len(error.problems) > _LISTED:
                say(f"  {messages.text('cli.init.more', talk.language, count=len(error.problems) - _LISTED)}")


def _line(prompt: str) -> str:
    """Return a line of the terminal; its prompt goes to stderr, where questions stand."""
    sys.stderr.write(prompt)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()


def _advice(problem: Problem, language: Language) -> str:
    """Return a problem in words; without a place of its own only reason and fix, for the place is the question."""
    if problem.file:
        return messages.problem_text(problem, language)
    params = {"value": problem.value, "field": problem.field, **problem.params}
    return " ".join(messages.text(f"problems.{problem.key}.{part}", language, **params) for part in ("reason", "fix"))


def _write(folder: Path, starter: "Starter", extra: Mapping[str, bytes], language: Language) -> None:
    from mine_energy.io import results
    from mine_energy.io.site_file import read_inputs
    from mine_energy.io.starter import starter_site

    made = starter_site(starter, language)
    files = {name: content for name, content in extra.items() if not (folder / name).exists()} | made
    _refuse_taken(folder, made)
    results.write_together(folder, files)
    site = folder / messages.text("template.site_file", language)
    inputs = read_inputs(site)
    for written in files:
        put(f"{messages.text('cli.wrote.file', language)}: {(folder / written).as_posix()}")
    say_findings([one for one in inputs.findings if one.level != "info"], language, starter.country)
    reasons: dict[str, list[str]] = {}
    for key, reason in starter.assumed.items():
        reasons.setdefault(reason, []).append(key)
    for reason, keys in reasons.items():
        words = messages.text(f"template.starter_{reason}", language)
        say_notice("assumption", f"{', '.join(keys)}: {words}", language)
    say(fitted(messages.text("cli.init.next", language, site=site.as_posix()), stream=sys.stderr))
