"""The report for tests of its words: pictures are not written out, which takes two thirds of its time."""

from typing import Final
from unittest import mock

from mine_energy.report import style
from mine_energy.report.render import render_html

_NOTHING_DRAWN: Final = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 306 100"/>'


def page_words(study, language):
    """Return the report with an empty picture in the place of each: its texts, tables, captions and links."""
    with (
        mock.patch.object(style, "svg", return_value=_NOTHING_DRAWN),
        mock.patch.object(style, "png", return_value=_NOTHING_DRAWN),
    ):
        return render_html(study, language)
