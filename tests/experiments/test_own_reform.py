"""A reform with rules of its own, from the command line to replay; and `chuishao check-reform`."""

import json
import shutil

import pytest
from click.testing import CliRunner
from samples import SETS, sweep_text, tried_here, undrawn

from experiments import plan as plans
from experiments.__main__ import main
from experiments.plan import load_plan
from experiments.store import open_results
from experiments.sweep import replay
from model import owncode, regimes
from page.words import regime_label

PYTHON = '''
def keeps(core, supervise):
    """Departments keep their jobs. Assumption."""
    return 0.0

def tires(model):
    model.cadres.motivation = model.cadres.motivation * 0.99
'''
TOML = '[powers]\ndiscretion = 0.3\n[rules]\nfile = "mine.py"\npush_chance = "keeps"\n'
HOOKED = TOML + '[hooks]\neach_day = "tires"\n'


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def reform(folder, toml=TOML, name="mine", python=PYTHON):
    (folder / "mine.py").write_text(python)
    (folder / f"{name}.toml").write_text(toml)
    return folder / f"{name}.toml"


@pytest.fixture
def forgetful(monkeypatch):
    """What a process knows of regimes' code is lost, as in another process."""
    def forget():
        monkeypatch.setattr(owncode, "KNOWN", {})
        monkeypatch.setattr(regimes, "KNOWN", owncode.KNOWN)
    return forget


@pytest.fixture
def here(monkeypatch):
    tried_here(monkeypatch)


@pytest.mark.slow
def test_from_a_file_to_a_folder_that_can_be_made_again(tmp_path, forgetful, monkeypatch):
    undrawn(monkeypatch)
    path, out = reform(tmp_path, HOOKED), tmp_path / "out"
    found = chuishao("compare", "--regimes", f"layered,{path}", "--region", "rich", "--seeds", 2, "--workers", 1,
                     "--out", out, *SETS)
    assert found.exit_code == 0, found.output
    text = " ".join(found.stdout.split())
    assert "mine sets the model's state directly, so this is not a comparison of powers alone." in text
    assert "= layered+discretion=0.3, with rules of its own (push_chance, each_day)" in text
    (kept,) = (out / "reforms").iterdir()
    assert sorted(p.name for p in kept.iterdir()) == ["mine.py", "mine.toml"]
    for lost in (path, tmp_path / "mine.py"):
        lost.unlink()
    forgetful()
    run = next(row for row in open_results(out).runs().to_dict("records") if row["regime"] != "layered")
    again = replay(out, run["id"])
    assert again["equal"] and again["same_code"] and again["failed_now"] is None
    assert chuishao("report", out).exit_code == 0
    assert {row["regime"] for row in json.loads(chuishao("compare-table", out, "--regime", "mine", "--json").stdout)[
        "rows"]} == {run["regime"]}
    assert regime_label(run["regime"], "en") == "mine"
    html = (out / "report" / "report.html").read_text(encoding="utf-8")
    assert "def keeps(core, supervise)" in html and "state directly, so this is not" in html
    (kept / "mine.py").write_text(PYTHON.replace("0.0", "0.5"))
    forgetful()
    assert "was edited after it was run" in chuishao("replay", out, run["id"]).stderr


def test_a_plan_names_it_beside_itself_and_processes_run_it(tmp_path):
    reform(tmp_path)
    (tmp_path / "plan.toml").write_text(sweep_text("list", regimes=("layered", "mine.toml")))
    tasks = [task for _n, task in load_plan(tmp_path / "plan.toml").tasks()]
    assert [task.own is None for task in tasks] == [True, False] * 3
    assert not tasks[1].ours and tasks[0].ours
    assert str(tmp_path / "mine.toml") in tasks[1].replay


def test_what_is_kept_is_read_before_its_names(tmp_path, forgetful):
    name = regimes.parse_regime(str(reform(tmp_path))).name
    kept = tmp_path / "out" / plans.KEPT / name.partition(":")[0]
    kept.mkdir(parents=True)
    for file in ("mine.toml", "mine.py"):
        shutil.copy(tmp_path / file, kept)
    forgetful()
    (tmp_path / "out" / "plan.toml").write_text(sweep_text("list", regimes=("layered", name)))
    assert load_plan(tmp_path / "out" / "plan.toml").tasks()[1][1].own is not None


# --- chuishao check-reform ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_reform_that_is_fit_is_told_part_by_part(tmp_path, here):
    found = chuishao("check-reform", reform(tmp_path, HOOKED))
    assert found.exit_code == 0, found.output
    for part in ("powers.discretion = 0.3 (layered: 0); its price: error", "push_chance", "hook each_day: tires (mine.py)",
                 "Neutral: yes. In 1 of 1 pairs", "mine sets the model's state directly, so this is not a comparison of powers alone.", "mine.toml: fine."):
        assert part in found.stdout


def test_what_is_wrong_ends_in_code_2_and_a_sentence(tmp_path, here):
    cases = {"[powers]\ndiscretion = 3.0\n": "outside 0–0.8", "[powers]\ndiscretio = 0.1\n": "did you mean 'discretion'",
             '[rules]\nfile = "mine.py"\npush_chance = "tires"\n': "takes (core, supervise)"}
    for toml, said in cases.items():
        found = chuishao("check-reform", reform(tmp_path, toml))
        assert found.exit_code == 2 and said in found.stderr and "Traceback" not in found.output
    bad = reform(tmp_path, python=PYTHON.replace("return 0.0", "return core + 2"))
    found = chuishao("check-reform", bad)
    assert found.exit_code == 2 and "returned" in found.stdout and "outside 0 to 1" in found.stdout


@pytest.mark.slow
def test_hours_that_are_not_equal_are_found(tmp_path, here):
    python = PYTHON + "def pays(model):\n    model.now.paid = 9.0\n"
    found = chuishao("check-reform", reform(tmp_path, TOML + '[hooks]\nat_start = "pays"\n', python=python))
    assert found.exit_code == 2 and "paid hours per class differ in 1 of 1 pairs" in " ".join(found.stdout.split())
    assert chuishao("check-reform", "more_staff").exit_code == 0


@pytest.mark.slow
def test_a_rule_that_says_nothing_of_itself_is_told(tmp_path, here):
    silent = PYTHON.replace('    """Departments keep their jobs. Assumption."""\n', "")
    found = chuishao("check-reform", reform(tmp_path, python=silent))
    assert found.exit_code == 0 and "push_chance does not say what it does; write it under the def" in found.stdout
