"""What one heading of a logger's table says about the quality of the supply: quantity, phase and unit.

Words are told by meaning in Spanish and English, with the short forms of instruments (``U12``, ``Vrms ph-n L1N``,
``THDV1``). Maxima, angles, harmonics by order, crest factors, flicker and whatever carries another unit are left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from mine_energy.loads.quality_result import QualityQuantity
from mine_energy.vocabulary import normalise, split_unit

_VOLTAGE: Final = frozenset({"vrms", "urms", "tension", "tensiones", "voltage", "voltages", "voltaje", "voltajes"})
_CURRENT: Final = frozenset({"irms", "corriente", "corrientes", "current", "currents", "intensidad"})
_SHORT_V: Final = frozenset({"v", "u", "vrms", "urms", "volt", "volts", "voltios", "kv"})
_SHORT_I: Final = frozenset({"i", "irms", "amp", "amps", "amperios"})
_THD_V: Final = frozenset({"thdv", "thdu", "vthd", "uthd"})
_THD_I: Final = frozenset({"thdi", "thda", "ithd", "athd"})
_THD: Final = frozenset({"thd", "thdf", "thdr", "thds"})
_UNBALANCE: Final = frozenset({"desequilibrio", "desbalance", "desbalanceo", "unbalance", "imbalance", "unbal"})
_ZERO_SEQUENCE: Final = frozenset({"vz", "v0", "u0", "zero", "cero", "homopolar"})
_LOW: Final = frozenset({"min", "minimo", "minima", "minimum"})
_HIGH: Final = frozenset({"max", "maximo", "maxima", "maximum", "swell", "pico", "peak"})
_MEAN: Final = frozenset({"avg", "average", "med", "media", "medio", "mean", "promedio", "prom", "ave"})
_DIPS: Final = frozenset({"hueco", "huecos", "sag", "sags", "dip", "dips"})
_GONE: Final = frozenset({"interrupcion", "interrupciones", "interruption", "interruptions"})
_NO_COUNT: Final = frozenset(
    {"duracion", "duration", "profundidad", "depth", "residual", "ms", "%", "hora", "time", "tipo", "type"}
)
_POWER: Final = frozenset({"potencia", "power", "p"})
_NOT_ACTIVE: Final = frozenset(
    {"reactiva", "reactive", "aparente", "apparent", "kvar", "var", "kva", "va", "factor", "kwh", "wh", "fund", "fp"}
)
_KW: Final[Mapping[str, float]] = {"w": 1e-3, "kw": 1.0, "mw": 1e3}
_LEFT_OUT: Final = frozenset(
    {
        "armonico",
        "armonica",
        "armonicos",
        "harmonic",
        "harmonics",
        "interharmonic",
        "angle",
        "angulo",
        "desfase",
        "flicker",
    }
    | {"pst", "plt", "cf", "crest", "cresta", "nominal", "fund", "fundamental", "hz", "frecuencia", "frequency", "cos"}
    | {"kvar", "kvarh", "kva", "kvah", "kwh", "wh", "va", "var", "demanda", "demand", "desviacion", "deviation"}
)
_NEUTRAL: Final = frozenset({"n", "neutro", "neutral", "ng", "gnd", "tierra", "earth", "ground"})
_PHASE_WORDS: Final = frozenset({"fase", "phase", "linea", "line", "ph"})
_GLUED: Final = re.compile(
    r"^(v|u|i|vrms|urms|irms|thdv|thdu|thdi|thda|vthd|uthd|ithd|p|kw)_?"
    r"(l?[123]n?|l?(?:12|23|31)|[abc]n|[rst]n|ab|bc|ca|rs|st|tr|(?<=i)[abc])$"
)
_ONE: Final = {
    **{name: f"L{1 + 'abc'.index(name)}" for name in "abc"},
    **{name: f"L{1 + 'rst'.index(name)}" for name in "rst"},
    **{str(number): f"L{number}" for number in (1, 2, 3)},
}
_PAIR: Final = {
    **{"12": "L1-L2", "23": "L2-L3", "31": "L3-L1", "13": "L3-L1", "ab": "L1-L2", "bc": "L2-L3", "ca": "L3-L1"},
    **{"ac": "L3-L1", "rs": "L1-L2", "st": "L2-L3", "tr": "L3-L1"},
}
_SURE: Final = re.compile(r"^[lf]([123])(?:l?([123])|(n))?$")
"""``L1``, ``F2``, ``L12``, ``L3L1``, ``L1N``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityHeading:
    """What a heading says of the values below it.

    Parameters
    ----------
    quantity
        See :class:`~mine_energy.loads.quality_result.QualityColumn`.
    phase
        ``L1``, ``L1-N``, ``L1-L2``; empty when none is named.
    factor
        To V, A or kW.
    percent
        Whether it says per cent.
    is_mean
        Whether it says that its values are means.
    """

    quantity: QualityQuantity
    phase: str
    factor: float = 1.0
    percent: bool = False
    is_mean: bool = False


