"""``mine-energy web``: what it prints, and what it says where it cannot start."""

import importlib.util
import re
import shlex
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from mine_energy.cli import main
from mine_energy.cli.shortcut import launcher


class Served:
    """A page that ends as soon as it is waited for."""

    address = "http://127.0.0.1:1/entrar?clave=k"
    closed = False

    def wait(self):
        raise KeyboardInterrupt

    def close(self):
        self.closed = True


def run(*words):
    with pytest.raises(SystemExit) as left:
        main(["web", *words])
    return left.value.code


def test_it_prints_the_address_and_ends_in_order(monkeypatch, capsys, tmp_path):
    served, opened = Served(), []
    monkeypatch.setattr("mine_energy.web.serve", lambda folder, language, port: served)
    monkeypatch.setattr("webbrowser.open", opened.append)
    assert run(str(tmp_path), "--lang", "es") == 0
    assert served.address in capsys.readouterr().out
    assert opened == [served.address]
    assert served.closed
    assert run(str(tmp_path), "--no-browser") == 0
    assert len(opened) == 1


def test_without_flask_it_says_what_to_install(monkeypatch, capsys, tmp_path):
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *rest: None if name == "flask" else find(name, *rest))
    assert run(str(tmp_path), "--lang", "en") == 2
    assert "mine-energy[web]" in capsys.readouterr().err


def test_a_folder_that_is_a_file_is_told(capsys, tmp_path):
    path = tmp_path / "file"
    path.write_text("x", encoding="utf-8")
    assert run(str(path), "--no-browser") == 6
    assert capsys.readouterr().err


def test_a_taken_port_is_told(capsys, tmp_path):
    from mine_energy.web import serve

    running = serve(tmp_path / "a")
    try:
        assert run(str(tmp_path / "b"), "--no-browser", "--port", str(running.server.server_port)) == 2
    finally:
        running.close()
    assert str(running.server.server_port) in capsys.readouterr().err


FOLDERS = ["/home/ana/mi estudio", "/d/100% 'oro'", '/d/a"b$c`d\\e', "/home/iñaki/Época Nº 1 (ñandú)", "/d/a;b&c|d>e"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_launcher_of_macos_passes_the_folder_on_whole(folder):
    python = "/Users/ana maría/venv/bin/python3"
    name, content = launcher("darwin", PurePosixPath(python), PurePosixPath(folder), "Abrir", "es")
    assert name == "Abrir.command"
    first, second = content.decode("utf-8").splitlines()
    assert first == "#!/bin/sh"
    assert shlex.split(second) == ["exec", python, "-m", "mine_energy", "web", folder, "--lang", "es"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_launcher_of_linux_passes_the_folder_on_whole(folder):
    name, content = launcher("linux", PurePosixPath("/opt/mi python/bin/python3"), PurePosixPath(folder), "Abrir", "es")
    assert name == "Abrir.desktop"
    lines = content.decode("utf-8").splitlines()
    assert lines[0] == "[Desktop Entry]"
    written = next(line for line in lines if line.startswith("Exec=")).removeprefix("Exec=")
    unescaped = written.replace("\\\\", "\\").replace("%%", "%")  # the key file's escapes, then those of Exec
    words = [re.sub(r"\\(.)", r"\1", word) for word in re.findall(r'"((?:[^"\\]|\\.)*)"', unescaped)]
    assert words == ["/opt/mi python/bin/python3", "-m", "mine_energy", "web", folder, "--lang", "es"]


@pytest.mark.parametrize(
    ("folder", "written"),
    [
        ("C:/100% oro & plata", b'"C:\\100%% oro & plata"'),
        ("C:/Users/José Ñáñez/Mi estudio", '"C:\\Users\\José Ñáñez\\Mi estudio"'.encode()),
        ("D:/", b'"D:\\\\"'),
        ("C:/a^b!c(d)", b'"C:\\a^b!c(d)"'),
    ],
)
def test_the_windows_launcher_keeps_percent_signs_accents_and_roots(folder, written):
    python = PureWindowsPath("C:/Program Files/Python/python.exe")
    name, content = launcher("win32", python, PureWindowsPath(folder), "Abrir", "es")
    assert name == "Abrir.bat"
    lines = content.split(b"\r\n")
    assert lines[:2] == [b"@echo off", b"chcp 65001 >nul"]  # before any accent: the rest is read as UTF-8
    head = b'"C:\\Program Files\\Python\\python.exe" "-m" "mine_energy" "web" '
    assert lines[2] == head + written + b' "--lang" "es"'
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_shortcut_is_written_and_never_over_another_file(capsys, tmp_path):
    assert run(str(tmp_path), "--shortcut", "--lang", "es") == 0
    (written,) = tmp_path.iterdir()
    assert written.name.startswith("Abrir el estudio.")
    assert run(str(tmp_path), "--shortcut", "--lang", "es") == 0
    written.write_text("mine", encoding="utf-8")
    assert run(str(tmp_path), "--shortcut", "--lang", "es") == 3
    assert written.read_text(encoding="utf-8") == "mine"
