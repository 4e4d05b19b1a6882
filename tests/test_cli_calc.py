"""The calculators: known answers, both languages, every mistake named, and nothing on stdout but the answer."""

import json
import re
from math import acos, sqrt, tan

import pytest

from mine_energy.cli import main
from mine_energy.cli.calc import CALCULATORS
from mine_energy.messages import LANGUAGES, catalogue

WORDS = {
    "motor-efficiency": ["--class", "IE3", "--power", "22 kW", "--load", "75%"],
    "motor-load": ["--power", "30 hp", "--input", "12.5", "--efficiency", "91%"],
    "motor-current": ["--power", "30 hp", "--voltage", "440", "--efficiency", "92,4%", "--power-factor", "0.84"],
    "unbalance": ["--ab", "440", "--bc", "446", "--ca", "430"],
    "vfd": ["--power", "37 kW", "--hours", "4000", "--duty", "100%:50%", "--static-head", "0", "--control-now", "none"],
    "belt": ["--power", "15 kW", "--hours", "4000", "--load", "0.8", "--class", "IE2"],
    "leak": ["--power", "37 kW", "--hours", "3000", "--loaded-minutes", "2", "--unloaded-minutes", "8"],
    "pressure": ["--power", "37 kW", "--hours", "3000", "--now", "7 bar", "--wanted", "6 bar"],
    "lighting": ["--lamps", "20", "--watts-in", "250", "--watts-out", "100", "--hours", "4000"],
    "capacitor": ["--active", "100 kW", "--factor-now", "0.78"],
    "demand": ["--energy", "67200", "--days", "28", "--peak", "200 kW", "--reactive", "50400", "--price", "50"],
    "fuel": ["--genset", "60 kW", "--hours", "300", "--litres", "2500"],
    "payback": ["--investment", "10000", "--saving", "3000", "--years", "10", "--rate", "12%"],
}

AIR = ((600 / 101.325 + 1) ** 0.283 - 1) / ((700 / 101.325 + 1) ** 0.283 - 1)
KNOWN = [
    # IEC 60034-30-1: IE3, 22 kW, 4 poles, 60 Hz.
    ("motor-efficiency", "efficiency", 0.936, 1e-9),
    ("motor-current", "full_load_current_a", 30 * 745.699872 / (sqrt(3) * 440 * 0.924 * 0.84), 1e-9),
    # NEMA MG 1: largest deviation from the mean over the mean.
    ("unbalance", "voltage_unbalance", (1316 / 3 - 430) / (1316 / 3), 1e-9),
    # Leak test without consumers: T / (T + t).
    ("leak", "leak_fraction", 0.2, 1e-9),
    # Compression work at gauge pressures over sea-level air; the motor's efficiency hardly moves.
    ("pressure", "saving_share", 1 - AIR, 5e-3),
    ("lighting", "energy_saving", 20 * 0.150 * 4000, 1e-9),
    ("capacitor", "capacitor_kvar", 100 * (tan(acos(0.78)) - tan(acos(0.95))), 1e-9),
    # 100 kW on average for 672 hours under a peak of 200; a 3-4-5 triangle of kvarh, kWh and kVAh.
    ("demand", "mean_kw", 100.0, 1e-9),
    ("demand", "plant_load_factor", 0.5, 1e-9),
    ("demand", "period_power_factor", 0.8, 1e-9),
    ("demand", "peak_kva", 250.0, 1e-9),
    ("demand", "demand_cost_per_kwh", 50 * 200 / (100 * 730), 1e-9),
    ("fuel", "energy_base", (2500 - 0.033 * 60 * 300) / 0.273, 1e-6),
    ("payback", "simple_payback", 10 / 3, 1e-9),
    ("payback", "net_present_value", 3000 * (1 - 1.12**-10) / 0.12 - 10000, 1e-9),
]


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        main(["calc", *words])
    shown = capsys.readouterr()
    return left.value.code or 0, shown.out, shown.err


def result(capsys, name, *more, language="en"):
    code, out, _ = run(capsys, name, *WORDS[name], *more, "--json", "--lang", language)
    assert code == 0
    return json.loads(out)


