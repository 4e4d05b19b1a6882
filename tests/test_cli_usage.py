"""Usage errors and help captions in both languages, and tables that fit the terminal."""

import pytest

from mine_energy.cli import main
from mine_energy.cli.tables import put_fitted
from mine_energy.cli.usage import translated

WRONG = [
    (["adit"], "no existe el comando «adit». ¿Quiso decir audit?", "no such command 'adit'. Did you mean audit?"),
    (["study"], "falta el argumento SITE.toml.", "argument SITE.toml is missing."),
    (["calc", "leak"], "falta la opción --power.", "option --power is missing."),
    (["study", "x.toml", "--no-such"], "no existe la opción --no-such.", "no such option --no-such."),
    (["calc", "fuel", "--litre", "3"], "¿Quiso decir --litres?", "Did you mean --litres?"),
    (["study", "x.toml", "--out"], "la opción --out necesita un valor.", "option --out needs a value."),
    (["study", "x.toml", "--json=3"], "la opción --json no lleva valor.", "option --json takes no value."),
    (["schema", "site", "more"], "sobra en la línea: more", "too much on the line: more"),
    (["schema", "plant"], "site, inventory, study", "site, inventory, study"),
    (["load", "check", "x.csv", "--ct-ratio", "a"], "--ct-ratio: escriba un número", "--ct-ratio: write a number"),
    (["schema"], "Se acepta: site, inventory, study.", "Accepted: site, inventory, study."),
]
ENGLISH = ("Usage:", "Options:", "Commands:", "Missing", "No such", "Invalid", "Show this", "required", "Try '")


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main(list(words))
    shown = capsys.readouterr()
    return left.value.code or 0, shown.out, shown.err


@pytest.mark.parametrize(("words", "spanish", "english"), WRONG)
def test_usage_errors_speak_the_language(capsys, words, spanish, english):
    for language, wanted in (("es", spanish), ("en", english)):
        # Before the command: an option without its value would swallow what follows.
        code, out, err = run(capsys, "--lang", language, *words)
        assert (code, out) == (2, "")
        assert wanted in err
        if language == "es":
            assert not any(word in err for word in ENGLISH)


@pytest.mark.parametrize(
    "words", [["--help"], ["calc", "--help"], ["calc", "motor-load", "--help"], ["study", "--help"], ["calc"], []]
)
def test_spanish_help_has_no_english_caption(capsys, words):
    _, out, err = run(capsys, "--lang", "es", *words)
    assert "Uso: mine-energy" in out + err
    assert not any(word in out + err for word in ENGLISH)


def test_english_help_keeps_its_captions(capsys):
    _, out, _ = run(capsys, "--lang", "en", "calc", "motor-load", "--help")
    assert all(word in out for word in ("Usage:", "Options:", "[required]", "[default: 60]"))


def test_a_sentence_that_is_not_known_stays_as_it_is():
    assert translated("Something new.", "es") == "Something new."


ROWS = [["Causa", "Medida", "kWh"], ["Aire", "Reparación de fugas de aire comprimido", "7.720"]]


def test_a_table_without_a_terminal_is_not_cut(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    put_fitted(ROWS, left=(0, 1), wrap=1, drop=(0,))
    assert "Aire   Reparación de fugas de aire comprimido  7.720" in capsys.readouterr().out


@pytest.mark.parametrize("columns", [40, 50, 80])
def test_a_table_leaves_out_columns_then_wraps(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    put_fitted(ROWS, left=(0, 1), wrap=1, drop=(0,))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    assert ("Causa" in lines[0]) == (columns == 80)
    assert len(lines) == (3 if columns == 40 else 2)
    assert "7.720" in lines[1]


def test_headings_run_over_several_lines_before_a_line_breaks(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    put_fitted([["Lavados al año", "Luz que toma el polvo", "Energía ganada (kWh/kWp)"], ["4", "0,2 %", "2"]])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[-1].split() == ["4", "0,2", "%", "2"]
    assert sum("Lavados" in line for line in lines) == 1
    assert len(lines) > 2
