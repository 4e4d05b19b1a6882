"""The page in a real browser: served, watched, filled in as a person does."""

import time
from contextlib import contextmanager

from mine_energy.web import serve
from mine_energy.web.here import of_app

BOOK = b"PK\x03\x04"


def lasting(pipe, order):
    """Do the work of a study that takes its time."""
    pipe.send(("stage", order.stages[2]))
    time.sleep(300)


def quick(pipe, order):
    """Make files at once, without a study."""
    page = '<!doctype html><html lang="es"><head><title>Listo</title></head><body><h1>Listo</h1></body></html>'
    pipe.send(("files", {"results.xlsx": BOOK, "report.html": page.encode(), "study.json": b"{}"}))


class Watched:
    """A served folder, every page that it gave, and what its visitors' browsers asked for and complained of."""

    def __init__(self, running):
        self.running, self.pages, self.asked, self.complaints = running, [], [], []
        self.host = running.address.partition("/entrar")[0]
        self._stops = []

        # Taken from the answers themselves: a browser only tells what it made of them.
        @running.server.app.after_request
        def keep(response):
            # The report has tests of its own.
            if response.mimetype == "text/html" and "/informe/archivo/" not in self._path() and response.data:
                self.pages.append((self._path(), response.data))
            return response

    @staticmethod
    def _path():
        from flask import request

        return request.path

    def work(self, task):
        """Have orders done by something else than a study."""
        of_app(self.running.server.app).work = task

    def visit(self, browser, **how):
        """Open a browser of its own, without cookies, on the first page."""
        context = browser.new_context(accept_downloads=True, **how)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.goto(self.running.address)
        self._stops.append(context.close)
        return page

    def outside(self):
        """Return the addresses that were asked for anywhere else."""
        return [address for address in self.asked if not address.startswith((self.host, "data:", "blob:"))]

    def errors(self):
        """Return what a browser wrote on its console, but that a form was answered as refused."""
        return [text for text in self.complaints if "422" not in text]

    def close(self):
        for stop in self._stops:
            stop()
        self.running.close()


@contextmanager
def watched(folder, language="es"):
    """Serve a folder, with what its visitors do."""
    one = Watched(serve(folder, language))
    try:
        yield one
    finally:
        one.close()


def fill(page, answers):
    """Answer questions by their names."""
    for name, value in answers.items():
        control = page.locator(f'[name="{name}"]')
        kind = control.evaluate("one => one.type")
        if kind == "checkbox":
            control.set_checked(bool(value))
        elif kind == "select-one":
            control.select_option(value)
        else:
            control.fill(value)


def send(page, form, **answers):
    """Press the button of a form."""
    fill(page, answers)
    page.locator(f'form[action="{form}"] button[type=submit]:visible').last.click()


def upload(page, form, name, content):
    """Choose a file and send it."""
    sent = page.locator(f'form[action="{form}"]:has(input[type=file])')
    sent.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    sent.locator("button[type=submit]").click()


def heading(page):
    """Return the title of the step that is shown."""
    return page.locator("h1").inner_text()


def step(page, name):
    """Go to a step by its link."""
    page.locator(f'ol.steps a[href="/{name}"]').click()
