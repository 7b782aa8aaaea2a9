"""What `check-rules` finds in rules files, and that nothing hangs it."""

import json
import re

import pytest
from click.testing import CliRunner
from samples import told_in_chinese

from agents.arguments import ARGUMENTS
from agents.rules import SLOTS, contract
from experiments.__main__ import main
from experiments.rulecheck import check
from experiments.ruletrial import CHECKS, try_rule
from experiments.runs import Source
from model.rulebook import rules_from_source

ONE = "def refuse_chance(rho):\n    return {}\n"
BAD = [
    # slot, body, check, line, what is said
    ("urgency", "    return age\n", "bounds", 1, "outside 0 to 1 given age = "),
    ("switching", "    if open_per_cadre > 3:\n        return 1.0\n", "bounds", 1, "end every branch with return"),
    ("switching", "    open_per_cadre * 2\n", "bounds", 1, "returned nothing"),
    ("learn_weight", "    return\n", "bounds", 1, "returned nothing"),
    ("learn_weight", "    x = 1\n    raise KeyError('lost')\n", "bounds", 3, "KeyError: 'lost'"),
    ("delivered", "    return 'all' if slack > 0.5 else 'none'\n", "bounds", 1, "not a number"),
    ("transmission_mode", "    return 'shout'\n", "bounds", 1, "not one of relay, tighten, translate"),
    ("split_attention", "    return backlog + 1\n", "bounds", 1, "more hours than the day has"),
    ("slack", "    motivation *= 0.5\n    return motivation\n", "purity", 1, "changes its arguments"),
    ("refuse_chance", "    import random\n    return random.random()\n", "purity", 1, "differently the second time"),
    ("volunteers", "    _seen.append(1)\n    return trust * ties / len(_seen)\n", "purity", 1, "differently the second"),
    ("fit", "    return x * 0 + x.mean()\n", "one_by_one", 1, "among others but"),
    ("slack", "    while True:\n        pass\n", "speed", 3, "takes more than 0.3 s"),
]


def source(slot, body):
    return f"def {slot}({', '.join(contract(slot).arguments)}):\n{body}\n\n_seen = []\n"


@pytest.mark.parametrize(("slot", "body", "name", "line", "said"), BAD, ids=[f"{s} {n}" for s, _, n, _, _ in BAD])
def test_what_is_wrong_is_told_with_its_line(slot, body, name, line, said):
    rule = getattr(rules_from_source(source(slot, body), "mine.py"), slot)
    row = try_rule(slot, rule, 0.3 if name == "speed" else 5.0)
    (problem,) = row["problems"]
    assert problem["check"] == name
    assert problem.get("line", 1) in ((line, line - 1) if name == "speed" else (line,))
    assert said in problem["error"]
    assert re.search("[\u4e00-\u9fff]", problem["error_zh"]) or said in problem["error_zh"]  # Python's own words stay
    assert row["times"] is None


@pytest.mark.parametrize("slot", SLOTS)
def test_every_default_passes(slot):
    row = try_rule(slot, SLOTS[slot].default, 5.0)
    assert row["problems"] == []
    assert all(row[name] for name in CHECKS)
    assert row["times"] > 0


def test_a_loop_that_python_cannot_interrupt_is_ended():
    text = "import itertools\ndef refuse_chance(rho):\n    return sum(itertools.count())\n"
    (problem,) = check(Source("hang.py", text), seconds=0.2).problems
    assert (problem["slot"], problem["line"], problem["check"]) == ("refuse_chance", 2, "speed")
    assert "cannot be interrupted" in problem["error"]


def test_a_rule_that_ends_its_process_is_told():
    (problem,) = check(Source("exit.py", "import os\n" + ONE.format("os._exit(3)"))).problems
    assert "ended the whole process" in problem["error"]


def run(*words):
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(("text", "code", "said"), [
    (ONE.format("0.0"), 0, "with other results than the default"),
    (ONE.format("1 - rho"), 0, "end exactly as with the default"),
    (ONE.format("0.5 if rho < 0.1 else 9"), 2, "line 1, refuse_chance: returned 0.5 to 9, outside 0 to 1 given rho = "),
    ("def refuse_chance(*, rho):\n    return 0\n", 2, "line 1: refuse_chance takes (rho), not (*, rho)"),
    ("def split_attention(weights, urgency, own, backlog, hours, kappa):\n    if backlog[0] > 0:\n        return backlog\n"
     "    return backlog * 0\n", 2, "line 2, split_attention: ValueError: The truth value of an array with more than one "
     "element is ambiguous. Use a.any() or a.all(); split_attention is given whole tables: write numpy.where"),
    ("def refuse_chance(rho):\n    return roh\n", 2, "is not defined; mend that line; `chuishao rules refuse_chance`"),
    ("def refuse_chance(rho)\n", 2, "line 1: expected ':'; mend the syntax"),
])
def test_the_command(tmp_path, text, code, said):
    path = tmp_path / "mine.py"
    path.write_text(text)
    result = run("check-rules", str(path))
    assert result.exit_code == code
    assert said in result.stdout


def test_the_command_as_json_and_in_chinese(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(ONE.format("2.0"))
    told = json.loads(run("check-rules", str(path), "--json").stdout)
    assert (told["ok"], told["slots"][0]["slot"], told["problems"][0]["line"]) == (False, "refuse_chance", 1)
    chinese = run("check-rules", str(path), "--lang", "zh")
    assert chinese.exit_code == 2
    assert f"{path} 第 1 行，refuse_chance：返回了" in chinese.stdout and "超出 0 至 1" in chinese.stdout
    assert "`chuishao rules refuse_chance` 说明可以返回什么" in chinese.stdout and "returned" not in chinese.stdout


def test_no_file_is_one_sentence(tmp_path):
    result = CliRunner().invoke(main, ["check-rules", str(tmp_path / "none.py")])
    assert result.exit_code == 2
    assert "there is no rules file" in result.output
    told_in_chinese(run("check-rules", str(tmp_path / "none.py"), "--lang", "zh"), "none.py")


def test_every_argument_of_every_slot_is_explained_and_none_else():
    used = {name for slot in SLOTS for name in contract(slot).arguments}
    assert used == set(ARGUMENTS)
    assert all(a.low < a.high and a.en and a.zh and a.unit for a in ARGUMENTS.values())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_slot_is_shown_with_what_it_is_given(lang):
    shown = run("rules", "slack", "--lang", lang).stdout
    assert getattr(ARGUMENTS["monitored"], lang) in shown
    assert "def slack(" in shown


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_columns_of_tables_are_named(lang):
    from agents import cadre

    shown = run("rules", "split_attention", "--lang", lang).stdout
    assert ("4 outreach" in shown) and ("columns, cadres" in shown) == (lang == "en")
    told = json.loads(run("rules", "split_attention", "--json").stdout)
    assert told["rules" if "rules" in told else "rule"]["kinds"]["cadres"] == list(cadre.KINDS)
