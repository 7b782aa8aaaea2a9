"""Diaries add up to the day's budget and say only what the model holds."""

import json

import numpy as np
import pytest

from agents.queues import ENOUGH
from agents.work import ACTS
from languages.text import say
from model.scenario import Scenario
from page.definition import Definition
from page.diary import MOST_ITEMS, ROWS, count_of, diary_of
from page.session import Session
from page.words_engine import WORDS

SMALL = Scenario(streets=3, departments=8, cadres=8, residents=120, days=50, burn_in=15)
KINDS = ("leader", "department", "cadre", "resident")


@pytest.fixture(scope="module")
def session():
    session = Session(Definition(SMALL, ("layered", "whistle"), 5))
    session.step(30)
    return session


def day_of(session, side, kind, n):
    return diary_of(session._models[side], kind, n)


def worked_off(queues):
    """What a day's hours went into, from the rows of the table itself."""
    work = queues.work[queues.start[0]:queues.stop[-1]]
    return work[(work.given > 0) | (work.left <= ENOUGH)]


def total(diary):
    return sum(hours for _, hours, _ in diary["rows"])


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("kind", KINDS)
def test_every_diary_adds_up_to_its_budget(session, kind, side):
    for n in range(count_of(SMALL, kind)):
        diary = day_of(session, side, kind, n)
        assert total(diary) == pytest.approx(diary["total"], abs=1e-6)
        assert all(hours >= 0 for _, hours, _ in diary["rows"])
        budget = {"department": 8 * SMALL.staff, "resident": session._models[side].residents.civic[n]}.get(kind, 8)
        assert diary["total"] == budget or kind == "resident" and diary["total"] > budget


def test_the_cadres_diaries_are_the_days_ledger(session):
    for side, m in enumerate(session._models):
        hours = sum(dict((k, h) for k, h, _ in day_of(session, side, "cadre", n)["rows"]).get("act_polish", 0)
                    for n in range(count_of(SMALL, "cadre")))
        assert hours == pytest.approx(m.record.hours[-1, 2, ACTS.index("POLISH")])
        assert hours > 0


def test_rows_are_named_in_the_models_order_of_kinds():
    from agents import cadre, department, leader

    assert len(ROWS["cadre"]) == len(cadre.KINDS) + len(cadre.OVERHEADS)
    assert len(ROWS["leader"]) == len(leader.KINDS) and len(ROWS["department"]) == len(department.KINDS) + 2
    for key, kind in zip(ROWS["cadre"], cadre.KINDS + cadre.OVERHEADS, strict=True):
        assert kind in key


def test_every_key_and_text_has_both_languages(session):
    for kind in KINDS:
        for n in range(0, count_of(SMALL, kind), 5):
            diary = day_of(session, 1, kind, n)
            json.dumps(diary, allow_nan=False)
            keys = [row[0] for row in diary["rows"] + diary["state"]] + [item["act"] for item in diary["items"]]
            assert all(key in WORDS for key in keys)
            assert all(say(item["text"], "zh") not in ("", item["text"]) for item in diary["items"])
            assert say(diary["title"], "zh") != diary["title"]


def test_a_cadre_sees_what_his_desk_worked_on_today(session):
    seen = 0
    for n in range(count_of(SMALL, "cadre")):
        diary = day_of(session, 1, "cadre", n)
        m, work = session._models[1], worked_off(session._models[1].district.desk_work)
        desk = m.cadres.desk[n]
        mine = np.sort(work.given[work.queue // 4 == desk])[::-1][:MOST_ITEMS]
        assert [item["hours"] for item in diary["items"]] == pytest.approx(mine.tolist(), abs=0.006)
        assert dict(map(tuple, diary["state"]))["state_staff"] == (m.cadres.desk == desk).sum()
        seen += len(diary["items"])
    assert seen > 0


def test_a_resident_sees_his_unsettled_needs(session):
    m = session._models[0]
    for n in range(count_of(SMALL, "resident")):
        diary = day_of(session, 0, "resident", n)
        assert len(diary["items"]) == min(len(m.open_problems_of(n)), MOST_ITEMS)
    assert m.now.open_cases > 0


def test_nobody_has_an_empty_diary(session):
    assert day_of(session, 0, "cadre", 24) == {} == day_of(session, 0, "leader", -1)
    assert session.failure is None


def test_what_was_worked_on_today_is_the_departments_ledger():
    session = Session(Definition(SMALL, ("layered", "whistle"), 5))
    session.step(3)
    for m in session._models:
        work = worked_off(m.district.department_work)
        worth = np.array([m.rules.delivered(0.5, slack) for slack in m.departments.slack])
        paid = np.bincount(work.act, work.given / worth[work.site], len(ACTS))
        served = [n for n, name in enumerate(ACTS) if name not in ("IDLE", "RATED")]
        assert paid[served] == pytest.approx(m.record.hours[-1, 1, served]) and paid.sum() > 0
