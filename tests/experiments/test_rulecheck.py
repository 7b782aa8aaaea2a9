"""What `check-rules` finds in rules files, and that nothing hangs it."""

import re

import pytest
from click.testing import CliRunner
from samples import told_in_chinese, tried_here

from agents.arguments import ARGUMENTS
from agents.compiled import PLAIN
from agents.rules import SLOTS, contract
from experiments import ruletrial
from experiments.__main__ import main
from experiments.rulecheck import check
from experiments.ruletrial import CHECKS, try_rule
from experiments.runs import Source
from languages.text import say
from model.rulebook import rules_from_source

compiled_only = pytest.mark.skipif(PLAIN, reason="nothing is compiled")
ONE = "def rating(timely, kindness):\n    return {}\n"
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
    ("split_attention", "    backlog *= 0.1\n    return backlog * 0\n", "purity", 1, "changes its arguments"),
    ("rating", "    import random\n    return random.random()\n", "purity", 1, "differently the second time"),
    ("volunteers", "    _seen.append(1)\n    return trust * ties / len(_seen)\n", "purity", 1, "differently the second"),
    ("fit", "    return x * 0 + x.mean()\n", "bounds", 2, "AttributeError: 'float' object has no attribute 'mean'"),
    ("slack", "    return 1 / (motivation * 0)\n", "bounds", 2, "ZeroDivisionError: float division by zero"),
    ("slack", "    while True:\n        pass\n", "speed", 3, "takes more than 0.3 s"),
    ("slack", "    for k in range(10 ** 15):\n        pass\n    return 0.0\n", "speed", 3, "takes more than 0.3 s"),
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
    assert row["times"] is row["ns"] is row["compiled"] is None


@pytest.mark.parametrize("slot", ["split_attention", "transmission_mode", "inspection_finds", "fit"])
def test_a_default_passes(slot):
    """One of each kind of answer: hours, a word, yes or no, a number; tests/agents asks the same of every default."""
    row = try_rule(slot, SLOTS[slot].default, 5.0)
    assert row["problems"] == []
    assert all(row[name] for name in CHECKS)
    assert row["compiled"] != PLAIN
    assert row["times"] > 0 and row["ns"] > 0


@compiled_only
def test_a_compiled_rule_that_answered_otherwise_than_in_python_would_be_told(monkeypatch):
    monkeypatch.setattr(ruletrial, "through", lambda slot, pointer: lambda *args: 0.25)
    rule = rules_from_source(source("fit", "    return 0.75\n")).fit
    row = try_rule("fit", rule, 5.0)
    assert [problem["check"] for problem in row["problems"]] == ["one_by_one"]
    assert row["problems"][0]["error"] == "answers 0.25 compiled but 0.75 in Python"


@compiled_only
@pytest.mark.parametrize(("slot", "body", "compiled"), [
    ("urgency", "    return min(max(age / due, 0.1), 1.0) if due > 0 else 1.0\n", True),
    ("urgency", "    _seen.append(1)\n    return 0.5\n", False),
    ("transmission_mode", "    return 1\n", True), ("transmission_mode", "    return 'tighten'\n", False),
    ("inspection_finds", "    return adapted or done < elapsed\n", True),
    ("split_attention", "    return backlog * 0.0\n", True),
    ("split_attention", "    return {0: backlog * 0.0}[0]\n", False)])
def test_it_is_told_whether_a_rule_is_compiled_and_what_it_costs(slot, body, compiled):
    row = try_rule(slot, getattr(rules_from_source(source(slot, body)), slot), 5.0)
    assert row["problems"] == []
    assert row["compiled"] is compiled
    # far apart on any machine: a call into Python and a compiled one; both of the order of what they are held against
    assert (row["ns"] < 150) if compiled and slot != "split_attention" else row["ns"] > 50
    assert row["times"] < 20 if compiled else row["times"] > 1.5


def test_what_a_call_costs_grows_with_what_is_done_in_it():
    ns = []
    for rounds in (1, 300):
        body = f"    for k in range({rounds}):\n        age = (age + due) / (k + 1.5)\n    return age * 0\n"
        ns.append(try_rule("urgency", rules_from_source(source("urgency", body)).urgency, 5.0)["ns"])
    assert ns[1] > 5 * ns[0]


def test_a_loop_that_python_cannot_interrupt_is_ended():
    text = "import itertools\ndef rating(timely, kindness):\n    return sum(itertools.count())\n"
    (problem,) = check(Source("hang.py", text), seconds=0.2).problems
    assert (problem["slot"], problem["line"], problem["check"]) == ("rating", 2, "speed")
    assert "cannot be interrupted" in problem["error"]


@pytest.mark.slow
def test_a_rule_that_ends_its_process_is_told():
    (problem,) = check(Source("exit.py", "import os\n" + ONE.format("os._exit(3)"))).problems
    assert "ended the whole process" in problem["error"]
    assert (problem["check"], problem["line"]) == ("ended", 2)


