"""The README's own words work, in both languages; the scenario files load and run; CI does what the README says."""

import re
import subprocess
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from experiments.__main__ import main
from model.governance import GovernanceModel
from model.scenario import REGIONS, SCENARIOS, load_scenario

ROOT = Path(__file__).parents[2]
README, ZH, COMMANDS, COMMANDS_ZH, CONTRIBUTING = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "README.zh.md", "docs/commands.md", "docs/commands.zh.md", "CONTRIBUTING.md"))
SHORT = ("--region", "rich", "--days", "35", "--seeds", "2", "--workers", "1", "--set", "residents=60", "--set", "streets=2",
         "--set", "burn_in=5")
FILES = sorted(SCENARIOS.glob("*.toml"))
both = pytest.mark.parametrize("commands", [COMMANDS, COMMANDS_ZH], ids=["en", "zh"])


def blocks(text, language):
    return [dedent(block) for block in re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.S | re.M)]


def chuishao(*words):
    return CliRunner().invoke(main, words)


# --- commands -------------------------------------------------------------------------------------------------------


def test_the_commands_of_the_start_are_the_same_in_both_languages():
    (run, *others), (run_zh, *others_zh) = blocks(README, "sh"), blocks(ZH, "sh")
    assert run_zh.strip() == run.strip() + " --lang zh"
    assert others_zh == others


def test_ci_takes_the_readme_s_test_command_word_for_word():
    pattern = re.search(r"grep -m1 '([^']+)' README\.md", (ROOT / ".ci" / "run").read_text())[1]
    found = [line for line in README.splitlines() if re.search(pattern, line)]
    assert found == [blocks(README, "sh")[2].strip()]


def test_what_the_readme_s_test_command_leaves_out_is_run_by_ci_and_told():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    left_out = set(re.findall(r"not (\w+)", options["addopts"]))
    assert left_out == {marker.split(":")[0] for marker in options["markers"]} != set()
    run = (ROOT / ".ci" / "run").read_text().replace("\\\n", "")
    browser, rest, _checked = re.findall(r"-m pytest [^\n]*?-m ('[^']+'|\w+)", run)
    asked = re.sub(r"not \w+", "", f"{browser} {rest}")  # what is slow in a browser has been run
    assert sorted(left_out) == sorted(re.findall(r"(?!or\b|and\b)\b\w+", asked))
    ignored = re.findall(r"--ignore (\S+)", run)
    assert re.search(rf"^checked \S+ -m pytest {' '.join(ignored)} .*-k 'slow or ", run, re.M)  # are run elsewhere
    assert re.search(r"^checked\(\) .*NUMBA_BOUNDSCHECK=1", run, re.M)
    told = (ROOT / "docs" / "tests.md").read_text(encoding="utf-8")
    assert [name for name in left_out if f"`-m {name}`" not in told] == []


def test_ci_is_valid_bash():
    done = subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr


@both
def test_every_command_that_exists_is_named_and_none_other(commands):
    assert set(re.findall(r"`(?:\.venv/bin/)?chuishao ([\w-]+)", commands)) == set(main.commands)


@pytest.mark.parametrize("readme", [README, ZH], ids=["en", "zh"])
def test_the_readme_names_only_commands_that_exist(readme):
    named = set(re.findall(r"(?:`|/bin/)chuishao ([\w-]+)", readme))
    assert {"compare", "explore"} <= named <= set(main.commands)


def test_the_readme_s_start_is_two_commands_a_picture_and_four_things_to_do():
    for readme in (README, ZH):
        assert len(blocks(readme, "sh")) == 3  # the third is for whoever works on it
        assert len(re.findall(r"^\d\. \*\*", readme, re.M)) == 4
        (picture,) = re.findall(r"^!\[.+\]\((\S+)\)$", readme, re.M)
        drawn = (ROOT / picture).read_text(encoding="utf-8")
        assert drawn.startswith("<svg") and not re.search(r'(href|src)="|url\(', drawn)
        assert len(readme.splitlines()) < 80


