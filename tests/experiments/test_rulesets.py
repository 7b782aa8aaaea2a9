"""Rules against rules: read, run, told."""

import json
import shlex

import pandas as pd
import pytest
from click.testing import CliRunner
from samples import sweep_text, told_in_chinese, undrawn

from agents.variants import VARIANTS, names
from experiments.__main__ import main
from experiments.options import listed
from experiments.plan import load_plan
from experiments.rulelist import DEFAULT, entries, source_of, sources_of
from experiments.runs import Task, run_once
from experiments.store import open_results
from model.errors import InputError
from model.measures import MEASURES
from model.rulebook import rules_from_source
from model.scenario import Scenario

QUICK = ("--region", "rich", "--seeds", "2", "--days", "35", "--set", "residents=60", "--set", "streets=2", "--set",
         "burn_in=5", "--workers", "1")


def run(*words):
    return CliRunner().invoke(main, ["compare", *words, *QUICK])


def rule_sets(text):
    return sources_of(entries(listed(text, "--rules-variants", "split_attention")))


def test_a_slot_a_variant_and_a_file_can_be_named(tmp_path):
    mine = tmp_path / "mine.py"
    mine.write_text("def rating(timely, kindness):\n    return 0.0\n")
    sets = rule_sets(f"delivered, creaming,{mine}")
    assert list(sets) == [DEFAULT, *VARIANTS["delivered"], "creaming", "mine"]
    assert sets[DEFAULT] is None
    assert "def split_attention(" in sets["creaming"].text


def test_all_stands_for_every_variant():
    assert list(rule_sets("all")) == [DEFAULT, *names()]


@pytest.mark.parametrize(("text", "said"), [
    ("", "has an empty item"), ("mailbox,", "has an empty item"), (" mailbox , fit", "has no variants"), ("fit", "has no variants"), ("cremaing", "did you mean 'creaming'"),
    ("creaming,creaming", "twice"), ("none.py", "there is no rules file"), ("creaming,split_attention", "twice")])
def test_wrong_names_are_told(text, said):
    with pytest.raises(InputError, match=said):
        rule_sets(text)


@pytest.mark.slow
def test_both_questions_are_answered_from_the_same_runs():
    told = json.loads(run("--rules-variants", "accountable_below,tournament", "--json").stdout)["rules"]
    assert list(told) == [DEFAULT, "accountable_below", "tournament"]
    alone = json.loads(run("--json", "--rules", "accountable_below").stdout)
    ours = told["accountable_below"]
    assert {k: ours[k] for k in alone} == alone
    moved = ours["against_default"]["rich"]["layered"]["served_need"]
    means = [told[name]["regions"]["rich"]["measures"]["served_need"]["layered"] for name in (DEFAULT, "accountable_below")]
    assert [moved["mean_a"], moved["mean_b"]] == pytest.approx(means)
    assert moved["difference"] == pytest.approx(means[1] - means[0])
    assert "def delivered(" in told["tournament"]["code"]


