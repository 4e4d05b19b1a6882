"""Wrong inputs as auditors hand them over, through the command: does each answer say what to do now?

Every case is one slip in an otherwise sound site; the words that have to stand in the answer name the place, the reason
or the way out.
"""

import errno
import io
import json
import zipfile

import openpyxl
import pytest

from mine_energy.cli import main
from mine_energy.io import results
from mine_energy.messages import LANGUAGES
from site_texts import GRID, PLACE, YEAR

SITE = PLACE + GRID + '[inventory]\nfile = "m.csv"\n\n' + YEAR
MACHINES = "Etiqueta;Potencia nominal [kW];Horas por día\nM1;15;8\nM2;37;8\n"
PLATE = "Etiqueta;Potencia nominal [kW];Horas por día;{};{}\nM1;15;8;{}\n"


def edited(*pairs):
    text = SITE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return {"s.toml": text}


def added(text):
    return edited(("[emissions]", f"{text}\n[emissions]"))


def listed(content, name="m.csv", sheet=""):
    more = f'"\nsheet = "{sheet}' if sheet else ""
    return edited(("m.csv", name + more)) | {name: content}


def book(*sheets):
    made = openpyxl.Workbook()
    made.active.title = sheets[0]
    for name in sheets[1:]:
        made.create_sheet(name).append(["Tag", "Power [kW]", "Hours per day"])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def zipped(name):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, "x")
    return stream.getvalue()


