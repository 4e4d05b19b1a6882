"""The samples of every text layout, changed in form and damaged line by line, with the fuzz test's oracle."""

from random import Random

import meter_samples as made
import pytest

from mine_energy.errors import InputError
from mine_energy.io.meters import read_meter

TEXTS = {
    "fluke sk": (made.fluke_430("sk"), "cp1250", "\t", 9),
    "fluke es": (made.fluke_430("es"), "cp1252", "\t", 9),
    "fluke en": (made.fluke_430("en"), "utf-16", "\t", 9),
    "fluke 1730": (made.fluke_1730(), "utf-8", "\t", 4),
    "hioki": (made.hioki(), "utf-8", ",", 6),
    "circutor": (made.circutor(), "cp1252", "\t", 6),
    "ion": (made.schneider_ion(), "utf-8-sig", ",", 1),
    "pac": (made.siemens_pac(), "cp1252", ";", 1),
    "platform": (made.co_platform(), "utf-8", ",", 2),
    "sicli": (made.sicli(two=False, zipped=False), "utf-8", "\t", 4),
    "electrodunas": (made.electrodunas(), "utf-8", ",", 1),
    "matrix": (made.hour_matrix(), "latin-1", ";", 10),
}
"""Sample, its encoding, its separator and the column of active values."""


def header_of(rows, separator):
    return max(range(10), key=lambda i: (rows[i].count(separator), -i))


def reformed(rng, sample, encoding, separator):
    """Return the same table with other line ends, encoding, quotation, blank lines and lines above."""
    rows = sample.data.decode(encoding).split("\r\n")[:-1]
    if rng.random() < 0.5:
        rows = [separator.join(f'"{cell}"' for cell in row.split(separator)) for row in rows]
    if rng.random() < 0.5:
        rows = [*(["Exportado por el auditor", ""][: rng.randrange(1, 3)]), *rows]
    if rng.random() < 0.5:
        rows += [""] * rng.randrange(1, 3)
    if rng.random() < 0.3:
        rows = [row + separator if row else row for row in rows]
    target = rng.choice(["utf-8", "utf-8-sig", "utf-16", encoding])
    return (rng.choice(["\r\n", "\n"]).join(rows) + "\n").encode(target)


@pytest.mark.parametrize("name", TEXTS)
def test_another_form_of_a_layout_gives_the_identical_total(tmp_path, sized, name):
    sample, encoding, separator, _ = TEXTS[name]
    rng = Random(f"form {name}")
    for _ in range(sized(100)):
        path = tmp_path / sample.name
        path.write_bytes(reformed(rng, sample, encoding, separator))
        load = read_meter(path)
        assert load.energy_kwh == pytest.approx(sample.kwh, rel=1e-10)
        assert str(load.load_kw.index[0]) == sample.first


def damage(rng, rows, first, separator, column):
    """Change one line of data; return the lines on which that shows."""
    row = rng.randrange(first + 1, len(rows) - 1)
    cells = rows[row].split(separator)
    kind = rng.choice(["delete", "twice", "swap", "letter", "blank", "drop", "cut"])
    lines = {row, row + 1, row + 2}
    if kind == "delete":
        del rows[row]
    elif kind == "twice":
        rows.insert(row, rows[row])
    elif kind == "swap":
        other = rng.choice([i for i in range(first + 1, len(rows) - 1) if i != row])
        rows[row], rows[other] = rows[other], rows[row]
        lines |= {other, other + 1, other + 2}
    elif kind == "cut":
        del rows[row + 1 :]
        rows[row] = rows[row][: rng.randrange(1, len(rows[row]))]
        lines |= set(range(row - 2, row + 3))
    else:
        value = cells[column]
        digits = [i for i, c in enumerate(value) if c.isdigit()]
        place = rng.choice(digits)
        changed = {"letter": [value[:place] + rng.choice("OlSeE") + value[place + 1 :]], "blank": [""], "drop": []}[
            kind
        ]
        rows[row] = separator.join([*cells[:column], *changed, *cells[column + 1 :]])
    return kind, lines


@pytest.mark.parametrize("name", TEXTS)
def test_a_damaged_line_of_a_layout_is_refused_or_told(tmp_path, sized, name):
    sample, encoding, separator, column = TEXTS[name]
    rng = Random(f"damage {name}")
    for index in range(sized(300)):
        rows = sample.data.decode(encoding).split("\r\n")[:-1]
        kind, lines = damage(rng, rows, header_of(rows, separator), separator, column)
        path = tmp_path / sample.name
        path.write_bytes("\r\n".join(rows).encode(encoding) + (b"" if kind == "cut" else "\r\n".encode(encoding)[-2:]))
        load, problems = outcome(path)
        if load is None:
            found = {problem.line for problem in problems}
            assert found & lines or kind in {"cut", "delete", "swap"}, (index, kind, sorted(lines), problems[:3])
        else:
            told = {v for f in load.findings for k, v in f.params.items() if k in {"line", "first_line", "last_line"}}
            same = load.energy_kwh == pytest.approx(sample.kwh, rel=1e-10) and len(load.load_kw) == len_of(sample)
            assert same or told & lines, (index, kind, sorted(lines), load.energy_kwh, sample.kwh)


def outcome(path):
    try:
        return read_meter(path), ()
    except InputError as error:
        return None, error.problems


def len_of(sample):
    return {"hour_matrix": 480, "electrodunas": 48}.get(sample.layout, made.COUNT)
