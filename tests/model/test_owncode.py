"""A reform's own rules and hooks: read with the file, in force from the switch on, known by a mark in its name."""

from dataclasses import replace

import pytest

from agents.rules import Rules
from model import owncode
from model.errors import InputError
from model.governance import GovernanceModel
from model.owncode import OwnCode
from model.regimes import parse_regime, said
from model.scenario import Scenario

SMALL = dict(streets=2, departments=4, cadres=4, residents=30, staff=1, days=40, burn_in=20, cooldown=0)
PUSHES = '''
def never(core, supervise):
    """Departments keep their jobs. Assumption."""
    return 0.0
'''
REFORM = '[rules]\nfile = "mine.py"\npush_chance = "never"\n'


def reform(folder, toml=REFORM, python=PUSHES, name="keepers"):
    folder.mkdir(exist_ok=True)
    (folder / "mine.py").write_text(python)
    path = folder / f"{name}.toml"
    path.write_text(toml)
    return str(path)


def run(regime, **more):
    return GovernanceModel(Scenario(**{**SMALL, **more}), regime, rng=3).run()


def test_its_rules_hold_from_the_switch_on_and_not_before(tmp_path):
    path = reform(tmp_path)
    ours, layered = run(path), run("layered")
    switch = SMALL["burn_in"]
    pushed = ours.jobs.pushed
    assert ours.record.digest(switch) == layered.record.digest(switch)
    assert layered.jobs.pushed[layered.jobs.born > switch].any()
    assert not pushed[ours.jobs.born > switch].any() and pushed.any() == layered.jobs.pushed[
        layered.jobs.born <= switch].any()


def test_a_fork_at_the_switch_gives_the_same_as_a_run_from_the_start(tmp_path):
    path = reform(tmp_path)
    start = GovernanceModel(Scenario(**SMALL), rng=3).run(SMALL["burn_in"])
    forked = start.fork(path).run()
    assert forked.measures() == run(path).measures()
    assert start.fork("layered").run().measures() == run("layered").measures()


def test_its_rules_take_the_place_of_rules_that_hold_under_every_regime(tmp_path):
    def always(core, supervise):
        return 1.0

    rules = replace(Rules(), push_chance=always)
    model = GovernanceModel(Scenario(**SMALL), reform(tmp_path), rng=3, rules=rules).run()
    born = model.jobs.born
    assert not model.jobs.pushed[born > SMALL["burn_in"]].any() and model.jobs.pushed.any()


def test_hooks_start_with_it_and_only_one_that_writes_is_said_to_set_state(tmp_path):
    looks = "def at(model):\n    model.seen = [model.day]\ndef look(model):\n    model.seen.append(model.day)\n"
    toml = '[powers]\ndiscretion = 0.3\n[rules]\nfile = "mine.py"\n[hooks]\nat_start = "at"\neach_day = "look"\n'
    model = run(reform(tmp_path, toml, looks))
    assert model.seen == [20, *range(20, 60)]
    assert "sets_state" not in model.neutrality()
    assert model.measures() == run("layered+discretion=.3").measures()
    sets = looks + "    model.cadres.motivation = 0.9\n"
    assert run(reform(tmp_path, toml, sets)).neutrality()["sets_state"] is True


@pytest.mark.parametrize("python, said_of", [
    ("def h(model):\n    model.cadres.motivation = 7\n", "motivation is 7 in row 0, outside 0 to 1"),
    ("def h(model):\n    model.departments.rating = float('nan')\n", "departments.rating is no finite number"),
    ("def h(model):\n    1 / 0\n", "hook each_day failed on day 0: ZeroDivisionError")])
def test_a_hook_is_held_to_what_can_be(tmp_path, python, said_of):
    with pytest.raises(RuntimeError, match=said_of):
        run(reform(tmp_path, '[rules]\nfile = "mine.py"\n[hooks]\neach_day = "h"\n', python))


@pytest.mark.parametrize("toml, python, said_of", [
    ('[rules]\npush_chance = "never"\n', PUSHES, "needs the Python file"),
    ('[hooks]\neach_day = "never"\n', PUSHES, "needs the Python file"),
    ('[rules]\nfile = "../mine.py"\n', PUSHES, "beside it"),
    ('[rules]\nfile = "other.py"\npush_chance = "never"\n', PUSHES, "there is no rules file"),
    ('[rules]\nfile = "mine.py"\npush_chance = "nevr"\n', PUSHES, r"did you mean 'never'\? \(keepers.toml, line 3\)"),
    ('[rules]\nfile = "mine.py"\npush_chanc = "never"\n', PUSHES, "did you mean 'push_chance'"),
    ('[rules]\nfile = "mine.py"\npush_chance = 3\n', PUSHES, "is no text"),
    ('[rules]\nfile = "mine.py"\n[hooks]\neach_dy = "never"\n', PUSHES, "did you mean 'each_day'"),
    ('[rules]\nfile = "mine.py"\n[hooks]\neach_day = "never"\n', PUSHES, r"takes \(model\)"),
    (REFORM, "def never(core):\n    return 0.0\n", r"takes \(core, supervise\)"),
    (REFORM, "def never(core, supervise)\n", "mend the syntax")])
def test_what_does_not_fit_is_refused_in_one_sentence(tmp_path, toml, python, said_of):
    with pytest.raises(InputError, match=said_of) as caught:
        parse_regime(reform(tmp_path, toml, python))
    assert "\n" not in str(caught.value)


def test_its_name_holds_the_levels_and_a_mark_that_changes_with_the_code_alone(tmp_path):
    levels = "[powers]\ndiscretion = 0.3\n" + REFORM
    one = parse_regime(reform(tmp_path, levels))
    assert one.name == f"keepers@{one.own.mark}:layered+discretion=0.3" and said(one.name, "en") == "keepers"
    assert parse_regime(one.name) == one and parse_regime(one.name).own == one.own
    again = parse_regime(reform(tmp_path, "# more words\n" + levels))
    other = parse_regime(reform(tmp_path, levels, PUSHES.replace("0.0", "0.5")))
    assert again.name == one.name != other.name
    twin = parse_regime(reform(tmp_path, levels.replace("0.3", "0.4"), name="twins"))
    assert twin.own.mark != one.own.mark and "0.4" in twin.own.text and "twins" in twin.own.path


def test_a_name_without_its_code_is_read_but_not_run(tmp_path, monkeypatch):
    name = parse_regime(reform(tmp_path)).name
    monkeypatch.setattr(owncode, "KNOWN", {})
    monkeypatch.setattr("model.regimes.KNOWN", {})
    assert parse_regime(name).levels == {}
    with pytest.raises(InputError, match="are not here; give the regime's own TOML file"):
        GovernanceModel(Scenario(**SMALL), name)


def test_it_goes_by_itself(tmp_path):
    with pytest.raises(InputError, match="goes by itself"):
        parse_regime(f"{reform(tmp_path)}+discretion=.3")


def test_it_travels_as_text():
    own = OwnCode("mine.py", PUSHES, (("push_chance", "never"),))
    assert own.slots["push_chance"](1.0, 1.0) == 0.0 and own.called == {}
