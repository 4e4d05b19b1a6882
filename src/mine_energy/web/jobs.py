"""A study that runs while the page stays answerable: its own process, watched by a thread, stopped at any moment.

A thread cannot be stopped from outside and a process can; so the thread only watches. What the process computes comes
back whole and is written by the watcher, all files together: a cancelled study leaves the earlier one as it was.
"""

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Literal

from mine_energy.errors import Language, MineEnergyError
from mine_energy.io.pdf import Paper, render_pdf
from mine_energy.io.results import read_study, study_json, write_together
from mine_energy.io.site_file import read_inputs
from mine_energy.messages import text
from mine_energy.study import STATIONS, Study, run_study
from mine_energy.web.folder import StudyFolder
from mine_energy.web.words import error_lines

State = Literal["running", "done", "failed", "cancelled"]
Kind = Literal["study", "again", "pdf"]
"""The study itself; its report and workbook once more, in a language; its report on paper."""
TIME_LIMIT_SECONDS: Final = 3600.0
_LOOK_SECONDS: Final = 0.2
_GRACE_SECONDS: Final = 5.0
_SIZED: Final = frozenset({"sizing"})
_STAGES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "study": ("read", *STATIONS, "workbook", "report", "write"),
    "again": ("read", "workbook", "report", "write"),
    "pdf": ("read", "report", "print", "write"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be made.

    Parameters
    ----------
    folder, site
        Of the study, and its site file.
    language
        Of the report and of what is said when it fails.
    kind
        What is made.
    with_sizing
        Whether the meanings of 100 % are sized: the longest part of a study.
    paper
        Of a PDF.
    """

    folder: Path
    site: Path
    language: Language
    kind: Kind = "study"
    with_sizing: bool = True
    paper: Paper = "a4"

    @property
    def stages(self) -> tuple[str, ...]:
        """What it goes through, in order."""
        return tuple(one for one in _STAGES[self.kind] if self.with_sizing or one not in _SIZED)


Work = Callable[[Connection, Order], None]
"""What runs in the process."""


def run_order(pipe: Connection, order: Order) -> None:
    """Make what is ordered and send its stages, and at the end its files or what stands against it."""
    if multiprocessing.parent_process() is not None:
        # Ctrl+C in the terminal is for the page, which ends this process.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def reached(stage: str) -> None:
        pipe.send(("stage", stage))

    try:
        reached("read")
        make = {"study": _study, "again": _again, "pdf": _pdf}[order.kind]
        pipe.send(("files", make(order, reached)))
    except MineEnergyError as error:
        pipe.send(("failed", error_lines(error, order.language)))


def _study(order: Order, reached: Callable[[str], None]) -> dict[str, bytes]:
    study = run_study(read_inputs(order.site), with_sizing=order.with_sizing, progress=reached)
    book, page = _shown(study, order.language, reached)
    return {"results.xlsx": book, "report.html": page, "study.json": study_json(study)}


def _again(order: Order, reached: Callable[[str], None]) -> dict[str, bytes]:
    book, page = _shown(_kept(order), order.language, reached)
    return {f"results_{order.language}.xlsx": book, f"report_{order.language}.html": page}


def _pdf(order: Order, reached: Callable[[str], None]) -> dict[str, bytes]:
    from mine_energy.report import render  # noqa: PLC0415

    name, study = f"report_{order.language}_{order.paper}.pdf", _kept(order)
    reached("report")
    page = render.render_html(study, order.language)
    reached("print")
    return {name: render_pdf(page, order.paper, name)}


def _kept(order: Order) -> Study:
    return read_study(order.folder / "study.json", "study.json")


def _shown(study: Study, language: Language, reached: Callable[[str], None]) -> tuple[bytes, bytes]:
    # Drawing needs matplotlib, which the page itself never loads.
    from mine_energy.report import render, workbook  # noqa: PLC0415

    reached("workbook")
    book = workbook.render_workbook(study, language)
    reached("report")
    return book, render.render_html(study, language)


class Job:
    """One order in work.

    Parameters
    ----------
    order
        What is made.
    work, limit_seconds
        What makes it, and for how long at most.
    """

    def __init__(self, order: Order, *, work: Work = run_order, limit_seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.order = order
        self.state: State = "running"
        self.stage: str = order.stages[0]
        self.lines: tuple[str, ...] = ()
        self._limit = limit_seconds
        self._began = time.monotonic()
        self._ended: float | None = None
        self._cancelled = threading.Event()
        # A fresh process: a copy of one that serves pages from threads may stand still for ever.
        context = multiprocessing.get_context("spawn")
        self._receiver, sender = context.Pipe(duplex=False)
        self._process = context.Process(target=work, args=(sender, order), daemon=True)
        StudyFolder(root=order.folder).mark_work(begun=True)
        self._process.start()
        sender.close()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    @property
    def elapsed_seconds(self) -> float:
        """Time since it began; until it ended, once it has."""
        return (self._ended or time.monotonic()) - self._began

    @property
    def step(self) -> int:
        """Number of the present stage, from one."""
        stages = self.order.stages
        return stages.index(self.stage) + 1 if self.stage in stages else 1

    def cancel(self) -> None:
        """Stop it; a study that has ended already stays as it is."""
        self._cancelled.set()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, at most so long."""
        self._watcher.join(seconds)

    def _watch(self) -> None:
        try:
            state, lines = self._follow()
        except MineEnergyError as error:
            state, lines = "failed", error_lines(error, self.order.language)
        except Exception as error:
            state, lines = "failed", (self._said("job_broken", name=type(error).__name__),)
        self._stop()
        StudyFolder(root=self.order.folder).mark_work(begun=False)
        self._ended = time.monotonic()
        self.lines, self.state = lines, state

    def _follow(self) -> tuple[State, tuple[str, ...]]:
        while True:
            if self._cancelled.is_set():
                return "cancelled", ()
            if time.monotonic() - self._began > self._limit:
                return "failed", (self._said("job_too_long", minutes=round(self._limit / 60)),)
            if not self._receiver.poll(_LOOK_SECONDS):
                continue
            try:
                kind, content = self._receiver.recv()
            except EOFError:
                return "failed", (self._said("job_broken", name="EOF"),)
            if kind == "stage":
                self.stage = content if content in self.order.stages else self.stage
            elif kind == "failed":
                return "failed", tuple(content)
            else:
                return self._write(content)

    def _write(self, files: Mapping[str, Any]) -> tuple[State, tuple[str, ...]]:
        self.stage = "write"
        if self._cancelled.is_set():
            return "cancelled", ()
        folder = StudyFolder(root=self.order.folder)
        write_together(self.order.folder, files)
        if self.order.kind == "study":
            folder.drop_copies()  # in another language, on paper: they tell of the study before
        return "done", ()

    def _stop(self) -> None:
        if self._process.is_alive() and self.state == "running":
            self._process.join(0 if self._cancelled.is_set() else _LOOK_SECONDS)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(_GRACE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_GRACE_SECONDS)
        self._receiver.close()

    def _said(self, key: str, **params: str | int) -> str:
        return text(f"web.{key}", self.order.language, **params)


class Desk:
    """The one place where a study is started, so that two never write to the same folder."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.job: Job | None = None

    def start(self, make: Callable[[], Job]) -> Job:
        """Start a study, or return the one that is running."""
        with self._lock:
            if self.job is None or self.job.state != "running":
                self.job = make()
            return self.job

    def cancel(self) -> None:
        """Cancel the running study, if there is one."""
        with self._lock:
            if self.job is not None:
                self.job.cancel()

    def stop(self, seconds: float = 10.0) -> None:
        """Cancel the running study and wait until its process is gone."""
        self.cancel()
        if self.job is not None:
            self.job.wait(seconds)
