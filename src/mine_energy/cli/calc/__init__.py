"""Small calculators: each answers one question with the audit's own functions, and computes nothing itself."""

from collections.abc import Callable
from typing import Any, Final

import typer

from mine_energy.cli.calc import demand, machines, money, motors, supply
from mine_energy.cli.console import language_only

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.callback()(language_only)

CALCULATORS: Final[dict[str, Callable[..., Any]]] = {
    "motor-efficiency": motors.motor_efficiency,
    "motor-load": motors.motor_load,
    "motor-current": motors.motor_current,
    "unbalance": motors.unbalance,
    "vfd": machines.vfd,
    "belt": machines.belt,
    "leak": machines.leak,
    "pressure": machines.pressure,
    "lighting": machines.lighting,
    "capacitor": supply.capacitor,
    "demand": demand.demand,
    "fuel": supply.fuel,
    "payback": money.payback,
}
"""Calculators by name; help is ``cli.help.calc_<name>``, method ``cli.method.<name>``, source ``cli.source.<name>``."""

for _name, _calculator in CALCULATORS.items():
    app.command(_name, help=f"cli.help.calc_{_name.replace('-', '_')}")(_calculator)
