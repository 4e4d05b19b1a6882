"""Ten thousand files with an oracle: the same meaning gives the same total, another meaning is never silent.

An oracle knows what was done to each file. What it cannot know, no reader can: a file cut exactly at a midnight is a
shorter record and nothing else, so such a cut is drawn again.
"""

from random import Random

import pytest
from meter_fuzz import DAMAGES, damaged, written

from mine_energy.errors import InputError
from mine_energy.io.meters import read_meter
from mine_energy.messages import LANGUAGES, finding_text, problem_text


def outcome(path, record):
    path.write_bytes(record.data())
    try:
        return read_meter(path, name="m.csv"), ()
    except InputError as error:
        return None, error.problems


def told_lines(load):
    """Return the lines that a load's findings name."""
    lines = set()
    for finding in load.findings:
        for key in ("line", "first_line", "last_line"):
            if key in finding.params:
                lines.add(int(finding.params[key]))
    return lines


def test_forms_that_mean_the_same_give_the_same_total(tmp_path, sized):
    rng = Random(20250317)
    for index in range(sized(5_000, 25)):
        record = written(rng)
        load, problems = outcome(tmp_path / "m.csv", record)
        assert load is not None, (index, record.heads, problems[:2])
        assert load.energy_kwh == pytest.approx(record.kwh, rel=1e-10), (index, record.heads)
        assert str(load.load_kw.index[0]) == "2025-03-17 00:00:00-05:00"
        assert len(load.load_kw) == 192


def test_damages_are_refused_or_told_with_their_line(tmp_path, sized):
    rng = Random(20250318)
    seen = dict.fromkeys(DAMAGES, 0)
    for index in range(sized(5_000, 25)):
        record = damaged(rng)
        seen[record.damage] += 1
        load, problems = outcome(tmp_path / "m.csv", record)
        what = (index, record.damage, record.heads, sorted(record.damaged))
        if load is None:
            lines = {problem.line for problem in problems}
            placed = bool(lines & record.damaged) or record.damage in {"cut_file", "ambiguous_column"}
            undecided = {"label_undecidable", "date_order_undecidable"} & {problem.key for problem in problems}
            assert placed or undecided, (*what, problems[:3])
            for problem in problems[:2]:
                assert all(problem_text(problem, language) for language in LANGUAGES)
        else:
            same = load.energy_kwh == pytest.approx(record.kwh, rel=1e-10) and len(load.load_kw) == 192
            whole_days = record.damage == "cut_file" and len(load.load_kw) % 96 == 0
            assert same or whole_days or told_lines(load) & record.damaged, (*what, load.energy_kwh, record.kwh)
            for finding in load.findings:
                assert all(finding_text(finding, language) for language in LANGUAGES)
    assert all(seen.values()), seen
