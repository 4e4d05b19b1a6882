"""The page answers its owner alone, on this machine alone, from one folder alone, and runs nothing it is given."""

import io
import socket
import urllib.error
import urllib.request
import zipfile
from functools import cache

import pytest
from web_support import BAD_MOTORS, KEY, METER, MOTORS, SITE, Visitor, filled

STEPS = ("sitio", "motores", "carga", "sol", "dinero", "informe")
POSTS = (
    "/sitio", "/sol", "/dinero", "/motores", "/motores/quitar", "/carga", "/carga/aceptar", "/carga/quitar",
    "/informe/calcular", "/informe/cancelar",
)  # fmt: skip


# Who is let in


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.2", "", "[::1]", "0.0.0.0"])
def test_another_host_is_refused(visitor, host):
    assert visitor.get("/sitio", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:5001", "localhost:5001"])
def test_only_the_port_that_is_served_may_be_named(app, visitor, host):
    app.config["PORT"] = 5001
    assert visitor.get("/entrar", query_string={"clave": KEY}, headers={"Host": host}).status_code == 303
    assert visitor.get("/sitio", headers={"Host": host.replace("5001", "5002")}).status_code == 421
    assert visitor.get("/sitio", headers={"Host": host.partition(":")[0]}).status_code == 421


@pytest.mark.parametrize("step", [*STEPS, "static/htmx.min.js", "informe/archivo/study.json", "motores/plantilla"])
def test_nothing_is_shown_without_the_key(app, step):
    assert Visitor(app, entered=False).get(f"/{step}").status_code == 403


@pytest.mark.parametrize("query", ["", "?clave=", "?clave=wrong", f"?clave={KEY}x", "?clave=%ff%fe"])
def test_a_wrong_key_does_not_open(app, query):
    outsider = Visitor(app, entered=False)
    assert outsider.get(f"/entrar{query}").status_code == 403
    assert outsider.get("/sitio").status_code == 403


def test_a_cookie_of_another_start_does_not_open(app, tmp_path):
    from mine_energy.web import create_app

    other = create_app(tmp_path / "otro", key=KEY)
    entered = Visitor(other).get("/sitio")
    cookie = next(iter(Visitor(other).client._cookies.values()))
    name = app.config["SESSION_COOKIE_NAME"]
    stranger = app.test_client()
    stranger.set_cookie(name, cookie.value)
    assert entered.status_code == 200
    assert stranger.get("/sitio").status_code == 403


def test_the_cookie_stays_in_this_browser_and_out_of_scripts(app):
    cookie = app.test_client().get(f"/entrar?clave={KEY}").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", [None, "", "guessed"])
def test_a_form_without_this_servers_token_is_refused(visitor, path, token):
    data = {} if token is None else {"token": token}
    assert visitor.client.post(path, data=data).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_a_form_from_another_page_is_refused_even_with_the_token(visitor, root, headers):
    assert visitor.post("/sitio", SITE, headers=headers).status_code == 403
    assert not (root / "sitio.toml").exists()


@pytest.mark.parametrize("path", POSTS)
def test_what_changes_something_is_never_a_link(visitor, root, path):
    before = sorted(root.iterdir())
    assert visitor.get(path).status_code in {200, 404, 405}
    assert sorted(root.iterdir()) == before


# No request outside


@pytest.mark.parametrize("step", STEPS)
def test_pages_ask_for_nothing_outside(visitor, step):
    answer = visitor.get(f"/{step}")
    text = answer.text.replace("http://www.w3.org", "")
    assert "http:" not in text
    assert "https:" not in text
    assert "//" not in text.replace("<!doctype html>", "")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_scripts_and_styles_are_ours_and_the_licence_is_there(visitor):
    assert b'version:"2.' in visitor.get("/static/htmx.min.js").data
    assert "Zero-Clause BSD" in visitor.get("/static/htmx.LICENSE.txt").text
    assert b"url(" not in visitor.get("/static/web.css").data
    assert b"@import" not in visitor.get("/static/web.css").data


@pytest.mark.parametrize("step", STEPS)
def test_pages_have_no_script_or_style_of_their_own(visitor, step):
    text = visitor.get(f"/{step}").text
    assert text.count("<script") == text.count("<script src=")
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick" not in text


def test_the_server_listens_on_this_machine_alone(tmp_path):
    from mine_energy.web import serve

    running = serve(tmp_path / "estudio")
    try:
        address, port = running.server.server_address[:2]
        assert address == "127.0.0.1"
        assert port != 0
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with opener.open(running.address, timeout=10) as answer:
            assert answer.status == 200
            assert answer.url.endswith("/sitio")
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sitio", timeout=10)
    finally:
        running.close()
    with socket.socket() as probe:
        probe.settimeout(2)
        assert probe.connect_ex(("127.0.0.1", port)) != 0


# One folder


@pytest.mark.parametrize(
    "name",
    [
        "../../secret.csv", "..\\..\\secret.csv", "/etc/passwd.csv", "C:\\Windows\\x.csv",
        ".hidden.csv", "CON.csv",
        "a/../../b.csv", "línea ñ.csv", "x" * 300 + ".csv", "a\0b.csv", "$(rm -rf).csv", "<script>.csv", ".csv",
    ],
)  # fmt: skip
def test_an_upload_lands_in_the_data_folder_whatever_its_name(visitor, root, tmp_path, name):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    visitor.post("/motores", {"archivo": (io.BytesIO(MOTORS.encode()), name)})
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    inside = [path for path in new if path != root / "sitio.toml"]
    assert [path.parent for path in inside] == [root / "datos"] * len(inside)
    assert all(path.suffix == ".csv" and not path.name.startswith(".") and len(path.name) < 100 for path in inside)


@pytest.mark.parametrize("name", ["page.html", "run.py", "run.bat", "sitio.toml", "study.json", "noending", "x.svg"])
def test_other_kinds_of_file_are_refused_with_the_kinds_that_are_read(visitor, root, name):
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(b"a;b\n1;2\n"), name)})
    assert answer.status_code == 422
    assert ".xlsx" in answer.text
    assert not (root / "datos").exists()


