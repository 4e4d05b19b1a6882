"""Grid emission factors by country, year and kind; the kind is a type, so that no question gets another one's factor.

One country-year has factors from 0.1 to 0.7 t/MWh because they answer different questions. Every function that uses a
factor names the kinds that it takes and refuses the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from mine_energy import catalog
from mine_energy.errors import Finding, InputError, MissingData, Param, Problem

_TABLE = "grid_factors/grid_factors.csv"
_GWP_TABLE = "fuels/gwp.csv"
GwpSet = Literal["AR4", "AR5", "AR6"]
_GASES = ("CO2", "CH4", "N2O")


class FactorKind(StrEnum):
    """What a factor is for; the values of the packaged table's column ``kind``."""

    LOCATION_AVERAGE = "location_average"
    RESIDUAL_MIX = "residual_mix"
    SUPPLIER = "supplier"
    CM_WIND_SOLAR = "cm_wind_solar"
    CM_OTHER_P1 = "cm_other_p1"
    CM_OTHER_P23 = "cm_other_p23"
    CM_UNSPECIFIED = "cm_unspecified"
    OPERATING_MARGIN = "operating_margin"
    LIFE_CYCLE = "life_cycle"
    GAS_COMPONENT = "gas_component"
    LOSS = "loss"
    OFFGRID_DIESEL = "offgrid_diesel"
    OPERATOR_PRELIMINARY = "operator_preliminary"
    MODELLED_SHAPE = "modelled_shape"


