"""What a study starts from: everything that was read, and the hash of every file it was read from."""

from dataclasses import dataclass

import pandas as pd

from mine_energy.dispatch.outages import Interval
from mine_energy.emissions import HourlyFactor
from mine_energy.errors import Finding
from mine_energy.loads import Bills, FuelLog, LoadProfile, PowerQuality, Production
from mine_energy.motors import MotorInventory
from mine_energy.pv import Equipment, Horizon
from mine_energy.site import Site
from mine_energy.tariffs import Tariff
from mine_energy.weather import Weather


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file that was read.

    Parameters
    ----------
    name
        As the site file names it; never an absolute path.
    sha256
        Of its bytes.
    """

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inputs:
    """Everything a person gave for one plant, read and checked.

    Parameters
    ----------
    site
        The site file.
    inventory, load, weather, bills, fuel_log, production, horizon
        What the site file points to; None where it points to nothing.
    tariff
        The tariff the site file names.
    files
        Every file read, the site file first.
    power_quality
        What a logger, or the meter's own file, says about voltage, distortion, unbalance and currents.
    findings
        What the readers noticed.
    equipment
        Module and inverters of the strings; the packaged catalogue's when None.
    outages
        Starts and ends of the recorded outages of the grid; None where no record is named.
    spot_price
        Wholesale price by clock hour of the study's year, UTC-05:00, left labels, in the tariff's currency per kWh;
        None where no file is named.
    hourly_factor
        Grid factor by clock hour of its own calendar year; None where no file is named.
    """

    site: Site
    inventory: MotorInventory | None
    load: LoadProfile | None
    weather: Weather | None
    tariff: Tariff
    files: tuple[InputFile, ...]
    bills: Bills | None = None
    fuel_log: FuelLog | None = None
    production: Production | None = None
    horizon: Horizon | None = None
    power_quality: PowerQuality | None = None
    findings: tuple[Finding, ...] = ()
    equipment: Equipment | None = None
    outages: tuple[Interval, ...] | None = None
    spot_price: "pd.Series[float] | None" = None
    hourly_factor: HourlyFactor | None = None
