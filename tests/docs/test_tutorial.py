"""The tutorial on rules works as written: its files, its commands, its notebook."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from experiments.runs import Source, Task, run_once, run_task
from model.governance import GovernanceModel
from model.rulebook import rules_from_source
from model.scenario import Scenario

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\S+\.py)\n(.*?)^```", PAGE, re.S | re.M))
SMALL = Scenario(days=40, burn_in=10, residents=80, streets=3)


def test_every_file_of_the_page_is_there():
    assert set(FILES) == {"my_rules.py", "tired.py", "cooperative.py", "hotline.py"}


def test_the_notebook_is_the_tutorial():
    import generate

    told = (ROOT / "docs" / "rules.ipynb").read_text(encoding="utf-8")
    assert told == generate.notebook(PAGE), "run `python docs/generate.py`"
    nbformat.validate(nbformat.reads(told, as_version=4))


def test_the_notebook_runs(tmp_path):
    """Cell by cell in IPython, as a notebook would, without a server."""
    cells = json.loads((ROOT / "docs" / "rules.ipynb").read_text(encoding="utf-8"))["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(codes) == 5
    script = ("import json, sys\nfrom IPython.core.interactiveshell import InteractiveShell\n"
              "shell = InteractiveShell.instance()\n"
              "for code in json.load(sys.stdin):\n"
              "    shell.run_cell(code).raise_error()\n"
              "    assert not shell.user_ns.get('_exit_code'), code\n")
    done = subprocess.run([sys.executable, "-c", script], input=json.dumps(codes), capture_output=True, text=True,
                          cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "fine." in done.stdout
    assert "my_rules" in done.stdout.split("against the default rules")[-1]


@pytest.mark.parametrize("name", FILES)
def test_every_file_moves_something_and_leaves_a_comparison_neutral(name):
    source = Source(name, FILES[name])
    told = [run_task(Task(SMALL, regime, 4, source)) for regime in ("layered", "whistle")]
    a, b = (t["neutrality"] for t in told)
    assert (a["world"], a["burn_in"], a["paid_hours"]) == (b["world"], b["burn_in"], pytest.approx(b["paid_hours"]))
    assert told[0]["row"] != run_once(SMALL, "layered", 4)


def test_a_cooperative_solves_cases_and_a_hotline_asks():
    model = GovernanceModel(SMALL, "layered", rng=3, rules=rules_from_source(FILES["cooperative.py"])).run()
    assert sum(agent.solved for agent in model.agents if type(agent).__name__ == "Cooperative") > 0
    model = GovernanceModel(SMALL, "layered", rng=3, rules=rules_from_source(FILES["hotline.py"])).run()
    assert model.record.column("hotline").sum() > 0
