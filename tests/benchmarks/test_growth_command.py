"""How growth is measured: exponents, fresh processes, table and picture. No timing is asserted."""

from dataclasses import replace

import pandas as pd
import pytest
from click.testing import CliRunner

from benchmarks import alone, growth
from model.errors import InputError
from model.scenario import Scenario

TINY = dict(streets=1, departments=3, offices_slim=2, cadres=2, staff=1, days=35, burn_in=0)


def square(what, scenario):
    """Days cost x squared, memory the root; as many items wait as there is patience."""
    n = scenario.cadres
    return {"time": {"build_s": 1.0, "days_s": n**2 / 100, "resident_MB": 1.0},
            "memory": {"peak_MB": n**0.5, "waiting": 3.0 * scenario.patience}}[what]


def test_exponents_are_those_of_powers(monkeypatch):
    monkeypatch.setattr(growth, "measure", square)
    table = growth.grow(["cadres", "backlog"], None, 2)
    assert growth.steps(table, "cadres", "days_s") == pytest.approx([2.0] * 5)
    assert growth.steps(table, "cadres", "peak_MB") == pytest.approx([0.5] * 5)
    backlog = table[table["axis"] == "backlog"]
    assert backlog["x"].tolist() == [3.0 * n for n in growth.AXES["backlog"].sizes]
    assert "| cadres, same work | 12 – 400 |" in growth.told(table) and "2.00 · 2.00" in growth.told(table)


def test_every_size_is_a_district_of_its_own():
    for name, axis in growth.AXES.items():
        assert 4 <= len(axis.sizes) <= 6
        assert len({str(axis.make(size)) for size in axis.sizes}) == len(axis.sizes), name
    assert growth.AXES["residents"].sizes[-1] == 1_000_000


def test_the_command_measures_in_fresh_processes_and_draws(monkeypatch, tmp_path):
    tiny = replace(growth.AXES["residents"], sizes=(20, 40), make=lambda n: Scenario(residents=n, **TINY))
    monkeypatch.setitem(growth.AXES, "residents", tiny)
    done = CliRunner().invoke(growth.main, ["--quick", "--only", "residents", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "growth.csv")
    assert table["x"].tolist() == [20, 40] and (table[["days_s", "peak_MB", "waiting"]] > 0).all(axis=None)
    assert table["peak_MB"].is_monotonic_increasing
    drawn = (tmp_path / "growth.svg").read_text()
    assert "<svg" in drawn and "residents, same needs a day" in drawn and "memory ^" in drawn


def test_a_run_that_fails_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setattr(alone.sys, "executable", "/bin/false")
    with pytest.raises(InputError, match="a run of 3,000 residents failed: exit code 1"):
        alone.measure("time", Scenario())


def test_no_rounds_are_refused_in_one_sentence():
    done = CliRunner().invoke(growth.main, ["--rounds", "0"])
    assert done.exit_code == 2 and len(done.output.splitlines()) == 1 and "--rounds" in done.output
