"""Write the tables of docs/odd.md, docs/bibliography.md and the notebook docs/rules.ipynb: `python docs/generate.py`.

Tests check that all are up to date.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from agents import cadre, department, leader  # noqa: E402
from agents.rules import SLOTS, contract  # noqa: E402
from agents.work import ACTS, Act  # noqa: E402
from languages.text import say  # noqa: E402
from model import day  # noqa: E402
from model.levels import LEVELS, Level  # noqa: E402
from model.measures import MEASURES  # noqa: E402
from model.regimes import ARMS, CONTROLS, HALVES, REFORMS, SWITCHES  # noqa: E402
from model.scenario import PARAMETERS  # noqa: E402

NOT_QUEUED = ("RATED", "CENTRE")
"""What departments spend before they choose."""


def table(head: str, rows: list[tuple]) -> str:
    """A Markdown table; `head` names the columns, separated by |."""
    lines = [f"| {head} |", "|" + "---|" * (head.count("|") + 1)]
    return "\n".join(lines + ["| " + " | ".join(str(c).replace("|", "\\|") for c in row) + " |" for row in rows])


def parameters() -> str:
    """All parameters with unit, range, regions' defaults, mark and source."""
    return table("name | 中文 | rich | difficult | range | unit | mark | meaning | source", [
        (f"`{p.name}`", say(p.label, "zh"), p.default, p.difficult, f"{p.low:g}–{p.high:g}", p.unit, p.mark, p.text,
         "" if p.source in ("A", "C") else p.source) for p in PARAMETERS.values()])


def measures() -> str:
    """All measures with unit, direction, and whether they have a day series."""
    sign = {1: "more is better", -1: "less is better", 0: "–"}
    return table("name | 中文 | unit | direction | by day | meaning", [
        (f"`{m.name}`", say(m.label, "zh"), m.unit, sign[m.direction], "yes" if m.daily else "–", m.text)
        for m in MEASURES.values()])


def rules() -> str:
    """All rule slots: what they say, their default code and where from."""
    return table("slot | says | default | from", [
        (f"`{slot}({', '.join(contract(slot).arguments)})`", contract(slot).says.splitlines()[0],
         f"`{code(contract(slot).code)}`", contract(slot).source.replace("\n", " ")) for slot in SLOTS])


def code(source: str) -> str:
    """A function's statements on one line, without its docstring."""
    body = ast.parse(textwrap.dedent(source)).body[0].body[1:]
    return "; ".join(" ".join(ast.unparse(statement).split()) for statement in body)


def schedule() -> str:
    """The phases of a day, from the model's own table of contents, and the writing down at its end."""
    source = inspect.getsource(getattr(day.one_day, "py_func", day.one_day))
    phases = [getattr(day, name) for name in re.findall(r"^    (\w+)\(d\)$", source, re.M)]
    return table("phase | what happens", [
        (f"`{phase.__module__.rpartition('.')[2]}.{phase.__name__}`", inspect.getdoc(phase).splitlines()[0])
        for phase in (*phases, day.note_standing)])


def switches() -> str:
    """Switches and control arms."""
    return table("name | 中文 | what it changes", [
        (f"`{k}`", say(label, "zh"), says) for k, (label, says) in {**SWITCHES, **HALVES, **CONTROLS}.items()])


def work() -> str:
    """What each class does, by kind: the activities of the ledger."""
    answers = (*range(Act.CORE, Act.REPAIR + 1), Act.SUMMONED, Act.OWN)
    activities = {"cadre": (cadre.KINDS, cadre.KIND_OF_ACT, (*range(Act.DATA, Act.POLISH + 1), Act.RESPOND,
                                                             Act.REPAIR)),
                  "department": (department.KINDS, department.KIND_OF_ACT, answers)}
    rows = [(who, kind, ", ".join(ACTS[a].lower() for a in acts if kind_of[a] == k and ACTS[a] not in NOT_QUEUED))
            for who, (kinds, kind_of, acts) in activities.items() for k, kind in enumerate(kinds)]
    return table("class | kind | activities", rows)


def attention() -> str:
    """What each class weighs: assessed from above, and from below."""
    rows = [("leader", kind, f"{above:g}", "–") for kind, above in zip(leader.KINDS, leader.ABOVE, strict=True)]
    rows += [(who, kind, f"{PARAMETERS['weigh_' + kind].default:g}", int(kind == asked))
             for who, kinds, asked in (("department", department.KINDS, "respond"),
                                       ("cadre", cadre.ASSESSED, "residents")) for kind in kinds]
    own = ", ".join(f"{kind} {PARAMETERS['own_' + kind].default:g}" for kind in cadre.KINDS if kind != "execute")
    return table("class | weighs | from above | from below", rows) + (
        f"\n\nCadres' own inclination, relative to that to execute: {own}.")


def levels() -> str:
    """Every level, and what the shipped reforms set it to."""
    reforms = [name for name in REFORMS if name not in ARMS]
    return table("level | range | " + " | ".join(["layered", *reforms]) + " | what it does | its price", [
        (f"`{one.table}.{key}`", levels_range(one), levels_value(one.layered),
         *(levels_value(REFORMS[name].states.get(key, "")) for name in reforms), one.text, one.price)
        for key, one in LEVELS.items()])


