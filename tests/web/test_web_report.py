"""The last step: one true study to its end, then the same study in the other language."""

import pytest
from web_support import KEY, MONEY, Visitor, filled

from mine_energy.errors import OutputError
from mine_energy.study import STATIONS
from mine_energy.web import create_app
from mine_energy.web.folder import StudyFolder
from mine_energy.web.jobs import Order, run_order
from mine_energy.web.words import error_lines


class Pipe:
    """Keeps what is sent."""

    def __init__(self):
        self.sent = []

    def send(self, message):
        self.sent.append(message)

    def stages(self):
        return tuple(content for kind, content in self.sent if kind == "stage")

    def files(self):
        return dict(self.sent[-1][1])


def job_of(visitor):
    return visitor.app.extensions["mine_energy"].desk.job


def no_printer(pipe, order):
    """Find neither a browser nor weasyprint."""
    pipe.send(("failed", error_lines(OutputError("report_es_a4.pdf", "pdf_no_printer"), order.language)))


def test_the_whole_way_and_what_is_made_of_a_finished_study(visitor, root, monkeypatch):
    filled(visitor, root)
    (root / "report_en.html").write_text("of an earlier study", encoding="utf-8")
    assert "No falta nada" in visitor.get("/informe").text
    visitor.post("/informe/calcular")
    assert StudyFolder(root=root).is_in_work
    job = job_of(visitor)
    seen = set()
    while job.state == "running":
        seen.add(job.stage)
        job.wait(0.1)
    assert job.lines == ()
    assert job.state == "done"
    assert seen <= set(job.order.stages)
    assert {"audit", "workbook"} <= seen  # stations of the study and of what is made of it
    assert not StudyFolder(root=root).is_in_work
    assert not (root / "report_en.html").exists()
    assert "Planta de prueba" in visitor.get("/informe/archivo/report.html").text
    assert visitor.get("/informe/archivo/results.xlsx").data.startswith(b"PK")
    assert MONEY["connection.tariff"] in (root / "sitio.toml").read_text(encoding="utf-8")
    offered = visitor.get("/informe").text
    assert "Leer el informe en español" in offered
    assert "Hacer el informe y el libro en inglés" in offered

    drawn = []

    def draw(study, language, reached):
        drawn.append((study.site.site.name, language))
        reached("workbook")
        reached("report")
        return b"PK", b'<html lang="en">'

    pipe = Pipe()
    order = Order(folder=root, site=root / "sitio.toml", language="en", kind="again")
    (root / "sitio.toml").write_text("broken", encoding="utf-8")  # nothing but study.json is read
    monkeypatch.setattr("mine_energy.web.jobs._shown", draw)  # the report's own tests draw
    run_order(pipe, order)
    assert (*pipe.stages(), "write") == order.stages
    assert drawn == [("Planta de prueba", "en")]
    made = pipe.files()
    assert made.keys() == {"report_en.html", "results_en.xlsx"}
    (root / "report_en.html").write_bytes(made["report_en.html"])
    assert "Leer el informe en inglés" in visitor.get("/informe").text
    assert visitor.get("/informe/archivo/report_en.html").headers["Content-Security-Policy"].count("sandbox") == 1


def test_stations_are_stages_and_every_stage_has_words(visitor):
    from mine_energy.messages import catalogue

    for kind in ("study", "again", "pdf"):
        order = Order(folder=None, site=None, language="es", kind=kind)
        for language in ("es", "en"):
            assert {f"web.stage.{stage}" for stage in order.stages} <= catalogue(language).keys()
    order = Order(folder=None, site=None, language="es")
    assert set(STATIONS) < set(order.stages)
    unsized = Order(folder=None, site=None, language="es", with_sizing=False)
    assert [stage for stage in order.stages if stage not in unsized.stages] == ["sizing"]


def test_where_no_printer_is_installed_the_page_says_how_to_print(tmp_path):
    root = tmp_path / "estudio"
    visitor = Visitor(create_app(root, key=KEY, work=no_printer))
    (root / "study.json").write_text("{}", encoding="utf-8")
    visitor.post("/informe/pdf", {"papel": "a4"})
    job_of(visitor).wait(60)
    text = visitor.get("/informe").text
    assert "El PDF no se pudo hacer" in text
    assert "Ctrl+P" in text.partition("El PDF no se pudo hacer")[2].partition("</div>")[0]


@pytest.mark.parametrize(
    ("path", "data"),
    [("/informe/pdf", {"papel": "a0"}), ("/informe/copia", {"en": "fr"}), ("/informe/pdf", {"papel": "a4"})],
)
def test_nothing_is_made_of_a_study_that_is_not_there_or_in_a_way_that_is_not_known(visitor, path, data):
    visitor.post(path, data)
    assert job_of(visitor) is None


def test_a_folder_whose_calculation_was_cut_off_says_so(visitor, root):
    StudyFolder(root=root).mark_work(begun=True)
    assert "no terminó" in visitor.get("/informe").text
