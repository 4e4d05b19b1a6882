"""What a person writes about machines: the rows of an inventory, validated and frozen."""

from typing import Annotated, Literal

from pydantic import Field

from mine_energy.errors import Finding
from mine_energy.motors.chain import Transmission
from mine_energy.motors.compressor import CompressorControl
from mine_energy.motors.rewind import RewindShop
from mine_energy.site import Fraction, NonNegative, Positive, Section

IEClass = Literal["IE1", "IE2", "IE3", "IE4"]
Construction = Literal["cage", "single_phase", "wound_rotor", "submersible", "explosion_proof", "other"]
Equipment = Literal["motor", "compressor", "lighting", "furnace", "laboratory", "welding", "other_load"]
MeasuringPoint = Literal["unstated", "motor", "drive_input", "soft_starter_input", "capacitor_side"]
Connection = Literal["unstated", "delta", "star", "parallel", "series"]
Efficiency = Annotated[float, Field(gt=0, le=1)]


class Motor(Section):
    """One row of the inventory: one machine, or several equal ones.

    ``equipment`` is ``motor`` or ``compressor`` for machines with an electric motor (rated power is shaft power);
    for any other the rated power is electric already. Columns after ``source`` are for those who measured or have
    more of the plate: every one may be left out.
    """

    tag: Annotated[str, Field(min_length=1)]
    """Unique name."""
    description: str = ""
    """What it is."""
    equipment: Equipment = "motor"
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
    efficiency: Efficiency | None = None
    """Plate efficiency at full load."""
    power_factor: Annotated[float, Field(gt=0, le=1)] | None = None
    """Plate power factor at full load."""
    load_factor: Annotated[float, Field(ge=0, le=1.3)] | None = None
    """Shaft output over rated power (electric input over rated for loads without a motor)."""
    input_kw: NonNegative | None = None
    """Measured electric input per unit, kW; wins over every other evidence of the load."""
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
    standby_group: str = ""
    """Machines with the same word here relieve each other: never two at once, and their hours add up to the duty's."""
    load_type: Literal["centrifugal", "constant_torque", "constant_power"] = "constant_torque"
    """How shaft power follows speed."""
    drive: Literal["direct", "star_delta", "soft_starter", "vfd"] = "direct"
    """How the motor starts and is fed."""
    transmission: Transmission = "direct"
    """Between motor and machine."""
    rewinds: Annotated[int, Field(ge=0, le=20)] = 0
    """Times rewound."""
    rated_speed_rpm: Positive | None = None
    """Plate speed at full load, rpm."""
    origin: Literal["measured", "nameplate", "reconstructed", "assumed", "synthetic"] = "assumed"
    """Where the row's values come from; ``synthetic`` rows are invented, for an example or a drill."""
    source: str = ""
    """Document or reasoning, in words."""
    input_kind: Literal["spot", "logged"] = "spot"
    """Whether the input was read once or logged over days."""
    measuring_point: MeasuringPoint = "unstated"
    """Where power and current were measured."""
    current_a: NonNegative | None = None
    """Mean line current per unit, A."""
    voltage_v: Positive | None = None
    """Line-to-line voltage while measuring, V."""
    voltage_ab_v: Positive | None = None
    """Line-to-line voltage between phases A and B, V."""
    voltage_bc_v: Positive | None = None
    """Line-to-line voltage between phases B and C, V."""
    voltage_ca_v: Positive | None = None
    """Line-to-line voltage between phases C and A, V."""
    line_frequency_hz: Annotated[float, Field(gt=0, le=400)] | None = None
    """Frequency at the motor while measuring, Hz."""
    speed_rpm: Positive | None = None
    """Measured speed of the motor, rpm."""
    rated_voltage_v: str = ""
    """Plate voltage or voltages, V: ``440``, ``220/440``, ``208-230/460``."""
    rated_current_a: str = ""
    """Plate current or currents, A, in the order of the voltages: ``60``, ``120/60``."""
    connection: Connection = "unstated"
    """Connection in use: the low voltage of a dual plate is delta or parallel, the high one star or series."""
    throughput_t_per_h: NonNegative | None = None
    """Tonnes per hour through one unit while it runs."""
    specific_energy_kwh_per_t: NonNegative | None = None
    """Electric energy of one unit per tonne, kWh/t."""
    bond_work_index_kwh_per_t: Positive | None = None
    """Ball-mill work index of the ore, kWh per metric tonne."""
    f80_um: Positive | None = None
    """Size that 80 % of the feed passes, micrometres."""
    p80_um: Positive | None = None
    """Size that 80 % of the product passes, micrometres."""
    mill_diameter_m: Annotated[float, Field(ge=0.1, le=20)] | None = None
    """Diameter of the mill inside its liners, m."""
    efficiency_75: Efficiency | None = None
    """Efficiency at 75 % load, of the maker."""
    efficiency_50: Efficiency | None = None
    """Efficiency at 50 % load, of the maker."""
    efficiency_25: Efficiency | None = None
    """Efficiency at 25 % load, of the maker."""
    packaged: Literal["no", "yes"] = "no"
    """Whether motor and machine came as one package, whose motor is fully used."""
    manufacture_year: Annotated[int, Field(ge=1900, le=2100)] | None = None
    """Year of manufacture of the motor."""
    rewind_shop: RewindShop = "unknown"
    """Whether the rewinding shop is certified."""
    transmission_loss: Annotated[float, Field(ge=0, lt=1)] | None = None
    """Stated loss between motor and machine over the motor's shaft power."""
    rated_power_60hz_kw: Positive | None = None
    """60 Hz column of a 50 Hz plate: rated power, kW."""
    rated_speed_60hz_rpm: Positive | None = None
    """60 Hz column of a 50 Hz plate: speed, rpm."""
    rated_voltage_60hz_v: str = ""
    """60 Hz column of a 50 Hz plate: voltage, V."""
    rated_current_60hz_a: str = ""
    """60 Hz column of a 50 Hz plate: current, A."""
    efficiency_60hz: Efficiency | None = None
    """60 Hz column of a 50 Hz plate: efficiency."""
    compressor_control: CompressorControl | None = None
    """Compressor: how it follows the demand for air."""
    air_demand_fraction: Fraction | None = None
    """Compressor: mean flow over full flow while it runs."""
    duty_cycle: Fraction | None = None
    """Loads without a motor: share of its hours in which it draws power (welding, thermostats)."""

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