def levels_range(one: Level) -> str:
    """What a level may be."""
    if one.choices:
        return ", ".join(one.choices)
    return "yes, no" if isinstance(one.layered, bool) else f"{one.low:g}–{one.high:g} {one.unit}"


def levels_value(value: object) -> str:
    """A level as the tables have it."""
    if isinstance(value, bool) or value is None:
        return "departments" if value is None else "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def constants() -> str:
    """Numbers that are no parameters: named constants of the model with what they mean."""
    paths = sorted([*(ROOT / "agents").glob("*.py"), *(ROOT / "model").glob("*.py")])
    return table("constant | value | meaning", [
        (f"`{path.parent.name}/{path.name}` `{name}`", value, text.replace("\n", " "))
        for path in paths for name, value, text in _constants(ast.parse(path.read_text(encoding="utf-8")).body)])


def _constants(body: list[ast.stmt]) -> Iterator[tuple[str, str, str]]:
    """Names, values and docstrings of numbers set at the top of a module."""
    for statement, after in zip(body, body[1:], strict=False):
        if not isinstance(statement, ast.Assign) or not isinstance(after, ast.Expr):
            continue
        value = ast.unparse(statement.value)
        if re.fullmatch(r"[(]?[-\d.e]+(, [-\d.e]+)*[)]?", value) and isinstance(after.value, ast.Constant):
            yield ast.unparse(statement.targets[0]).strip("()"), value.strip("()"), str(after.value.value)


def decisions() -> str:
    """Every decision: what it is about, what it is made from, what it says, and whether it has a source."""
    from experiments import lists

    rows = [(row["group"], f"`{row['slot']}`", ", ".join(row["arguments"]), contract(row["slot"]).says.splitlines()[0],
             "source" if contract(row["slot"]).source.startswith("Source") else "assumption") for row in lists.rules()]
    return table("about | decision | made from | rule | basis", rows)


BLOCKS = (schedule, switches, levels, attention, rules, work, constants, parameters, measures)


def filled(text: str) -> str:
    """The page with every generated block made anew."""
    for make in (*BLOCKS, decisions):
        block = f"<!-- generated: {make.__name__} -->\n{make()}\n<!-- end -->"
        text = re.sub(rf"<!-- generated: {make.__name__} -->.*?<!-- end -->", lambda _, b=block: b, text, flags=re.S)
    return text


def bibliography() -> str:
    """What is cited, by key, from the CSL-JSON beside it, which reference managers read."""
    entries = json.loads((ROOT / "docs" / "bibliography.json").read_text(encoding="utf-8"))
    lines = [f"- <a id=\"{one['id']}\"></a>**{one['id']}** {reference(one)}" for one in entries]
    return f"{BIBLIOGRAPHY}\n" + "\n".join(lines) + "\n"


def reference(one: dict) -> str:
    """An entry as a reader finds it, with how far it was looked up."""
    names = [who.get("literal") or f"{who['family']} {who['given']}" for who in one.get("author", ())]
    where = " ".join(filter(None, (one.get("container-title"), one.get("volume"))))
    at = f"https://doi.org/{one['DOI']}" if "DOI" in one else one.get("URL", "")
    date = "-".join(f"{part:02}" for part in one["issued"]["date-parts"][0]) if "issued" in one else ""
    told = [", ".join(names).rstrip("."), date, one["title"].rstrip("?"),
            where + (f": {one['page']}" if "page" in one else ""), at]
    return ". ".join(part for part in told if part) + f". *{one['status']}*. {one.get('note', '')}".rstrip()


BIBLIOGRAPHY = """# Bibliography

Made from [bibliography.json](bibliography.json) (CSL-JSON) by `python docs/generate.py`. Marks such as [F15] in the
code, the tables and the page are the keys below. *found*: an excerpt or the abstract was read at the address;
*not confirmed*: quoted from a search result, to be looked up before it is printed; *unverified* ([M] where it is
cited): from memory; *weak site*: found where nobody vouches for it. Marks T1–T13 are rows of [theory.md](theory.md).
"""


def notebook(text: str) -> str:
    """The tutorial of docs/rules.md as a notebook: its Python blocks become files, its shell blocks commands."""
    tutorial = "# " + re.search(r"^## (From an idea.*?)^## ", text, re.S | re.M)[1]
    parts = re.split(r"^```(python|sh)\n(.*?)^```\n", tutorial, flags=re.S | re.M)
    cells = [_cell("code", "import sys")]
    for prose, language, block in zip(parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True):
        cells.append(_cell("markdown", prose.strip().replace(" [The same as a notebook](rules.ipynb).", "")))
        if language == "python":
            cells.append(_cell("code", re.sub(r"^# (\S+)", r"%%writefile \1", block.strip())))
        elif language == "sh":
            cells.append(_cell("code", block.strip().replace("chuishao", "!{sys.executable} -m experiments", 1)))
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    return json.dumps({"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4,
                       "nbformat_minor": 5}, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, source: str) -> dict:
    code = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True), **code}


if __name__ == "__main__":
    for name in ("odd.md", "oddd.md"):
        page = ROOT / "docs" / name
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / "docs" / "bibliography.md").write_text(bibliography(), encoding="utf-8")
    lesson = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    (ROOT / "docs" / "rules.ipynb").write_text(notebook(lesson), encoding="utf-8")
