"""PAN and OND files and catalogues: read right, or refused with the line."""

import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pvlib.iotools import read_panond

from mine_energy import catalog, messages
from mine_energy.errors import InputError
from mine_energy.io.equipment import read_catalogue
from mine_energy.io.pan_files import read_ond, read_pan
from mine_energy.io.site_file import read_inputs
from mine_energy.pv.inverters import ac_w
from mine_energy.pv.modules import operating_points

# Figures of a present 550 W module; the text is written here.
PAN = """PVObject_=pvModule
  Version=7.2
  Flags=$00900243

  PVObject_Commercial=pvCommercial
    Manufacturer=Energía Ñandú
    Model=TSM550
    YearBeg=2021
    Width=1.134
    Height=2.278
    Weight=32.000
    Remarks, Count=2
      Str_1=Voc=1 is no figure of this module
      Str_2
    End of Remarks
  End of PVObject pvCommercial

  Technol=mtSiMono
  NCelS=72
  NCelP=2
  GRef=1000
  TRef=25.0
  PNom=550.0
  Isc=14.000
  Voc=49.90
  Imp=13.110
  Vmp=41.96
  muISC=7.28
  muVocSpec=-128.0
  muPmpReq=-0.340
  RShunt=300
  Rp_0=2000
  Rp_Exp=5.50
  RSerie=0.203
  Gamma=0.980
  muGamma=-0.0001
  VMaxIEC=1500
  VMaxUL=1500
  PVObject_IAM=pvIAM
    Flags=$00
    IAMProfile=TCubicProfile
      NPtsMax=9
      Point_1=0.0,1.00000
      Point_2=90.0,0.00000
    End of TCubicProfile
  End of PVObject pvIAM
End of PVObject pvModule
"""

OND = """PVObject_=pvGInverter
  Version=6.81
  PVObject_Commercial=pvCommercial
    Manufacturer=Maker
    Model=T50
    YearBeg=2020
    Width=0.680
    Weight=95.000
  End of PVObject pvCommercial
  Transfo=Without
  Converter=TConverter
    PNomConv=50.000
    PMaxOUT=50.000
    VOutConv=480.0
    VMppMin=480
    VMPPMax=850
    VAbsMax=1000
    EfficMax=98.80
    EfficEuro=98.30
    MonoTri=Tri
    IMaxDC=108.0
    ProfilPIO=TCubicProfile
      NPtsMax=6
      Point_1=150,0
      Point_2=5200,5000
      Point_3=25500,25000
      Point_4=51200,50000
      Point_5=0,0
      Point_6=0,0
    End of TCubicProfile
    VNomEff=500.0,700.0,850.0,
    ProfilPIOV1=TCubicProfile
      Point_1=150,0
      Point_2=25700.0,25000.0
      Point_3=51600.0,50000.0
      Point_4=0.0,0.0
    End of TCubicProfile
    ProfilPIOV2=TCubicProfile
      Point_1=150,0
      Point_2=25400.0,25000.0
      Point_3=51000.0,50000.0
      Point_4=0.0,0.0
    End of TCubicProfile
    ProfilPIOV3=TCubicProfile
      Point_1=150,0
      Point_2=25500.0,25000.0
      Point_3=51200.0,50000.0
      Point_4=0.0,0.0
    End of TCubicProfile
  End of TConverter
  NbInputs=9
  NbMPPT=3
  Night_Loss=5.00
End of PVObject pvGInverter
"""


def put(folder: Path, text: str | bytes, name: str = "module.PAN") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def problems_of(call, *args):
    with pytest.raises(InputError) as caught:
        call(*args)
    for problem in caught.value.problems:
        for language in messages.LANGUAGES:
            assert messages.problem_text(problem, language)
    return caught.value.problems


def line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), 1) if line.strip().startswith(start))


def test_a_module_gives_its_own_plate(tmp_path):
    module = read_pan(put(tmp_path, PAN))
    assert module.name == "Energía Ñandú TSM550"
    assert (module.power_w, module.open_circuit_v, module.weight_kg, module.system_v) == (550.0, 49.9, 32.0, 1500.0)
    assert module.open_circuit_temperature_per_k == pytest.approx(-0.128 / 49.9)
    assert module.short_circuit_temperature_per_k == pytest.approx(0.00728 / 14.0)
    points = operating_points(module, np.array([1000.0, 1000.0]), np.array([25.0, 50.0]))
    assert points.power_w[0] == pytest.approx(550.0, rel=0.005)
    assert points.open_circuit_v[0] == pytest.approx(49.9, rel=1e-6)
    assert points.short_circuit_a[0] == pytest.approx(14.0, rel=1e-6)
    # A file on the market is so: its muGamma gives -0.299 %/K, and it states -0.34.
    assert (points.power_w[1] / points.power_w[0] - 1.0) / 25.0 == pytest.approx(-0.0034, rel=1e-3)
    (told,) = module.findings
    assert told.key == "pan_coefficient_met"
    assert told.params == {"stated_percent": -0.34, "diode_percent": -0.299}


