"""Weather from PVGIS, NASA POWER and NSRDB through pvlib's clients, kept in a cache and written as a standard file."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pandas as pd
import requests

from mine_energy.errors import MissingData
from mine_energy.io.results import write_together
from mine_energy.io.weather_services import ASK, SERVICES, TIMEOUT_S, URLS, Answer, Request
from mine_energy.io.weather_write import standard_csv

KEY_VARIABLES: Final = ("NLR_API_KEY", "NSRDB_API_KEY")
EMAIL_VARIABLE: Final = "NSRDB_EMAIL"
CACHE_VARIABLE: Final = "MINE_ENERGY_CACHE"

_ATTEMPTS: Final = 3
_FIRST_WAIT_S: Final = 1.0
_SERVER_ERROR: Final = 500
_TOO_MANY: Final = 429


def cache_folder() -> Path:
    """Return where answers are kept: ``MINE_ENERGY_CACHE``, else the platform's folder for caches."""
    told = os.environ.get(CACHE_VARIABLE)
    if told:
        return Path(told)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "mine-energy"


def fetch(
    request: Request,
    *,
    cache: Path | None = None,
    offline: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[bytes, bool]:
    """Return the weather asked for as a standard CSV, and whether it came from the cache.

    Parameters
    ----------
    request
        What is asked.
    cache
        Folder of earlier answers; None takes :func:`cache_folder`.
    offline
        Never ask the network.
    progress
        Called with parts done and parts in all.
    pause
        Waits between attempts, seconds.

    Raises
    ------
    MissingData
        No network, an error of the service, no API key, or offline without an earlier answer.
    OutputError
        The cache cannot be written.
    """
    folder = (cache or cache_folder()) / "weather"
    name = f"{request.service}_{request.first_year}-{request.last_year}_{request.key}.csv"
    kept = folder / name
    if kept.is_file():
        return kept.read_bytes(), True
    if offline:
        raise MissingData("weather_not_cached", service=SERVICES[request.service], folder=str(folder))
    if request.service == "nsrdb" and not (request.api_key and request.email):
        raise MissingData("weather_api_key")
    parts, answers = list(_parts(request)), []
    for done, years in enumerate(parts):
        progress(done, len(parts))
        answers.append(_asked(request, years, pause))
    progress(len(parts), len(parts))
    _, place, source = answers[0]
    content = standard_csv(pd.concat([frame for frame, _, _ in answers]), place, source)
    write_together(folder, {name: content})
    return content, False


def _parts(request: Request) -> Iterator[tuple[int, int]]:
    """Yield the years of each question: PVGIS answers all at once, the others year by year."""
    if request.service == "pvgis":
        yield request.first_year, request.last_year
    else:
        yield from ((year, year) for year in range(request.first_year, request.last_year + 1))


def _asked(request: Request, years: tuple[int, int], pause: Callable[[float], None]) -> Answer:
    """Ask up to three times, with growing pauses, while the fault may pass."""
    service = SERVICES[request.service]
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _within(TIMEOUT_S, lambda: ASK[request.service](request, *years))
        except (requests.ConnectionError, requests.Timeout, TimeoutError) as error:
            detail = type(error).__name__
        except requests.HTTPError as error:
            status = error.response.status_code if error.response is not None else 0
            if status < _SERVER_ERROR and status != _TOO_MANY:
                raise MissingData("weather_service", service=service, detail=_short(error, request)) from None
            detail = f"HTTP {status}"
        except (requests.RequestException, ValueError, KeyError, IndexError, TypeError) as error:
            # An answer that is no weather: a portal's login page, an empty body, another format.
            raise MissingData("weather_service", service=service, detail=_short(error, request)) from None
        if attempt < _ATTEMPTS:
            pause(_FIRST_WAIT_S * 4.0 ** (attempt - 1))
    url = (request.address or URLS[request.service]).split("?")[0]
    raise MissingData("weather_network", service=service, url=url, attempts=_ATTEMPTS, detail=detail)


def _short(error: Exception, request: Request) -> str:
    """Return an error's own words without the secrets of the question."""
    text = f"{type(error).__name__}: {error}"
    for secret in (request.api_key, request.email):
        text = text.replace(secret, "***") if secret else text
    return text[:200]


def _within(seconds: float, work: Callable[[], Answer]) -> Answer:
    """Run `work` in a thread of its own and give up after `seconds`: one of pvlib's clients has no time limit."""
    done: list[Answer] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(work())
        except Exception as error:  # handed to the caller below
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError
    return done[0]
