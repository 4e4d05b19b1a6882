"""What keeps the page to the person who started it: host, entry key, form token, origin, answer headers."""

import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any, Final

from flask import Flask, Response, abort, redirect, request, session
from werkzeug.exceptions import RequestTimeout
from werkzeug.wrappers import Response as BaseResponse

HOSTS: Final = ("127.0.0.1", "localhost")
PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
REPORT_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'none'; "
    "base-uri 'none'; sandbox allow-same-origin allow-modals"
)
"""Of the report, which carries its own style and pictures and runs nothing."""
UPLOAD_SECONDS: Final = 300.0
"""For all of a request to arrive: on this machine the largest upload takes about one."""
_READS: Final = frozenset({"GET", "HEAD"})


def protect(app: Flask, key: str) -> None:
    """Let nobody in without the key of this start, and no form that this server did not write.

    Parameters
    ----------
    app
        ``app.config["PORT"]``, once known, is the only port that a Host header may name.
    key
        Secret part of the address that the browser is opened with.
    """
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        # Cookies do not know ports: each start has its own, lest two pages take each other's.
        SESSION_COOKIE_NAME=f"mine_energy_{secrets.token_hex(4)}",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
    )

    @app.before_request
    def _check() -> BaseResponse | None:
        _check_host(app.config.get("PORT"))
        if request.path == "/entrar":
            return _enter(key)
        if not session.get("in"):
            abort(403)
        if request.method not in _READS:
            _check_form()
        return None

    @app.teardown_request
    def _close(error: BaseException | None) -> None:
        request.close()  # the temporary files of uploads

    app.after_request(_headers)


class Patient:
    """Lets a request arrive within a time, however slowly its parts come; a silent browser is the server's to drop.

    Parameters
    ----------
    app
        The application.
    seconds
        From the head of the request to its last byte.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], seconds: float) -> None:
        self._app, self.seconds = app, seconds

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request whose body is read against the clock."""
        environ["wsgi.input"] = _Timed(environ["wsgi.input"], time.monotonic() + self.seconds)
        return self._app(environ, start_response)


class _Timed:
    """A request's body; what has come is given at once, so that the clock is looked at between two parts."""

    def __init__(self, stream: Any, until: float) -> None:
        self._read, self._until = getattr(stream, "read1", stream.read), until

    def read(self, size: int = -1) -> bytes:
        if time.monotonic() > self._until:
            raise RequestTimeout
        part: bytes = self._read(size)
        return part


def token() -> str:
    """Return the token that every form carries."""
    return str(session.get("token", ""))


def _check_host(port: int | None) -> None:
    # Another name that leads to 127.0.0.1 (DNS rebinding) would make a foreign page one of ours.
    name, _, given = request.environ.get("HTTP_HOST", "").partition(":")
    if name.lower() not in HOSTS or (port is not None and given != str(port)):
        abort(421)


def _enter(key: str) -> BaseResponse:
    if request.method not in _READS or not _equal(request.args.get("clave", ""), key):
        abort(403)
    session["in"] = True
    session.setdefault("token", secrets.token_urlsafe(24))
    return redirect("/", 303)


def _check_form() -> None:
    if request.mimetype == "application/x-www-form-urlencoded":
        # Read whole into memory, so that only the limit of the request holds it.
        request.max_content_length = request.max_form_memory_size
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    if site not in {"same-origin", "none"} or (origin is not None and origin != request.host_url.rstrip("/")):
        abort(403)
    if not token() or not _equal(request.form.get("token", ""), token()):
        abort(403)


def _equal(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), secret.encode("utf-8"))


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cache-Control"] = "no-store"
    return response
