"""The tutorial on rules works as written: its files, its commands, its notebook."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner

from agents.compiled import PLAIN
from agents.pointers import through, watched
from experiments.__main__ import main
from experiments.runs import Source, Task, run_once, run_stored
from model.governance import GovernanceModel
from model.rulebook import rules_from_source
from model.scenario import Scenario

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```", PAGE, re.S | re.M))
SMALL = Scenario(days=40, burn_in=10, residents=80, streets=3)


def test_every_file_of_the_page_is_there():
    assert set(FILES) == {"my_rules.py", "tired.py", "cooperative.py", "hotline.py", "our_reform.py"}


def test_the_notebook_is_the_tutorial():
    import generate

    told = (ROOT / "docs" / "rules.ipynb").read_text(encoding="utf-8")
    assert told == generate.notebook(PAGE), "run `python docs/generate.py`"
    nbformat.validate(nbformat.reads(told, as_version=4))


@pytest.mark.slow
def test_the_notebook_runs(tmp_path):
    """Cell by cell in IPython, as a notebook would, without a server; its comparisons smaller than written."""
    cells = json.loads((ROOT / "docs" / "rules.ipynb").read_text(encoding="utf-8"))["cells"]
    written = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    codes = [code.replace("--seeds 4 --days 60", "--seeds 2 --days 35 --set burn_in=5 --set streets=2") for code in written]
    assert len(codes) == 6 and sum(map(str.__ne__, codes, written)) == 2
    script = ("import json, sys\nfrom IPython.core.interactiveshell import InteractiveShell\n"
              "shell = InteractiveShell.instance()\n"
              "for code in json.load(sys.stdin):\n"
              "    shell.run_cell(code).raise_error()\n"
              "    assert not shell.user_ns.get('_exit_code'), code\n")
    done = subprocess.run([sys.executable, "-c", script], input=json.dumps(codes), capture_output=True, text=True,
                          cwd=tmp_path, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "fine." in done.stdout
    assert "my_rules" in done.stdout.split("against the default rules")[-1]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FILES if name != "our_reform.py"])
def test_every_file_moves_something_and_leaves_a_comparison_neutral(name):
    source = Source(name, FILES[name])
    told = [run_stored(Task(SMALL, regime, 4, source)) for regime in ("layered", "whistle")]
    a, b = (t["neutrality"] for t in told)
    assert (a["world"], a["burn_in"], a["paid_hours"]) == (b["world"], b["burn_in"], pytest.approx(b["paid_hours"]))
    assert told[0]["row"] != run_once(SMALL, "layered", 4)


def test_a_cooperative_solves_cases_and_a_hotline_asks():
    model = GovernanceModel(SMALL, "layered", rng=3, rules=rules_from_source(FILES["cooperative.py"])).run()
    assert sum(agent.solved for agent in model.agents if type(agent).__name__ == "Cooperative") > 0
    model = GovernanceModel(SMALL, "layered", rng=3, rules=rules_from_source(FILES["hotline.py"])).run()
    (centre,) = (agent for agent in model.agents if type(agent).__name__ == "HotlineCentre")
    assert centre.asked > 0


@pytest.mark.slow
def test_the_rule_of_the_page_is_compiled_and_does_what_it_says():
    rule = rules_from_source(FILES["my_rules.py"]).split_attention
    assert PLAIN or watched("split_attention", rule).compiled
    ones, backlog = np.ones(6), np.array([9.0, 9, 1, 2, 3, 9])
    assert rule(ones, ones, ones, backlog, 8.0, 1.0) == pytest.approx([2 / 3, 2 / 3, 1, 2, 3, 2 / 3])
    assert rule(ones[:3], ones[:3], ones[:3], backlog[:3], 8.0, 1.0) == pytest.approx([3.5, 3.5, 1])


def test_what_the_page_says_is_called_as_it_is_is_and_the_rest_is_compiled():
    """One line of code for each thing that it names."""
    said = " ".join(PAGE.split("### What is compiled")[1].split("\n## ")[0].split())
    called = {"`try`": "    try:\n        return 0.0\n    except ValueError:\n        return 1.0\n",
              "texts": "    return len('a' * 2) * 0.0\n", "dictionaries": "    return {0: 0.0}[0]\n",
              "comprehensions": "    return min([k for k in (0.0, 1.0)])\n",
              "multiplies whole numbers": "    f = 1\n    for k in range(1, 30):\n        f = f * k\n    return 1 / f\n",
              "calls itself": "    return rating(timely, kindness - 1) if kindness > 0 else 0.0\n",
              "a list": "    return _list[0]\n", "an array": "    return _array[0]\n", "`global`": "    return _changing\n"}
    compiled = {"Numbers": "    return _number\n", "tuples": "    return _tuple[1]\n", "helper functions": "    return _half(kindness)\n",
                "numpy": "    return np.clip(kindness, 0.0, 0.5)\n", "loops": "    for k in range(3):\n        kindness *= 0.5\n    return kindness\n"}
    space = ("import numpy as np\n_number, _tuple, _list, _array, _changing = 0.5, (0.1, 0.2), [0.1], np.zeros(2), 0.5\n"
             "def _half(x):\n    return x / 2\ndef _set():\n    global _changing\n    _changing = 1.0\n")
    for name, body in {**called, **compiled}.items():
        assert name in said
        rule = rules_from_source(f"{space}def rating(timely, kindness):\n{body}").rating
        assert PLAIN or watched("rating", rule).compiled == (name in compiled), name
        assert through("rating", watched("rating", rule))(0.5, 0.5) == rule(0.5, 0.5)


# --- a reform of one's own, and a power that does not exist --------------------------------------------------------


@pytest.mark.slow
def test_the_reform_of_the_page_is_fit_and_compared(tmp_path, monkeypatch):
    (tmp_path / "our_reform.toml").write_text(re.search(r"^```toml\n(# our_reform.toml\n.*?)^```", PAGE, re.S | re.M)[1])
    (tmp_path / "our_reform.py").write_text(FILES["our_reform.py"])
    small = ["--region", "rich", "--seeds", "2", "--days", "40", "--set", "burn_in=10", "--set", "residents=80", "--set", "streets=3", "--workers", "1"]
    monkeypatch.chdir(tmp_path)
    for words, said in ((["check-reform", "our_reform.toml"], "our_reform.toml: fine."),
                        (["compare", "--regimes", "layered,our_reform.toml", *small], "our_reform")):
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0 and said in done.stdout, done.stderr[-2000:]
        assert "state directly" not in done.stdout


def applied(diff, folder):
    """Make the edits of a diff, whose hunks need no line numbers: what they show must stand in the file once."""
    for name, hunk in re.findall(r"^--- a/(\S+)\n\+\+\+ .*\n@@ @@\n((?:[ +-].*\n?)+?)(?=^--- |\Z)", diff, re.M):
        lines = hunk.splitlines()
        before, after = ("\n".join(line[1:] for line in lines if line[0] != sign) for sign in "+-")
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, (name, before)
        path.write_text(text.replace(before, after), encoding="utf-8")
        yield name


POWER = """
from model.governance import GovernanceModel
from model.scenario import Scenario
small = Scenario(days=90, burn_in=20, streets=2, residents=80, departments=6, cadres=8, depth=1.0, cooldown=0)
runs = [GovernanceModel(small, regime, rng=2).run() for regime in ("layered", "layered+announced=.9")]
a, b = (run.record.column("faults").sum() for run in runs)
assert 0 < b < a, (a, b)
assert runs[0].neutrality()["paid_hours"] == runs[1].neutrality()["paid_hours"]
print("less is found")
"""


@pytest.mark.slow
def test_the_worked_example_of_a_new_power_works(tmp_path):
    (diff,) = re.findall(r"^```diff\n(.*?)^```", PAGE, re.S | re.M)
    for package in ("agents", "model", "languages"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    assert len(set(applied(diff, tmp_path))) == 3
    done = subprocess.run([sys.executable, "-c", POWER], cwd=tmp_path, capture_output=True, text=True, timeout=600,
                          env={**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_DISABLE_JIT": "1"})
    assert done.stdout == "less is found\n", done.stderr[-2000:]