def test_a_consistent_file_is_left_as_it_is(tmp_path):
    module = read_pan(put(tmp_path, PAN.replace("muPmpReq=-0.340", "muPmpReq=-0.299")))
    assert module.findings == ()
    assert module.diode.ideality_per_k == -0.0001


def test_the_same_values_as_pvlibs_reader(tmp_path):
    path = put(tmp_path, PAN)
    theirs, ours = read_panond(path, encoding="utf-8")["PVObject_"], read_pan(path)
    assert (ours.power_w, ours.open_circuit_v, ours.maximum_power_v) == (theirs["PNom"], theirs["Voc"], theirs["Vmp"])


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.encode("cp1252"),
        lambda text: text.encode("utf-16"),
        lambda text: re.sub(r"^ +", "", text, flags=re.MULTILINE),
        lambda text: text.replace("  ", "\t"),
        lambda text: text.replace("Isc=14.000", "Isc=14,000"),
        lambda text: text.replace("PNom=", "pnom="),
        lambda text: text.replace("End of PVObject pvModule", "End of PVObject pvComponent"),
    ],
    ids=["crlf", "bom", "cp1252", "utf16", "no_indent", "tabs", "decimal_comma", "case", "wrong_end"],
)
def test_a_module_survives_what_editors_and_mail_do(tmp_path, change):
    assert read_pan(put(tmp_path, change(PAN))).short_circuit_a == 14.0
    assert read_pan(put(tmp_path, change(PAN))).name == "Energía Ñandú TSM550"


BAD_PAN = {
    "binary": (b"\x00\x01PV\x00\xff\xfe\x03" * 40, "pvsyst_not_text", None),
    "not_an_object": ("hello\nworld\n", "pvsyst_other_object", 1),
    "an_inverter": (OND, "pvsyst_other_object", 1),
    "cut_off": (PAN[: PAN.index("RSerie")], "pvsyst_not_closed", 1),
    "closed_twice": (PAN + "End of PVObject pvModule\n", "pvsyst_end_without_start", None),
    "no_power": (PAN.replace("  PNom=550.0\n", ""), "pvsyst_missing", 1),
    "empty_voltage": (PAN.replace("Voc=49.90", "Voc="), "pvsyst_missing", "Voc="),
    "word": (PAN.replace("RShunt=300", "RShunt=plenty"), "pvsyst_not_a_number", "RShunt"),
    "nan": (PAN.replace("RShunt=300", "RShunt=nan"), "pvsyst_not_a_number", "RShunt"),
    "thousands": (PAN.replace("Rp_0=2000", "Rp_0=2.000.000"), "pvsyst_not_a_number", "Rp_0"),
    "millimetres": (PAN.replace("Width=1.134", "Width=1134"), "pvsyst_out_of_range", "Width"),
    "percent_per_k": (PAN.replace("muVocSpec=-128.0", "muVocSpec=0.27"), "pvsyst_out_of_range", "muVocSpec"),
    "kilowatts": (PAN.replace("PNom=550.0", "PNom=0.55"), "pvsyst_out_of_range", "PNom"),
    "exchanged": (PAN.replace("Voc=49.90", "Voc=41.90"), "pan_point_outside", "Vmp"),
    "other_power": (PAN.replace("PNom=550.0", "PNom=450.0"), "pan_power_product", "PNom"),
    "series_in_milliohm": (PAN.replace("RSerie=0.203", "RSerie=2.03"), "pan_diode_power", "RSerie"),
    "empty": ("\n\n", "file_empty", None),
}


@pytest.mark.parametrize("case", BAD_PAN, ids=str)
def test_a_bad_module_is_refused_at_its_line(tmp_path, case):
    text, key, where = BAD_PAN[case]
    problem = problems_of(read_pan, put(tmp_path, text), "module.PAN")[0]
    assert problem.key == key
    assert problem.file == "module.PAN"
    if isinstance(where, int):
        assert problem.line == where
    elif where:
        assert problem.line == line_of(text, where)


