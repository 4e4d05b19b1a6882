"""What a person writes about machines: the rows of an inventory, validated and frozen."""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.errors import Finding
from mine_energy.site import Fraction, NonNegative, Positive, Section

IEClass = Literal["IE1", "IE2", "IE3", "IE4"]
Construction = Literal["cage", "single_phase", "wound_rotor", "submersible", "explosion_proof", "other"]


class Motor(Section):
    """One row of the inventory: one machine, or several equal ones.

    ``equipment`` is ``motor`` or ``compressor`` for machines with an electric motor (rated power is shaft power), and
    ``lighting`` or ``other_load`` for loads whose rated power is electric already.
    """

    tag: Annotated[str, Field(min_length=1)]
    """Unique name."""
    description: str = ""
    """What it is."""
    equipment: Literal["motor", "compressor", "lighting", "other_load"] = "motor"
    """Kind of equipment."""
    area: str = ""
    """Part of the operation: plant, mine, camp ..."""
    process: str = "other"
    """Key of the vocabulary's ``process``."""
    quantity: Annotated[int, Field(ge=0, le=1000)] = 1
    """Units that run together."""
    standby_quantity: Annotated[int, Field(ge=0, le=1000)] = 0
    """Units that stand by and add no energy."""
    rated_power_kw: Annotated[float, Field(gt=0, le=20000)]
    """Rated power per unit, kW (shaft power for motors)."""
    construction: Construction = "cage"
    """Kind of motor; the efficiency classes of IEC 60034-30-1 cover ordinary three-phase cage motors only."""
    poles: Literal[2, 4, 6, 8] | None = None
    """Number of poles."""
    frequency_hz: Literal[50, 60] = 60
    """Plate frequency."""
    ie_class: IEClass | None = None
    """IEC 60034-30-1 class."""
    efficiency: Annotated[float, Field(gt=0, le=1)] | None = None
    """Plate efficiency at full load."""
    power_factor: Annotated[float, Field(gt=0, le=1)] | None = None
    """Plate power factor at full load."""
    load_factor: Annotated[float, Field(ge=0, le=1.3)] | None = None
    """Shaft output over rated power (electric input over rated for loads without a motor)."""
    input_kw: NonNegative | None = None
    """Measured electric input per unit, kW; wins over the load factor."""
    hours_per_day: Annotated[float, Field(ge=0, le=24)]
    """Hours run (loaded, for a compressor) on a working day."""
    unloaded_hours_per_day: Annotated[float, Field(ge=0, le=24)] = 0.0
    """Compressor: hours run unloaded on a working day."""
    unloaded_input_fraction: Fraction | None = None
    """Compressor: electric input unloaded over electric input loaded."""
    schedule: str = ""
    """Stated runs of a working day, ``06:00-10:30; 14:00-16:00``; empty lets the seed choose."""
    sequence: str = ""
    """Machines with the same word here run together."""
    load_type: Literal["centrifugal", "constant_torque", "constant_power"] = "constant_torque"
    """How shaft power follows speed."""
    drive: Literal["direct", "star_delta", "soft_starter", "vfd"] = "direct"
    """How the motor starts and is fed."""
    transmission: Literal["direct", "v_belt", "notched_belt", "synchronous_belt", "gearbox"] = "direct"
    """Between motor and machine."""
    rewinds: Annotated[int, Field(ge=0, le=20)] = 0
    """Times rewound."""
    rated_speed_rpm: Positive | None = None
    """Plate speed at full load, rpm."""
    origin: Literal["measured", "nameplate", "reconstructed", "assumed"] = "assumed"
    """Where the row's values come from."""
    source: str = ""
    """Document or reasoning, in words."""

    @property
    def is_motor(self) -> bool:
        """Whether rated power is shaft power."""
        return self.equipment in {"motor", "compressor"}


class MotorInventory(Section):
    """The rows of an inventory file, in file order; tags are unique."""

    motors: tuple[Motor, ...]
    """Rows."""
    file: str = ""
    """Name of the file they came from."""
    findings: tuple[Finding, ...] = ()
    """What the reader of the file noticed."""
