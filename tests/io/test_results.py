"""Writing together or not at all."""

import errno
import os
from pathlib import Path

import pytest

from mine_energy.errors import OutputError
from mine_energy.io import results


def test_files_are_replaced_together(tmp_path):
    results.write_together(tmp_path / "new", {"a": b"1", "b": b"2"})
    results.write_together(tmp_path / "new", {"a": b"3", "b": b"4"})
    assert {p.name: p.read_bytes() for p in (tmp_path / "new").iterdir()} == {"a": b"3", "b": b"4"}


@pytest.mark.parametrize("victim", ["a", "b", "c"])
def test_a_file_that_cannot_be_replaced_leaves_every_earlier_file(tmp_path, monkeypatch, victim):
    results.write_together(tmp_path, {"a": b"old a", "b": b"old b"})  # there is no old c
    real = os.replace

    def replace(source, target):
        if Path(target).name == victim and Path(source).suffix == ".new":
            raise PermissionError(errno.EACCES, "open in Excel", str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(OutputError) as caught:
        results.write_together(tmp_path, {"a": b"new a", "b": b"new b", "c": b"new c"})
    assert caught.value.exit_code == 6
    assert caught.value.reason == "permission"
    assert Path(caught.value.path).name == victim
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"a": b"old a", "b": b"old b"}


def test_a_full_disk_leaves_everything(tmp_path, monkeypatch):
    results.write_together(tmp_path, {"a": b"old"})

    def write(self, content):
        raise OSError(errno.ENOSPC, "no space", str(self))

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(OutputError) as caught:
        results.write_together(tmp_path, {"a": b"new"})
    assert caught.value.reason == "disk_full"
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "out").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        results.write_together(tmp_path / "out", {"a": b"1"})
    assert caught.value.reason == "not_a_directory"
