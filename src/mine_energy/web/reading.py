"""A process of its own that reads what people upload, so that a file that never ends is let go and the page stays.

The readers run in compiled code that no thread can interrupt; a process can be ended. One is kept for all looks, since
starting it costs more than reading most files.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final, TypeVar

from mine_energy.errors import InputError, MineEnergyError, Problem

READ_SECONDS: Final = 60.0
"""For one look at a file: a year of minutes in a workbook takes about a third of it."""
_START_SECONDS: Final = 120.0
_GRACE_SECONDS: Final = 2.0
T = TypeVar("T")


def serve_looks(pipe: Connection) -> None:
    """Answer, one after the other, what is asked through a pipe, until it is closed."""
    # Ctrl+C in the terminal is for the page, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send("ready")
    while True:
        try:
            task, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(task, arguments))


def _answer(task: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "done", task(*arguments)
    except InputError as error:
        return "wrong", error.problems
    except MineEnergyError as error:
        return "refused", error
    except Exception as error:  # a file found a mistake of ours: the page goes on and says so
        return "broken", type(error).__name__


class Reader:
    """Looks at files in another process, each look within a time.

    Parameters
    ----------
    seconds
        For one look.
    """

    def __init__(self, seconds: float = READ_SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, name: str, task: Callable[..., T], *arguments: object) -> T:
        """Return what a task returns.

        Parameters
        ----------
        name
            How messages call the file it looks at.
        task
            A function of a module; raises what it likes.
        *arguments
            Plain values.

        Raises
        ------
        InputError
            Of the task; ``reading_too_long`` when it takes more than its time, ``reading_broken`` when it fails.
        MineEnergyError
            Of the task.
        """
        with self._lock:
            kind, content = self._asked(task, arguments)
        if kind == "done":
            done: T = content
            return done
        if kind == "wrong":
            raise InputError(content)
        if kind == "refused":
            raise content
        params = {"seconds": round(self._seconds)}
        raise InputError(
            [Problem(key=kind, file=name, value="" if kind == "reading_too_long" else content, params=params)]
        )

    def close(self) -> None:
        """End the process; the next look starts another."""
        with self._lock:
            self._end()

    def warm(self) -> None:
        """Start the process, so that the first look does not wait for it."""
        with self._lock, suppress(EOFError, OSError):
            self._ready()

    def _asked(self, task: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[str, Any]:
        try:
            pipe = self._ready()
            pipe.send((task, arguments))
            if not pipe.poll(self._seconds):
                self._end()
                return "reading_too_long", ""
            kind, content = pipe.recv()
        except (EOFError, OSError):
            self._end()
            return "reading_broken", "EOF"
        return ("reading_broken", content) if kind == "broken" else (kind, content)

    def _ready(self) -> Connection:
        if self._pipe is not None and self._process is not None and self._process.is_alive():
            return self._pipe
        self._end()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve_looks, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        # Its imports are no part of the time of a look.
        if not self._pipe.poll(_START_SECONDS) or self._pipe.recv() != "ready":
            raise EOFError
        return self._pipe

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join(_GRACE_SECONDS)
        self._process = self._pipe = None


@cache
def shared() -> Reader:
    """Return the one reader of this program."""
    return Reader()
