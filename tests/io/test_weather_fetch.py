"""Fetching: recorded answers from this machine, the cache, retries, and what is said without a network."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
import weather_samples as samples

from mine_energy.errors import MissingData
from mine_energy.io.weather_fetch import cache_folder, fetch
from mine_energy.io.weather_files import read_weather
from mine_energy.io.weather_services import Request
from mine_energy.messages import LANGUAGES, text


@dataclass
class Service:
    """A server on this machine that gives one answer after another, the last for ever."""

    answers: list[tuple[int, str]]
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    url: str = ""

    def next(self) -> tuple[int, str]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def service() -> Iterator[Service]:
    served = Service(answers=[(200, "")])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(parse_qs(urlparse(self.path).query))
            status, body = served.next()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode("utf-8"))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


def request(name: str, url: str, **more: object) -> Request:
    latitude, longitude, altitude_m = samples.PLACE
    years = {"first_year": 2019, "last_year": 2019} | more
    return Request(service=name, latitude=latitude, longitude=longitude, altitude_m=altitude_m, url=url, **years)  # type: ignore[arg-type]


def said(error: MissingData) -> str:
    shown = [text(f"missing.{error.key}", language, **error.params) for language in LANGUAGES]
    assert all("{" not in one for one in shown)
    return shown[1]


@pytest.fixture(scope="module")
def frame():
    return samples.instants(samples.on_year(samples.year_of(), 2019), 10)


def read(folder: Path, content: bytes):
    path = folder / "fetched.csv"
    path.write_bytes(content)
    return read_weather(path)


def test_pvgis_keeps_its_database_and_its_minute(service: Service, tmp_path: Path, frame) -> None:
    service.answers = [(200, samples.pvgis_json(samples.utc(frame, 2019), 10, "PVGIS-SARAH3"))]
    content, kept = fetch(request("pvgis", service.url), cache=tmp_path)
    assert not kept
    asked = service.asked[0]
    assert asked["usehorizon"] == ["0"]
    assert (asked["startyear"], asked["endyear"], asked["angle"]) == (["2019"], ["2019"], ["0"])
    weather = read(tmp_path, content)
    assert "PVGIS-SARAH3" in weather.source
    assert weather.sun_offset_minutes == 10
    assert weather.kind == "modelled"
    assert weather.altitude_m == samples.PLACE[2]
    np.testing.assert_allclose(weather.frame["ghi"], frame["ghi"], atol=0.05)
    np.testing.assert_allclose(weather.frame["dni"], frame["dni"], atol=1.0)


def test_an_answer_is_asked_for_once(service: Service, tmp_path: Path, frame) -> None:
    service.answers = [(200, samples.pvgis_json(samples.utc(frame, 2019)))]
    first, _ = fetch(request("pvgis", service.url), cache=tmp_path)
    again, kept = fetch(request("pvgis", service.url), cache=tmp_path, offline=True)
    assert (kept, again) == (True, first)
    assert len(service.asked) == 1
    with pytest.raises(MissingData) as error:
        fetch(request("pvgis", service.url, last_year=2020), cache=tmp_path, offline=True)
    assert error.value.key == "weather_not_cached"
    assert "--offline" in said(error.value)


def test_power_is_asked_year_by_year(service: Service, tmp_path: Path) -> None:
    local = samples.local_range(range(2018, 2020))
    rows = local.iloc[np.roll(np.arange(len(local)), 5)].set_axis(
        local.index.tz_localize(None).tz_localize("UTC"), axis=0
    )
    service.answers = [(200, samples.power_json(rows.loc[str(year)])) for year in (2018, 2019)]
    steps: list[tuple[int, int]] = []
    content, _ = fetch(
        request("nasa-power", service.url, first_year=2018),
        cache=tmp_path,
        progress=lambda done, total: steps.append((done, total)),
    )
    assert steps == [(0, 2), (1, 2), (2, 2)]
    assert [asked["start"] for asked in service.asked] == [["20180101"], ["20190101"]]
    weather = read(tmp_path, content)
    assert weather.years == (2018, 2019)
    assert weather.sun_offset_minutes == 30
    assert "MERRA-2" in weather.source
    np.testing.assert_allclose(weather.frame["ghi"], local["ghi"], atol=0.05)
    np.testing.assert_allclose(weather.frame["pressure"], local["pressure"], atol=1)


def test_nsrdb_needs_a_key_and_never_writes_it(service: Service, tmp_path: Path, frame) -> None:
    with pytest.raises(MissingData) as error:
        fetch(request("nsrdb", service.url), cache=tmp_path)
    assert error.value.key == "weather_api_key"
    assert "--api-key" in said(error.value)
    then = samples.on_year(samples.year_of(), 2019)
    service.answers = [(200, samples.nsrdb_csv(samples.utc(then, 2019), 0, 30).replace("4.0.0", "v4.0.0"))]
    secret = {"api_key": "SECRETKEY", "email": "a@b.co"}
    content, _ = fetch(request("nsrdb", service.url, **secret), cache=tmp_path)
    assert service.asked[0]["api_key"] == ["SECRETKEY"]
    weather = read(tmp_path, content)
    assert "NSRDB PSM4" in weather.source
    np.testing.assert_allclose(weather.frame["dni"], then["dni"], atol=0.05)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(b"SECRETKEY" not in path.read_bytes() and "SECRET" not in path.name for path in written)
    service.answers = [(403, '{"errors": ["API key SECRETKEY is not valid"]}')]
    with pytest.raises(MissingData) as error:
        fetch(request("nsrdb", service.url, first_year=2018, last_year=2018, **secret), cache=tmp_path)
    assert error.value.key == "weather_service"
    assert "SECRETKEY" not in said(error.value)


def test_a_passing_fault_is_tried_again_with_longer_pauses(service: Service, tmp_path: Path, frame) -> None:
    service.answers = [(503, "busy"), (503, "busy"), (200, samples.pvgis_json(samples.utc(frame, 2019)))]
    pauses: list[float] = []
    fetch(request("pvgis", service.url), cache=tmp_path, pause=pauses.append)
    assert pauses == [1.0, 4.0]
    service.answers = [(503, "busy")]
    with pytest.raises(MissingData) as error:
        fetch(request("pvgis", service.url, first_year=2015), cache=tmp_path, pause=pauses.append)
    assert (error.value.key, error.value.params["detail"]) == ("weather_network", "HTTP 503")


def test_a_refusal_is_told_at_once(service: Service, tmp_path: Path) -> None:
    service.answers = [(400, '{"message": "Location over the sea."}')]
    pauses: list[float] = []
    with pytest.raises(MissingData) as error:
        fetch(request("pvgis", service.url), cache=tmp_path, pause=pauses.append)
    assert error.value.key == "weather_service"
    assert "over the sea" in said(error.value)
    assert not pauses
    service.answers = [(200, "<html>portal</html>")]
    with pytest.raises(MissingData) as error:
        fetch(request("pvgis", service.url), cache=tmp_path, pause=pauses.append)
    assert error.value.key == "weather_service"
    assert not list(tmp_path.rglob("*.csv"))


def test_without_a_network(tmp_path: Path) -> None:
    with pytest.raises(MissingData) as error:
        fetch(request("pvgis", "http://127.0.0.1:9/"), cache=tmp_path, pause=lambda _: None)
    assert error.value.key == "weather_network"
    assert "127.0.0.1:9" in said(error.value)
    assert error.value.exit_code == 4


def test_the_cache_is_where_it_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINE_ENERGY_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("MINE_ENERGY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr("sys.platform", "linux")
    assert cache_folder() == tmp_path / "xdg" / "mine-energy"


SITE = '[site]\nname = "Mina"\nlatitude = {}\nlongitude = {}\naltitude_m = {}\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "sitio.toml"
    path.write_text(SITE.format(*samples.PLACE), encoding="utf-8")
    return path


def command(*words: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    from mine_energy.cli import main

    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_the_command_fetches_and_the_file_reads(
    service: Service, site: Path, tmp_path: Path, frame, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answers = [(200, samples.pvgis_json(samples.utc(frame, 2019), 10, "PVGIS-SARAH3"))]
    words = ("weather", "fetch", site, "--years", "2019", "--url", service.url, "--cache", tmp_path / "c", "--lang")
    code, out, err = command(*words, "es", capsys=capsys)
    assert code == 0
    target = tmp_path / "sitio_pvgis_2019-2019.csv"
    assert target.is_file()
    assert target.name in out
    assert "PVGIS-SARAH3" in out + err
    code, _, err = command(*words, "en", "--offline", capsys=capsys)
    assert code == 0
    assert "the network was not used" in err
    code, out, _ = command("weather", "check", target, "--json", capsys=capsys)
    assert code == 0
    assert '"sun_offset_minutes": 10' in out


def test_the_command_says_what_it_cannot_do(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ("weather", "fetch", site, "--cache", tmp_path, "--lang", "en")
    code, _, err = command(*base, "--offline", capsys=capsys)
    assert code == 4
    assert "Offline" in err
    code, _, err = command(*base, "--source", "nsrdb", capsys=capsys)
    assert code == 4
    assert "NLR_API_KEY" in err
    assert command(*base, "--source", "modis", capsys=capsys)[0] == 2
    assert command(*base, "--years", "2020-2010", capsys=capsys)[0] == 2
    site.write_text("[site]\nlatitude = 200\nlongitude = -74\n", encoding="utf-8")
    code, _, err = command(*base, "--offline", capsys=capsys)
    assert code == 3
    assert "latitude" in err
    assert "altitude_m" in err
