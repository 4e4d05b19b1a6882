"""What a person types after an option: numbers with their marks and units, shares, words; every mistake in one list."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isnan, nan
from typing import Final

from mine_energy.cli.calc.answer import Quantity
from mine_energy.errors import InputError, Param, Problem

_UNIT: Final = re.compile(r"^(.*?\d[.,]?)\s*([A-Za-zµ%][A-Za-z%/ ]*)?$")
_FAULTS: Final = {"decimal_undecidable": "calc_marks_undecidable"}


@dataclass(slots=True, eq=False)
class Given:
    """Reads options one by one and keeps what they said and what is wrong with them.

    Parameters
    ----------
    quantities
        What was understood, in order, for the echo.
    problems
        What was not.
    """

    quantities: list[Quantity] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def power(self, option: str, text: str, key: str = "rated_power_kw") -> float:
        """Return a power in kW; its unit (kW, W, MW, hp or CV) has to be written."""
        from mine_energy.units import POWER_UNITS_KW

        return self.number(option, text, key, "kW", units=POWER_UNITS_KW, above=0.0, unit_needed=True)

    def pressure(self, option: str, text: str, key: str) -> float:
        """Return a gauge pressure in kPa; its unit (kPa, bar or psi) has to be written."""
        from mine_energy.units import PRESSURE_UNITS_KPA

        return self.number(option, text, key, "kPa", units=PRESSURE_UNITS_KPA, above=0.0, unit_needed=True)

    def factor(self, option: str, text: str, key: str) -> float:
        """Return a power factor, shown as a plain number."""
        return self.ratio(option, text, key, least=0.01, unit="")

    def ratio(
        self, option: str, text: str, key: str, most: float = 1.0, least: float = 0.0, *, unit: str = "fraction"
    ) -> float:
        """Return a ratio as a fraction from ``0.75`` or ``75 %``; a bare 75 is refused."""
        value, says_percent = self._read(option, text.strip())
        if value > most and not says_percent and value <= 100 * most:
            return self.wrong("calc_fraction_over_one", option, text, suggestion=f"{value / 100:.6g}")
        if not isnan(value) and not least <= value <= most:
            return self.wrong("calc_out_of_range", option, text, low=f"{least:g}", high=f"{most:g}")
        return self._keep(Quantity(key=key, value=value, unit=unit))

    def number(
        self,
        option: str,
        text: str,
        key: str,
        unit: str = "",
        *,
        units: Mapping[str, float] | None = None,
        unit_needed: bool = False,
        above: float = -inf,
        least: float = -inf,
        most: float = inf,
    ) -> float:
        """Return a number in `unit`.

        Parameters
        ----------
        option, text
            The option and what stands after it.
        key
            Name of the quantity in the answer.
        unit
            Its unit; it may be written after the number.
        units
            Other units, with their factor, in lower case.
        unit_needed
            Whether a number without a unit is refused.
        above, least, most
            Limits, in `unit`.
        """
        factors = {unit.lower(): 1.0} if units is None else units
        found = _UNIT.match(text.strip())
        body, written = (found.group(1), (found.group(2) or "").strip()) if found else (text.strip(), "")
        accepted = ", ".join(_spelled(name) for name in factors if name)
        if written and written.lower() not in factors:
            return self.wrong("calc_unknown_unit", option, text, unit=written, accepted=accepted or "-")
        if unit_needed and not written:
            return self.wrong("calc_unit_missing", option, text, accepted=accepted, example=f"{body} {unit}")
        value, _ = self._read(option, body, text)
        value *= factors[written.lower()] if written else 1.0
        if value <= above or value < least or value > most:
            low = f"> {above:g}" if above > -inf else f"{least:g}"
            return self.wrong("calc_out_of_range", option, text, low=low, high=f"{most:g}")
        return self._keep(Quantity(key=key, value=value, unit=unit, written=text if units else ""))

    def maybe_ratio(
        self, option: str, text: str | None, key: str, most: float = 1.0, least: float = 0.0
    ) -> float | None:
        """Return a ratio, or None where the option was left out."""
        return None if text is None else self.ratio(option, text, key, most, least)

    def maybe_number(self, option: str, text: str | None, key: str, unit: str, above: float = 0.0) -> float | None:
        """Return a number above a limit, or None where the option was left out."""
        return None if text is None else self.number(option, text, key, unit, above=above)

    def whole(self, option: str, text: str, key: str, unit: str, most: float) -> int:
        """Return a whole number from one on."""
        value = self.number(option, text, key, unit, least=1, most=most)
        if isnan(value) or value == int(value):
            return 0 if isnan(value) else int(value)
        self.wrong("calc_not_whole", option, text)
        return 0

    def word(self, option: str, text: str, key: str, accepted: Mapping[str, str]) -> str:
        """Return the key of a word.

        Parameters
        ----------
        option, text
            The option and what stands after it.
        key
            Name of the quantity in the answer.
        accepted
            Key by each spelling, in lower case.
        """
        found = accepted.get(text.strip().lower())
        if found is None:
            self.wrong("calc_unknown_word", option, text, accepted=", ".join(dict.fromkeys(accepted)))
            return ""
        self.quantities.append(Quantity(key=key, value=found, unit="word"))
        return found

    def choice(self, option: str, text: str, key: str, among: tuple[str, ...] = ()) -> str:
        """Return the key of a word of the vocabulary in either language.

        Parameters
        ----------
        option, text
            The option and what stands after it.
        key
            Field of the vocabulary.
        among
            Keys that make sense here; all of them when empty.
        """
        from mine_energy import vocabulary

        known = vocabulary.choices(key)
        found = vocabulary.match_choice(key, text)
        if found is None or (among and found not in among):
            words = ", ".join(f"{name} ({known[name].label_es})" for name in among or known)
            self.wrong("calc_unknown_word", option, text, accepted=words)
            return ""
        self.quantities.append(Quantity(key=key, value=found, unit="word"))
        return found

    def missing(self, *options: str) -> None:
        """Record that one of some options is needed."""
        self.problems.append(Problem(key="calc_option_missing", params={"options": ", ".join(options)}))

    def clash(self, *options: str) -> None:
        """Record that options exclude each other."""
        self.problems.append(Problem(key="calc_options_clash", params={"options": ", ".join(options)}))

    def done(self) -> None:
        """Stop at the problems found so far.

        Raises
        ------
        InputError
            There is one.
        """
        if self.problems:
            raise InputError(self.problems)

    def _read(self, option: str, body: str, text: str = "") -> tuple[float, bool]:
        from mine_energy.io.numbers import read_numbers

        read = read_numbers([body or None])
        value = read.values[0]
        if value is None:
            fault = read.faults[0] if read.faults else None
            key = _FAULTS.get(fault.key, "calc_not_a_number") if fault else "calc_not_a_number"
            return self.wrong(key, option, text or body, **(fault.params if fault else {})), False
        return value, bool(read.percents)

    def _keep(self, quantity: Quantity) -> float:
        value = quantity.value
        if not isinstance(value, float) or isnan(value):
            return nan
        self.quantities.append(quantity)
        return value

    def wrong(self, key: str, option: str, text: str, **params: Param) -> float:
        """Record what is wrong with an option; return no number."""
        self.problems.append(Problem(key=key, field=option, value=text, params=params))
        return nan


def _spelled(unit: str) -> str:
    from mine_energy.io.headers import spelled

    return {"kpa": "kPa"}.get(unit, spelled(unit))
