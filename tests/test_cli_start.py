"""The installed command: it starts light, speaks both languages and survives narrow consoles."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("mine-energy.exe" if os.name == "nt" else "mine-energy")

_LOADED = (
    "import sys; sys.argv = ['mine-energy', *sys.argv[1:]]\n"
    "from mine_energy.cli import main\n"
    "try:\n    main()\nexcept SystemExit: pass\n"
    "heavy = {'pandas', 'pvlib', 'numpy', 'matplotlib', 'scipy'} & set(sys.modules)\n"
    "print('HEAVY', sorted(heavy))"
)


def run(*words, **environment):
    env = {**os.environ, **environment}
    return subprocess.run([COMMAND, *words], capture_output=True, env=env, timeout=120, check=False)


def test_version_of_the_installed_command():
    answer = run("--version")
    assert answer.returncode == 0
    assert answer.stdout.decode().startswith("mine-energy ")


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_start_loads_nothing_heavy(word):
    answer = subprocess.run([sys.executable, "-c", _LOADED, word], capture_output=True, timeout=120, check=True)
    assert b"HEAVY []" in answer.stdout


@pytest.mark.parametrize(("language", "word"), [("es", "Archivo del sitio"), ("en", "The site file")])
def test_help_speaks_the_language(language, word):
    answer = run("study", "--lang", language, "--help", PYTHONIOENCODING="utf-8")
    assert answer.returncode == 0
    assert word in answer.stdout.decode("utf-8")
    assert "cli.help" not in answer.stdout.decode("utf-8")


def test_the_system_language_is_the_default():
    english = run("--help", LANG="en_US.UTF-8", LC_ALL="", LC_MESSAGES="")
    spanish = run("--help", LANG="es_CO.UTF-8", LC_ALL="", LC_MESSAGES="")
    assert b"Energy audit" in english.stdout
    assert b"energ" in spanish.stdout
    assert english.stdout != spanish.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_narrow_consoles_show_something_and_do_not_stop(encoding):
    answer = run("--help", "--lang", "es", PYTHONIOENCODING=encoding, LC_ALL="C")
    assert answer.returncode == 0


USAGE_ERRORS = [["nonsense"], ["study"], ["study", "x.toml", "--lang", "xx"], ["study", "--no-such"]]


@pytest.mark.parametrize("words", USAGE_ERRORS)
def test_usage_errors_leave_with_two(words):
    answer = run(*words)
    assert answer.returncode == 2
    assert b"Traceback" not in answer.stderr
