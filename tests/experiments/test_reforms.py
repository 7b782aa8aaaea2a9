"""`chuishao reforms`, regimes of files in plans and comparisons, and what is printed where parts of a spelling conflict."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from samples import SETS, sweep_text, told_in_chinese

from experiments.__main__ import main
from experiments.freeze import text_of
from experiments.plan import load_plan, plan_of_text
from experiments.reforms import levels_of, listed_reforms
from experiments.sweep_command import _loaded
from model.levels import LEVELS
from model.regimes import REFORMS, parse_regime


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


def test_all_reforms_are_listed_with_what_they_change_and_its_price():
    rows = {row["name"]: row for row in listed_reforms()}
    assert list(rows) == list(REFORMS)
    assert rows["hotline"]["changes"] == parse_regime("hotline").levels
    assert rows["cut_forms"]["price"] == ["departments' hours to ask again"]
    for lang, said in (("en", "patrol = 0.5"), ("zh", "网格")):
        found = chuishao("reforms", "--lang", lang)
        assert found.exit_code == 0 and said in found.stdout and all(name in found.stdout for name in REFORMS)


def test_one_reform_is_shown_level_by_level_beside_layered():
    rows = {row["name"]: row for row in levels_of(parse_regime("whistle-slim"))}
    assert list(rows) == list(LEVELS)
    assert (rows["whistle_due"]["layered"], rows["whistle_due"]["here"]) == (-1, 0)
    assert (rows["offices"]["layered"], rows["offices"]["here"]) == (None, None)
    shown = chuishao("reforms", "whistle-slim").stdout
    assert all(f"[{one.table}]" in shown and f"\n{key} " in shown for key, one in LEVELS.items())
    assert " here " in shown and " here " not in chuishao("reforms", "layered").stdout.split("\n\n")[0]


def test_a_reform_of_a_file_says_what_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text('label = "Ours"\ntext = "Streets may say no."\n[powers]\ndiscretion = 0.4\n')
    assert chuishao("reforms", "mine.toml").stdout.startswith("Ours: Streets may say no.\n")
    assert chuishao("reforms", "hotline+mine.toml").stdout.startswith("[powers]")


def test_a_reform_that_is_none_is_one_sentence():
    assert "did you mean 'hotline'" in chuishao("reforms", "hotlin").stderr
    told_in_chinese(chuishao("reforms", "hotlin", "--lang", "zh"))


MINE = "[powers]\nwhistle_due = 3\n[openings]\npatrol = 1\n"
SPELT = "mine:layered+whistle_due=3+patrol=1.0"


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_plan_names_a_file_beside_it_and_its_folder_keeps_the_levels(tmp_path, quote):
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    plan = tmp_path / "plan.toml"
    plan.write_text(sweep_text("list", regimes=("layered", "mine.toml")).replace('"mine.toml"', f"{quote}mine.toml{quote}"),
                    encoding="utf-8")
    loaded = _loaded(str(plan))
    assert loaded.regimes == ("layered", SPELT)
    (tmp_path / "mine.toml").unlink()
    assert plan_of_text(text_of(loaded), Path("elsewhere/plan.toml")).regimes == loaded.regimes


def test_a_comparison_with_a_file_of_ones_own(tmp_path):
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    out = tmp_path / "out"
    done = chuishao("compare", "--regimes", f"layered,{tmp_path / 'mine.toml'}", "--seeds", "2", "--workers", "1", *SETS,
                    "--region", "rich", "--out", out)
    assert done.exit_code == 0, done.stderr
    assert "mine against layered" in done.stdout and "Of your own: mine = layered+whistle_due=3" in " ".join(
        done.stdout.split())
    assert load_plan(out / "plan.toml").regimes == ("layered", SPELT)


def test_conflicts_are_printed_once():
    done = chuishao("compare", "--regimes", "layered,whistle+hotline", "--seeds", "2", "--workers", "1", *SETS, "--region", "rich")
    assert done.stderr.count("refuse is 0.4, as hotline has it, in place of 0.5") == 1


@pytest.mark.parametrize(("name", "said"), [("offices_slim", "whistle+offices=N"), ("rho", "sigma_street=.25"),
                                            ("cut_share", "layered+forms=.7")])
def test_a_parameter_of_before_is_told_with_what_replaces_it(tmp_path, name, said):
    assert said in chuishao("compare", "--set", f"{name}=1").stderr
    plan = tmp_path / "plan.toml"
    plan.write_text(sweep_text("grid", f"[vary]\n{name} = [0.5, 1.0]"), encoding="utf-8")
    found = chuishao("run", plan)
    assert found.exit_code == 2 and said in found.stderr and "plan.toml, line" in found.stderr


def test_a_regime_in_a_plan_with_a_name_no_file_can_have_is_one_sentence(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(sweep_text("list", regimes=("layered", "x" * 300 + ".toml")), encoding="utf-8")
    result = chuishao("plan", path)
    assert result.exit_code == 2 and "Traceback" not in result.stderr and result.stderr.count("\n") == 1
