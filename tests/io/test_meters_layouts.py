"""Every layout on a sample written from its documentation, and on its wrong twins."""

import numpy as np
import pytest
from meter_samples import SAMPLES

from mine_energy.errors import InputError
from mine_energy.io.meters import READERS, read_meter
from mine_energy.messages import LANGUAGES, finding_text


def read(folder, sample, **more):
    path = folder / sample.name
    path.write_bytes(sample.data)
    return read_meter(path, **{**sample.hints, **more})


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_of_each_layout_reads_as_what_it_holds(tmp_path, name):
    sample = SAMPLES[name]
    load = read(tmp_path, sample)
    assert load.energy_kwh == pytest.approx(sample.kwh, rel=1e-9)
    assert float(load.reactive_kvar.sum()) * load.step_hours == pytest.approx(sample.kvarh, rel=1e-9)
    assert load.step_minutes == sample.step
    assert str(load.load_kw.index[0]) == sample.first
    keys = {finding.key for finding in load.findings}
    assert keys >= sample.findings
    assert ("meter_layout" in keys) == (sample.layout != "columns")
    assert ("meter_layout_unconfirmed" in keys) == (READERS[sample.layout].layout == "unconfirmed")
    named = [f.params["layout"] for f in load.findings if f.key == "meter_layout"]
    assert named in ([], [READERS[sample.layout].name])
    for finding in load.findings:
        for language in LANGUAGES:
            assert finding_text(finding, language)
    assert np.isfinite(load.load_kw).all()


def test_every_layout_has_a_sample_and_says_where_it_was_seen():
    assert {sample.layout for sample in SAMPLES.values()} == set(READERS)
    for reader in READERS.values():
        assert reader.layout in {"confirmed", "unconfirmed"}
        assert reader.source
        assert reader.name


def test_clamps_the_wrong_way_round_are_refused(tmp_path):
    sample = SAMPLES["fluke 430 in Spanish"]
    rows = sample.data.decode("cp1252").split("\r\n")
    for number, row in enumerate(rows[1:-1], 1):
        cells = row.split("\t")
        cells[9] = "-" + cells[9]
        rows[number] = "\t".join(cells)
    path = tmp_path / "reversed.txt"
    path.write_bytes("\r\n".join(rows).encode("cp1252"))
    with pytest.raises(InputError) as raised:
        read_meter(path)
    assert {problem.key for problem in raised.value.problems} == {"value_negative", "and_more"}
    assert raised.value.problems[0].line == 2


def test_the_elapsed_time_of_a_hioki_tells_the_edge_of_its_stamps(tmp_path):
    sample = SAMPLES["hioki"]
    path = tmp_path / "h.csv"
    path.write_bytes(sample.data.replace(b"00000:15:00", b"00000:00:00"))
    assert str(read_meter(path).load_kw.index[0]) == "2025-03-18 00:15:00-05:00"
    assert str(read_meter(path, stamps="end").load_kw.index[0]) == "2025-03-18 00:00:00-05:00"


def test_a_layouts_habit_is_told_and_a_hint_overrules_it(tmp_path):
    sample = SAMPLES["circutor"]
    rows = sample.data.split(b"\r\n")
    path = tmp_path / "c.txt"
    path.write_bytes(b"\r\n".join([rows[0], *rows[11:60]]) + b"\r\n")
    assumed, said = read_meter(path), read_meter(path, stamps="start")
    (told,) = [f for f in assumed.findings if f.key == "meter_end_assumed"]
    assert (told.level, told.params["line"]) == ("assumption", 2)
    assert assumed.energy_kwh == said.energy_kwh
    assert said.load_kw.index[0] - assumed.load_kw.index[0] == np.timedelta64(15, "m")
    assert not [f for f in said.findings if f.key == "meter_end_assumed"]