@pytest.mark.slow
@pytest.mark.parametrize(("text", "said"), [
    ("import os\nos._exit(3)\n", "exit.py: ended the whole process when it was read; nothing in it may end Python"),
    ("import os\ndef each_day(model):\n    os._exit(3)\n", "exit.py: ended the whole process in the short run; nothing"),
])
def test_a_file_that_ends_its_process_outside_rules_is_told_without_a_line(text, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exit.py").write_text(text)
    assert said in run("check-rules", "exit.py").stdout
    assert "exit.py：" in run("check-rules", "exit.py", "--lang", "zh").stdout


def run(*words):
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def here(monkeypatch):
    tried_here(monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize(("text", "code", "said"), [
    (ONE.format("0.0"), 0, "with other results than the default"),
    (ONE.format("timely + kindness * (1 - timely)"), 0, "end exactly as with the default"),
    (ONE.format("0.5 if kindness < 0.1 else 9"), 2, "line 1, rating: returned 9, outside 0 to 1 given timely = "),
    ("def rating(*, timely, kindness):\n    return 0\n", 2, "line 1: rating takes (timely, kindness), not (*, timely, kindness)"),
    ("def split_attention(weights, urgency, own, backlog, hours, kappa):\n    if backlog > 0:\n        return backlog\n"
     "    return backlog * 0\n", 2, "line 2, split_attention: ValueError: The truth value of an array with more than one "
     "element is ambiguous. Use a.any() or a.all(); weights, urgency, own and backlog are arrays, one number a kind of work"),
    ("def split_attention(weights, urgency, own, backlog, hours, kappa):\n    return backlog / backlog.sum(axis=1)\n", 2,
     "split_attention is written for tables of agents × kinds, but is given one person"),
    ("def rating(timely, kindness):\n    return roh\n", 2, "is not defined; mend that line; `chuishao rules rating`"),
    ("def rating(timely, kindness)\n", 2, "line 1: expected ':'; mend the syntax"),
])
def test_the_command(tmp_path, text, code, said, here):
    path = tmp_path / "mine.py"
    path.write_text(text)
    result = run("check-rules", str(path))
    assert result.exit_code == code
    assert said in result.stdout


def test_what_is_wrong_is_reported_and_told_in_chinese(tmp_path, here):
    path = tmp_path / "mine.py"
    path.write_text(ONE.format("2.0"))
    report = check(Source(str(path), path.read_text()))
    assert (report.ok, report.problems[0]["line"]) == (False, 1)
    assert report.slots == [{"slot": "rating", "line": 1, "bounds": False, "purity": None, "one_by_one": None,
                             "compiled": None, "ns": None, "times": None, "says": None}]
    chinese = run("check-rules", str(path), "--lang", "zh")
    assert chinese.exit_code == 2
    assert f"{path} 第 1 行，rating：返回了" in chinese.stdout and "超出 0 至 1" in chinese.stdout
    assert "`chuishao rules rating` 说明可以返回什么" in chinese.stdout and "returned" not in chinese.stdout


@pytest.mark.slow
def test_compiled_and_called_are_told_in_both_languages(tmp_path, monkeypatch, here):
    monkeypatch.setenv("COLUMNS", "160")  # or a narrow terminal folds the lines
    path = tmp_path / "mine.py"
    path.write_text(ONE.format("0.5") + "def transmission_mode(hours_left, pressure, groundedness):\n    return 'relay'\n")
    report = check(Source(str(path), path.read_text()))
    assert report.ok and report.run["moved"]
    assert {row["slot"]: row["compiled"] for row in report.slots} == {"transmission_mode": False, "rating": not PLAIN}
    assert all(row["ns"] > 0 and row["times"] > 0 for row in report.slots)
    if not PLAIN:
        for lang, compiled, called in (("en", "compiled", "as it is"), ("zh", "已编译", "按原样")):
            lines = {line.split()[0]: line for line in run("check-rules", str(path), "--lang", lang).stdout.splitlines() if line}
            assert compiled in lines["rating"] and called in lines["transmission_mode"]
            assert all("×" in lines[slot] for slot in ("rating", "transmission_mode"))


def test_no_file_is_one_sentence(tmp_path):
    result = CliRunner().invoke(main, ["check-rules", str(tmp_path / "none.py")])
    assert result.exit_code == 2
    assert "there is no rules file" in result.output
    told_in_chinese(run("check-rules", str(tmp_path / "none.py"), "--lang", "zh"), "none.py")


def test_every_argument_of_every_slot_is_explained_and_none_else():
    used = {name for slot in SLOTS for name in contract(slot).arguments}
    assert used == set(ARGUMENTS)
    assert all(a.low < a.high and a.text and a.unit for a in ARGUMENTS.values())


def test_an_argument_nobody_described_says_what_is_to_be_done(monkeypatch):
    """As a new rule has it before its line in agents/arguments.py is written."""
    monkeypatch.delitem(ARGUMENTS, "monitored")
    monkeypatch.setenv("COLUMNS", "160")
    shown = run("rules", "slack")
    assert shown.exit_code == 0
    assert "not described yet; add a line for 'monitored' to agents/arguments.py" in shown.stdout
    assert "请在 agents/arguments.py 中为 'monitored' 加一行" in run("rules", "slack", "--lang", "zh").stdout
    assert try_rule("slack", SLOTS["slack"].default, 5.0)["problems"] == []
    assert "monitored" not in ARGUMENTS


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_slot_is_shown_with_what_it_is_given(lang):
    shown = run("rules", "slack", "--lang", lang).stdout
    assert say(ARGUMENTS["monitored"].text, lang) in shown
    assert "def slack(" in shown


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_columns_of_tables_are_named(lang):
    from agents import cadre

    shown = run("rules", "split_attention", "--lang", lang).stdout
    assert ("4 outreach" in shown) and ("columns, cadres" in shown) == (lang == "en")
    assert all(f"{n} {kind}" in shown for n, kind in enumerate(cadre.KINDS))
