"""The engine gives what it gave when the second edition was made (`tests/golden`): fates, hours and measures."""

import json

import pytest
from golden.configurations import CONFIGURATIONS, HERE

GOLDEN = json.loads((HERE / "second_edition.json").read_text(encoding="utf-8"))
TOLERANCE = 1e-6
"""Relative, and absolute below 1. Adding many floats in another order, or a power one bit off, moves a measure by some
1e-14 (noise of 3e-15 put into the hours the first engine split moved none by more than 1e-13); where a single directive
was transmitted otherwise, some measure moved by 5e-5."""


LONG = ("full-difficult-layered", "full-difficult-whistle", "full-stress-load", "full-two-years")


def close(value: float | None, golden: float | None, allowed: float) -> bool:
    """Both are undefined, or they differ by no more than is allowed."""
    return value is golden if value is None or golden is None else abs(value - golden) <= allowed


def told(what: str, value, golden) -> str:
    """One difference as a failure names it."""
    return f"{what}: {value!r}, golden {golden!r}"


def differences(results: dict, golden: dict, days: int) -> list[str]:
    """All that is not as it was."""
    out = []
    for table in results["accounts"].keys() | golden["accounts"].keys():  # whole numbers: equal to the one
        mine, theirs = results["accounts"].get(table, {}), golden["accounts"].get(table, {})
        out += [told(f"accounts {table}.{name}", mine.get(name), theirs.get(name))
                for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)]
    assert results["measures"].keys() == golden["measures"].keys()
    for name, value in golden["measures"].items():
        if not close(results["measures"][name], value, TOLERANCE * max(1.0, abs(value or 0.0))):
            out.append(told(f"measure {name}", results["measures"][name], value))
    # An hour that one activity loses to rounding goes to another, so the rounding of each grows with the hours of all:
    # 1e-9 of them (some 1e5 additions of doubles, each right to 1e-16), and not less than 1e-6 h. The ledger leaves
    # out activities without hours.
    allowed = TOLERANCE * max(1.0, sum(golden["hours"].values()) / 1000)
    for name in results["hours"].keys() | golden["hours"].keys():
        value, before = results["hours"].get(name, 0.0), golden["hours"].get(name, 0.0)
        if not close(value, before, allowed):
            out.append(told(f"hours {name}", value, before))
    assert results["series"].keys() == golden["series"].keys()
    for name, value in golden["series"].items():  # a sum of as many values as there are days, each held like a measure
        if not close(results["series"][name], value, TOLERANCE * max(days, abs(value))):
            out.append(told(f"sum of series {name}", results["series"][name], value))
    return sorted(out)


def test_every_configuration_is_written_down_once():
    names = [configuration.name for configuration in CONFIGURATIONS]
    assert sorted(names) == sorted(GOLDEN)


@pytest.mark.parametrize("configuration", [
    pytest.param(one, id=one.name, marks=pytest.mark.slow if one.name in LONG else ()) for one in CONFIGURATIONS])
def test_a_run_is_as_it_was_when_the_edition_was_made(configuration):
    found = differences(configuration.results(), GOLDEN[configuration.name], configuration.scenario().horizon)
    assert not found, "\n".join([f"{configuration.name}: {len(found)} differences", *found])