@lru_cache(maxsize=8192)
def quality_heading(text: str, below: str = "") -> QualityHeading | None:
    """Return what a heading says about the quality of the supply, or None when it says nothing about it.

    Parameters
    ----------
    text
        Heading as written.
    below
        Unit of the row below it, when there is one.
    """
    if "°" in text:
        return None
    # The unit tells no phase: "Corriente N (A)" is of the neutral.
    name, _ = split_unit(text)
    there = frozenset(_split(f"{text} {below}"))
    if there & _LEFT_OUT and not there & (_DIPS | _GONE):
        return None
    phase = _phase(_split(name), name)
    quantity = _counted(there) or _quantity(there, phase)
    if quantity is None:
        return None
    return QualityHeading(
        quantity=quantity,
        phase=phase,
        factor=_factor(there, quantity),
        percent=any("%" in word for word in there),
        is_mean=bool(there & _MEAN),
    )


def _split(text: str) -> tuple[str, ...]:
    """Return a heading's words, a phase that is glued to a symbol (``U12``, ``THDV1``) as a word of its own."""
    found: list[str] = []
    for word in normalise(text).split():
        glued = _GLUED.match(word)
        found += [word] if glued is None else [glued.group(1), glued.group(2)]
    return tuple(found)


def _counted(there: frozenset[str]) -> QualityQuantity | None:
    if there & _NO_COUNT or there & (_VOLTAGE & {"vrms", "urms"}):
        return None
    return "dips" if there & _DIPS else "interruptions" if there & _GONE else None


def _quantity(there: frozenset[str], phase: str) -> QualityQuantity | None:
    if there & _HIGH or there & (_DIPS | _GONE):
        return None
    if there & (_THD | _THD_V | _THD_I) or {"distorsion", "distortion"} & there:
        return _distortion(there)
    volts = bool(there & (_VOLTAGE | _SHORT_V))
    if there & _UNBALANCE:
        negative = bool({"vn", "un", "u2"} & there)
        return "unbalance" if (volts or negative) and not there & (_LOW | _ZERO_SEQUENCE) else None
    if there & _NEUTRAL and not phase:
        return None
    return _level(there, phase, volts)


def _distortion(there: frozenset[str]) -> QualityQuantity | None:
    if there & _LOW or (there & _NEUTRAL and not there & {"l1", "l2", "l3", "1", "2", "3", "a", "b", "c"}):
        return None
    if there & (_THD_I | _CURRENT | _SHORT_I):
        return "thd_current"
    return "thd_voltage" if there & (_THD_V | _VOLTAGE | _SHORT_V) else None


def _level(there: frozenset[str], phase: str, volts: bool) -> QualityQuantity | None:
    """Return voltage, current or power of a phase; a lone letter says so only beside a phase."""
    if there & _POWER or there & _KW.keys():
        active = bool(there & _KW.keys()) and not there & (_NOT_ACTIVE | _LOW) and "-" not in phase[:3]
        return "power" if active and phase else None
    if there & _CURRENT or (there & _SHORT_I and phase and not there & _VOLTAGE):
        return None if there & _LOW else "current"
    if there & _VOLTAGE or (volts and phase):
        return "lowest" if there & _LOW else "voltage"
    return None


def _factor(there: frozenset[str], quantity: QualityQuantity) -> float:
    if quantity in {"voltage", "lowest"}:
        return 1000.0 if "kv" in there else 1.0
    if quantity == "current":
        return 1000.0 if "ka" in there else 1.0
    if quantity == "power":
        return next(factor for word, factor in _KW.items() if word in there)
    return 1.0


def _phase(words: tuple[str, ...], text: str) -> str:
    """Return the phase that a heading names; single letters and digits count after a word that asks for one."""
    asked = False
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        sure = _SURE.match(word)
        if sure:
            return _joined(int(sure.group(1)), sure.group(2) or ("n" if sure.group(3) else after))
        # "a" is a preposition in Spanish: it is a phase only as a capital.
        letter = word in _ONE and (word != "a" or re.search(r"(?<![^\W\d_])A(?![^\W\d_])", text) is not None)
        if asked and word in _PAIR:
            return _PAIR[word]
        if asked and (letter or (len(word) == 2 and word[0] in _ONE and word[1] == "n")):
            return _joined(int(_ONE[word[0]][1]), "n" if len(word) == 2 else after)
        asked = asked or word in _PHASE_WORDS | _VOLTAGE | _CURRENT | _SHORT_V | _SHORT_I | _THD_V | _THD_I | {
            "p",
            "kw",
        }
    return ""


def _joined(first: int, after: str) -> str:
    """Return the name of a phase, or of the pair that it makes with what follows it."""
    if after in {"n", "neutro", "neutral"}:
        return f"L{first}-N"
    second = _ONE.get(after) or (_ONE.get(after[1:]) if after[:1] in {"l", "f"} else None)
    if second is None or second == f"L{first}":
        return f"L{first}"
    return _PAIR.get(f"{first}{second[1]}") or _PAIR[f"{second[1]}{first}"]
