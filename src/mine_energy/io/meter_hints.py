"""What a person may say about a meter's file that the file does not tell itself; every hint used is reported."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, Literal

from mine_energy.errors import Finding, InputError, Problem

_ACCEPTED: Final[dict[str, tuple[str, ...]]] = {
    "quantity": ("", "energy", "power", "register"),
    "date_order": ("", "dmy", "mdy", "ymd"),
    "decimal": ("", ".", ","),
    "stamps": ("", "start", "end"),
    "suppliers": ("", "add"),
    "gaps": ("refuse", "mark"),
    "unit": ("", "W", "kW", "MW", "Wh", "kWh", "MWh"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Hints of ``read_meter``; an empty one leaves the matter to the file.

    Parameters
    ----------
    unit
        Unit of an active column whose heading gives none: W, kW, MW, Wh, kWh or MWh.
    quantity
        ``energy`` of each interval, mean ``power`` or cumulative ``register``, where columns or values allow several.
    date_order
        ``dmy``, ``mdy`` or ``ymd``.
    decimal
        Decimal mark, ``.`` or ``,``.
    stamps
        Whether a stamp is the ``start`` or the ``end`` of its interval.
    ct_ratio, vt_ratio
        Ratios of current and voltage transformers that the meter's figures do not include yet.
    supply
        Which supply point, meter or boundary, in a file that holds several.
    suppliers
        ``add``: equal stamps of one supply point are added, whoever supplied them.
    country
        ``CO`` or ``PE``; its decimal mark is taken where a column and its neighbours leave both readings open.
    gaps
        ``refuse``, or ``mark``: missing intervals become NaN and each is told; nothing is filled.
    """

    unit: str = ""
    quantity: Literal["", "energy", "power", "register"] = ""
    date_order: Literal["", "dmy", "mdy", "ymd"] = ""
    decimal: Literal["", ".", ","] = ""
    stamps: Literal["", "start", "end"] = ""
    ct_ratio: float = 1.0
    vt_ratio: float = 1.0
    supply: str = ""
    suppliers: Literal["", "add"] = ""
    gaps: Literal["refuse", "mark"] = "refuse"
    country: str = ""

    def problems(self, file: str) -> Iterator[Problem]:
        """Yield hints that mean nothing."""
        for name, accepted in _ACCEPTED.items():
            value = getattr(self, name)
            if value not in accepted:
                words = ", ".join(word for word in accepted if word)
                yield Problem(key="meter_hint", file=file, field=name, value=str(value), params={"accepted": words})
        for name in ("ct_ratio", "vt_ratio"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
                yield Problem(key="meter_hint", file=file, field=name, value=str(value), params={"accepted": "> 0"})

    @property
    def ratio(self) -> float:
        """Product of the transformers' ratios."""
        return float(self.ct_ratio) * float(self.vt_ratio)

    def findings(self, file: str) -> Iterator[Finding]:
        """Yield one finding for each hint that was given, and one for the transformers' ratio."""
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name not in {"ct_ratio", "vt_ratio", "country"} and value != one.default:
                params = {"hint": one.name, "value": str(value)}
                yield Finding(key="meter_hint_used", level="assumption", subject=file, params=params)
        if self.ratio != 1:
            ratios = {"ct": f"{self.ct_ratio:g}", "vt": f"{self.vt_ratio:g}", "ratio": f"{self.ratio:g}"}
            yield Finding(key="meter_ratio_applied", level="assumption", subject=file, params=ratios)


def checked_hints(file: str, given: dict[str, object]) -> Hints:
    """Return the hints that a person gave.

    Raises
    ------
    TypeError
        An unknown hint: a mistake of the calling code.
    InputError
        A hint with a value that is none of those accepted.
    """
    hints = Hints(**given)  # type: ignore[arg-type]  # an unknown name raises TypeError, as a keyword would
    problems = tuple(hints.problems(file))
    if problems:
        raise InputError(problems)
    return hints
