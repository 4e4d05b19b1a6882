"""The command ``mine-energy``: the only room that prints or sets an exit code.

Results go to stdout, messages to stderr. Heavy libraries are imported inside the commands, so that ``--version`` and
``--help`` answer at once. Texts come from ``locale/<language>/cli.toml``; an option's ``help`` is a key there.
"""

from mine_energy.cli.app import app, main

__all__ = ["app", "main"]
