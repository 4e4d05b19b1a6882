"""What one heading of a meter's table says: active or reactive, energy, power or register, in which unit, how whole.

A unit says more than words: *Lagging_Current_Reactive_Power_kVarh* is an energy. Words are told by meaning in Spanish,
English, Portuguese and, for exports that follow the language of the PC, Slovak. Extremes, power factors, prices,
apparent power, single phases, exports and capacitive energy are recognised in order to be left out.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from mine_energy.io.headers import accepted_units
from mine_energy.vocabulary import match, normalise

Kind = Literal["active", "reactive"]
Quantity = Literal["energy", "power", "register"]
Refusal = Literal["unitless", "units_mixed"]

VALUE_KEYS: Final = ("active_energy_kwh", "active_power_kw", "reactive_energy_kvarh", "reactive_power_kvar")

BY_UNIT: Final[dict[str, tuple[Kind, Quantity, float]]] = {
    unit: ("active" if key.startswith("active") else "reactive", "energy" if "energy" in key else "power", factor)
    for key in VALUE_KEYS
    for unit, factor in accepted_units(key).items()
}
"""Kind, quantity and factor to kW, kWh, kvar or kvarh, by unit in lower case."""

_DIRECTED: Final = {
    **{"kwhd": "kwh", "kvarhd": "kvarh"},
    **dict.fromkeys(("kvarl", "kvari"), "kvar"),
    **dict.fromkeys(("kvarhl", "kvarlh", "kvarhi"), "kvarh"),
}
"""Colombian platforms end a unit in D for what the grid delivers and R for what it receives; Spanish analysers end a
reactive one in L (inductive) or C (capacitive)."""

_MINUTES: Final = re.compile(r"\b\d+ ?min\w*")
"""The step in a heading, *kWh (15 min)*, is no minimum."""
_MINUS: Final = re.compile(r"\s-\s*$|(?<=\bW[PQ])-|(?<=dem)-")
_OBIS: Final = re.compile(r"^(?:1 \d+ )?([1-4]) (8|29) 0(?: 255)?(?: ([a-z]+))?$")
"""OBIS codes of IEC 62056-6-1: C = 1 and 3 are active and reactive import; D = 8 is a register, 29 an interval."""

_ACTIVE: Final = {"activa", "activo", "active", "ativa", "ativo", "actv", "real", "cinny", "cinna", "einny", "einna"}
"""Slovak of code page 1250 read as 1252 turns its c with caron into an e with grave accent."""
_REACTIVE: Final = {
    *("reactiva", "reactivo", "reactive", "reativa", "reativo", "indutiva", "reac", "reactv", "jalovy", "jalova"),
    *("inductiva", "inductive"),
}
_POWER: Final = {"potencia", "power", "vykon", "demanda", "demand", "p"}
_ENERGY: Final = {"energia", "energy", "energ", "consumo", "consumption", "e"}
_SHORT: Final[dict[str, tuple[Kind, Quantity]]] = {
    **dict.fromkeys(("p", "psum", "powerp"), ("active", "power")),
    **dict.fromkeys(("q", "qsum", "powerq", "powerqfund"), ("reactive", "power")),
    **dict.fromkeys(("wp",), ("active", "register")),
    **dict.fromkeys(("wq", "wqlag", "wqlagsum"), ("reactive", "register")),
}
"""Symbols that instruments use instead of words."""

_REGISTER: Final = {
    *("acumulado", "acumulada", "acumulativo", "cumulative", "cumulated", "register", "registro", "lectura"),
    *("reading", "totalizador", "index", "odometer", "wp", "wq", "wqlag", "wqlagsum"),
}
_TOTAL: Final = {"total", "totales", "celkom", "suma", "sum", "psum", "qsum", "iii", "trifasica", "trifasico", "3f"}
_MEAN: Final = {"avg", "average", "media", "medio", "med", "mean", "promedio", "prom", "priem", "ave"}
_LEFT_OUT: Final = {
    *("factor", "fp", "pf", "dpf", "cos", "cosphi", "phi", "co2", "tco2", "tco2e", "thd", "kva", "kvah", "va", "vah"),
    *("aparente", "apparent", "zdanlivy", "powers", "max", "maximo", "maxima", "maximum", "min", "minimo", "minima"),
    *("minimum", "peak", "pico", "tarifa", "tariff", "precio", "price", "costo", "coste", "cost", "usd", "cop", "pen"),
    *("penalizada", "penalized", "kvarhpenalized", "l1", "l2", "l3", "l1n", "l2n", "l3n", "l12", "l23", "l31", "f1"),
    *("f2", "f3", "p1", "p2", "p3", "q1n", "fase", "phase", "fa", "fb", "fc", "an", "bn", "cn", "ab", "bc", "ca"),
    *("leading", "lead", "wqlead", "wqleadsum", "capacitiva", "capacitivo", "capacitive", "adelanto", "kwhr"),
    *("kvarc", "kvarhc", "kvarch"),
    *(
        "kvarhr",
        "rec",
        "received",
        "minus",
        "export",
        "exported",
        "exportada",
        "exports",
        "inyectada",
        "inyeccion",
        "injected",
    ),
    *("excedente", "excedentes", "surplus", "generada", "generated", "generacion", "generation", "fund", "arm"),
    *("fundamental", "powerpfund", "pdem", "qdem", "q2", "q3", "q4", "hp", "hfp", "punta", "valle", "llano"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueHeading:
    """What a heading says of the values below it.

    Parameters
    ----------
    kind, quantity
        Active or reactive; energy of the interval, mean power or cumulative register.
    factor
        To kWh, kW, kvarh or kvar.
    wholeness
        Of several columns of a kind, the one with the most is the plant's: a total's mean before a total before a mean.
    refusal
        Why it cannot be used as it is.
    """

    kind: Kind
    quantity: Quantity
    factor: float = 1.0
    wholeness: float = 0.0
    refusal: Refusal | None = None


def words_of(text: str) -> tuple[str, ...]:
    """Return a heading's words, without accents and without a step in minutes; a minus sign of export is a word."""
    return tuple(_MINUTES.sub("", normalise(_MINUS.sub(" minus ", text))).split())


