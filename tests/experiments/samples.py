"""Small plans, folders of their results, and results made up so that every statistic is known beforehand."""

import multiprocessing
import re
import sys
from html import escape
from pathlib import Path
from types import SimpleNamespace

import pytest
from told import all_chinese

from experiments import rulecheck, sweep
from experiments.charts import look
from experiments.plan import plan_of_text
from experiments.store import open_results
from model.measures import MEASURES

SMALL = dict(streets=2, departments=4, cadres=4, residents=30, staff=1, days=40, burn_in=5)
"""A district whose run takes a tenth of a second; as `--set` options below."""
SETS = [word for name, value in SMALL.items() if name != "days" for word in ("--set", f"{name}={value}")]
SETS += ["--days", "40"]
SWEEP = """
name = "{name}"
regions = [{regions}]
[compare]
regimes = [{regimes}]
[design]
kind = "{kind}"
points = {points}
{vary}
[fixed]
{fixed}
[seeds]
per_point = {seeds}
"""


def sweep_text(kind, vary="", *, name="small", regions=("rich",), regimes=("layered", "whistle"), points=4, seeds=3):
    """The TOML of a sweep over the small district; `vary` is lines, `[vary]` included."""
    listed = {key: ", ".join(f'"{v}"' for v in values) for key, values in (("regions", regions), ("regimes", regimes))}
    return SWEEP.format(kind=kind, vary=vary, name=name, points=points, seeds=seeds, **listed,
                        fixed="\n".join(f"{k} = {v}" for k, v in SMALL.items()))


def sweep_plan(kind, vary="", **how):
    """The plan of `sweep_text`."""
    return plan_of_text(sweep_text(kind, vary, **how), Path("small.toml"))


def swept(folder, kind, vary="", *, run=sweep.run_stored, rules=None, **how):
    """A results folder of that plan, made in this process; `run` takes the place of real runs."""
    text = sweep_text(kind, vary, **how)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "run_stored", run)
        sweep.run_plan(plan_of_text(text, Path("small.toml")), text, folder, workers=1, rules=rules)
    return folder


def told_in_chinese(found, *named):
    """A command refused its input in one Chinese sentence that names what is wrong."""
    assert (found.exit_code, found.stdout) == (2, "")
    (line,) = found.stderr.splitlines()
    assert line.startswith("错误：")
    all_chinese(re.sub(r"'[^']*'|`[^`]*`|（[^）]*）|\b\w+[_/.=]\w+|--[\w-]+", "", line.removeprefix("错误：")))
    assert all(name in line for name in named), line


def made_up(task, bonus=0.125, **changes):
    """Every measure is 1/8 higher under any regime but layered, whatever the seed adds to both."""
    value = task.seed % 7 + bonus * (task.regime != "layered")
    neutrality = {"world": f"w{task.seed}", "burn_in": f"b{task.seed}", "paid_hours": {"cadre": 8.0},
                  "spent_plus_idle_error": 0.0, **changes.pop("neutrality", {})}
    row = {"scenario": task.region, "regime": task.regime, "seed": task.seed, **dict.fromkeys(MEASURES, value)}
    return {"row": {**row, **changes}, "neutrality": neutrality}


def compared(folder, run=made_up, regimes=("layered", "whistle"), seeds=4):
    """The results of a comparison of both regions, with made-up runs."""
    return open_results(swept(folder, "list", run=run, regimes=regimes, seeds=seeds, regions=("rich", "difficult")))


def tried_here(patch):
    """Have `check-rules` and `check-reform` try in this process, which is begun already; it must not be hung or ended."""
    class Process:
        def __init__(self, target, args, daemon):
            self.start = lambda: target(*args)
            self.kill = self.join = lambda: None

    here = SimpleNamespace(Pipe=multiprocessing.Pipe, Process=Process)
    patch.setattr(rulecheck, "multiprocessing", SimpleNamespace(get_context=lambda how: here))


def undrawn(patch):
    """Have reports draw nothing, which takes most of their time, where nobody looks at what their pictures show."""
    for report in [module for name, module in sys.modules.items() if name.startswith("experiments.report.")]:
        for name, thing in [*vars(report).items()]:
            if thing is look.svg:
                patch.setattr(report, name, lambda chart, title, dark=False: f'<svg role="img" aria-label="{escape(title)}"></svg>')
            elif "Chart" in str(getattr(thing, "__annotations__", {}).get("return")):
                patch.setattr(report, name, lambda *given, **how: None)
