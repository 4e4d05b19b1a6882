"""What PV does to the power factor that the meter sees."""

import numpy as np

from mine_energy.dispatch import DispatchResult
from mine_energy.errors import Finding
from mine_energy.loads import LoadProfile
from mine_energy.measures.power_factor import seen_power_factor

_NOTABLE = 0.005


def power_factor_findings(
    load: LoadProfile, without_pv: DispatchResult, served: LoadProfile, with_pv: DispatchResult
) -> tuple[Finding, ...]:
    """Return the power factor at the meter without and with PV, where PV changes it.

    PV at unity power factor takes kWh off the meter and leaves the kvarh. The bills of both states carry the reactive
    excess that follows; this says why it grows.

    Parameters
    ----------
    load, served
        After measures, with its reactive power, and the same as it is served with PV.
    without_pv, with_pv
        Their flows at the meter.
    """
    if load.reactive_kvar is None or served.reactive_kvar is None:
        return ()
    before = seen_power_factor(np.asarray(without_pv.import_kw), load.reactive_kvar.to_numpy())
    after = seen_power_factor(np.asarray(with_pv.import_kw), served.reactive_kvar.to_numpy())
    if before is None or after is None or before - after < _NOTABLE:
        return ()
    params = {"before": before, "after": after}
    return (Finding(key="study_power_factor_with_pv", level="warning", params=params),)
