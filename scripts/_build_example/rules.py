"""What the invented plant is: its machines, how long they run, what they draw. Every figure here is made up.

The motor list that the example hands over is this one with two differences that a real one has too: loads as an
auditor would state them (`stated_load`, beside the true `load`), and one machine that nobody wrote down (`listed`).
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

SEED: Final = 7
YEAR: Final = 2025
STEP_MINUTES: Final = 15
SHIFT: Final = (6.0, 22.0)
"""Both shifts together, hours of the day."""
REST_DAYS: Final = (date(2025, 1, 1), date(2025, 5, 1), date(2025, 7, 28), date(2025, 7, 29), date(2025, 12, 25))
"""Days without work besides Sundays."""
METER_FROM: Final = date(2025, 9, 1)
METER_DAYS: Final = 35
READINGS: Final = tuple(
    date(YEAR, month, day)
    for month, day in (
        *((1, 2), (2, 3), (3, 4), (4, 3), (5, 6), (6, 3), (7, 3)),
        *((8, 2), (9, 2), (10, 2), (11, 4), (12, 3), (12, 30)),
    )
)
"""Days on which the supplier reads its meter: twelve periods of 27 to 33 days."""
MILL_HOURS: Final = (15.0, 0.8)
"""Hours of milling on a working day: mean and standard deviation."""
STOP_CHANCE: Final = 0.05
"""Chance of a working day with a breakdown, on which the mill runs half as long."""
MILL_T_PER_H: Final = (2.7, 0.08)
"""Ore through the mill: mean and standard deviation between days, t/h."""
HARDNESS: Final = 0.04
"""Standard deviation of the power of milling and classification between days, as a share of it: ores differ."""
NOISE: Final = 0.03
"""Standard deviation of a machine's power between intervals, as a share of it."""