def test_every_problem_of_a_file_is_told_at_once(tmp_path):
    text = PAN.replace("RShunt=300", "RShunt=x").replace("Isc=14.000", "Isc=y").replace("Gamma=0.980", "Gamma=9")
    found = problems_of(read_pan, put(tmp_path, text))
    assert [problem.field for problem in found] == ["Isc", "RShunt", "Gamma"]


def test_what_a_file_leaves_out_is_said(tmp_path):
    text = PAN.replace("  Rp_0=2000\n", "").replace("  muGamma", "  D2MuTau=1.5\n  muGamma")
    keys = {finding.key for finding in read_pan(put(tmp_path, text)).findings}
    assert keys == {"pan_shunt_assumed", "pan_recombination_left_out", "pan_coefficient_met"}


def test_an_inverter_with_three_curves(tmp_path):
    inverter = read_ond(put(tmp_path, OND, "inverter.OND"))
    assert (inverter.name, inverter.rated_kw, inverter.ac_voltage_v) == ("Maker T50", 50.0, 480.0)
    assert (inverter.mppt_low_v, inverter.mppt_high_v, inverter.dc_max_v) == (480.0, 850.0, 1000.0)
    assert (inverter.mppt_count, inverter.mppt_current_a) == (3, 36.0)
    assert [curve.voltage_v for curve in inverter.points] == [500.0, 700.0, 850.0]
    made, _ = ac_w(inverter, np.array([25400.0, 51000.0]), np.array([700.0, 700.0]))
    np.testing.assert_allclose(made, [25000.0, 50000.0])
    assert inverter.findings == ()


def test_an_inverter_with_one_curve_or_none(tmp_path):
    single = re.sub(r"    VNomEff.*?  End of TConverter", "  End of TConverter", OND, flags=re.DOTALL)
    assert [curve.dc_w[-1] for curve in read_ond(put(tmp_path, single, "a.OND")).points] == [51200.0]
    none = re.sub(r"    ProfilPIO=.*?  End of TConverter", "  End of TConverter", OND, flags=re.DOTALL)
    inverter = read_ond(put(tmp_path, none, "b.OND"))
    assert inverter.points == ()
    assert [finding.key for finding in inverter.findings] == ["ond_no_curve"]


def test_points_in_kw_are_told_from_points_in_w(tmp_path):
    text = OND
    for pair in (
        "150,0",
        "25700.0,25000.0",
        "51600.0,50000.0",
        "25400.0,25000.0",
        "51000.0,50000.0",
        "25500.0,25000.0",
    ):
        dc, ac = (float(part) / 1000 for part in pair.split(","))
        text = text.replace(f"={pair}", f"={dc},{ac}")
    text = text.replace("=51200.0,50000.0", "=51.2,50.0")
    assert read_ond(put(tmp_path, text, "a.OND")).points[1].dc_w[-1] == pytest.approx(51000.0)


BAD_OND = {
    "a_module": (PAN, "pvsyst_other_object", 1),
    "window": (OND.replace("VAbsMax=1000", "VAbsMax=800"), "ond_window", "VMPPMax"),
    "no_window": (OND.replace("    VMppMin=480\n", ""), "pvsyst_missing", 1),
    "watts": (OND.replace("PNomConv=50.000", "PNomConv=50000"), "pvsyst_out_of_range", "PNomConv"),
    "fraction": (OND.replace("EfficEuro=98.30", "EfficEuro=0.983"), "pvsyst_out_of_range", "EfficEuro"),
    "three_in_a_point": (OND.replace("=25700.0,25000.0", "=25700.0,25000.0,1"), "ond_point", "Point_2=25700"),
    "out_over_in": (OND.replace("=51600.0,50000.0", "=50000.0,51600.0"), "ond_curve", "ProfilPIOV1"),
    "cut_off": (OND[: OND.index("ProfilPIOV2")], "pvsyst_not_closed", None),
}


