"""`chuishao trace`: one life under two regimes, told from the tables every evening."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from agents.work import Act, Fate
from experiments.__main__ import main
from model.errors import InputError
from model.governance import GovernanceModel
from model.history import DOING, history
from model.scenario import Scenario

SMALL = {"streets": 2, "departments": 6, "cadres": 6, "residents": 60, "days": 40, "burn_in": 20}
SETS = [part for name, value in SMALL.items() for part in ("--set", f"{name}={value}")]


def small(regime="layered", seed=1, **changes):
    return GovernanceModel(Scenario(**{**SMALL, **changes}), regime, rng=seed)


def called(*arguments):
    return CliRunner().invoke(main, ["trace", *SETS, *arguments])


def settled(m, *fates):
    """Rows of needs that were voiced and ended so."""
    p = m.problems
    return np.flatnonzero(np.isin(p.fate, fates) & (p.voiced >= 0))


def test_the_life_of_a_solved_case_goes_from_birth_to_its_end():
    whole = small().run()
    row = int(settled(whole, Fate.SERVED)[0])
    told = history(small(), "case", row)
    assert told[0].day == whole.problems.born[row] - 20
    assert told[0].what.startswith("arises on Street")
    assert [e.day for e in told if e.what.startswith("is voiced")][-1] == whole.problems.voiced[row] - 20
    assert told[-1].day == whole.problems.closed[row] - 20
    assert "solved in time" in told[-1].what


@pytest.mark.slow
def test_the_hours_told_of_all_cases_are_those_delivered_on_cases():
    """Hours told are delivered ones: less than the paid ones of the ledger, by what motivation and slack take."""
    few = dict(need_rate=0.002, disturb_rate=0.0, cause_share=0.0, days=35, burn_in=5, cooldown=0)
    m = small(**few)
    rows = range(m.world.arrivals)
    assert len(rows) > 20
    lives = [history(small(**few), "case", row) for row in rows]
    told = sum(e.hours for life in lives for e in life if e.hours)
    paid = m.run().record.hours[:, :, [Act.CASEWORK, Act.RESPOND]].sum()
    assert 0.6 * paid < told <= paid + 0.01 * len(rows)


def test_all_work_that_waits_in_queues_has_words():
    text = "".join(path.read_text(encoding="utf-8") for path in Path(history.__code__.co_filename).parent.glob("*.py"))
    acts = set(re.findall(r"(?:add_to_\w+|put_copy|ask_desk)\([^)]*?Act\.(\w+)", text))
    assert {"REWORK", "CASEWORK", "CORE"} <= acts and [act for act in acts if Act[act] not in DOING] == []


def test_following_changes_nothing():
    plain, followed = small("whistle").run(), small("whistle")
    history(followed, "case", 3)
    assert followed.record.digest(60) == plain.record.digest(60)


def test_departments_are_asked_and_answer():
    m = small(seed=2).run()
    asked = settled(m, Fate.SERVED, Fate.LATE)
    row = next(int(r) for r in asked if m.problems.authority[r])
    said = [e.what for e in history(small(seed=2), "case", row)]
    assert said.index("is asked") < said.index("has done its part")


def test_a_directive_is_issued_arrives_and_ends():
    told = [str(e.what) for e in history(small(), "directive", 0)]
    assert any("issued" in what for what in told)
    assert sum(what.startswith("arrives") for what in told) == 2  # one a street


def test_cadres_of_a_merged_office_go_by_its_first_and_last_department():
    town = {"department": [{"name": name} for name in ("Roads", "Parks", "Water", "Police", "Health")], "departments": 5}
    m = small("layered+offices=2", **town)
    row = int(np.flatnonzero(m.ideas.born >= 20)[0])  # from the switch on
    name = "cadres (Roads – Water)" if m.ideas.domain[row] < 3 else "cadres (Police – Health)"
    assert {str(e.who) for e in history(m, "directive", row) if str(e.who).startswith("cadres")} == {name}


def test_a_cadre_s_days_add_up():
    told = history(small(), "cadre", 3, until=25)
    days = {}
    for entry in told:
        days[entry.day] = days.get(entry.day, 0.0) + entry.hours
    assert sorted(days) == list(range(-20, 5))
    assert list(days.values()) == pytest.approx([8.0] * 25, abs=0.05)  # hours are told to the hundredth


def test_a_resident_s_life_is_that_of_their_needs():
    m = small().run()
    who = int(m.problems.resident[settled(m, Fate.SERVED)[0]])
    assert any("is voiced" in e.what for e in history(small(), "resident", who))


@pytest.mark.parametrize(("kind", "index", "said"), [("mayor", 0, "nothing is called 'mayor'"), ("cadre", 12, "there is no cadre 12"),
                                                    ("case", -1, "there is no case -1")])
def test_nobody_is_refused_in_a_sentence(kind, index, said):
    with pytest.raises(InputError, match=said):
        history(small(), kind, index)


def test_the_command_shows_both_sides_and_says_it_in_chinese():
    done = called("--case", "5")
    assert done.exit_code == 0, done.output
    assert "layered" in done.output and "whistle" in done.output
    assert "案件" in called("--case", "5", "--lang", "zh").output


def test_json_holds_the_same_days():
    told = json.loads(called("--case", "5", "--json").output)
    assert set(told["regimes"]) == {"layered", "whistle"}
    assert [e for e in told["regimes"]["layered"] if e["day"] < 0] == [e for e in told["regimes"]["whistle"] if e["day"] < 0]


def test_without_a_name_cases_are_suggested_that_can_be_followed():
    rows = json.loads(called("--json").output)["cases"]
    assert rows
    assert called("--case", str(rows[0])).exit_code == 0


@pytest.mark.parametrize(("arguments", "said"), [
    (["--case", "1", "--directive", "2"], "exclude each other"), (["--person", "cadre"], "KIND:NUMBER"),
    (["--person", "mayor:1"], "KIND:NUMBER"), (["--case", "99999"], "there is no case 99999"), (["--region", "nowhere", "--case", "1"], "nowhere")])
def test_wrong_input_is_one_sentence(arguments, said):
    done = called(*arguments)
    assert done.exit_code == 2
    assert said in done.output
