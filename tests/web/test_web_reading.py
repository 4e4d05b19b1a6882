"""A file, or a browser, that takes too long is let go, and the page stays."""

import io
import os
import socket
import time
import zipfile

import pytest
from web_support import KEY, MOTORS, Visitor

from mine_energy.errors import Infeasible, InputError, Problem
from mine_energy.web import create_app
from mine_energy.web.reading import Reader

# Tasks of the reader's process


def die():
    """End without a word, as for want of memory."""
    os._exit(9)


def stumble():
    """Make a mistake of ours."""
    raise LookupError("x")


def stall(*arguments):
    """Go on for longer than anybody waits."""
    time.sleep(60)


def refuse():
    """Find something wrong."""
    raise InputError([Problem(key="file_empty", file="a.csv")])


def give_up():
    """Find no way."""
    raise Infeasible("nothing", kw=1.0)


@pytest.fixture(scope="module")
def reader():
    one = Reader()
    yield one
    one.close()


def test_the_reader_tells_what_a_look_finds_and_outlives_what_it_dies_of(reader):
    assert reader.ask("a", max, 1, 2) == 2
    with pytest.raises(InputError, match="file_empty"):
        reader.ask("a", refuse)
    with pytest.raises(Infeasible, match="nothing"):
        reader.ask("a", give_up)
    with pytest.raises(InputError, match="reading_broken 'LookupError'"):
        reader.ask("a", stumble)
    first = reader._process
    with pytest.raises(InputError, match="reading_broken 'EOF'"):
        reader.ask("a", die)
    assert not first.is_alive()


def test_a_file_that_takes_too_long_is_told_on_the_page(reader, tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "_seconds", 0.3)
    monkeypatch.setattr("mine_energy.web.file_pages.list_problem", stall)
    visitor = Visitor(create_app(tmp_path / "estudio", key=KEY, reader=reader))
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(MOTORS.encode()), "motores.csv")})
    assert answer.status_code == 422
    assert "tomó más de 0 segundos" in answer.text
    assert reader._process is None  # ended, not left to go on
    assert visitor.get("/sitio").status_code == 200


def test_an_upload_that_drips_is_let_go(tmp_path):
    from mine_energy.web import serve

    running = serve(tmp_path / "estudio")
    try:
        running.server.app.wsgi_app.seconds = 0.6
        port = running.server.server_port
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            place = running.address.partition(str(port))[2]
            head = f"GET {place} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
            line.sendall(head.encode())
            cookie = next(
                one.split(b": ")[1].split(b";")[0]
                for one in line.recv(4000).split(b"\r\n")
                if one.lower().startswith(b"set-cookie")
            )
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            head = (
                f"POST /motores HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie.decode()}\r\n"
                "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n--x\r\n"
            )
            line.sendall(head.encode())
            for _ in range(6):
                time.sleep(0.2)
                try:
                    line.sendall(b"y")
                except OSError:
                    break
            assert line.recv(200).startswith(b"HTTP/1.1 408") or line.recv(200) == b""
    finally:
        running.close()
    assert not (tmp_path / "estudio" / "datos").exists()


# What is small to send and large to read

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)


def packed(parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    content.seek(0)
    return content


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
BOOK = '<sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets>'
RELATION = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/s.xml"/>'


def sheets(cells, *, head=b""):
    """Return a workbook of one sheet with a given inside."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": head + f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{BOOK}</workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}">{RELATION}</Relationships>',
            "xl/worksheets/s.xml": head + sheet.encode(),
        }
    )


def test_entities_of_a_green_button_file_are_not_unfolded(visitor):
    answer = visitor.post("/carga", {"archivo": (io.BytesIO(BOMB + b"<feed>&j;</feed>"), "m.xml")})
    assert 'role="alert"' in answer.text
    assert "aaaaaaaaaaaa" not in answer.text


@pytest.mark.parametrize("path", ["/motores", "/carga"])
def test_entities_of_a_workbook_are_not_unfolded(visitor, path):
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&amp;j; &j;</t></is></c></row>'
    answer = visitor.post(path, {"archivo": (sheets(cell, head=BOMB), "m.xlsx")})
    assert 'role="alert"' in answer.text
    assert "aaaaaaaaaaaa" not in answer.text


@pytest.mark.parametrize("path", ["/motores", "/carga"])
@pytest.mark.parametrize("last", ["XFD1048576", "U1048576"])
def test_a_sheet_of_a_million_rows_is_refused_before_memory_is_filled(visitor, path, last):
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="{last}"><v>1</v></c></row>'
    answer = visitor.post(path, {"archivo": (sheets(cells), "m.xlsx")})
    assert 'role="alert"' in answer.text
    assert "1" in answer.text