@pytest.mark.parametrize("case", BAD_OND, ids=str)
def test_a_bad_inverter_is_refused_at_its_line(tmp_path, case):
    text, key, where = BAD_OND[case]
    problem = problems_of(read_ond, put(tmp_path, text, "x.OND"))[0]
    assert problem.key == key
    if isinstance(where, int):
        assert problem.line == where
    elif where:
        assert problem.line == line_of(text, where)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_never_worse(tmp_path_factory, data):
    reader, text = data.draw(st.sampled_from([(read_pan, PAN), (read_ond, OND)]))
    lines = text.split("\n")
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at : at + data.draw(st.integers(0, 3))] = data.draw(st.lists(st.text(max_size=12), max_size=2))
    path = put(tmp_path_factory.mktemp("damaged"), "\n".join(lines).encode("utf-8", "replace"))
    with suppress(InputError):
        assert reader(path).name


# Catalogues


def packaged_text() -> str:
    return catalog.packaged("data/pv/catalogue.toml").read_text(encoding="utf-8")


def test_a_copy_of_the_packaged_catalogue_is_a_catalogue(tmp_path):
    sheet = read_catalogue(put(tmp_path, packaged_text(), "mine.toml"))
    assert "generic_550_perc" in [row.key for row in sheet.module]


BAD_CATALOGUE = {
    "percent": (
        "open_circuit_temperature_per_k = -0.00275",
        "open_circuit_temperature_per_k = -0.275",
        "must_be_at_least",
    ),
    "typing": ("power_w = 550.0", "pwer_w = 550.0", None),
    "exchanged": ("maximum_power_v = 41.95", "maximum_power_v = 51.95", "pan_point_outside"),
    "power": ("power_w = 550.0", "power_w = 650.0", "pan_power_product"),
    "twice": ('key = "generic_430_topcon"', 'key = "generic_550_perc"', "catalogue_key_twice"),
    "window": ("mppt_high_v = 1000.0", "mppt_high_v = 100.0", "ond_window"),
}


@pytest.mark.parametrize("case", BAD_CATALOGUE, ids=str)
def test_a_bad_catalogue_is_refused_at_its_line(tmp_path, case):
    old, new, key = BAD_CATALOGUE[case]
    text = packaged_text().replace(old, new, 1)
    assert text != packaged_text()
    found = problems_of(read_catalogue, put(tmp_path, text, "mine.toml"))
    assert key is None or key in {problem.key for problem in found}
    assert all(problem.line for problem in found)


# From the site file


def site_with(tmp_path, extra: str) -> Path:
    text = catalog.packaged("site_configs/caraveli_offgrid.toml").read_text(encoding="utf-8")
    for name in re.findall(r'^file = "(.+)"', text, flags=re.MULTILINE):
        source = catalog.packaged("site_configs/caraveli_offgrid.toml").parent / name
        target = tmp_path / "site" / name
        target.resolve().parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    (tmp_path / "site").mkdir(exist_ok=True)
    return put(tmp_path / "site", f"{text}\n{extra}\n", "site.toml")


def test_a_site_takes_its_own_module_and_inverter(tmp_path):
    path = site_with(tmp_path, '[equipment]\nmodule = "m.PAN"\ninverter = "i.OND"\nrecord_low_c = -2.0\n')
    put(path.parent, PAN, "m.PAN")
    put(path.parent, OND, "i.OND")
    inputs = read_inputs(path, for_study=False)
    assert inputs.equipment.module.origin == "pan"
    assert [one.name for one in inputs.equipment.inverters] == ["Maker T50"]
    assert {file.name for file in inputs.files} >= {"m.PAN", "i.OND"}


def test_names_of_the_site_file_are_refused_with_their_line(tmp_path):
    path = site_with(tmp_path, '[equipment]\nmodule = "generic_551"\ninverter = "cec:Nothing"\n')
    found = problems_of(lambda: read_inputs(path, for_study=False))
    assert [problem.key for problem in found] == ["pv_module_unknown", "pv_cec_inverter"]
    assert all(problem.line for problem in found)
    missing = site_with(tmp_path, '[equipment]\nmodule = "lost.PAN"\n')
    assert [problem.key for problem in problems_of(lambda: read_inputs(missing, for_study=False))] == ["file_not_found"]


def test_a_bad_pan_file_of_a_site_is_told_with_its_own_line(tmp_path):
    path = site_with(tmp_path, '[equipment]\nmodule = "m.PAN"\n')
    put(path.parent, PAN.replace("Isc=14.000", "Isc=x"), "m.PAN")
    (problem,) = problems_of(lambda: read_inputs(path, for_study=False))
    assert (problem.file, problem.key, problem.line) == ("m.PAN", "pvsyst_not_a_number", line_of(PAN, "Isc"))
