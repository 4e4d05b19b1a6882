"""Small calculators: each answers one question with the audit's own functions, and computes nothing itself."""

import typer

from mine_energy.cli.calc import machines, money, motors, supply

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

CALCULATORS = {
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
    "fuel": supply.fuel,
    "payback": money.payback,
}
"""Calculators by name; help is ``cli.help.calc_<name>``, method ``cli.method.<name>``, source ``cli.source.<name>``."""

for _name, _calculator in CALCULATORS.items():
    app.command(_name, help=f"cli.help.calc_{_name.replace('-', '_')}")(_calculator)
