"""A plant at 4,850 m that lives from its own diesel set.

No real plant: reconstructed at 25 t/day. Height takes power from engines and cooling from motors.

Run it with ``python docs/gallery/diesel_highlands.py`` (``en`` for English, ``--write`` to renew the pages' figures).
"""

from gallery import HERE, LANGUAGES, study_lines, tell

from mine_energy import read_inputs, run_study
from mine_energy.study import Study

SITE = HERE / "diesel_highlands" / "sitio.toml"
TOLD = ("genset_derate_iso_from", "motor_over_derated", "pv_inverter_altitude_refused")


def studied() -> Study:
    """Return the study; sizing of batteries and generators is left out, which takes most of the time."""
    return run_study(read_inputs(SITE), with_sizing=False)


if __name__ == "__main__":
    study = studied()
    tell("diesel_highlands", [(language, study_lines(study, language, TOLD)) for language in LANGUAGES])
