"""A cyanidation plant on Peru's medium voltage, option MT3.

No real plant: reconstructed at 75 t/day. Nobody pays for a surplus in Peru: the array covers a third of the energy.

Run it with ``python docs/gallery/grid_peru_mt.py`` (``en`` for English, ``--write`` to renew the pages' figures).
"""

from gallery import HERE, LANGUAGES, study_lines, tell

from mine_energy import read_inputs, run_study
from mine_energy.study import Study

SITE = HERE / "grid_peru_mt" / "sitio.toml"
TOLD = ("study_power_factor_with_pv",)


def studied() -> Study:
    """Return the study; sizing of batteries and generators is left out, which takes most of the time."""
    return run_study(read_inputs(SITE), with_sizing=False)


if __name__ == "__main__":
    study = studied()
    tell("grid_peru_mt", [(language, study_lines(study, language, TOLD)) for language in LANGUAGES])
