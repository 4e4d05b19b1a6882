"""A study as its JSON holds it, so that a report is the same from the run and from the file."""

from mine_energy.io.results import study_adapter, study_document
from mine_energy.study import Study


def as_written(study: Study) -> Study:
    """Return a study as reading its ``study.json`` would: every number rounded to nine decimals.

    Parameters
    ----------
    study
        As computed, or as read; the second comes back equal.
    """
    return study_adapter().validate_python(study_document(study))