@pytest.mark.parametrize(
    "name",
    [
        "sitio.toml", "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "datos/motores.csv", "/etc/passwd",
        "..\\secret.txt", "report.html/../sitio.toml", "REPORT.HTML", "study.json%00", "study.json.",
    ],
)  # fmt: skip
def test_no_file_but_the_results_can_be_fetched(visitor, root, tmp_path, name):
    (tmp_path / "secret.txt").write_text("SECRET", encoding="utf-8")
    filled(visitor, root)
    answer = visitor.get(f"/informe/archivo/{name}")
    assert answer.status_code == 404
    assert "SECRET" not in answer.text


@pytest.mark.parametrize("line", ['file = "../secret.csv"', 'file = "{outside}"', 'file = "link.csv"'])
@pytest.mark.parametrize("section", ["inventory", "load", "bills"])
def test_a_site_file_that_names_a_file_outside_is_refused(visitor, root, tmp_path, section, line):
    secret = tmp_path / "secret.csv"
    secret.write_text("SECRET;x\n1;2\n", encoding="utf-8")
    filled(visitor, root)
    (root / "link.csv").symlink_to(secret)
    path = root / "sitio.toml"
    written = path.read_text(encoding="utf-8").replace("[inventory]", "[was.inventory]").replace("[was.", "[was_")
    path.write_text(written + f"\n[{section}]\n" + line.format(outside=secret.as_posix()) + "\n", encoding="utf-8")
    for step in STEPS:
        answer = visitor.get(f"/{step}?revisar=1")
        assert "SECRET" not in answer.text, step
    assert "fuera de la carpeta" in visitor.get("/informe").text
    assert visitor.post("/informe/calcular").status_code == 200
    assert visitor.app.extensions["mine_energy"].desk.job is None


@pytest.mark.parametrize("name", ["../../secret.csv", "/etc/passwd", "..", ".", "sitio.toml", "a\0b", "datos/../x.csv"])
def test_only_an_uploaded_file_can_be_looked_at_as_a_meter(visitor, tmp_path, name):
    (tmp_path / "secret.csv").write_text("SECRET;x\n1;2\n", encoding="utf-8")
    answer = visitor.get("/carga", query_string={"archivo": name})
    assert answer.status_code == 200
    assert "SECRET" not in answer.text
    assert visitor.post("/carga/aceptar", {"archivo": name}).status_code == 422


def test_a_data_folder_that_leads_outside_is_not_written_to(visitor, root, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (root / "datos").symlink_to(elsewhere, target_is_directory=True)
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(MOTORS.encode()), "motores.csv")})
    assert answer.status_code == 422
    assert list(elsewhere.iterdir()) == []


