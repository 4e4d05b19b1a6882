"""A small gold plant on Colombia's grid: the pilot.

Los Conquistadores (Buenos Aires, Cauca) exists; its motor list and hours are reconstructed.

Run it with ``python docs/gallery/grid_colombia.py`` (``en`` for English, ``--write`` to renew the pages' figures).
"""

from gallery import LANGUAGES, SITES, study_lines, tell

from mine_energy import read_inputs, run_study
from mine_energy.study import Study

SITE = SITES / "los_conquistadores.toml"


def studied() -> Study:
    """Return the study; sizing of batteries and generators is left out, which takes most of the time."""
    return run_study(read_inputs(SITE), with_sizing=False)


if __name__ == "__main__":
    study = studied()
    tell("grid_colombia", [(language, study_lines(study, language)) for language in LANGUAGES])