@both
def test_every_option_named_exists(commands):
    shown = {word for line in commands.splitlines() if "`chuishao compare" in line
             for word in re.findall(r"(?<![\w-])--[a-z]+", line)}
    assert shown >= {"--needs", "--rules", "--set", "--region", "--regimes"}
    assert shown <= {option for parameter in main.commands["compare"].params for option in parameter.opts}


@both
def test_every_switch_is_named(commands):
    from model.regimes import CONTROLS, SWITCHES

    assert [name for name in (*SWITCHES, *CONTROLS) if name not in commands] == []


def test_every_folder_is_told_to_whoever_begins():
    folders = re.findall(r"^\| `([\w.]+)/` \|", CONTRIBUTING, re.M)
    assert {*folders} == {"agents", "model", "experiments", "page", "languages", "benchmarks", "docs", "tests", ".ci"}


# --- examples -------------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_examples():
    for language, pages in (("python", (README, ZH)), ("csv", (COMMANDS, COMMANDS_ZH))):
        bare = [[re.sub(r"#.*", "", block) for block in blocks(page, language)] for page in pages]
        assert bare[0] == bare[1] != []


def test_the_python_example_runs(capsys):
    exec(compile(blocks((ROOT / "docs" / "mesa.md").read_text(encoding="utf-8"), "python")[0], "mesa.md", "exec"), {})
    _motivation, served = capsys.readouterr().out.split()
    assert 0 < float(served) < 1


def test_the_rule_example_is_a_finished_comparison(tmp_path):
    (tmp_path / "my_rules.py").write_text(blocks(ZH, "python")[0], encoding="utf-8")
    done = chuishao("compare", "--rules", str(tmp_path / "my_rules.py"), *SHORT)
    assert done.exit_code == 0, done.stderr
    assert "simulated, not a forecast" in done.stdout


def test_the_rule_example_is_called(tmp_path):
    from model.rulebook import load_rules

    (tmp_path / "my_rules.py").write_text(blocks(README, "python")[0], encoding="utf-8")
    rules = load_rules(tmp_path / "my_rules.py")
    assert [rules.switching(n) for n in (2, 5, 50)] == pytest.approx([0.0, 0.4, 2.0])


@pytest.mark.slow
def test_the_case_log_example_is_a_finished_comparison(tmp_path):
    (tmp_path / "cases.csv").write_text(blocks(COMMANDS, "csv")[0], encoding="utf-8")
    done = chuishao("compare", "--needs", str(tmp_path / "cases.csv"), *SHORT)
    assert done.exit_code == 0, done.stderr
    assert "3 rows read, 3 usable" in done.stdout


@both
def test_every_column_of_a_case_log_is_named(commands):
    from model.caselog import OPTIONAL, REQUIRED

    assert [name for name in (*REQUIRED, *OPTIONAL) if f"`{name}`" not in commands] == []


# --- scenario files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*REGIONS, *(path.stem for path in FILES)])
def test_every_shipped_scenario_runs(name):
    scenario = load_scenario(name, days=35, burn_in=5, cooldown=10)
    model = GovernanceModel(scenario, "whistle", rng=1).run()
    assert model.day == 50
    assert 0 < model.measures()["served_cases"] < 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_file_says_what_it_is_and_changes_something(path):
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    assert first.startswith("# ")
    assert "essay §" in first or "Stress:" in first or "made up" in first
    assert not second.startswith("#")
    assert set(load_scenario(path).changed()) > {"name"}


def test_the_scenarios_are_the_episodes_the_stress_set_and_an_example_town():
    stress = {"reach", "mobilise", "inflation", "unreasonable", "uninspected", "complaints", "load", "staff"}
    episodes = {"landslide", "double-reduction", "test-site", "statistics", "slimming"}
    assert {path.stem for path in FILES} == {"example-town"} | episodes | {f"stress-{name}" for name in stress}


def test_in_the_landslide_those_who_know_the_place_do_better_in_the_first_hours():
    model = GovernanceModel(load_scenario("landslide", days=35, emergency_rate=0.0), rng=1).run()
    e = model.emergencies
    first = {int(street): chance for street, chance in zip(e.street, e.first, strict=True) if chance == chance}
    assert sorted(first) == [0, 1]
    assert first[0] > first[1]
