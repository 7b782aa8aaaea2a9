"""What a visitor takes away can be read by others, and holds the run's own numbers."""

import io

import pandas as pd
import pytest

from model.governance import GovernanceModel
from model.measures import MEASURES
from model.scenario import Scenario
from page.definition import Definition
from page.files import file_name
from page.lab import export
from page.session import Session

SMALL = Scenario(streets=2, departments=6, cadres=6, residents=60, days=40, burn_in=10)


@pytest.fixture(scope="module")
def session():
    session = Session(Definition(SMALL, ("layered", "whistle"), 5))
    session.inject("emergency", 1)
    session.step(35)
    return session


def table(text):
    return pd.read_csv(io.StringIO(text))


def test_day_series_are_the_models_to_the_last_bit(session):
    got = table(export.series_csv(session))
    assert list(got.columns[:3]) == ["day", "side", "regime"]
    model = GovernanceModel(session.definition.scenario, "whistle", rng=5).run(45)
    mine = got[got["side"] == "B"].set_index("day")["trust"]
    assert mine.tolist() == model.series()["trust"].loc[0:].tolist() and len(mine) == 35


def test_measures_and_ledger_hold_both_sides(session):
    got = table(export.measures_csv(session)).set_index("measure")
    assert list(got.index) == list(MEASURES)
    assert got.loc["formalism_share", "b"] == session.measures()[1]["formalism_share"]
    ledger = table(export.ledger_csv(session))
    assert ledger["hours_a"].sum() == pytest.approx(ledger["hours_b"].sum())
    assert (ledger["b_minus_a"] == ledger["hours_b"] - ledger["hours_a"]).all()


def test_the_scenario_file_runs_again(session):
    again = Definition.from_toml(export.scenario_toml(session))
    assert again == session.definition and len(again.events) == 1
    second = Session(again)
    second.step(35)
    assert second.measures() == session.measures()


def test_a_closed_session_exports_empty_tables(session):
    closed = Session(Definition(SMALL))
    closed.close()
    assert [len(table(make(closed))) for name, make in export.FILES.items() if name.endswith("csv")] == [0, 0, 0]


def test_a_file_name_says_what_it_is_and_suits_every_system():
    definition = Definition(Scenario(name="两街/..\\x"), ("layered+two_way", "whistle"), 7)
    name = file_name(definition, "series.csv")
    assert name == "chuishao---..-x-layered+two_way-vs-whistle-seed7-series.csv" or name.isascii()
    assert not set(name) & set('/\\:*?"<>| ')
