"""The inventory as a workbook that reads back as it was written, and an empty, commented site file."""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from mine_energy import vocabulary
from mine_energy.io.cells import column_letters
from mine_energy.io.columns import INVENTORY_KEYS, KINDS, NUMERIC, REQUIRED_KEYS
from mine_energy.io.numbers import scaled
from mine_energy.messages import Language, text
from mine_energy.motors import Motor, MotorInventory
from mine_energy.site import Country
from mine_energy.tariffs import load_tariff, packaged_tariffs

_CREATED: Final = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Creation date of every workbook: the same content gives the same bytes."""

_FIRST_ROW: Final = 2
_LAST_ROW: Final = 1001
_WIDE: Final = ("description", "source")
_EXAMPLE: Final[Mapping[str, Any]] = {
    "equipment": "motor",
    "process": "grinding",
    "rated_power_kw": 50.0,
    "power_unit": "hp",
    "poles": 4,
    "ie_class": "IE1",
    "efficiency": 0.917,
    "power_factor": 0.86,
    "load_factor": 0.75,
    "hours_per_day": 12.0,
    "schedule": "06:00-18:00",
    "drive": "star_delta",
    "transmission": "v_belt",
    "rated_speed_rpm": 1770.0,
    "origin": "nameplate",
}
_BASIC: Final = INVENTORY_KEYS[: INVENTORY_KEYS.index("source") + 1]
"""Columns of the empty template; those beyond are for who measured more, and are written where they hold something."""

Row = Mapping[str, Any]
Keys = Sequence[str]


def write_template(path: Path | str, language: Language) -> None:
    """Write an empty inventory workbook with one example row, which the reader ignores.

    Parameters
    ----------
    path
        Where to; an existing file is replaced.
    language
        Of headings, words and help.
    """
    Path(path).write_bytes(template_workbook(language))


def write_inventory(path: Path | str, inventory: MotorInventory, language: Language) -> None:
    """Write an inventory in the template's form; :func:`~mine_energy.io.inventory.read_inventory` reads it back equal.

    Parameters
    ----------
    path
        Where to; an existing file is replaced.
    inventory
        Machines, powers in kW. Numbers keep fifteen significant digits, as workbooks do.
    language
        Of headings, words and help.
    """
    Path(path).write_bytes(inventory_workbook(inventory, language))


def write_site_template(path: Path | str, language: Language, country: Country = "CO") -> None:
    """Write an empty, commented site file; it is valid once its blanks are filled in.

    Parameters
    ----------
    path
        Where to; an existing file is replaced.
    language
        Of the comments.
    country
        Country written into it.
    """
    Path(path).write_bytes(site_template(language, country))


def starter_files(language: Language, country: Country = "CO") -> dict[str, bytes]:
    """Return what a new project starts from, by file name: the inventory template and the site file that names it."""
    inventory = text("template.inventory_file", language)
    return {
        inventory: template_workbook(language),
        text("template.site_file", language): site_template(language, country),
    }


def site_template(language: Language, country: Country) -> bytes:
    """Return the bytes of the empty site file; the tariffs that fit the country stand in a comment."""
    tariffs = [name for name in packaged_tariffs() if load_tariff(name).country in {country, "any"}]
    names = {key: text(f"template.{key}", language) for key in ("site_file", "inventory_file")}
    return text("template.site", language, country=country, tariffs=", ".join(tariffs), **names).encode("utf-8")


def template_workbook(language: Language) -> bytes:
    """Return the bytes of the empty inventory workbook."""
    example = {
        "tag": text("template.example_tag", language),
        "description": text("template.example_description", language),
        "area": text("template.example_area", language),
        "source": text("template.example_source", language),
        **_EXAMPLE,
    }
    return _workbook([example], _BASIC, language)


def inventory_workbook(inventory: MotorInventory, language: Language) -> bytes:
    """Return the bytes of an inventory's workbook: the template's columns, and further ones that some machine uses."""
    rows = inventory_rows(inventory)
    return _workbook(rows, used_columns(rows), language)


def inventory_rows(inventory: MotorInventory) -> tuple[Row, ...]:
    """Return every machine as the template's columns hold it: values by key, powers in kW."""
    return tuple({**motor.model_dump(), "power_unit": "kW"} for motor in inventory.motors)


def used_columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the template's columns, and in their place the further ones that some row uses."""
    defaults = {key: info.default for key, info in Motor.model_fields.items()}
    used = {key for row in rows for key, value in row.items() if value != defaults.get(key, "")}
    return tuple(key for key in INVENTORY_KEYS if key in _BASIC or key in used)


def _workbook(rows: Sequence[Row], keys: Keys, language: Language) -> bytes:
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": _CREATED, "title": text("template.title", language)})
    _inventory_sheet(book, rows, keys, language)
    lists_sheet(book, keys, language)
    drop_downs(book.worksheets()[0], keys, len(rows), language)
    _help_sheet(book, language)
    book.close()
    return stream.getvalue()