def hours(fmt="2025-03-{:02d} {:02d}:00;5.5", head="Fecha y hora;Energía activa [kWh]", skip=()):
    rows = (fmt.format(1 + i // 24, i % 24) for i in range(96) if i not in skip)
    return {"d.csv": "\n".join([head, *rows]) + "\n"}


def a_range(flag, value):
    return ["size", "s.toml", flag, value]


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(50)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument".encode("utf-16-le")
CHECK = ["check", "s.toml"]
LOAD = ["load", "check", "d.csv"]

CASES = [
    # what happened, words of the command, files, exit code, words that the Spanish answer holds
    ("no such site", ["check", "sitio.tml"], {"sitio.toml": SITE}, 3, ["sitio.tml", "no existe", "sitio.toml"]),
    ("a folder for the site", ["check", "."], {}, 3, ["es una carpeta"]),
    ("a workbook for the site", ["check", "m.xlsx"], {"m.xlsx": book("A")}, 3, ["libro de cálculo", ".toml"]),
    ("a table for the site", ["check", "m.csv"], {}, 3, ["no es un archivo de sitio", "mine-energy init"]),
    ("an empty site", ["check", "s.toml"], {"s.toml": ""}, 3, ["vacío"]),
    ("UTF-16", CHECK, {"s.toml": SITE.encode("utf-16")}, 3, ["UTF-16", "Codificación UTF-8"]),
    ("Latin-1", CHECK, {"s.toml": SITE.replace("Planta", "Peñón").encode("latin-1")}, 3, ["línea 2", "UTF-8"]),
    ("a PDF for the site", ["check", "s.pdf"], {"s.pdf": b"%PDF-1.7\n"}, 3, ["un PDF", "archivo de sitio"]),
    ("a misspelt key", CHECK, edited(("altitude_m", "altitud_m")), 3, ["línea 6", "quiso decir site.altitude_m"]),
    ("a misspelt section", CHECK, edited(("[connection]", "[conexion]")), 3, ["línea 10", "quiso decir connection"]),
    ("a key of our own", CHECK, edited(("workdays_per_month", "dias_mes")), 3, ["línea 7", "mine-energy schema site"]),
    ("a decimal comma", CHECK, edited(("2.98", "2,98")), 3, ["línea 4", "coma decimal", "2.98"]),
    ("curly quotation marks", CHECK, edited(('"Planta"', "“Planta”")), 3, ["línea 2", "comillas rectas"]),
    ("a text without marks", CHECK, edited(('"CO"', "CO")), 3, ["línea 3", 'country = "CO"']),
    ("a time without seconds", CHECK, edited(("06:00:00", "06:00")), 3, ["línea 8", "06:00:00"]),
    ("a Windows path", CHECK, edited(("m.csv", r"C:\datos\m.csv")), 3, ["línea 15", "C:/datos/motores.xlsx"]),
    ("a value left out", CHECK, edited(("= 1286", "=")), 3, ["línea 6", "no hay nada"]),
    ("a leading zero", CHECK, edited(("= 26", "= 06")), 3, ["línea 7", "cero"]),
    ("a key twice", CHECK, edited(("= 1286", "= 1286\naltitude_m = 1")), 3, ["línea 7", "más arriba"]),
    ("a section twice", CHECK, added('[site]\nname = "x"'), 3, ["línea 17", "más arriba"]),
    ("swapped coordinates", CHECK, edited(("2.98", "-76.65"), ("longitude = -76.65", "longitude = 2.98")), 3,
     ["línea 4", "cambiadas", "Intercambie"]),
    ("west given positive", CHECK, edited(("-76.65", "76.65")), 3, ["línea 5", "¿quiso decir -76.65?"]),
    ("south given positive", CHECK, edited(('"CO"', '"PE"'), ("2.98", "15.83"), ("-76.65", "-74.2")), 3,
     ["línea 4", "¿quiso decir -15.83?"]),
    ("the other country", CHECK, edited(('"CO"', '"PE"')), 3, ["cae en Colombia, no en Perú"]),
    ("degrees and minutes", CHECK, edited(("2.98", '"2°58\'48\\""')), 3, ["línea 4", "¿quiso decir 2.98?"]),
    ("thousands with a point", CHECK, edited(("1286", "1.286")), 3, ["línea 6", "¿quiso decir 1286?"]),
    ("a tariff misspelt", CHECK, edited(("2025_estimate", "2025")), 4, ["línea 12", "co_ceo_n2_2025_estimate"]),
    ("a tariff from abroad", CHECK, edited(("co_ceo_n2_2025_estimate", "pe_mt3")), 3, ["de Perú", "en Colombia"]),
    ("the country's name", CHECK, edited(('"CO"', '"Colombia"')), 3, ["línea 3", "CO, PE"]),
    ("a year without factor", CHECK, edited(("2024", "2026")), 4, ["línea 18", "promedio de la red", "2024 (B)"]),
    ("a Spanish word", CHECK, edited(('"grid"', '"red"')), 3, ["línea 11", "grid, offgrid"]),
    ("a per cent for a fraction", CHECK, added("[coverage]\nlpsp = 5"), 3, ["¿quiso decir 0.05?"]),
    ("a discount in per cent", CHECK, added("[finance]\ndiscount_rate = 12"), 3, ["¿quiso decir 0.12?"]),
    ("an inverted exchange rate", CHECK, added("[finance]\nexchange_rate = 0.00025"), 3, ["COP por dólar"]),
    ("a tilt in words", CHECK, added('[array]\ntilt_deg = "optimo"'), 3, ["un número o", "optimal"]),
    ("off-grid without a set", CHECK, edited(('"grid"', '"offgrid"')), 3, ["[genset]", "rated_kw"]),
    ("nothing tells the energy", CHECK, edited(('[inventory]\nfile = "m.csv"\n', "")), 3, ["[inventory], [load]"]),
    ("an unknown machine", CHECK, added('[[readings]]\nname="a"\ntags=["M9"]\nkind="power"\nvalue=3\nband=0.05'), 3,
     ["M9", "M1, M2"]),
    ("an unknown module", CHECK, added('[equipment]\nmodule = "Jinko 550"'), 4, ["generic_550_perc", "PAN"]),
    ("an unknown climate", CHECK, added('[weather]\nclimatology = "suarez"'), 4, ["suarez_cauca"]),
    ("bills that end before they start", CHECK,
     added('[bills]\nfile = "b.csv"')
     | {"b.csv": "Inicio del periodo;Fin del periodo;Energía [kWh]\n2024-02-01;2024-01-01;3000\n"}, 3,
     ["b.csv, línea 2", "2024-02-01"]),
    ("a lost list", CHECK, edited(("m.csv", "motor.csv")) | {"motores.csv": "x"}, 3, ["línea 15", "motores.csv"]),
    ("the wrong ending", CHECK, edited(("m.csv", "m.xlsx")), 3, ["m.xlsx", "Al lado está m.csv"]),
    ("a sheet that is not there", CHECK, listed(book("A", "Motores"), "m.xlsx", "Motor"), 3, ["Motor", "A, Motores"]),
    ("a cover sheet first", CHECK, listed(book("Portada", "Motores"), "m.xlsx"), 3, ["Portada", "clave sheet"]),
    ("a PDF renamed", CHECK, listed(b"%PDF-1.7\n1 0 obj", "m.xlsx"), 3, ["un PDF, no una tabla"]),
    ("a photo", CHECK, listed(b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(99), "m.xlsx"), 3, ["una imagen"]),
    ("a Word document", CHECK, listed(zipped("word/document.xml"), "m.xlsx"), 3, ["un documento de Word"]),
    ("an old Word document", CHECK, listed(OLD_WORD, "m.xls"), 3, ["un documento de Word"]),
    ("an archive", CHECK, listed(zipped("m.csv"), "m.xlsx"), 3, ["un archivo comprimido"]),
    ("Excel's lock file", CHECK, listed(b"\x05Juan" + bytes(160), "~$m.xlsx"), 3, ["archivo de bloqueo"]),
    ("a password", CHECK, listed(LOCKED, "m.xlsx"), 3, ["contraseña"]),
    ("an empty workbook file", CHECK, listed(b"", "m.xlsx"), 3, ["vacío"]),
    ("two units at once", CHECK,
     listed("Etiqueta;Potencia nominal [kW];Unidad de potencia;Horas por día\nM1;50;hp;8\n"), 3, ["kW y hp"]),
    ("no unit", CHECK, listed("Etiqueta;Potencia;Horas por día\nM1;50;8\n"), 3, ["kW, W, MW, hp, CV"]),
    ("a plate of 50 Hz", CHECK, listed(PLATE.format("Polos", "Frecuencia [Hz]", "4;50")), 3, ["60 Hz", "fabricante"]),
    ("a speed of 50 Hz", CHECK, listed(PLATE.format("Polos", "RPM", "4;1460")), 3, ["placa de 50 Hz"]),
    ("hours of a year", CHECK, listed(MACHINES.replace(";8\n", ";2496\n")), 3, ["línea 2", "al mes o al año"]),
    ("a column too many", CHECK, listed(MACHINES.replace("M1;15;8", "M1;15;8;9")), 3, ["línea 2", "encabezado"]),
    ("a comma in a comma file", CHECK, listed("Tag,Power [kW],Hours per day\nM1,7,5,8\n"), 3, ["coma decimal"]),
    ("an efficiency of 0.92 %", CHECK, listed(PLATE.format("Polos", "Eficiencia [%]", "4;0,92")), 3, ["92 %"]),
    ("one tag twice", CHECK, listed(MACHINES.replace("M2", "M1")), 3, ["línea 3", "línea 2"]),
    ("a note for a list", CHECK, listed("hola, una nota\n"), 3, ["hola, una nota", "Etiqueta / Tag"]),
    ("a meter for a list", CHECK, listed(hours()["d.csv"]), 3, ["Fecha y hora", "encabezados de inventario"]),
    ("a list for a meter", ["load", "check", "m.csv"], {}, 3, ["no hay columna de fecha y hora"]),
    ("a meter without unit", LOAD, hours(head="Fecha y hora;Energía activa"), 3, ["línea 1", "[kWh]"]),
    ("a meter with a gap", LOAD, hours(skip=(30, 31)), 3, ["línea 32", "faltan 2 intervalos"]),
    ("bills for a meter", LOAD, {"d.csv": "Fecha y hora;Energía activa [kWh]\n"
     + "".join(f"2025-{month:02d}-01;3000\n" for month in range(1, 13))}, 3, ["[bills]"]),
    ("a list for the weather", ["weather", "check", "m.csv"], {}, 3, ["archivo de clima", "EPW"]),
    ("years in words", ["weather", "fetch", "s.toml", "--source", "pvgis", "--years", "veinte"], {}, 2, ["2005-2023"]),
    ("an unknown service", ["weather", "fetch", "s.toml", "--source", "pvgi", "--years", "2020-2020"], {}, 2,
     ["pvgis, nasa-power"]),
    ("no copy without network", ["weather", "fetch", "s.toml", "--source", "pvgis", "--years", "2020-2020", "--offline",
                                 "--cache", "c"], {}, 4, ["--offline", "Repita la orden con red"]),
    ("a command of our own", ["estudio", "s.toml"], {}, 2, ["¿Quiso decir study?"]),
    ("an option of our own", ["study", "s.toml", "--output", "x"], {}, 2, ["¿Quiso decir --out?"]),
    ("a share in per cent", a_range("--lpsp", "5"), {}, 2, ["--lpsp", "0.999", "0.05"]),
    ("a part of a machine", ["web", "--port", "80a"], {}, 2, ["número entero"]),
    ("no study", ["report", "estudio.json"], {"study.json": "{}"}, 3, ["no existe"]),
    ("a site for a study", ["report", "s.toml"], {}, 3, ["study.json"]),
    ("a workbook for a study", ["report", "m.xlsx"], {"m.xlsx": book("A")}, 3, ["study.json"]),
    ("a folder for a study", ["report", "."], {}, 3, ["es una carpeta"]),
    ("another version", ["report", "x.json"], {"x.json": '{"schema_version": "9"}'}, 3, ["[9]", "versión"]),
    ("no version", ["report", "x.json"], {"x.json": "[1]"}, 3, ["no dice la versión"]),
    ("a study cut off", ["report", "x.json"], {"x.json": '{"schema_version": "2", "site": {'}, 3, ["cortado"]),
    ("a plate without unit", ["calc", "motor-load", "--power", "30", "--input", "20"], {}, 3, ["--power", "30 kW"]),
    ("a file in the way", ["init", "m.csv"], {}, 6, ["no es una carpeta"]),
    ("a site in the way", ["init", "."], {"sitio.toml": "x"}, 3, ["sitio.toml", "ya existe"]),
]  # fmt: skip


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main([*map(str, words)])
    shown = capsys.readouterr()
    return left.value.code or 0, shown.out, shown.err


def laid_out(folder, files):
    for name, content in ({"s.toml": SITE, "m.csv": MACHINES} | files).items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


@pytest.mark.parametrize(("words", "files", "code", "said"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_the_answer_says_what_to_do(tmp_path, monkeypatch, capsys, words, files, code, said):
    laid_out(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    for language in LANGUAGES:
        left, out, err = run(capsys, "--lang", language, *words)
        assert (left, out) == (code, ""), err
        for wrong in ("Traceback", "None", "{", "}", str(tmp_path)):
            assert wrong not in err or (wrong in "{}" and code == 2) or "start =" in err
        lines = [line for line in err.splitlines() if line.startswith("  - ")]
        assert all(line.endswith((".", ".»", "?")) for line in lines), err
        assert all(not line.startswith(("  - : ", "  -  ")) for line in lines)
        if language == "es":
            for word in said:
                assert word in err, err
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_there_are_many_cases_and_each_is_another():
    assert len(CASES) >= 80
    assert len({name for name, *_ in CASES}) == len(CASES)


FAILURES = [
    (errno.ENOSPC, "el disco está lleno"),
    (errno.EACCES, "abierto en otro programa"),
    (errno.EROFS, "sin permiso"),
    (errno.EIO, "Revise la ruta y la unidad"),
]


@pytest.mark.parametrize(("number", "said"), FAILURES, ids=[errno.errorcode[number] for number, _ in FAILURES])
def test_what_cannot_be_written_says_so_and_leaves_nothing(tmp_path, monkeypatch, capsys, number, said):
    def fails(*_):
        raise OSError(number, "x", "sitio.toml")

    monkeypatch.setattr(results, "_swap", fails)
    code, out, err = run(capsys, "--lang", "es", "init", tmp_path / "x", "--yes")
    assert (code, out) == (6, "")
    assert said in err
    assert list((tmp_path / "x").iterdir()) == []


def test_the_same_in_json_names_key_place_and_words(tmp_path, monkeypatch, capsys):
    laid_out(tmp_path, edited(("1286", "9000")))
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "--lang", "en", "check", "s.toml", "--json")
    assert code == 3
    (problem,) = json.loads(out)["problems"]
    assert (problem["key"], problem["line"], problem["value"]) == ("must_be_at_most", 6, "9000")


def test_a_list_that_is_wrong_throughout_is_told_once(tmp_path, monkeypatch, capsys):
    rows = "".join(f"M{number};5;8;9\n" for number in range(40))
    laid_out(tmp_path, {"m.csv": f"Etiqueta;Potencia nominal [kW];Horas por día\n{rows}"})
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "--lang", "es", "check", "s.toml")
    assert code == 3
    assert len(err.splitlines()) < 10
    assert "35 problemas más" in err


def test_an_interruption_says_so_and_leaves_as_shells_expect(tmp_path, monkeypatch, capsys):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    laid_out(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mine_energy.io.site_file.read_inputs", interrupted)
    code, out, err = run(capsys, "--lang", "es", "check", "s.toml")
    assert (code, out) == (130, "")
    assert "Interrumpido" in err
