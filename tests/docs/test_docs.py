"""The documents say what the code does: their tables are made from it, their snippets run, their names exist."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "docs"))
PACKAGES = {"agents": set(), "model": {"agents"}, "experiments": {"agents", "model"}}
"""What each package may import of ours besides itself."""


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text(name), re.S | re.M)


@cache
def modules(package):
    return sorted((ROOT / package).rglob("*.py"))


# --- generated tables ---------------------------------------------------------------------------------------------


def test_the_tables_of_the_model_page_are_up_to_date():
    import generate

    page = text("docs/odd.md")
    assert page == generate.filled(page), "run `python docs/generate.py`"
    marks = re.findall(r"<!-- generated: (\w+) -->", page)
    assert sorted(marks) == sorted(make.__name__ for make in generate.BLOCKS)


def test_the_page_of_decisions_is_up_to_date():
    import generate

    page = text("docs/oddd.md")
    assert page == generate.filled(page), "run `python docs/generate.py`"
    assert all(f"`{slot}`" in page for slot in generate.SLOTS)


def test_a_stale_table_would_be_found():
    import generate

    page = text("docs/odd.md")
    assert generate.filled(page.replace("| `served_need` |", "| `served` |")) == page
    assert page.replace("| `served_need` |", "| `served` |") != page


def test_the_schedule_is_that_of_step():
    import generate

    day = ast.parse(text("model/day.py"))
    body = next(n for n in ast.walk(day) if isinstance(n, ast.FunctionDef) and n.name == "one_day").body
    phases = [s for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    assert len(phases) == 9
    assert generate.schedule().count("\n") == len(phases) + 2  # and the writing down at the end


# --- snippets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", blocks("docs/rules.md", "python"))
def test_the_snippets_on_changing_the_model_run(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/rules.md", "exec"), {"__name__": "snippet"})


@pytest.mark.slow
def test_the_snippets_on_sweeps_run_one_after_the_other(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for code in blocks("docs/experiments.md", "python"):
        exec(compile(code, "docs/experiments.md", "exec"), {"__name__": "snippet"})
    assert "verdict" in capsys.readouterr().out


def test_the_plan_shown_is_a_plan():
    from experiments.plan import plan_of_text

    (shown,) = blocks("docs/experiments.md", "toml")
    assert len(plan_of_text(shown, Path("shown.toml")).tasks()) == 30 * 2 * 3 * 4


def test_every_kind_of_change_has_a_snippet():
    sections = re.split(r"^## ", text("docs/rules.md"), flags=re.M)[1:]
    assert [s.splitlines()[0] for s in sections] == [
        "From an idea to a comparison", "A rule", "Memory and new agents", "A parameter", "A measure", "A reform of your own", "A power that does not exist",
        "A region or scenario", "An event"]
    assert all("```python" in section for section in sections)


@pytest.mark.slow
def test_the_calibration_is_as_reported(capsys):
    """A snapshot, not theory: a change that moves it **changes results**, and docs/validity.md with it."""
    (code,), (said,) = blocks("docs/validity.md", "python"), blocks("docs/validity.md", "text")
    exec(compile(code, "docs/validity.md", "exec"), {})
    got, want = ([line.split() for line in out.strip().splitlines()] for out in (capsys.readouterr().out, said))
    assert [line[0] for line in got] == [line[0] for line in want] == ["rich", "difficult"]
    for ours, told in zip(got, want, strict=True):  # another numpy may round a tie the other way
        assert list(map(float, ours[1:])) == pytest.approx(list(map(float, told[1:])), abs=2e-3)


def test_the_table_of_targets_says_the_same_as_the_snapshot():
    (said,) = blocks("docs/validity.md", "text")
    rich, difficult = (line.split()[1:] for line in said.strip().splitlines())
    table = re.findall(r"^\| `(\w+)` .*\| ([\d.]+) \| ([\d.]+) \|$", text("docs/validity.md"), re.M)
    assert [name for name, *_ in table] == ["beyond_counter", "formalism_share", "utilisation", "escalation_ratio"]
    assert [tuple(map(float, row[1:])) for row in table] == [
        (float(a), float(b)) for a, b in zip(rich, difficult, strict=True)]


def test_what_counts_as_found_is_explained():
    from model.scenario import PARAMETERS

    marks = text("docs/validity.md").split("## Marks")[1].split("\n## ")[0]
    found = [p.name for p in PARAMETERS.values() if p.mark == "found"]
    assert found
    assert [name for name in found if f"`{name}`" not in marks] == []


# --- names ----------------------------------------------------------------------------------------------------------


def test_links_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        assert [link for link in links if not (path.parent / link).exists()] == [], path.name


def test_the_version_is_one():
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    assert re.findall(r"^version: (.*)$", text("CITATION.cff"), re.M) == [version]
    assert re.findall(r"^## (\d\S*)", text("CHANGELOG.md"), re.M)[0] == version


def test_constraints_pin_every_direct_dependency():
    project = tomllib.loads(text("pyproject.toml"))["project"]
    groups = project["optional-dependencies"]
    wanted = project["dependencies"] + [line for name in groups if name != "cluster" for line in groups[name]]
    names = {re.match(r"[\w-]+", line)[0].lower() for line in wanted} - {project["name"]}
    lines = [line for line in text("constraints.txt").splitlines() if not line.startswith("#")]
    assert all(re.match(r"[\w-]+==\d[\w.]*(; .*)?$", line) for line in lines)
    assert names - {line.split("==")[0].lower() for line in lines} == set()


# --- imports --------------------------------------------------------------------------------------------------------


@cache
def imported(path):
    """Modules of ours a module imports anywhere in it, for a type checker, too."""
    return [*_imported(path)]


def _imported(path):
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = name.rsplit(".", node.level)[0] if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            for alias in node.names:
                whole = ROOT.joinpath(*module.split("."), f"{alias.name}.py").is_file()
                yield f"{module}.{alias.name}" if whole else module


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package):
    assert len(modules(package)) > 3
    for path in modules(package):
        ours = {name.split(".")[0] for name in imported(path)} & {*PACKAGES, "page", "tests", "benchmarks"}
        assert ours <= PACKAGES[package] | {package}, path


def test_imports_have_no_circles():
    graph = nx.DiGraph((".".join(path.relative_to(ROOT).with_suffix("").parts), name) for package in PACKAGES
                       for path in modules(package) for name in imported(path) if name.split(".")[0] in PACKAGES)
    assert [*nx.simple_cycles(graph)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_s_face_is_a_docstring(package):
    for path in modules(package):
        if path.name == "__init__.py":
            (only,) = ast.parse(path.read_text(encoding="utf-8")).body
            assert isinstance(only, ast.Expr)
            assert isinstance(only.value.value, str)


def test_agents_load_without_the_model():
    code = "import agents.rules, agents.resident, sys; print([m for m in sys.modules if m.split('.')[0] in ('model', 'experiments')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