@pytest.mark.slow
def test_tables_name_every_rule(tmp_path):
    result = run("--rules-variants", "driven_leader", "--lang", "zh", "--out", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert "driven_leader" in result.stdout and "default" not in result.stdout
    assert (tmp_path / "out" / "rules" / "driven_leader.py").is_file()
    told = json.loads((tmp_path / "out" / "rules.json").read_text(encoding="utf-8"))["rules"]
    assert told == json.loads(run("--rules-variants", "driven_leader", "--json").stdout)["rules"]
    own, default = (open_results(tmp_path / "out", name) for name in ("driven_leader", None))
    assert "driven_leader" in own.own_rules()[0][0] and len(own.runs()) == len(default.runs()) == 4
    assert default.own_rules() == [] and own.runs()["trust"].tolist() != default.runs()["trust"].tolist()
    table = pd.read_csv(tmp_path / "out" / "rules.csv")
    row = table[(table["rules"] == "driven_leader") & (table["against"] == "layered") & (table["measure"] == "trust")]
    assert row["difference"].item() == told["driven_leader"]["regions"]["rich"]["measures"]["trust"]["difference"]
    assert len(table) == (2 + 2) * len(MEASURES)  # the reform under both; what the rule changes of both regimes


@pytest.mark.slow
def test_a_rule_that_fails_loses_only_its_own_runs(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("def slack(motivation, monitored):\n    return 1 / 0\n")
    result = run("--rules-variants", f"{bad},mailbox")
    assert result.exit_code == 1
    assert f"{bad}, line 2" in result.stdout
    assert "asked for" in result.stdout
    assert "Cases served" in result.stdout


def test_rules_and_variants_exclude_each_other():
    assert "--all goes with one set of rules" in run("--rules-variants", "delivered", "--all").stderr
    result = run("--rules", "creaming", "--rules-variants", "delivered")
    assert result.exit_code == 2
    assert "exclude each other" in result.output
    told_in_chinese(run("--rules", "creaming", "--rules-variants", "delivered", "--lang", "zh"), "--rules-variants")


@pytest.mark.slow
def test_a_variant_is_replayed_by_its_name(capsys):
    scenario = Scenario(days=35, burn_in=5, residents=60, streets=2)
    source = source_of("creaming")
    _python, _c, code = shlex.split(Task(scenario, "whistle", 3, source).replay)
    exec(code, {})
    assert capsys.readouterr().out == f"{run_once(scenario, 'whistle', 3, rules_from_source(source.text))}\n"


@pytest.mark.slow
def test_one_set_of_rules_is_named_and_not_counted():
    told = run("--rules-variants", "mailbox").stdout
    lines = [line for line in told.splitlines() if "under mailbox too." in line or "not so under" in line]
    assert len(lines) == 5 and "all 1" not in told


# --- rules as a dimension of a plan -----------------------------------------------------------------------------------


MINE = 'def slack(motivation, monitored):\n    """Nobody slacks. Assumption."""\n    return 0.0\n'


def rules_plan(folder, rules='["default", "driven_leader", "mine.py"]', kind="list", vary=""):
    folder.mkdir(exist_ok=True)
    (folder / "mine.py").write_text(MINE)
    path = folder / "plan.toml"
    path.write_text(f"rules = {rules}\n" + sweep_text(kind, vary, seeds=2))
    return path


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def test_every_set_runs_at_every_point_with_the_same_seeds(tmp_path):
    plan = load_plan(rules_plan(tmp_path, kind="grid", vary="[vary]\nreach = [0.2, 0.9]"))
    tasks = plan.tasks()
    assert len(tasks) == plan.size == 2 * 3 * 2 * 2
    seeds = (plan.seeds.root, plan.seeds.root + 1)
    sets = [None, source_of("driven_leader"), source_of(str(tmp_path / "mine.py"))]
    assert [(n, t.seed, t.rules, t.regime) for n, t in tasks] == [
        (n, seed, rules, regime) for n in (0, 1) for seed in seeds for rules in sets for regime in plan.regimes]


@pytest.mark.parametrize("rules, said", [('["nothing"]', "no variant 'nothing'"), ('["mine.py", "mine.py"]', "twice"),
                                         ('["fit"]', "has no variants"), ("3", "does not fit")])
def test_rules_of_a_plan_that_do_not_fit_are_told_before_a_run(tmp_path, rules, said):
    with pytest.raises(InputError, match=said):
        load_plan(rules_plan(tmp_path, rules))


def test_rules_of_a_plan_and_rules_of_the_command_exclude_each_other(tmp_path):
    found = chuishao("run", rules_plan(tmp_path), "--rules", "driven_leader", "--out", tmp_path / "out")
    assert found.exit_code == 2 and "the plan names rules itself" in found.stderr
    assert "made under one set of rules" in chuishao("confirm", rules_plan(tmp_path), "--out", tmp_path / "out").stderr


@pytest.mark.slow
def test_a_plan_of_rules_is_kept_told_reported_and_looked_at_rule_by_rule(tmp_path, monkeypatch):
    undrawn(monkeypatch)
    out = tmp_path / "out"
    ran = chuishao("run", rules_plan(tmp_path), "--out", out, "--workers", 1)
    assert ran.exit_code == 0, ran.output
    assert "12 of 12 runs done" in ran.stdout and "3 sets of rules" in ran.stdout
    assert {"rules.csv", "rules.json"} <= {p.name for p in out.iterdir()}
    assert (out / "rules" / "mine.py").read_text() == MINE
    (tmp_path / "mine.py").unlink()  # the folder holds all it needs
    told = {name: json.loads(chuishao("compare-table", out, "--json", "--rules", name).stdout)["rows"]
            for name in ("default", "mine")}
    assert told["default"] != told["mine"]
    assert "did you mean 'mine'" in chuishao("compare-table", out, "--rules", "mien").stderr
    assert "12 of 12 runs done" in chuishao("status", out).stdout
    assert chuishao("export", out).exit_code == 0
    assert set(pd.read_csv(out / "export" / "runs.csv")["rules"]) == {"default", "driven_leader", "mine"}
    assert chuishao("report", out).exit_code == 0
    page = (out / "report" / "report.html").read_text(encoding="utf-8")
    assert "Rules against rules" in page and "mine" in page and (out / "report" / "rules.csv").is_file()
    run = open_results(out, "mine").runs()["id"][0]
    assert "equal to the last bit" in chuishao("replay", out, run).stdout


def test_a_folder_begun_without_sets_of_rules_is_not_gone_on_with(tmp_path):
    out = tmp_path / "out"
    assert run("--out", str(out)).exit_code == 0
    again = run("--rules-variants", "driven_leader", "--out", str(out))
    assert again.exit_code == 2 and "holds the results of another plan" in again.stderr
