"""What a motor asks of its supply while it starts: apparent power, power factor, seconds, torque.

A cage motor at standstill is an impedance: its locked-rotor apparent power S_L follows from the plate's code letter
(NEMA MG 1, kVA per hp), or from the letter usual for its size at its high end. A star-delta starter leaves a third of
current and torque, a soft starter holds the current at a multiple of the rated one and leaves torque as its square, a
drive needs little more than the rated current (``data/starting/methods.csv``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from mine_energy.catalog import sourced, table
from mine_energy.errors import MissingData
from mine_energy.motors import Motor, nominal_efficiency, power_factor_at_load
from mine_energy.units import KW_PER_HP

StartMethod = Literal["direct", "star_delta", "soft_starter", "vfd", "wound_rotor"]
METHODS: tuple[StartMethod, ...] = get_args(StartMethod)

_LIMITS = "starting/limits.csv"
_HEAVY = frozenset({"crushing", "grinding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A machine with a motor, as far as its start goes.

    Parameters
    ----------
    tag
        Of the inventory.
    rated_power_kw
        Shaft power of one unit.
    efficiency, power_factor
        At full load.
    method
        How it starts.
    quantity
        Equal units that run together and start one after the other.
    load_factor
        Shaft output over rated power while it runs.
    locked_rotor_kva
        Apparent power at standstill and full voltage; None takes the letter usual for its size.
    start_seconds
        Until it runs up.
    breakaway_torque
        Torque to set it going over rated torque.
    """

    tag: str
    rated_power_kw: float
    efficiency: float
    power_factor: float
    method: StartMethod = "direct"
    quantity: int = 1
    load_factor: float = 0.75
    locked_rotor_kva: float | None = None
    start_seconds: float = 5.0
    breakaway_torque: float = 0.5

    @property
    def rated_kva(self) -> float:
        """Apparent power at full load."""
        return self.rated_power_kw / (self.efficiency * self.power_factor)

    def running(self) -> complex:
        """Return what one unit draws while it runs, kW + j kvar: constant losses are left to its efficiency."""
        active = self.rated_power_kw * self.load_factor / self.efficiency
        factor = float(power_factor_at_load(self.load_factor, self.rated_power_kw, self.power_factor))
        return complex(active, active * (1 / factor**2 - 1) ** 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The start of one unit.

    Parameters
    ----------
    kva, kw
        Apparent and active power at full voltage.
    seconds
        How long.
    torque
        Torque at standstill over rated torque, at full voltage.
    """

    kva: float
    kw: float
    seconds: float
    torque: float

    @property
    def power(self) -> complex:
        """Active and reactive power, kW + j kvar."""
        return complex(self.kw, max(self.kva**2 - self.kw**2, 0.0) ** 0.5)


def locked_rotor_kva(rated_power_kw: float, code: str = "") -> float:
    """Return the apparent power of a cage motor at standstill and full voltage, kVA.

    Parameters
    ----------
    rated_power_kw
        Shaft power.
    code
        NEMA code letter of the plate; empty takes the letter usual for its size. The letter's high end either way.

    Raises
    ------
    MissingData
        The letter is not in the table (``start_code_letter``).
    """
    rated_hp = rated_power_kw / KW_PER_HP
    rows = table("starting/locked_rotor.csv")
    if code:
        found = next((row for row in rows if row["code"] == code.upper()), None)
        if found is None:
            raise MissingData("start_code_letter", code=code, available=", ".join(row["code"] for row in rows))
    else:
        found = next(row for row in rows if not row["rated_hp_to"] or rated_hp <= float(row["rated_hp_to"]))
    return float(found["high_kva_per_hp"]) * rated_hp


def start_of(machine: Machine, method: StartMethod | None = None, *, multiple: float | None = None) -> Start:
    """Return the start of one unit.

    Parameters
    ----------
    machine
        The machine.
    method
        Another way of starting it than its own.
    multiple
        Current over rated (soft starter, drive, slip rings) or over locked-rotor current; None is the packaged one.
    """
    way = method or machine.method
    row = _row(way)
    locked = machine.locked_rotor_kva
    locked = locked_rotor_kva(machine.rated_power_kw) if locked is None else locked
    factor = float(row["default"]) if multiple is None else multiple
    base = locked if row["basis"] == "locked_rotor" else machine.rated_kva
    # No starter draws more than the motor would by itself.
    kva = min(factor * base, locked)
    return Start(
        kva=kva,
        kw=kva * float(row["power_factor"]),
        seconds=machine.start_seconds,
        torque=_torque(way, kva / locked),
    )


def _torque(method: StartMethod, current_share: float) -> float:
    """Return the torque at standstill over rated torque; `current_share` is current over locked-rotor current."""
    locked = sourced(_LIMITS, "locked_rotor_torque").value
    if method in {"vfd", "wound_rotor"}:
        # Full current at low slip: torque in proportion to the current, rated and more.
        return max(locked, float(_row(method)["high"]))
    if method == "star_delta":
        return locked * float(_row(method)["torque_share"])
    return locked * current_share**2


def _row(method: StartMethod) -> Mapping[str, str]:
    return next(row for row in table("starting/methods.csv") if row["method"] == method)


def machines_of(motors: Iterable[Motor]) -> tuple[Machine, ...]:
    """Return the machines of an inventory that have a motor and run, in its order.

    A plate's efficiency and power factor count; without them the class's or the packaged figure, and the median of its
    size. Crushers and mills start slowly and against their charge; all others as packaged (``data/starting/``).
    """
    return tuple(_machine(motor) for motor in motors if motor.is_motor and motor.quantity)


def _machine(motor: Motor) -> Machine:
    heavy = motor.process in _HEAVY
    grinding = motor.process == "grinding"
    rated = motor.rated_power_kw
    wound = motor.construction == "wound_rotor" and motor.drive == "direct"
    load = motor.load_factor
    return Machine(
        tag=motor.tag,
        rated_power_kw=rated,
        efficiency=motor.efficiency or _class_efficiency(motor),
        power_factor=motor.power_factor or float(power_factor_at_load(1.0, rated)),
        method="wound_rotor" if wound else motor.drive,
        quantity=motor.quantity,
        load_factor=sourced(_LIMITS, "load_factor").value if load is None else load,
        start_seconds=sourced(_LIMITS, "heavy_start_seconds" if heavy else "direct_start_seconds").value,
        breakaway_torque=sourced(_LIMITS, "breakaway_torque_mill" if grinding else "breakaway_torque_other").value,
    )


def _class_efficiency(motor: Motor) -> float:
    if motor.ie_class is not None and motor.construction == "cage":
        try:
            return float(nominal_efficiency(motor.ie_class, motor.rated_power_kw, motor.poles or 4, 60))
        except MissingData:
            pass
    return sourced(_LIMITS, "efficiency").value
