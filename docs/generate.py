"""Write the tables of docs/odd.md from the code: `python docs/generate.py`; a test checks that they are up to date."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agents.rules import SLOTS, contract  # noqa: E402
from model.governance import GovernanceModel  # noqa: E402
from model.measures import MEASURES  # noqa: E402
from model.regimes import CONTROLS, SWITCHES  # noqa: E402
from model.scenario import PARAMETERS  # noqa: E402


def table(head: str, rows: list[tuple]) -> str:
    """A Markdown table; `head` names the columns, separated by |."""
    lines = [f"| {head} |", "|" + "---|" * (head.count("|") + 1)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def parameters() -> str:
    """All parameters with unit, range, regions' defaults and mark."""
    return table("name | 中文 | rich | difficult | range | unit | mark | meaning", [
        (f"`{p.name}`", p.zh, p.default, p.difficult, f"{p.low:g}–{p.high:g}", p.unit, p.mark, p.text)
        for p in PARAMETERS.values()])


def measures() -> str:
    """All measures with unit and direction."""
    sign = {1: "more is better", -1: "less is better", 0: "–"}
    return table("name | 中文 | unit | direction | meaning", [
        (f"`{m.name}`", m.zh, m.unit, sign[m.direction], m.text) for m in MEASURES.values()])


def rules() -> str:
    """All rule slots: what they say and where from."""
    return table("slot | says | from", [
        (f"`{slot}`", contract(slot).says.splitlines()[0], contract(slot).source.replace("\n", " ")) for slot in SLOTS])


def schedule() -> str:
    """The phases of a day, from step() itself."""
    source = inspect.getsource(GovernanceModel.step)
    rows = []
    for module, function in re.findall(r"(\w+)\.(\w+)\(self\)", source):
        phase = getattr(sys.modules.get(f"model.{module}"), function, None)
        doc = inspect.getdoc(phase).splitlines()[0] if phase else "Close the day's books."
        rows.append((f"`{module}.{function}`", doc))
    return table("phase | what happens", rows)


def switches() -> str:
    """Switches and control arms."""
    return table("name | 中文 | what it changes", [(f"`{k}`", *v) for k, v in {**SWITCHES, **CONTROLS}.items()])


def filled(text: str) -> str:
    """The page with every generated block made anew."""
    for make in (parameters, measures, rules, schedule, switches):
        block = f"<!-- generated: {make.__name__} -->\n{make()}\n<!-- end -->"
        text = re.sub(rf"<!-- generated: {make.__name__} -->.*?<!-- end -->", lambda _, b=block: b, text, flags=re.S)
    return text


if __name__ == "__main__":
    page = ROOT / "docs" / "odd.md"
    page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
