"""Quality by phase: unbalance against symmetrical components, counts by hand, and phases that lack."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mine_energy.io.results import document_of
from mine_energy.loads import QualityColumn, analyse_quality, largest_deviation, negative_over_positive


def column(quantity, phase, values, reference_v=None):
    return QualityColumn(
        quantity=quantity,
        phase=phase,
        heading=f"{quantity} {phase}",
        values=np.array(values, float),
        reference_v=reference_v,
    )


def lines(first, second, third, reference_v=440.0):
    names = ("L1-L2", "L2-L3", "L3-L1")
    return [column("voltage", name, v, reference_v) for name, v in zip(names, (first, second, third), strict=True)]


def keys(found):
    return [one.key for one in found.findings]


def symmetrical(v12, v23, v31):
    """Return negative over positive sequence of a triangle of voltages by Fortescue's transformation."""
    angle = math.acos((v12**2 + v23**2 - v31**2) / (2 * v12 * v23))
    first, second = complex(v12, 0), v23 * cmath.exp(-1j * (math.pi - angle))
    third = -(first + second)
    turn = cmath.exp(2j * math.pi / 3)
    positive, negative = first + turn * second + turn**2 * third, first + turn**2 * second + turn * third
    return abs(negative) / abs(positive)


@given(st.lists(st.floats(380, 500), min_size=3, max_size=3))
def test_unbalance_from_three_magnitudes_is_that_of_the_symmetrical_components(three):
    found = float(negative_over_positive(np.array(three)[:, None])[0])
    # Rounding of the fourth powers shows as the square root of the last place where the three are equal.
    assert found == pytest.approx(symmetrical(*three), abs=1e-7)


def test_three_voltages_that_close_no_triangle_have_no_sequence():
    assert np.isnan(negative_over_positive(np.array([[440.0], [100.0], [100.0]]))).all()
    assert np.isnan(negative_over_positive(np.array([[440.0], [np.nan], [440.0]]))).all()


def test_figures_by_hand():
    # NEMA MG 1: mean 450 V, largest deviation 10 V: 2.22 %; the curve between 2.0 % (0.95) and 2.5 % (0.93): 0.941.
    found = analyse_quality(lines([440.0] * 100, [450.0] * 100, [460.0] * 100), "EN", 440.0)
    assert largest_deviation(np.array([[440.0], [450.0], [460.0]]))[0] == pytest.approx(10 / 450)
    assert found.unbalance.nema_p95 == pytest.approx(0.02222, abs=1e-5)
    assert found.unbalance.output_factor == pytest.approx(0.95 - 0.02 * (2.2222 - 2.0) / 0.5, abs=1e-4)
    assert found.unbalance.p95 == pytest.approx(symmetrical(440, 450, 460))
    assert found.unbalance.origin == "voltages"
    assert {"load_unbalance", "quality_motor_derating", "quality_class"} == set(keys(found))


def test_shares_and_percentiles():
    values = np.r_[np.full(90, 440.0), np.full(10, 500.0)]  # 13.6 % above nominal in a tenth of the intervals
    thd = np.r_[np.full(96, 0.02), np.full(4, 0.09)]
    found = analyse_quality([column("voltage", "L1-L2", values, 440.0), column("thd_voltage", "L1", thd)], "EN", 440.0)
    one, harmonic = found.voltages[0], found.distortion[0]
    assert (one.low_v, one.mean_v, one.high_v, one.outside) == pytest.approx((440.0, 446.0, 500.0, 0.1))
    assert (harmonic.p95, harmonic.highest, harmonic.over) == pytest.approx((0.02, 0.09, 0.04))
    levels = {f.key: f.level for f in found.findings}
    assert (levels["load_voltage"], levels["load_thd"]) == ("warning", "info")
    assert list(one.duration_v) == sorted(one.duration_v, reverse=True)
    assert document_of(found)["voltages"][0]["outside"] == pytest.approx(0.1)


def test_a_dip_of_any_phase_counts_once_and_an_interruption_takes_all():
    lowest = [[430.0, 300.0, 10.0, 10.0], [430.0, 310.0, 430.0, 12.0], [430.0, 430.0, 430.0, 9.0]]
    columns = [column("lowest", f"L{i + 1}", row, 440.0) for i, row in enumerate(lowest)]
    dips = analyse_quality(columns, "EN", 440.0).dips
    assert (dips.dips, dips.interruptions, dips.counted) == (2, 1, "intervals")
    assert dips.lowest == pytest.approx(9 / 440)


def test_intervals_without_supply_are_interruptions_and_no_voltages():
    off = [440.0, 440.0, 0.0, 440.0]
    found = analyse_quality(lines(off, off, off), "EN", 440.0)
    assert found.voltages[0].low_v == 440.0
    assert (found.dips.dips, found.dips.interruptions) == (None, 1)
    one_phase = analyse_quality(lines(off, [440.0] * 4, [440.0] * 4), "EN", 440.0)
    assert one_phase.dips.interruptions == 0
    assert one_phase.voltages[0].low_v == 0.0


def test_counters_are_added():
    counts = [column("dips", "", [0, 2, 1]), column("interruptions", "", [0, 0, 1])]
    dips = analyse_quality(counts, "EN", None).dips
    assert (dips.dips, dips.interruptions, dips.counted) == (3, 1, "events")


def test_current_unbalance_leaves_the_idle_hours_out():
    one, two, three = [100.0, 1.0, 100.0], [110.0, 0.1, 110.0], [120.0, 0.1, 120.0]
    columns = [column("current", f"L{i + 1}", row) for i, row in enumerate((one, two, three))]
    found = analyse_quality(columns, "EN", None).current_unbalance
    assert (found.p95, found.highest, found.used) == pytest.approx((10 / 110, 10 / 110, 2 / 3))


def test_missing_phases_are_told():
    volts = [column("voltage", name, [440.0, 441.0], 440.0) for name in ("L1-L2", "L2-L3")]
    assert "quality_voltage_phase_absent" in keys(analyse_quality(volts, "EN", 440.0))
    amps = [column("current", f"L{i + 1}", [level, level]) for i, level in enumerate((30.0, 31.0, 0.2))]
    found = next(f for f in analyse_quality(amps, "EN", None).findings if f.key == "quality_current_open")
    assert found.params["phase"] == "L3"
    powers = [column("power", f"L{i + 1}", [level, level]) for i, level in enumerate((10.0, -9.0, 10.0))]
    assert "load_phase_reversed" in keys(analyse_quality(powers, "EN", None))
    two = analyse_quality(amps[:2], "EN", None)
    assert "quality_current_phase_absent" in keys(two)
    assert two.current_unbalance is None


def test_phase_to_neutral_voltages_tell_no_unbalance():
    volts = [column("voltage", f"L{i}-N", [254.0, 260.0], 254.0) for i in (1, 2, 3)]
    assert analyse_quality(volts, "EN", 440.0).unbalance is None