def test_pages_do_not_tell_where_the_folder_is(visitor, root, tmp_path):
    visitor.post("/sitio", SITE)
    visitor.post("/motores", {"archivo": (io.BytesIO(BAD_MOTORS.encode()), "motores.csv")})
    for step in STEPS:
        assert str(tmp_path) not in visitor.get(f"/{step}?revisar=1").text, step


# Size


def test_an_upload_beyond_the_limit_is_refused(app, visitor, root):
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(b"x" * 200_000), "big.csv")})
    assert answer.status_code == 413
    assert "50 MB" in answer.text
    assert not (root / "datos").exists()


def test_a_limit_is_set(app):
    assert app.config["MAX_CONTENT_LENGTH"] == 50_000_000
    assert app.config["MAX_FORM_MEMORY_SIZE"] == 2_000_000


def test_too_much_pasted_text_is_refused(visitor, root):
    assert visitor.post("/motores", {"pegado": "x" * 3_000_000}).status_code == 413
    assert not (root / "datos").exists()


@cache
def bomb():
    """Return a zip of a few hundred kB whose parts unfold to 320 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(4):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for _ in range(80):
                    part.write(bytes(1_000_000))
    return content.getvalue()


@pytest.mark.parametrize(("path", "name"), [("/motores", "bomb.xlsx"), ("/carga", "bomb.zip"), ("/carga", "bomb.xlsx")])
def test_a_zip_bomb_is_refused_before_it_is_opened(visitor, root, path, name):
    assert len(bomb()) < 500_000
    assert visitor.post(path, {"archivo": (io.BytesIO(bomb()), name)}).status_code == 422
    assert not (root / "datos").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_without_end_is_refused_at_once(visitor, root, ending):
    if ending == "csv":
        content = MOTORS.encode() + b"X;x;x;x;x;x\n" * 30_000
    else:
        import xlsxwriter

        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": True}) as book:
            sheet = book.add_worksheet()
            for row in range(25_000):
                sheet.write_string(row, 0, "Etiqueta" if row == 0 else "x")
        content = stream.getvalue()
    with io.BytesIO(content) as sent:
        refused = visitor.post("/motores", {"archivo": (sent, f"long.{ending}")})
    assert refused.status_code == 422
    assert "20000" in refused.text
    assert not (root / "datos").exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0broken", b"\0\1\2\3", b"%PDF-1.7\n"])
@pytest.mark.parametrize("path", ["/motores", "/carga"])
def test_a_file_that_is_no_table_is_told_and_stops_nothing(visitor, path, content):
    answer = visitor.post(path, {"archivo": (io.BytesIO(content), "broken.xlsx")})
    assert answer.status_code in {200, 422}
    assert 'role="alert"' in answer.text


# Everything escaped, nothing executed

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_what_is_typed_is_shown_as_text(visitor):
    answer = visitor.post("/sitio", {**SITE, "site.name": EVIL, "site.region": EVIL, "site.altitude_m": EVIL})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert answer.text.count("&lt;script&gt;alert(1)") == 3
    visitor.post("/sitio", {**SITE, "site.name": EVIL, "site.region": EVIL})
    assert "<img" not in visitor.get("/sitio").text


def test_cells_and_headings_of_a_list_are_shown_as_text(visitor):
    listed = (
        MOTORS.replace("ML-01", EVIL.replace('"', ""))
        .replace("Polos", "Polos;" + EVIL.replace('"', ""))
        .replace("once", EVIL)
    )
    answer = visitor.post("/motores", {"pegado": listed.replace(";", "\t")})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize("text", ['x"\ny = 1', "a\\", "é ñ «»", '"""', "a\x7fb", "#", "[[x]]"])
def test_a_text_cannot_become_a_key_of_the_site_file(visitor, root, text):
    import tomllib

    visitor.post("/sitio", {**SITE, "site.name": text})
    path = root / "sitio.toml"
    if not path.exists():
        return  # a text of several lines is refused as it was typed
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(document) == {"site", "connection"}
    assert document["site"]["name"] == text.strip()


def test_a_file_name_is_shown_as_text_and_harmless(visitor):
    answer = visitor.post("/motores", {"archivo": (io.BytesIO(MOTORS.encode()), "<img src=x>.csv")})
    assert "<img" not in answer.text


def test_the_report_runs_no_script(visitor, root):
    (root / "report.html").write_text("<p>report</p>", encoding="utf-8")
    answer = visitor.get("/informe/archivo/report.html")
    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert METER.is_file()
