"""Spoilt weather files are read or refused with a problem in words, and never break the reader."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import weather_samples as samples

from mine_energy.errors import InputError
from mine_energy.io.weather_files import Hints, read_weather
from mine_energy.messages import problem_text

HERE = Hints(latitude=samples.PLACE[0], longitude=samples.PLACE[1], altitude_m=samples.PLACE[2], missing="climatology")
CELLS = ("", "NaN", "inf", "-1e999", "x", '"', "99999999999", "-3", "ñ", "2019-02-30", "24:00", "１２")
LINES = ("", "#", "a,b,c", '"unclosed', ",,,,,", "\x00")


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    local = samples.on_year(samples.year_of(), 2019)
    utc = samples.utc(local, 2019)
    return {
        "pvgis.csv": samples.pvgis_csv(utc),
        "pvgis.json": samples.pvgis_json(utc),
        "tmy.csv": samples.pvgis_tmy_csv(utc, 0.5),
        "nsrdb.csv": samples.nsrdb_csv(local),
        "power.csv": samples.power_csv(utc),
        "power.json": samples.power_json(utc),
        "tmy3.csv": samples.tmy3_csv(local),
        "station.csv": samples.table(
            local,
            {"GHI (W/m2)": lambda r: round(r.ghi, 1), "Temp": lambda r: 20},
            lambda s: f"{s:%d/%m/%Y %H:%M}",
            separator=";",
        ),
    }


def spoilt(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at = rng.randrange(min(len(lines), 20) if rng.random() < 0.5 else len(lines))
    kind = rng.randrange(9)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
    elif kind == 2:
        del lines[at + 1 :]
    elif kind == 3:
        lines[at] = lines[at].replace(",", ";")
    elif kind == 4:
        cells = lines[at].split(",")
        cells[rng.randrange(len(cells))] = rng.choice(CELLS)
        lines[at] = ",".join(cells)
    elif kind == 5:
        lines.insert(at, rng.choice(LINES))
    elif kind == 6:
        del lines[at : at + rng.randrange(1, 2000)]
    elif kind == 7:
        other = rng.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    else:
        return text.replace(
            rng.choice((":", "4.7", "2019", "T2m", "GHI", "{", '"', "Year")), rng.choice(("", "9", "x"))
        )
    return "\n".join(lines)


def survive(path: Path) -> None:
    try:
        read_weather(path, hints=HERE)
    except InputError as error:
        for problem in error.problems:
            assert not re.search(r"\{\w+\}", problem_text(problem, "es", "CO"))


@pytest.mark.large
def test_spoilt_files_are_read_or_refused(texts: dict[str, str], tmp_path: Path, sized: Callable[..., int]) -> None:
    rng = random.Random(4)
    for _ in range(sized(600, 20)):
        name = rng.choice(sorted(texts))
        path = tmp_path / name
        encoding = rng.choice(("utf-8", "latin-1", "utf-16"))
        path.write_bytes(spoilt(texts[name], rng).encode(encoding, "replace"))
        survive(path)


def nodes(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inside = (
        list(part.items())[:8] if isinstance(part, dict) else [(0, part[0])] if isinstance(part, list) and part else []
    )
    for key, value in inside:
        yield (*path, key)
        yield from nodes(value, (*path, key))


@pytest.mark.large
@pytest.mark.parametrize("name", ["pvgis.json", "power.json"])
def test_json_of_another_shape(name: str, texts: dict[str, str], tmp_path: Path, sized: Callable[..., int]) -> None:
    rng = random.Random(7)
    places = list(nodes(json.loads(texts[name])))
    for _ in range(sized(200, 20)):
        document = json.loads(texts[name])
        place, part = rng.choice(places), document
        for key in place[:-1]:
            part = part[key]
        wrong = rng.choice((None, [], {}, "x", 5, "drop"))
        if wrong == "drop":
            del part[place[-1]]
        else:
            part[place[-1]] = wrong
        path = tmp_path / name
        path.write_text(json.dumps(document), encoding="utf-8")
        survive(path)


def test_the_samples_are_sound(texts: dict[str, str], tmp_path: Path) -> None:
    for name, text in texts.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        weather = read_weather(path, hints=HERE)
        assert isinstance(weather.frame, pd.DataFrame)
