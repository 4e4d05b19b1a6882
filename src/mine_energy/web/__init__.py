"""The local page: the way from a motor list to the report in a browser, on this machine alone.

Server-rendered pages on 127.0.0.1; every form works without JavaScript, htmx only refreshes the progress of a study.
What a person enters is kept in one folder that they chose, as the same ``sitio.toml`` that the command line reads.
Needs the extra ``web`` (Flask).
"""

from mine_energy.web.app import create_app
from mine_energy.web.server import Running, serve

__all__ = ["Running", "create_app", "serve"]
