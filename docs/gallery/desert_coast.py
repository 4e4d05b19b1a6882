"""A plant by the sea in the desert of Arequipa.

No real plant: reconstructed at 35 t/day. Fog that no coarse cell sees, no rain, and dust to be washed off.

Run it with ``python docs/gallery/desert_coast.py`` (``en`` for English, ``--write`` to renew the pages' figures).
"""

from gallery import HERE, LANGUAGES, study_lines, tell

from mine_energy import read_inputs, run_study
from mine_energy.study import Study

SITE = HERE / "desert_coast" / "sitio.toml"
TOLD = ("weather_resource_band", "weather_coast_fog", "pv_soiling_assumed")


def studied() -> Study:
    """Return the study; sizing of batteries and generators is left out, which takes most of the time."""
    return run_study(read_inputs(SITE), with_sizing=False)


if __name__ == "__main__":
    study = studied()
    tell("desert_coast", [(language, study_lines(study, language, TOLD)) for language in LANGUAGES])
