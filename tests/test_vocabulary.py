"""The vocabulary: complete in both languages, without two columns that a heading could both name."""

from collections import Counter
from itertools import combinations

import pytest

from mine_energy import vocabulary
from mine_energy.io.columns import INVENTORY_KEYS, KINDS, NUMERIC, units_for
from mine_energy.io.headers import accepted_units, read_heading
from mine_energy.io.meter_columns import TIME_KEYS
from mine_energy.io.meter_words import VALUE_KEYS
from mine_energy.messages import LANGUAGES
from mine_energy.motors import Motor
from mine_energy.vocabulary import choices, match, match_choice, normalise, split_unit, terms

ALL_CHOICES = sorted({row["field"] for row in vocabulary.table("choices.csv")})


def names(key):
    term = terms()[key]
    return {normalise(name) for name in (term.key, term.label_es, term.label_en, *term.aliases)}


def test_every_term_is_whole_in_both_languages():
    for key, term in terms().items():
        assert key == key.strip() == term.key
        for language in LANGUAGES:
            assert term.label(language).strip() == term.label(language) != ""
            assert term.definition(language)
        assert term.decimals >= 0
        # A unit in the label would be shown twice.
        assert "[" not in term.label_es + term.label_en


def test_keys_are_unique():
    counted = Counter(row["key"] for row in vocabulary.table("vocabulary.csv"))
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("keys", [INVENTORY_KEYS, VALUE_KEYS], ids=["inventory", "meter values"])
def test_no_heading_names_two_columns(keys):
    for one, other in combinations(keys, 2):
        assert not names(one) & names(other), (one, other)


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_unique(language):
    for keys in (INVENTORY_KEYS, (*TIME_KEYS, *VALUE_KEYS)):
        labels = [terms()[key].label(language) for key in keys]
        assert len(set(labels)) == len(labels)


def test_every_field_of_a_motor_has_a_heading():
    assert {*Motor.model_fields, "power_unit"} == set(INVENTORY_KEYS) <= set(terms())


def test_a_heading_with_any_accepted_unit_is_read():
    units = {key: units_for(key) for key in INVENTORY_KEYS if KINDS[key] in NUMERIC}
    units |= {key: accepted_units(key) for key in VALUE_KEYS}
    assert units["f80_um"]["mm"] == 1000
    for key, accepted in units.items():
        for language in LANGUAGES:
            for unit in accepted:
                heading = read_heading(f"{terms()[key].label(language)} [{unit}]", [key])
                assert (heading.key, heading.unit) == (key, unit)


def test_the_unit_of_every_number_is_accepted_in_its_heading():
    for key in INVENTORY_KEYS:
        unit = terms()[key].unit
        if KINDS[key] in NUMERIC and unit:
            heading = read_heading(f"{terms()[key].label_es} [{unit}]", INVENTORY_KEYS)
            assert heading.key == key
            assert units_for(key)[heading.unit] == (0.01 if unit == "%" else 1)


@pytest.mark.parametrize("field", ALL_CHOICES)
def test_a_word_names_one_choice(field):
    seen: dict[str, str] = {}
    for key, choice in choices(field).items():
        assert choice.label_es
        assert choice.label_en
        for word in (choice.key, choice.label_es, choice.label_en, *choice.aliases):
            assert seen.setdefault(normalise(word), key) == key, word
            assert match_choice(field, word.upper()) == key


def test_the_words_of_the_inventory_are_the_models():
    for key in {k for k, kind in KINDS.items() if kind == "word"} - {"process", "power_unit"}:
        schema = Motor.model_json_schema()["properties"][key]
        accepted = schema.get("enum") or schema["anyOf"][0]["enum"]
        assert sorted(choices(key)) == sorted(accepted)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("Potencia nominal [hp]", ("Potencia nominal", "hp")), ("Tag", ("Tag", "")), ("A (b) (kW)", ("A (b)", "kW"))],
)
def test_split_unit(text, parts):
    assert split_unit(text) == parts


def test_match_ignores_case_accents_and_marks():
    assert match("  POTENCIA   nominal_(kW) ", INVENTORY_KEYS) == "rated_power_kw"
    assert match("Descripcion", INVENTORY_KEYS) == "description"
    assert match("Color", INVENTORY_KEYS) is None
    assert match_choice("process", "TRITURACION") == "crushing"
    assert match_choice("process", "nada") is None
