"""The chain of causes: parts add up, figures are the models', and nothing is claimed that they do not show."""

import json

import numpy as np
import pytest

from agents.department import KINDS, RESPOND
from agents.work import BINDING, NEVER
from languages.text import say
from model.measures import HEADLINES, MEASURES
from model.scenario import Scenario
from page.definition import Definition
from page.looking import owed_to_streets
from page.session import Session
from page.why import CHAINS

SMALL = Scenario(streets=3, departments=8, cadres=8, residents=120, days=60, burn_in=15, emergency_rate=10.0)


@pytest.fixture(scope="module")
def session():
    session = Session(Definition(SMALL, ("layered", "whistle"), 5))
    session.step(50)
    return session


@pytest.mark.parametrize("measure", HEADLINES)
def test_the_first_link_is_the_headline_itself(session, measure):
    a, b = (m[measure] for m in session.measures())
    head, *links = session.why(measure)
    assert (head["a"], head["b"], head["delta"]) == (a, b, b - a)
    assert links and all(link["level"] >= 1 for link in links)
    assert say(MEASURES[measure].label, "zh") in say(head["text"], "zh") and MEASURES[measure].label in head["text"]


@pytest.mark.parametrize("measure", ["served_cases", "formalism_share"])
def test_the_parts_add_up_to_the_difference(session, measure):
    head, *links = session.why(measure)
    parts = [link["delta"] for link in links if link["level"] == 1]
    assert sum(parts) == pytest.approx(head["delta"], abs=1e-12)
    assert len(parts) >= 3


def test_an_emergency_is_its_first_hours_times_the_days_after(session):
    links = {link["text"].split(":")[0]: link for link in session.why("emergency_success")}
    first, after = (next(link for text, link in links.items() if words in text) for words in ("first hours", "days after"))
    for side, m in zip("ab", session._models, strict=True):
        e = m.emergencies
        over = (e.born >= 15) & (e.success == e.success)
        assert over.any()
        assert first[side] == pytest.approx(e.first[over].mean())
        assert after[side] == pytest.approx((e.success[over] / e.first[over]).mean())


def test_hours_owed_are_those_of_whistles_that_wait(session):
    layered, whistle = (owed_to_streets(m) for m in session._models)
    for m, owed in zip(session._models, (layered, whistle), strict=True):
        queues, kinds = m.district.department_work, len(KINDS)
        for department in range(8):
            q = kinds * department + RESPOND
            work = queues.work[queues.start[q]:queues.stop[q]]
            fresh = queues.fresh[:queues.head[0].fresh]
            lots = np.concatenate([work["left"][wanted(m, work)], fresh["left"][wanted(m, fresh) & (fresh["queue"] == q)]])
            assert owed[department] == pytest.approx(lots.sum())
    assert whistle.sum() > layered.sum()


def wanted(m, work):
    """Which pieces bind and are about something that goes on."""
    died = m.district.died[work["thing"]]
    return (work["priority"] == BINDING) & (died > m.day) & (died <= NEVER)


@pytest.mark.parametrize("measure", [*HEADLINES, "trust", "wait_p50"])
def test_links_rest_on_the_ledger_and_claim_by_sign(session, measure):
    ledger = {(who, act): (a, b) for who, act, a, b, _ in session.ledger()}
    words = {("act_" + act): (who, act) for who, act in ledger}
    assert words
    for link in session.why(measure):
        json.dumps(link, allow_nan=False)
        assert say(link["text"], "zh") != link["text"]
        assert link["pull"] in (-1, 0, 1)
        for row in link["rows"]:
            assert row[-1] == pytest.approx(row[-2] - row[-3])
            if len(row) == 5 and (row[2] or row[3]):
                assert any(pair == (pytest.approx(row[2]), pytest.approx(row[3])) for pair in ledger.values())


def test_two_equal_sides_claim_nothing():
    session = Session(Definition(SMALL, ("whistle", "whistle"), 5))
    session.step(40)
    for measure in HEADLINES:
        links = session.why(measure)
        assert {link["delta"] for link in links} == {0.0}
        assert {link["pull"] for link in links} == {0}


def test_a_headline_without_a_value_yet_has_one_link():
    session = Session(Definition(SMALL, ("layered", "whistle"), 5))
    (link,) = session.why("served_cases")
    assert link["delta"] is None and "no value yet" in link["text"]


def test_a_measure_without_a_chain_claims_no_cause(session):
    _, *links = session.why("trust")
    assert 1 <= len(links) <= 4
    assert {link["pull"] for link in links} == {0}
    sizes = [abs(link["delta"]) for link in links]
    assert sizes == sorted(sizes, reverse=True)


def test_every_headline_has_a_chain():
    assert set(CHAINS) >= set(HEADLINES)
