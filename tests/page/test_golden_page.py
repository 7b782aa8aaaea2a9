"""Pictures and diaries are to the last per cent those of `golden.json`.

Made anew, when the model has changed on purpose, by `PYTHONPATH=.:tests/page python -m tests.page.test_golden_page`.
"""

import json
from pathlib import Path

import pytest
from pictures import days_of

from languages.text import Text, say
from model.scenario import Scenario
from page.definition import Definition
from page.eye import FIELDS
from page.session import Session

GOLDEN = Path(__file__).parent / "golden.json"
SMALL = Scenario(streets=3, departments=8, cadres=6, residents=120, days=50, burn_in=15, events=[
    {"day": 7, "kind": "whistle", "street": 1, "domain": 3}, {"day": 7, "kind": "emergency", "street": 2, "domain": 0},
    {"day": 12, "kind": "central_work", "street": 0, "domain": 4}, {"day": 13, "kind": "inspection", "street": 1, "domain": 0}])
REGIMES = {"essay": ("layered", "whistle"), "mixed": ("layered+merge_tasks", "whistle-slim+train")}
SEEN = {"leader": (1, 3), "department": (0, 5), "cadre": (4, 15), "resident": (17, 250)}
DAYS = 0, 8, 13, 49
DIARIES = 13,


def seen(regimes: tuple[str, str]) -> dict:
    """What a visitor sees on some days."""
    session, out = Session(Definition(SMALL, regimes, 5)), {}
    for day in DAYS:
        session.step(day - session.day)
        picture = session.snapshot()
        sides = [{name: days_of(picture, side, name)[-1].tolist() for name in FIELDS} for side in (0, 1)]
        out[str(day)] = {"sides": sides, "modes": session._modes.counts.tolist(), "diaries": [
            session.person(kind, n)["sides"][side] for side in (0, 1) for kind, some in SEEN.items() for n in some
            if day in DIARIES]}
    return json.loads(json.dumps(in_both(out)))


def in_both(value):
    """The same with every sentence in English and Chinese."""
    if isinstance(value, Text):
        return [str(value), say(value, "zh")]
    if isinstance(value, dict):
        return {k: in_both(v) for k, v in value.items()}
    return [in_both(v) for v in value] if isinstance(value, list | tuple) else value


def roughly(value):
    """The same with some room for floats."""
    if isinstance(value, dict):
        return {k: roughly(v) for k, v in value.items()}
    if isinstance(value, list):
        return [roughly(v) for v in value]
    return pytest.approx(value, abs=1e-6) if isinstance(value, float) else value


@pytest.mark.parametrize("name", REGIMES)
def test_pictures_and_diaries_are_as_they_were(name):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))[name]
    now = seen(REGIMES[name])
    for day in map(str, DAYS):
        assert now[day]["sides"] == golden[day]["sides"], day
        assert now[day]["modes"] == golden[day]["modes"]
        assert now[day]["diaries"] == [roughly(d) for d in golden[day]["diaries"]]


if __name__ == "__main__":
    made = {name: seen(regimes) for name, regimes in REGIMES.items()}
    GOLDEN.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
