"""A study that runs while the page stays answerable: its own process, watched by a thread, stopped at any moment.

A thread cannot be stopped from outside and a process can; so the thread only watches. What the process computes comes
back whole and is written by the watcher, all files together: a cancelled study leaves the earlier one as it was.
"""

import multiprocessing
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Literal

from mine_energy.errors import Language, MineEnergyError
from mine_energy.io.results import study_json, write_together
from mine_energy.io.site_file import read_inputs
from mine_energy.messages import text
from mine_energy.study import run_study
from mine_energy.web.words import error_lines

State = Literal["running", "done", "failed", "cancelled"]
Work = Callable[[Connection, str, Language, bool], None]
"""What runs in the process: pipe, site file, language, whether the meanings of 100 % are sized."""
STAGES: Final = ("read", "compute", "workbook", "report", "write")
TIME_LIMIT_SECONDS: Final = 3600.0
_LOOK_SECONDS: Final = 0.2
_GRACE_SECONDS: Final = 5.0


def study_work(pipe: Connection, site: str, language: Language, with_sizing: bool) -> None:
    """Run a study and send its stages, and at the end its files or what stands against it."""
    try:
        pipe.send(("stage", "read"))
        inputs = read_inputs(site)
        pipe.send(("stage", "compute"))
        study = run_study(inputs, with_sizing=with_sizing)
        # Drawing needs matplotlib, which the page itself never loads.
        from mine_energy.report import render, workbook  # noqa: PLC0415

        pipe.send(("stage", "workbook"))
        book = workbook.render_workbook(study, language)
        pipe.send(("stage", "report"))
        page = render.render_html(study, language)
        pipe.send(("files", {"results.xlsx": book, "report.html": page, "study.json": study_json(study)}))
    except MineEnergyError as error:
        pipe.send(("failed", error_lines(error, language)))


class Job:
    """One study in work.

    Parameters
    ----------
    folder
        Where its files go.
    site
        The site file.
    language
        Of the report and of what is said when it fails.
    with_sizing
        Whether the meanings of 100 % are sized with their cost: the longest part.
    work, limit_seconds
        What runs, and for how long at most.
    """

    def __init__(
        self,
        folder: Path,
        site: Path,
        language: Language,
        *,
        with_sizing: bool = True,
        work: Work = study_work,
        limit_seconds: float = TIME_LIMIT_SECONDS,
    ) -> None:
        self.state: State = "running"
        self.stage: str = STAGES[0]
        self.lines: tuple[str, ...] = ()
        self._folder, self._language, self._limit = folder, language, limit_seconds
        self._began = time.monotonic()
        self._ended: float | None = None
        self._cancelled = threading.Event()
        # A fresh process: a copy of one that serves pages from threads may stand still for ever.
        context = multiprocessing.get_context("spawn")
        self._receiver, sender = context.Pipe(duplex=False)
        arguments = (sender, str(site), language, with_sizing)
        self._process = context.Process(target=work, args=arguments, daemon=True)
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
        return STAGES.index(self.stage) + 1

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
            state, lines = "failed", error_lines(error, self._language)
        except Exception as error:
            state, lines = "failed", (self._said("job_broken", name=type(error).__name__),)
        self._stop()
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
                self.stage = content
            elif kind == "failed":
                return "failed", tuple(content)
            else:
                return self._write(content)

    def _write(self, files: Mapping[str, Any]) -> tuple[State, tuple[str, ...]]:
        self.stage = "write"
        if self._cancelled.is_set():
            return "cancelled", ()
        write_together(self._folder, files)
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
        return text(f"web.{key}", self._language, **params)


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
