"""The README's own words work."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from model.scenario import REGIONS, SCENARIOS, load_scenario

ROOT = Path(__file__).parents[2]
README, ZH = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))


def blocks(text, language):
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def chuishao(*words):
    return subprocess.run([sys.executable, "-m", "experiments", *words], cwd=ROOT, capture_output=True, text=True,
                          timeout=300)


def test_ci_runs_the_readme_s_test_command():
    command = next(b for b in blocks(README, "sh") if "pytest" in b).strip()
    assert command in ZH
    parts = [part.strip() for part in command.removeprefix("python3 ").split("&&")]
    script = (ROOT / ".ci" / "run").read_text()
    assert all(part in script for part in parts)


def test_the_python_example_runs(capsys):
    exec(compile(blocks(README, "python")[1], "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert 0 < float(printed.split()[0]) < 1
    assert "casework" in printed


@pytest.mark.parametrize("text", [README, ZH])
def test_the_rule_example_is_a_finished_comparison(text, tmp_path):
    (tmp_path / "my_rules.py").write_text(blocks(text, "python")[0], encoding="utf-8")
    done = chuishao("compare", "--rules", str(tmp_path / "my_rules.py"), "--region", "rich", "--seeds", "2", "--days",
                    "40", "--set", "residents=100", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert "simulated, not a forecast" in done.stdout


@pytest.mark.parametrize("name", [*REGIONS, *sorted(p.stem for p in SCENARIOS.glob("*.toml"))])
def test_every_shipped_scenario_runs(name):
    from model.governance import GovernanceModel

    scenario = load_scenario(name, days=40, burn_in=5)
    assert GovernanceModel(scenario, "whistle", rng=1).run().day == 45


def test_the_version_is_one():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text()


def test_imports_point_one_way():
    order = ["agents", "model", "experiments"]
    for rank, package in enumerate(order):
        assert (ROOT / package / "__init__.py").read_text().strip().startswith('"""')
        assert "import" not in (ROOT / package / "__init__.py").read_text()
        for path in (ROOT / package).rglob("*.py"):
            for later in order[rank + 1:]:
                text = re.sub(r"if TYPE_CHECKING:\n(    .*\n)+", "", path.read_text())
                assert not re.search(rf"^\s*(from|import) {later}\b", text, re.M), path


def test_the_tables_of_the_model_page_are_up_to_date():
    sys.path.insert(0, str(ROOT / "docs"))
    import generate

    page = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert page == generate.filled(page)
    assert page.count("<!-- generated") == 5
    assert "| `served_need` |" in page


@pytest.mark.parametrize("code", blocks((ROOT / "docs" / "rules.md").read_text(encoding="utf-8"), "python"))
def test_the_snippets_on_changing_the_model_run(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "docs/rules.md", "exec"), {"__name__": "snippet"})