def left_out(words: Collection[str]) -> bool:
    """Whether words name something that is neither drawn energy nor mean power: an export, a factor, a single phase."""
    return not _LEFT_OUT.isdisjoint(words)


@lru_cache(maxsize=8192)
def value_heading(text: str, below: str = "") -> ValueHeading | None:
    """Return what a heading says, or None when it names no active or reactive value.

    Parameters
    ----------
    text
        Heading as written.
    below
        Unit of the row below it, when there is one.
    """
    words = words_of(text)
    obis = _OBIS.match(" ".join(words))
    if obis:
        return _of_obis(obis.group(1), obis.group(2), obis.group(3) or below)
    if not words or left_out(words) or _one_phase(words):
        return None
    units = {word for word in (_DIRECTED.get(w, w) for w in (*words, below.lower())) if word in BY_UNIT}
    meant = _meant(text, words)
    if len(units) > 1:
        kind, quantity, _ = BY_UNIT[min(units)]
        return ValueHeading(kind=kind, quantity=quantity, refusal="units_mixed")
    if not units and meant is None:
        return None
    if units:
        kind, quantity, factor = BY_UNIT[next(iter(units))]
    else:
        kind, quantity = meant or ("active", "energy")
        factor = 1.0
    if quantity == "energy" and (_REGISTER.intersection(words) or (meant is not None and meant[1] == "register")):
        quantity = "register"
    return ValueHeading(
        kind=kind,
        quantity=quantity,
        factor=factor,
        wholeness=_wholeness(words),
        refusal=None if units else "unitless",
    )


def _of_obis(group: str, form: str, below: str) -> ValueHeading | None:
    if group not in {"1", "3"}:
        return None
    known = BY_UNIT.get(below.lower())
    return ValueHeading(
        kind="active" if group == "1" else "reactive",
        quantity="register" if form == "8" else "energy",
        factor=known[2] if known else 1.0,
        refusal=None if known else "unitless",
    )


def _one_phase(words: tuple[str, ...]) -> bool:
    """Whether a heading is of one phase: a lone letter beside a mean, *Active Power A Avg*, or ``WP+1``."""
    mean = bool(_MEAN.intersection(words))
    numbered = words[0] in {"wp", "wq", "wqlag"} and len(words) > 1 and words[1] in {"1", "2", "3"}
    lettered = mean and bool({"a", "b", "c", "r", "s"}.intersection(words[1:]))
    return numbered or lettered


def _meant(text: str, words: tuple[str, ...]) -> tuple[Kind, Quantity] | None:
    """Return what the words mean, whatever the unit."""
    there = set(words)
    kind: Kind | None = "reactive" if there & _REACTIVE else "active" if there & _ACTIVE else None
    if kind is not None and there & (_POWER | _ENERGY):
        return kind, "power" if there & _POWER and not there & {"energia", "energy", "energ"} else "energy"
    named = match(text, VALUE_KEYS)
    if named is not None:
        return ("active" if named.startswith("active") else "reactive"), ("energy" if "energy" in named else "power")
    short = _SHORT.get(words[0])
    return short if short and there <= {words[0], "plus", *_TOTAL, *_MEAN, *BY_UNIT} else None


def _wholeness(words: tuple[str, ...]) -> float:
    """Return how much a heading speaks of the whole plant's mean; Circutor ends a net column in T, its demand in M."""
    there = set(words)
    ending = {"t": 0.5, "m": 0.6}.get(words[-1], 0.0) if "iii" in there else 0.0
    return 2.0 * bool(there & _TOTAL) + bool(there & _MEAN) + ending
