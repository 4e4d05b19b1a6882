"""The server of the page: this machine alone, a free port, a secret in the address."""

import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from mine_energy.errors import Language
from mine_energy.web.app import create_app
from mine_energy.web.here import of_app
from mine_energy.web.jobs import Desk

_HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Handles requests without a line for each on the terminal."""

    timeout = 120
    """Seconds after which a browser that sends nothing is let go."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Write nothing: the address holds the key."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Running:
    """A page that is being served.

    Parameters
    ----------
    address
        To open in the browser, with the key of this start.
    server
        Answers until :meth:`close`.
    thread
        In which it does.
    desk
        Where a study may be in work.
    """

    address: str
    server: BaseWSGIServer
    thread: threading.Thread
    desk: Desk

    def wait(self) -> None:
        """Wait until the server is closed or the person presses Ctrl+C."""
        while self.thread.is_alive():
            self.thread.join(0.5)

    def close(self) -> None:
        """Stop answering, and stop a study in work; the process that reads files ends with the program."""
        self.desk.stop()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def serve(folder: Path, language: Language = "es", *, port: int = 0) -> Running:
    """Serve the page of a study's folder on 127.0.0.1.

    Parameters
    ----------
    folder
        Made when absent.
    language
        Of the first page.
    port
        A free one when 0.

    Raises
    ------
    OutputError
        The folder cannot be made.
    OSError
        The port is taken.
    """
    key = secrets.token_urlsafe(24)
    app = create_app(folder, key=key, language=language)
    server = make_server(_HOST, port, app, threaded=True, request_handler=_Quiet)
    app.config["PORT"] = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://{_HOST}:{server.server_port}/entrar?clave={key}"
    served = of_app(app)
    # It is ready by the time that somebody has answered the first questions.
    threading.Thread(target=served.reader.warm, daemon=True).start()
    return Running(address=address, server=server, thread=thread, desk=served.desk)
