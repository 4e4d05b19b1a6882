"""Errors in the reader's words; the page's counterpart of what the command line says."""

from mine_energy import messages
from mine_energy.errors import Infeasible, InputError, Language, MineEnergyError, MissingData, OutputError


def error_lines(error: MineEnergyError, language: Language) -> tuple[str, ...]:
    """Return an expected error in words, one line a problem."""
    if isinstance(error, InputError):
        return tuple(messages.problem_text(problem, language) for problem in error.problems)
    if isinstance(error, MissingData):
        return (messages.text(f"missing.{error.key}", language, **error.params),)
    if isinstance(error, Infeasible):
        return (messages.text(f"infeasible.{error.key}", language, **error.params),)
    if isinstance(error, OutputError):
        # Only the file's name: where the folder stands is nobody's business but the owner's.
        name = error.path.replace("\\", "/").rpartition("/")[2]
        return (messages.text(f"output.{error.reason}", language, path=name),)
    return (str(error),)