def _inventory_sheet(book: Any, rows: Sequence[Row], keys: Keys, language: Language) -> None:
    sheet = book.add_worksheet(text("template.sheet_inventory", language))
    look = {"bold": True, "text_wrap": True, "valign": "top", "border": 1}
    heading, needed = book.add_format({**look, "bg_color": "#E2EFDA"}), book.add_format({**look, "bg_color": "#FFE699"})
    small = book.add_format({"italic": True, "font_color": "#595959", "border": 1})
    for column, key in enumerate(keys):
        label = vocabulary.terms()[key].label(language)
        sheet.write_string(0, column, label, needed if key in REQUIRED_KEYS else heading)
        if unit := column_unit(key, language):
            sheet.write_string(1, column, unit, small)
        sheet.set_column(column, column, 34 if key in _WIDE else 15)
        for offset, row in enumerate(rows):
            _write(sheet, (_FIRST_ROW + offset, column), key, row.get(key), language)
    sheet.set_row(0, 48)
    sheet.freeze_panes(_FIRST_ROW, 1)


def _is_percent(key: str) -> bool:
    return KINDS[key] == "fraction" and key != "power_factor"


def column_unit(key: str, language: Language) -> str:
    """Return what the units row of the template says; the power's unit stands beside each power."""
    if key == "rated_power_kw":
        return text("template.unit_beside", language)
    if key.endswith("hours_per_day"):
        return "h"
    return "%" if _is_percent(key) else vocabulary.terms()[key].unit if KINDS[key] in NUMERIC else ""


def cell_value(key: str, value: object, language: Language) -> str | float | None:
    """Return what the template's cell of a column holds for a value: words in the language, percentages as such.

    Parameters
    ----------
    key
        Column.
    value
        As the inventory holds it: fractions, keys of words.
    language
        Of the words.

    Returns
    -------
    str, float or None
        None for an empty cell.
    """
    if value is None or value == "":
        return None
    if KINDS[key] == "word":
        return vocabulary.choices(key)[str(value)].label(language)
    if KINDS[key] in NUMERIC:
        number = float(str(value))
        return scaled(number, 100.0) if _is_percent(key) else number
    return str(value)


def is_number(key: str) -> bool:
    """Whether a column of the template holds numbers."""
    return KINDS[key] in NUMERIC


def _write(sheet: Any, place: tuple[int, int], key: str, value: object, language: Language) -> None:
    content = cell_value(key, value, language)
    if isinstance(content, str):
        sheet.write_string(*place, content)
    elif content is not None:
        sheet.write_number(*place, content)


def _words(key: str, language: Language) -> list[str]:
    return [choice.label(language) for choice in vocabulary.choices(key).values()]


def lists_sheet(book: Any, keys: Keys, language: Language) -> Any:
    """Write the words of every word column on a sheet of their own, for :func:`drop_downs`; return the sheet.

    Parameters
    ----------
    book
        An xlsxwriter workbook.
    keys
        Columns of the inventory.
    language
        Of the words.
    """
    sheet = book.add_worksheet(text("template.sheet_lists", language))
    for column, key in enumerate(_word_keys(keys)):
        sheet.write_string(0, column, vocabulary.terms()[key].label(language))
        sheet.write_column(1, column, _words(key, language))
    sheet.set_column(0, max(len(_word_keys(keys)) - 1, 0), 24)
    return sheet


def _word_keys(keys: Keys) -> list[str]:
    return [key for key in keys if KINDS[key] == "word"]


def _lists(keys: Keys, language: Language) -> dict[str, str]:
    """Return where :func:`lists_sheet` puts the words of every word column."""
    name = text("template.sheet_lists", language)
    letters = {key: column_letters(column) for column, key in enumerate(_word_keys(keys))}
    return {key: f"='{name}'!${at}$2:${at}${len(_words(key, language)) + 1}" for key, at in letters.items()}


def drop_downs(sheet: Any, keys: Keys, rows: int, language: Language) -> None:
    """Give the word columns of an inventory sheet their lists; the words stand on :func:`lists_sheet`.

    Parameters
    ----------
    sheet
        The xlsxwriter worksheet, two rows of headings above the machines.
    keys
        Its columns from the first on.
    rows
        Machines that it holds; new ones below them have the lists too.
    language
        Of the words.
    """
    wrong = {
        "error_title": text("template.wrong_word_title", language),
        "error_message": text("template.wrong_word", language),
    }
    sources: dict[str, Any] = {**_lists(keys, language), "poles": [2, 4, 6, 8], "frequency_hz": [60, 50]}
    for column, key in enumerate(keys):
        if key in sources:
            area = (_FIRST_ROW, column, max(_LAST_ROW, _FIRST_ROW + rows), column)
            sheet.data_validation(*area, {"validate": "list", "source": sources[key], **wrong})


def _help_sheet(book: Any, language: Language) -> None:
    """Explain every column there is, also those that the sheet does not show."""
    sheet = book.add_worksheet(text("template.sheet_help", language))
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    lines = text("template.help", language).split("\n")
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    top = len(lines) + 1
    for column, name in enumerate(("column", "unit", "required", "definition", "words")):
        sheet.write_string(top, column, text(f"template.help_{name}", language), bold)
    for offset, key in enumerate(INVENTORY_KEYS, 1):
        term = vocabulary.terms()[key]
        words = ", ".join(_words(key, language)) if KINDS[key] == "word" else ""
        needed = text("template.yes", language) if key in REQUIRED_KEYS else ""
        cells = (term.label(language), column_unit(key, language), needed, term.definition(language), words)
        for column, cell in enumerate(cells):
            sheet.write_string(top + offset, column, cell, wrap)
    for column, width in enumerate((28, 10, 12, 60, 90)):
        sheet.set_column(column, column, width)