class FactorKindError(InputError):
    """A factor of a kind, or of a country, that the question does not take.

    Parameters
    ----------
    factor
        The factor refused.
    expected
        Kinds or country that the question takes, as text.
    key
        Message key of the problem.
    """

    def __init__(self, factor: "Factor", expected: str, key: str = "emissions_factor_kind") -> None:
        params: dict[str, Param] = {"expected": expected, "country": factor.country, "year": factor.year}
        super().__init__([Problem(key=key, field="emissions", value=factor.kind.value, params=params)])
        self.factor = factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """An emission factor and all that makes it quotable.

    Parameters
    ----------
    value, unit
        Tonnes per MWh; the unit says of which gas.
    kind, method
        The question it answers, and how it was derived.
    country, grid, year
        Where and when it holds.
    gases, gwp_set
        What it contains, and with which warming potentials; ``not published`` where the publisher does not say.
    source, confidence, note
        As in :class:`~mine_energy.catalog.Sourced`.
    """

    value: float
    unit: str
    kind: FactorKind
    method: str
    country: str
    grid: str
    year: int
    gases: str
    gwp_set: str
    source: str
    confidence: str
    note: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A warning for a third-party figure (C), an assumption for one from memory (D)."""
        params: dict[str, Param] = {
            "country": self.country,
            "year": self.year,
            "kind": self.kind.value,
            "source": self.source,
        }
        if self.confidence == "C":
            return (Finding(key="emissions_factor_third_party", level="warning", params=params),)
        if self.confidence == "D":
            return (Finding(key="emissions_factor_unverified", level="assumption", params=params),)
        return ()


def load_factors(
    *,
    country: str,
    kind: FactorKind | str,
    year: int | None = None,
    gwp_set: GwpSet = "AR5",
    allow_assumed: bool = False,
) -> tuple[Factor, ...]:
    """Return the packaged factors of a country and kind, in the order of years.

    Where a publisher gives carbon dioxide, methane and nitrous oxide apart, the factor is their sum with the chosen
    warming potentials.

    Parameters
    ----------
    country
        ISO 3166 code.
    kind
        One of :class:`FactorKind`.
    year
        Year of the factor; every year when absent. Another year never stands in.
    gwp_set
        Assessment report of the 100-year warming potentials.
    allow_assumed
        Also return figures from memory (confidence D), which are left out otherwise.

    Returns
    -------
    tuple of Factor
        Never empty. A third-party figure (C) carries a finding (``Factor.findings``).

    Raises
    ------
    MissingData
        Nothing fits; the message lists the years of this kind and the kinds of this year.
    ValueError
        No such kind.
    """
    wanted = FactorKind(kind)
    rows = [row for row in catalog.table(_TABLE) if row["country"] == country]
    named = [row for row in rows if row["kind"] == wanted and (year is None or row["year"] == str(year))]
    usable = [row for row in named if row["value"] and row["year"] and (allow_assumed or row["confidence"] != "D")]
    if not usable:
        raise MissingData(
            _reason(named),
            country=country,
            kind=wanted.value,
            year="" if year is None else str(year),
            available=_list(f"{row['year']} ({row['confidence']})" for row in rows if _exists(row, wanted)),
            kinds=_list(row["kind"] for row in rows if row["value"] and row["year"] == str(year or "")),
        )
    factors = [_factor(row, _components(row, rows), gwp_set) for row in usable]
    return tuple(sorted(factors, key=lambda factor: (factor.year, factor.method)))


def load_factor(
    *,
    country: str,
    kind: FactorKind | str,
    year: int,
    gwp_set: GwpSet = "AR5",
    allow_assumed: bool = False,
) -> Factor:
    """Return the best factor of a country, kind and year: the best letter, then the first method in the alphabet.

    Parameters
    ----------
    country, kind, year, gwp_set, allow_assumed
        See :func:`load_factors`, which also says what is raised.
    """
    found = load_factors(country=country, kind=kind, year=year, gwp_set=gwp_set, allow_assumed=allow_assumed)
    return min(found, key=lambda factor: (factor.confidence, factor.method))


def latest_factor(*, country: str, kind: FactorKind | str, not_after: int, gwp_set: GwpSet = "AR5") -> Factor:
    """Return the best factor of the last year up to `not_after`: an explicit choice of an older year.

    Raises
    ------
    MissingData
        No year up to then.
    """
    years = [factor.year for factor in load_factors(country=country, kind=kind, gwp_set=gwp_set)]
    usable = [year for year in years if year <= not_after]
    # With none, ask for the year itself: the error lists what exists.
    return load_factor(country=country, kind=kind, year=max(usable, default=not_after), gwp_set=gwp_set)


def factor_band(*, country: str, kind: FactorKind | str, gwp_set: GwpSet = "AR5") -> tuple[Factor, Factor]:
    """Return the lowest and the highest published factor (confidence A or B) of all years: wet and dry.

    Raises
    ------
    MissingData
        No factor of this kind with confidence A or B.
    """
    factors = load_factors(country=country, kind=kind, gwp_set=gwp_set)
    published = [factor for factor in factors if factor.confidence in {"A", "B"}]
    if not published:
        available = _list(f"{factor.year} ({factor.confidence})" for factor in factors)
        raise MissingData(
            "emissions_factor_missing", country=country, kind=str(kind), year="", available=available, kinds=""
        )
    return min(published, key=lambda f: (f.value, f.year)), max(published, key=lambda f: (f.value, f.year))


def require(factor: Factor, kinds: Iterable[FactorKind], country: str) -> None:
    """Refuse a factor of another kind or country.

    Raises
    ------
    FactorKindError
    """
    allowed = tuple(kinds)
    if factor.kind not in allowed:
        raise FactorKindError(factor, ", ".join(kind.value for kind in allowed))
    if factor.country != country:
        raise FactorKindError(factor, country, key="emissions_factor_country")


def gas_split(factor: Factor) -> tuple[tuple[str, float], ...]:
    """Return the t of each gas per MWh behind a factor, empty where its publisher gives the sum alone.

    Parameters
    ----------
    factor
        Of any kind; only packaged averages with rows by gas have a split.
    """
    rows = [row for row in catalog.table(_TABLE) if row["country"] == factor.country]
    same = (factor.kind.value, factor.method, factor.grid, str(factor.year))
    found = next((row for row in rows if (row["kind"], row["method"], row["grid"], row["year"]) == same), None)
    gases = {} if found is None else _components(found, rows)
    return tuple((gas, gases[gas]) for gas in _GASES if gas in gases)


def warming_potential(gas: str, gwp_set: GwpSet) -> float:
    """Return the 100-year warming potential of a gas of combustion.

    Parameters
    ----------
    gas
        ``CO2``, ``CH4`` (combustion, also of fossil fuels) or ``N2O``.
    gwp_set
        Assessment report.
    """
    row = next(row for row in catalog.table(_GWP_TABLE) if row["gas"] == gas.lower())
    return float(row[gwp_set.lower()])


def _exists(row: Mapping[str, str], kind: FactorKind) -> bool:
    return row["kind"] == kind and bool(row["value"])


def _list(words: Iterable[str]) -> str:
    return ", ".join(sorted(set(words))) or "-"


def _reason(named: list[Mapping[str, str]]) -> str:
    if any(row["confidence"] == "D" and row["value"] for row in named):
        return "emissions_factor_assumed"
    return "emissions_factor_gap" if named else "emissions_factor_missing"


def _components(row: Mapping[str, str], rows: list[Mapping[str, str]]) -> Mapping[str, float]:
    if row["kind"] != FactorKind.LOCATION_AVERAGE:
        return {}
    same = ("grid", "year", "method")
    parts = {
        part["gases"]: float(part["value"])
        for part in rows
        if part["kind"] == FactorKind.GAS_COMPONENT and all(part[name] == row[name] for name in same)
    }
    return parts if set(parts) == set(_GASES) else {}


def _factor(row: Mapping[str, str], gases: Mapping[str, float], gwp_set: GwpSet) -> Factor:
    value = float(row["value"])
    if gases:
        value = sum(gases[gas] * warming_potential(gas, gwp_set) for gas in _GASES)
    return Factor(
        value=value,
        unit=row["unit"],
        kind=FactorKind(row["kind"]),
        method=row["method"],
        country=row["country"],
        grid=row["grid"],
        year=int(row["year"]),
        gases=row["gases"],
        gwp_set=gwp_set if gases else row["gwp_set"],
        source=row["source"],
        confidence=row["confidence"],
        note=row["note"],
    )
