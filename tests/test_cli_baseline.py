"""``load baseline`` from outside: twelve bills and twelve months of tonnes become a record to hand in."""

import json
from calendar import monthrange

import pytest

from mine_energy.cli import main
from places import ROOT

PILOT = ROOT / "site_configs" / "los_conquistadores.toml"
SLOPE_KWH_PER_T, FIXED_KWH = 90.0, 6000.0
TONNES = [80, 95, 110, 102, 88, 120, 131, 99, 84, 117, 125, 107]


@pytest.fixture
def site(tmp_path):
    """Return a site with bills and production by calendar month, on an exact line."""
    text = PILOT.read_text(encoding="utf-8")
    tables = '[bills]\nfile = "bills.csv"\n\n[production_log]\nfile = "tonnes.csv"\n\n'
    motors = PILOT.with_name("los_conquistadores_motores.csv")
    (tmp_path / motors.name).write_bytes(motors.read_bytes())
    (tmp_path / "site.toml").write_text(text.replace("[connection]", tables + "[connection]", 1), encoding="utf-8")
    months = [(month, monthrange(2024, month)[1]) for month in range(1, 13)]
    tonnes = [f"2024-{month:02d}-01,{t}" for (month, _), t in zip(months, TONNES, strict=True)]
    (tmp_path / "tonnes.csv").write_text("\n".join(["Date,Production [t]", *tonnes]) + "\n", encoding="utf-8")
    bills = [
        f"2024-{month:02d}-01,2024-{month:02d}-{last},{FIXED_KWH + SLOPE_KWH_PER_T * t}"
        for (month, last), t in zip(months, TONNES, strict=True)
    ]
    (tmp_path / "bills.csv").write_text("\n".join(["Start,End,Energy [kWh]", *bills]) + "\n", encoding="utf-8")
    return tmp_path / "site.toml"


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    printed = capsys.readouterr()
    return left.value.code, printed.out, printed.err


def test_the_regression_is_exported(capsys, site, tmp_path):
    target = tmp_path / "lben.json"
    code, shown, said = run(capsys, "load", "baseline", site, "--out", target, "--lang", "es")
    record = json.loads(target.read_text(encoding="utf-8"))
    assert code == 0
    assert record["model"] == "regression"
    assert record["value"] == pytest.approx(SLOPE_KWH_PER_T)
    assert record["intercept_kwh"] == pytest.approx(FIXED_KWH)
    assert (record["start"], record["end"], record["points"]) == ("2024-01-01", "2024-12-31", 12)
    assert "regresión" in shown
    assert "confirme" in said


def test_a_ratio_on_request(capsys, site):
    code, shown, _ = run(capsys, "load", "baseline", site, "--model", "ratio", "--json", "--lang", "en")
    record = json.loads(shown)
    assert code == 0
    assert record["value"] == pytest.approx(SLOPE_KWH_PER_T + 12 * FIXED_KWH / sum(TONNES))


def test_without_production_it_says_what_is_missing(capsys):
    code, _, said = run(capsys, "load", "baseline", PILOT, "--lang", "en")
    assert code == 3
    assert "[production_log]" in said