def test_every_calculator_has_an_example_and_texts():
    assert set(WORDS) == set(CALCULATORS)
    for language in LANGUAGES:
        texts = catalogue(language)
        for name in CALCULATORS:
            key = name.replace("-", "_")
            assert {f"cli.help.calc_{key}", f"cli.method.{key}", f"cli.source.{key}"} <= set(texts)


@pytest.mark.parametrize(("name", "key", "value", "tolerance"), KNOWN)
def test_known_answers(capsys, name, key, value, tolerance):
    found = result(capsys, name)["results"][key]["value"]
    assert found == pytest.approx(value, rel=tolerance, abs=1e-9)


def test_load_of_a_motor_from_its_three_evidences(capsys):
    base = ["motor-load", "--power", "30 hp", "--json"]
    slip = json.loads(run(capsys, *base, "--speed", "1775", "--rated-speed", "1760")[1])
    assert slip["results"]["load_factor"]["value"] == pytest.approx(25 / 40)
    amps = ["--current", "25", "--voltage", "440", "--rated-current", "36", "--rated-voltage", "440"]
    current = json.loads(run(capsys, *base, *amps)[1])
    # Amperes over rated amperes are not load: a motor at half load still draws well over half its current.
    assert current["results"]["load_factor"]["value"] < 25 / 36 - 0.02
    power = json.loads(run(capsys, *base, "--input", "12.5", "--efficiency", "0.91")[1])
    assert 0.45 < power["results"]["load_factor"]["value"] < 12.5 / 22.37


def test_a_drive_on_a_fan_saves_less_than_the_cube(capsys):
    share = result(capsys, "vfd")["results"]["saving_share"]["value"]
    assert 0.75 < share < 1 - 0.5**3


def test_static_head_takes_most_of_the_saving(capsys):
    free = result(capsys, "vfd")["results"]["saving_share"]["value"]
    lifted = result(capsys, "vfd", "--static-head", "70%")["results"]["saving_share"]["value"]
    assert lifted < 0.7 * free


def test_fuel_turns_back(capsys):
    energy = result(capsys, "fuel")["results"]["energy_base"]["value"]
    words = ["fuel", "--genset", "60 kW", "--hours", "300", "--energy", f"{energy:.6f}", "--json"]
    found = json.loads(run(capsys, *words)[1])["results"]
    assert found["fuel_base"]["value"] == pytest.approx(2500, rel=1e-6)
    assert found["fuel_low"]["value"] < 2500 < found["fuel_high"]["value"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(WORDS))
def test_every_answer_prints_and_is_json_in_both_languages(capsys, name, language):
    code, out, err = run(capsys, name, *WORDS[name], "--lang", language)
    assert code == 0
    assert ("Resultado" if language == "es" else "Result") in out
    assert "cli." not in out + err
    assert not re.search(r"\{\w+\}", out + err)
    found = result(capsys, name, language=language)
    assert found["schema_version"] == "1.0"
    assert found["calculator"] == name
    assert found["inputs"]
    assert found["method"]
    assert found["sources"]
    assert all("value" in quantity for quantity in (*found["inputs"].values(), *found["results"].values()))


def test_numbers_have_the_countrys_marks(capsys):
    spanish = run(capsys, "lighting", *WORDS["lighting"], "--lang", "es")[1]
    peruvian = run(capsys, "lighting", *WORDS["lighting"], "--lang", "es", "--country", "PE")[1]
    assert "12.000" in spanish
    assert "12,000" in peruvian


@pytest.mark.parametrize("written", ["30 hp", "30hp", "30 HP", "22,370996", "22.370996 kW", "30,416122 CV"])
def test_a_power_is_read_as_people_write_it(capsys, written):
    words = ["motor-current", "--power", written, "--voltage", "440", "--efficiency", "0.924", "--json"]
    code, out, err = run(capsys, *words)
    if any(letter.isalpha() for letter in written):
        assert json.loads(out)["inputs"]["rated_power_kw"]["value"] == pytest.approx(22.371, rel=1e-4)
    else:
        assert code == 3
        assert "kW" in err