Rhythm = Literal["mill", "fixed", "always"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One row: what it is, what it draws, when it runs.

    Parameters
    ----------
    tag, description, equipment, process, load_type, transmission, drive
        As the motor list will say, in Spanish.
    quantity, standby, rated_kw, poles, efficiency, power_factor
        Of the plate; power per unit. Loads without a motor have no poles and no efficiency.
    load, stated_load
        True load factor, and the one that the motor list states.
    hours, start
        Hours and start of a working day's run, decimal hours; a fixed run starts a little earlier or later every day.
    unloaded_hours, unloaded_fraction
        Compressor: hours unloaded after the loaded ones, and what it draws then over what it draws loaded.
    rhythm
        ``mill`` runs while the mill does, ``fixed`` as stated, ``always`` day and night, Sundays too.
    origin
        What the motor list says of the row's origin: the plate alone, or hours read on an hour meter (``Medido``).
    listed
        Whether the motor list has it.
    """

    tag: str
    description: str
    process: str
    rated_kw: float
    load: float
    stated_load: float
    hours: float
    start: float = SHIFT[0] + 0.5
    equipment: str = "Motor"
    quantity: int = 1
    standby: int = 0
    poles: int | None = 4
    efficiency: float | None = None
    power_factor: float = 0.84
    load_type: str = "Par constante"
    transmission: str = "Directa"
    drive: str = "Arranque directo"
    unloaded_hours: float = 0.0
    unloaded_fraction: float = 0.0
    rhythm: Rhythm = "fixed"
    origin: str = "Placa"
    listed: bool = True

    @property
    def input_kw(self) -> float:
        """Electric input of all running units."""
        return self.quantity * self.rated_kw * self.load / (self.efficiency or 1.0)


_MILL: Final = 14.6
"""What an hour meter shows for a working day, breakdowns included: 15 hours less a half of one in twenty."""
MACHINES: Final = (
    Machine(
        tag="CH-01",
        description="Chancadora de quijadas 10 x 20 pulg",
        process="Trituración",
        rated_kw=22,
        load=0.58,
        stated_load=0.60,
        hours=5,
        start=7,
        efficiency=0.895,
        power_factor=0.78,
        transmission="Correa en V",
    ),
    Machine(
        tag="FJ-01",
        description="Faja y zaranda",
        process="Trituración",
        quantity=2,
        rated_kw=3.7,
        load=0.52,
        stated_load=0.50,
        hours=5,
        start=7,
        efficiency=0.83,
        power_factor=0.70,
        transmission="Reductor",
    ),
    Machine(
        tag="ML-01",
        description="Molino de bolas 5 x 8 pies",
        process="Molienda",
        rated_kw=75,
        poles=6,
        load=0.71,
        stated_load=0.75,
        hours=_MILL,
        efficiency=0.925,
        power_factor=0.79,
        transmission="Correa en V",
        drive="Estrella-triángulo",
        rhythm="mill",
        origin="Medido",
    ),
    Machine(
        tag="CL-01",
        description="Bomba de pulpa del hidrociclón",
        process="Clasificación",
        rated_kw=11,
        load=0.76,
        stated_load=0.75,
        hours=_MILL,
        efficiency=0.895,
        power_factor=0.82,
        load_type="Centrífuga (par cuadrático)",
        transmission="Correa en V",
        rhythm="mill",
        origin="Medido",
    ),
    Machine(
        tag="FL-01",
        description="Celdas de flotación",
        process="Flotación",
        quantity=4,
        rated_kw=7.5,
        poles=6,
        load=0.68,
        stated_load=0.70,
        hours=_MILL,
        efficiency=0.88,
        power_factor=0.76,
        transmission="Correa en V",
        rhythm="mill",
        origin="Medido",
    ),
    Machine(
        tag="FL-02",
        description="Soplador de las celdas",
        process="Flotación",
        rated_kw=7.5,
        poles=2,
        load=0.78,
        stated_load=0.80,
        hours=_MILL,
        efficiency=0.885,
        power_factor=0.86,
        load_type="Centrífuga (par cuadrático)",
        rhythm="mill",
        origin="Medido",
    ),
    Machine(
        tag="BO-01",
        description="Bomba de agua de proceso (caudal regulado con válvula)",
        process="Bombeo",
        rated_kw=15,
        poles=2,
        load=0.79,
        stated_load=0.75,
        hours=14,
        start=7,
        efficiency=0.902,
        power_factor=0.87,
        load_type="Centrífuga (par cuadrático)",
        origin="Medido",
    ),
    Machine(
        tag="BO-02",
        description="Bomba de relaves",
        process="Bombeo",
        standby=1,
        rated_kw=11,
        load=0.69,
        stated_load=0.70,
        hours=_MILL,
        efficiency=0.89,
        power_factor=0.82,
        load_type="Centrífuga (par cuadrático)",
        transmission="Correa en V",
        rhythm="mill",
        origin="Medido",
    ),
    Machine(
        tag="FI-01",
        description="Bomba del filtro prensa",
        process="Filtrado",
        rated_kw=5.5,
        load=0.66,
        stated_load=0.70,
        hours=4,
        start=10,
        efficiency=0.865,
        power_factor=0.80,
    ),
    Machine(
        tag="CA-01",
        description="Compresor de tornillo",
        equipment="Compresor",
        process="Aire comprimido",
        rated_kw=22,
        poles=2,
        load=0.93,
        stated_load=0.95,
        hours=8,
        start=8,
        efficiency=0.912,
        power_factor=0.87,
        unloaded_hours=4,
        unloaded_fraction=0.32,
        origin="Medido",
    ),
    Machine(
        tag="EX-01",
        description="Extractor de polvo",
        process="Ventilación",
        rated_kw=5.5,
        poles=2,
        load=0.80,
        stated_load=0.80,
        hours=_MILL,
        efficiency=0.87,
        power_factor=0.87,
        load_type="Centrífuga (par cuadrático)",
        rhythm="mill",
        origin="Medido",
    ),
    Machine(
        tag="AL-01",
        description="Luminarias de planta",
        equipment="Iluminación",
        process="Iluminación",
        quantity=40,
        rated_kw=0.17,
        poles=None,
        load=1.0,
        stated_load=1.0,
        hours=4.5,
        start=17.5,
        power_factor=0.92,
    ),
    Machine(
        tag="LB-01",
        description="Laboratorio",
        equipment="Laboratorio",
        process="Servicios",
        rated_kw=6,
        poles=None,
        load=0.48,
        stated_load=0.50,
        hours=9,
        start=8,
        power_factor=0.98,
    ),
    Machine(
        tag="PZ-01",
        description="Bomba del pozo: la que falta en la lista",
        process="Bombeo",
        rated_kw=15,
        poles=2,
        load=0.81,
        stated_load=0.81,
        hours=24,
        start=0,
        efficiency=0.88,
        power_factor=0.85,
        rhythm="always",
        listed=False,
    ),
)
