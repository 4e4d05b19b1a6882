"""Will it run the mill: starts of motors against inverter, genset and grid; reserve and the loss of one unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy import catalog, messages
from mine_energy.dispatch.derate import Engine
from mine_energy.errors import Finding, Infeasible, MissingData
from mine_energy.io.inventory import read_inventory
from mine_energy.sizing.reserve import headroom_kw, single_unit_findings, spinning_reserve
from mine_energy.sizing.start_current import METHODS, Machine, locked_rotor_kva, machines_of, start_of
from mine_energy.sizing.start_sources import (
    GensetSource,
    GridSource,
    InverterSource,
    check_source,
    genset_at_site,
    inverter_at_site,
    voltage_dip,
)
from mine_energy.sizing.starting import check_starts, require_starts
from mine_energy.units import KW_PER_HP

MILL = Machine(
    tag="MOL-1", rated_power_kw=55, efficiency=0.94, power_factor=0.86, start_seconds=15, breakaway_torque=1.3
)
PUMP = Machine(tag="BOM-1", rated_power_kw=7.5, efficiency=0.88, power_factor=0.82, quantity=2)
POWERS = st.builds(complex, st.floats(0, 300), st.floats(0, 300))


# What a motor asks


def test_locked_rotor_power_by_code_letter():
    # 50 hp, letter G, high end: 6.29 x 50
    assert locked_rotor_kva(50 * KW_PER_HP) == pytest.approx(314.5)
    assert locked_rotor_kva(50 * KW_PER_HP, "k") == pytest.approx(449.5)
    assert locked_rotor_kva(3 * KW_PER_HP) == pytest.approx(26.97)
    with pytest.raises(MissingData) as caught:
        locked_rotor_kva(10, "I")
    assert caught.value.key == "start_code_letter"


def test_a_published_compressor():
    # industrialmonitordirect.com: 15 hp, 208 V, letter G, 252 A locked: 90.8 kVA and 31.8 kW at power factor 0.35
    machine = Machine(tag="C", rated_power_kw=15 * KW_PER_HP, efficiency=0.91, power_factor=0.81, locked_rotor_kva=90.8)
    assert start_of(machine).kva == 90.8
    assert start_of(machine).kw == pytest.approx(31.8, abs=0.05)
    # Its 30 kVA inverter does not bear it.
    assert not check_source(InverterSource(rated_kva=30), 0j, start_of(machine).power, 3).starts


def test_starters_in_their_order():
    kva = {method: start_of(MILL, method).kva for method in METHODS}
    assert kva["star_delta"] == pytest.approx(kva["direct"] / 3, rel=1e-5)
    assert kva["soft_starter"] == pytest.approx(3.5 * 55 / (0.94 * 0.86))
    assert kva["vfd"] == pytest.approx(1.2 * 55 / (0.94 * 0.86))
    assert kva["direct"] > kva["soft_starter"] > kva["wound_rotor"] > kva["vfd"]
    # Torque: a third, the square of the current, and a drive's own.
    torque = {method: start_of(MILL, method).torque for method in METHODS}
    assert torque["star_delta"] == pytest.approx(torque["direct"] / 3, rel=1e-5)
    assert torque["soft_starter"] == pytest.approx(1.3 * (kva["soft_starter"] / kva["direct"]) ** 2)
    assert torque["vfd"] == 1.5


def test_no_starter_draws_more_than_the_motor():
    assert start_of(MILL, "soft_starter", multiple=20).kva == start_of(MILL).kva


def test_a_running_machine_by_hand():
    # 55 kW at three quarters: 43.9 kW
    assert MILL.running().real == pytest.approx(55 * 0.75 / 0.94)
    assert MILL.running().imag > 0


# What a source bears


def test_dip_of_a_motor_alone_by_hand():
    # X'd 0.2, 300 kVA on 100 kVA at power factor 0: 0.6 / 1.6
    assert voltage_dip(0j, 300j, 100, 0.2) == pytest.approx(0.375)
    # The same on an infinite bus, and nothing started.
    assert voltage_dip(0j, 300j, 1e12, 0.2) == pytest.approx(0, abs=1e-9)
    assert voltage_dip(50 + 30j, 0j, 100, 0.2) == 0


def test_dip_beside_a_running_load_by_hand():
    # On 200 kVA, X'd 0.25: run 0.4 + 0.3j, start 1 + 2j per unit of rated voltage
    # |1 + 0.25j (0.4 - 0.3j)| = |1.075 + 0.1j| = 1.07964; |1 + 0.25j (1.4 - 2.3j)| = |1.575 + 0.35j| = 1.61342
    assert voltage_dip(80 + 60j, 200 + 400j, 200, 0.25) == pytest.approx(1 - 1.07964 / 1.61342, abs=1e-5)


def test_an_inverter_by_hand():
    # 15 s stand between the points of 5 and 60 s: 1.2 times
    start = start_of(MILL)
    found = check_source(InverterSource(rated_kva=400), 40 + 20j, start.power, 15)
    assert found.available_kva == pytest.approx(480)
    assert found.needed_kva == pytest.approx(abs(40 + 20j + start.power))
    assert found.starts == (found.needed_kva <= 480)
    assert check_source(InverterSource(rated_kva=400), 0j, 599 + 0j, 4).starts
    assert not check_source(InverterSource(rated_kva=400), 0j, 401 + 0j, 3000).starts


def test_a_weak_battery_behind_a_large_inverter():
    source = InverterSource(rated_kva=400, battery_kw=100)
    assert not check_source(source, 90 + 0j, 20 + 60j, 4).starts
    assert check_source(source, 70 + 0j, 20 + 60j, 4).starts


def test_the_engine_gives_the_power_that_the_voltage_leaves():
    source = GensetSource(rated_kw=100, rated_kva=400, transient_reactance=0.2, overload_fraction=0.0, dip_limit=0.3)
    found = check_source(source, 60 + 0j, 50 + 200j, 5)
    assert found.voltage_dip < 0.3
    assert found.needed_kw == pytest.approx(60 + 50 * (1 - found.voltage_dip) ** 2)
    assert found.starts == (found.needed_kw <= 100)


SOURCES = st.one_of(
    st.builds(InverterSource, rated_kva=st.floats(10, 2000)),
    st.builds(GensetSource, rated_kw=st.floats(10, 2000)),
    st.builds(GridSource, short_circuit_kva=st.floats(100, 50000)),
)


@given(SOURCES, POWERS, POWERS)
def test_enough_is_the_threshold(source, running, start):
    found = check_source(source, running, start, 5)
    if found.enough_kva < 1:
        return
    rated = found.enough_kva
    kinds = {
        InverterSource: lambda r: InverterSource(rated_kva=r),
        GensetSource: lambda r: GensetSource(rated_kw=r * 0.8),
        GridSource: lambda r: GridSource(short_circuit_kva=r),
    }
    make = kinds[type(source)]
    assert check_source(make(rated * 1.001), running, start, 5).starts
    assert not check_source(make(rated * 0.99), running, start, 5).starts


@given(POWERS, POWERS, st.floats(10, 1000), st.floats(1, 3))
def test_a_larger_source_never_dips_more(running, start, rated, factor):
    assert voltage_dip(running, start, rated * factor, 0.2) <= voltage_dip(running, start, rated, 0.2) + 1e-12


# The plant


def test_a_plant_that_starts():
    report = check_starts([MILL, PUMP], [GensetSource(rated_kw=800)])
    assert all(one.starts for one in report.checks)
    assert (report.hardest, report.order) == ("MOL-1", ("MOL-1", "BOM-1"))
    assert report.checks[0].remedies == ()
    # While the mill starts both pumps run; while a pump starts, the mill and the other pump do.
    assert report.checks[0].running_kw == pytest.approx(2 * PUMP.running().real)
    assert report.checks[1].running_kw == pytest.approx(MILL.running().real + PUMP.running().real)
    assert report.together_kva == pytest.approx(abs(start_of(MILL).power + 2 * start_of(PUMP).power))
    require_starts(report)


def test_the_plants_peak_bounds_what_runs():
    fans = [Machine(**values(PUMP, tag=str(i), rated_power_kw=75.0)) for i in range(4)]
    report = check_starts([MILL, *fans], [GensetSource(rated_kw=400)], 10 + 5j, peak_kw=150)
    assert report.checks[0].running_kw == pytest.approx(150 - MILL.running().real)
    assert check_starts([MILL], [GensetSource(rated_kw=400)], 10 + 5j, peak_kw=150).checks[0].running_kw == 10
    assert check_starts([MILL], [GensetSource(rated_kw=400)], 10 + 5j, peak_kw=1).checks[0].running_kw == 10


def test_a_genset_too_small_is_refused_with_what_helps():
    report = check_starts([MILL, PUMP], [GensetSource(rated_kw=120)])
    with pytest.raises(Infeasible) as caught:
        require_starts(report)
    error = caught.value
    assert error.key == "start_genset"
    assert error.params["tag"] == "MOL-1"
    assert error.params["enough_kva"] > error.params["soft_starter_kva"] > error.params["vfd_kva"]
    # What is said to help does help.
    for language in messages.LANGUAGES:
        text = messages.text(f"infeasible.{error.key}", language, **error.params)
        assert "MOL-1" in text
        assert "{" not in text
    require_starts(check_starts([MILL, PUMP], [GensetSource(rated_kw=0.8 * 1.001 * error.params["enough_kva"])]))
    driven = Machine(tag="MOL-1", rated_power_kw=55, efficiency=0.94, power_factor=0.86, method="vfd")
    require_starts(check_starts([driven, PUMP], [GensetSource(rated_kw=0.8 * 1.3 * error.params["vfd_kva"])]))


@pytest.mark.parametrize(
    ("source", "key"),
    [(InverterSource(rated_kva=100), "start_inverter"), (GridSource(short_circuit_kva=900), "start_grid")],
)
def test_other_sources_too_small(source, key):
    with pytest.raises(Infeasible) as caught:
        require_starts(check_starts([MILL], [source]))
    assert caught.value.key == key
    for language in messages.LANGUAGES:
        assert "{" not in messages.text(f"infeasible.{key}", language, **caught.value.params)


def test_without_a_source_nothing_starts():
    with pytest.raises(Infeasible, match="start_no_source"):
        require_starts(check_starts([MILL], []))
    require_starts(check_starts([], []))


def test_height_decides():
    # A naturally aspirated set of 400 kW carries the mill at the coast beside 180 kW; at 4,500 m its engine does not.
    engine = Engine(rated_kw=400, aspiration="natural")
    source = {altitude_m: genset_at_site(engine, altitude_m, 25)[0] for altitude_m in (0, 4500)}
    assert source[4500].rated_kva == source[0].rated_kva == 500
    base = 180 + 90j
    assert check_starts([MILL], [source[0]], base).checks[0].starts
    high = check_starts([MILL], [source[4500]], base).checks[0]
    assert not high.starts
    assert high.closest.voltage_dip == check_starts([MILL], [source[0]], base).checks[0].closest.voltage_dip


def test_sources_at_height_say_what_they_assume():
    _, notes = genset_at_site(Engine(rated_kw=400, aspiration="natural"), 3000, 25)
    assert [one.key for one in notes] == ["genset_derate_iso", "start_reactance"]
    stated, notes = genset_at_site(Engine(rated_kw=400, aspiration="natural"), 3000, 25, transient_reactance=0.15)
    assert stated.transient_reactance == 0.15
    assert [one.key for one in notes] == ["genset_derate_iso"]
    inverter, notes = inverter_at_site(100, 3000, 25)
    assert inverter.rated_kva == pytest.approx(90)
    assert [one.key for one in notes] == ["inverter_derated_battery", "start_overload"]
    assert "1,5" in messages.finding_text(notes[1], "es")


def test_a_hybrid_starts_on_what_carries_it():
    report = check_starts([MILL], [InverterSource(rated_kva=100), GensetSource(rated_kw=600)])
    assert report.checks[0].starts
    assert "start_not_on_inverter" in {one.key for one in report.findings}
    require_starts(report)


def test_first_in_the_sequence():
    source = InverterSource(rated_kva=400)
    report = check_starts([MILL], [source], 250 + 100j)
    alone = check_starts([MILL, Machine(**values(PUMP, rated_power_kw=250.0, quantity=1))], [source])
    assert not report.checks[0].starts
    assert not report.checks[0].starts_first
    assert not alone.checks[0].starts
    assert alone.checks[0].starts_first
    assert "start_first" in {one.key for one in alone.findings}


def values(machine, **changes):
    return {name: getattr(machine, name) for name in Machine.__dataclass_fields__} | changes


def test_torque_that_may_not_move_the_mill():
    direct = check_starts([MILL], [GensetSource(rated_kw=400)])
    assert not direct.checks[0].torque_enough
    assert "start_torque" in {one.key for one in direct.findings}
    driven = check_starts([Machine(**values(MILL, method="vfd"))], [GensetSource(rated_kw=400)])
    assert driven.checks[0].torque_enough
    assert check_starts([PUMP], [GensetSource(rated_kw=400)]).checks[0].torque_enough


@given(st.floats(20, 400), st.floats(1, 4))
def test_a_larger_genset_never_stops_a_start(rated_kw, factor):
    small, large = (check_starts([MILL, PUMP], [GensetSource(rated_kw=kw)]) for kw in (rated_kw, rated_kw * factor))
    for one, other in zip(small.checks, large.checks, strict=True):
        assert other.starts >= one.starts


@pytest.mark.parametrize("name", ["los_conquistadores_motores.csv", "caraveli_offgrid_motors.csv"])
def test_packaged_inventories(name):
    inventory = read_inventory(catalog.packaged(f"site_configs/{name}"))
    machines = machines_of(inventory.motors)
    assert {one.tag for one in machines} == {one.tag for one in inventory.motors if one.is_motor and one.quantity}
    report = check_starts(machines, [GensetSource(rated_kw=5000)])
    assert all(one.starts for one in report.checks)
    largest = max(machines, key=lambda one: start_of(one).kva)
    assert report.order[0] == largest.tag
    mills = [one for one in inventory.motors if one.process == "grinding"]
    assert mills
    found = {one.tag: one for one in machines}
    assert all(found[one.tag].start_seconds == 15 for one in mills)


def test_every_finding_reads_in_both_languages():
    report = check_starts(
        [MILL, Machine(**values(PUMP, rated_power_kw=250.0, quantity=1))],
        [InverterSource(rated_kva=300), GensetSource(rated_kw=700)],
    )
    units = single_unit_findings(peak_kw=100, battery_kw=80, genset_kw=60, genset_units=2)
    for finding in (*report.findings, *units):
        for language in messages.LANGUAGES:
            assert "{" not in messages.finding_text(finding, language)


# Reserve


def test_spinning_reserve_by_hand():
    found = spinning_reserve([100, 100], [0, 80], [10, 20])
    assert found.required_kw.tolist() == [10, 30]
    assert (found.short_hours, found.worst_kw) == (1, 10)


def test_headroom_by_hand():
    # Sets 30 of 50 kW; the battery of 40 kW charges with 10, gives 15, stands empty.
    found = headroom_kw([30, 30, 30], [50, 50, 50], [10, 0, 5], [0, 15, 0], [20, 20, 0], 40)
    assert np.asarray(found).tolist() == [20 + 10 + 40, 20 + 25, 20 + 5]


def test_the_loss_of_one_unit():
    assert single_unit_findings(peak_kw=100, battery_kw=120, genset_kw=120) == ()
    keys = [one.key for one in single_unit_findings(peak_kw=100, battery_kw=80, genset_kw=60)]
    assert keys == ["n_minus_one_inverter", "n_minus_one_genset"]
    found = single_unit_findings(peak_kw=100, battery_kw=0, genset_kw=150, genset_units=3)
    assert found == ()
    found = single_unit_findings(peak_kw=100, battery_kw=0, genset_kw=150, genset_units=2)
    assert [one.params["left_kw"] for one in found] == [75]
    assert isinstance(found[0], Finding)