WRONG = [
    (["payback", "--investment", "1.234"], "--investment", "1.234"),
    (["payback", "--saving", "x"], "--saving", "x"),
    (["payback", "--years", "1.5"], "--years", "1.5"),
    (["payback", "--rate", "12"], "--rate", "0.12"),
    (["motor-efficiency", "--class", "IE9"], "--class", "IE9"),
    (["motor-efficiency", "--power", "22"], "--power", "kW"),
    (["motor-efficiency", "--power", "22 kg"], "--power", "kg"),
    (["motor-efficiency", "--load", "140%"], "--load", "1.3"),
    (["vfd", "--duty", "50%:100%; 30%:80%"], "--duty", "80"),
    (["vfd", "--duty", "half"], "--duty", "half"),
    (["lighting", "--lamps", "2.5"], "--lamps", "2.5"),
    (["capacitor", "--factor-now", "0"], "--factor-now", "0"),
    (["fuel", "--energy", "6000"], "--litres", "--energy"),
    (["unbalance", "--ab", "-440"], "--ab", "-440"),
    (["belt", "--new", "v_belt"], "--new", "v_belt"),
    (["leak", "--hours", "9000"], "--hours", "9000"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("words", "place", "shown"), WRONG)
def test_mistakes_are_named_and_leave_with_three(capsys, words, place, shown, language):
    name, option, value = words
    code, out, err = run(capsys, name, *WORDS[name], option, value, "--lang", language)
    assert code == 3
    assert out == ""
    assert place in err
    assert shown in err


def test_all_mistakes_come_in_one_list(capsys):
    words = ["payback", "--investment", "a", "--saving", "b", "--years", "c", "--rate", "d", "--lang", "en"]
    code, _, err = run(capsys, *words)
    assert code == 3
    assert err.count("  - ") == 4


@pytest.mark.parametrize("words", [["motor-load", "--power", "30 hp"], ["fuel", "--genset", "60 kW", "--hours", "9"]])
def test_missing_evidence_is_asked_for(capsys, words):
    code, out, err = run(capsys, *words, "--lang", "en")
    assert (code, out) == (3, "")
    assert "--input" in err or "--litres" in err


def test_a_rating_outside_the_tables_leaves_with_four_and_says_what_exists(capsys):
    code, out, err = run(capsys, "motor-efficiency", "--class", "IE3", "--power", "900 kW", "--lang", "en")
    assert (code, out) == (4, "")
    assert "IE3" in err


def test_a_genset_cannot_give_more_than_its_rating(capsys):
    code, _, err = run(capsys, "fuel", "--genset", "60 kW", "--hours", "10", "--energy", "700", "--lang", "en")
    assert code == 3
    assert "600" in err


def test_an_unverified_class_says_so(capsys):
    found = json.loads(run(capsys, "motor-efficiency", "--class", "IE1", "--power", "22 kW", "--json")[1])
    assert {"motor_unverified_table"} & {finding["key"] for finding in found["findings"]}


def test_demand_factors_and_the_worth_of_a_lower_peak(capsys):
    more = ["--connected", "250 kW", "--sum-of-peaks", "240 kW", "--cut", "20 kW", "--energy-price", "0.25"]
    found = {key: one["value"] for key, one in result(capsys, "demand", *more)["results"].items()}
    assert found["demand_factor"] == pytest.approx(0.8)
    assert found["coincidence_factor"] * found["diversity_factor"] == pytest.approx(1)
    assert found["cut_saving_year"] == pytest.approx(20 * 50 * 12)
    assert found["load_factor_after"] == pytest.approx(100 / 180)
    assert found["demand_share"] == pytest.approx(10_000 / (10_000 + 0.25 * 73_000), rel=1e-6)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--energy", "967200"], "--energy"),
        (["--sum-of-peaks", "150 kW"], "--sum-of-peaks"),
        (["--cut", "300 kW"], "--cut"),
        (["--peak", "200"], "--peak"),
    ],
)
def test_demand_refuses_what_cannot_be(capsys, more, said):
    code, out, err = run(capsys, "demand", *WORDS["demand"], *more, "--lang", "en")
    assert (code, out) == (3, "")
    assert said in err
