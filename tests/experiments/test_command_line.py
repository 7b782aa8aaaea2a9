import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from samples import SETS, SMALL, made_up, told_in_chinese

from experiments import lists, sweep
from experiments.__main__ import main
from experiments.store import Store, open_results
from experiments.words import BASIS, Words
from languages.text import say
from model.measures import MEASURES
from model.regimes import SWITCHES
from model.scenario import PARAMETERS, SCENARIOS

ROOT = Path(__file__).parents[2]
QUICK = [*SETS, "--seeds", "2", "--workers", "1"]


def run(*words):
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def no_model(monkeypatch):
    monkeypatch.setattr(sweep, "run_stored", made_up)


WRONG = [
    ([], "Missing command"),
    (["bogus"], "No such command 'bogus'"),
    (["compare", "--bogus"], "No such option"),
    (["compare", "extra"], "unexpected extra argument"),
    (["compare", "--seeds", "0"], "0 is not in the range"),
    (["compare", "--seeds", "1"], "1 is not in the range"),
    (["compare", "--seeds", "two"], "not a valid integer"),
    (["compare", "--workers", "0"], "0 is not in the range"),
    (["compare", "--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "exclude each other"),
    (["compare", "--scheduler", "nowhere"], "give host and port"),
    (["compare", "--lang", "fr"], "'fr' is not one of"),
    (["compare", "--days", "5"], "days = 5 is outside 35–5000"),
    (["compare", "--days", "9999"], "days = 9999 is outside 35–5000"),
    (["compare", "--days", "50", "--set", "days=60"], "give it once"),
    (["compare", "--set", "reach"], "not name=value"),
    (["compare", "--set", "reach="], "not name=value"),
    (["compare", "--set", "=1"], "not name=value"),
    (["compare", "--set", "reach=9"], "reach = 9.0 is outside 0.05–1"),
    (["compare", "--set", "reach=nan"], "outside 0.05–1"),
    (["compare", "--set", "reach=much"], "is not a number"),
    (["compare", "--set", "reach=[0.5]"], "takes one number"),
    (["compare", "--set", "streets=6.5"], "not a whole number"),
    (["compare", "--set", "raech=0.5"], "did you mean 'reach'"),
    (["compare", "--set", "reach=0.5", "--set", "reach=0.6"], "set twice"),
    (["compare", "--set", "region=rich"], "use --region"),
    (["compare", "--set", "needs=x.csv"], "use --needs"),
    (["compare", "--set", "theta_by_street=0.5"], "needs a list"),
    (["compare", "--set", "theta_by_street=[0.5]"], "needs 6 values"),
    (["compare", "--regimes", "layered"], "needs two"),
    (["compare", "--regimes", ""], "has an empty item"),
    (["compare", "--regimes", "layered,,whistle"], "has an empty item"),
    (["compare", "--regimes", "layered , layered"], "names layered twice"),
    (["compare", "--regimes", "layered,layered"], "names layered twice"),
    (["compare", "--regimes", "layered,whistle+slim,whistle"], "names whistle twice"),
    (["compare", "--regimes", "layered,layered+slmi"], "did you mean 'slim'"),
    (["compare", "--regimes", "layered,modern"], "must start with"),
    (["compare", "--region", ""], "a region's name is empty"),
    (["compare", "--region", "nowhere"], "there is no scenario 'nowhere'"),
    (["compare", "--region", "rich", "--region", "rich"], "two regions are called 'rich'"),
    (["compare", "--region", str(ROOT / "README.missing")], "there is no scenario"),
    (["compare", "--region", __file__], "not valid TOML"),
    (["compare", "--needs", "missing.csv"], "there is no case log 'missing.csv'"),
    (["compare", "--set", "seed=3"], "seeds are set with --seeds"),
    (["compare", "--rules", "missing.py"], "there is no rules file 'missing.py'"),
    (["compare", "--rules", str(ROOT / "model" / "__init__.py")], "defines no rule"),
    (["compare", "--out", str(ROOT)], "not empty"),
    (["compare", "--out", __file__], "cannot write to"),
    (["compare", "--out", "/proc/nothing"], "cannot write to"),
    (["rules", "fti"], "did you mean 'fit'"),
    (["parameters", "crwd"], "did you mean 'crowd'"), (["parameters", "rho"], "became the two shares"),
    (["parameters", "two", "words"], "unexpected extra argument"),
]


@pytest.mark.parametrize("words, sentence", WRONG, ids=lambda value: " ".join(value)[-50:] or "nothing")
def test_wrong_input_is_one_sentence_and_exit_code_2_before_any_run(words, sentence, monkeypatch):
    monkeypatch.setattr(sweep, "run_stored", None)  # a run would fail loudly
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert sentence in result.stderr


@pytest.mark.parametrize("words", [words for words, _ in WRONG if len(words) > 1 and "--lang" not in words],
                         ids=lambda words: " ".join(words)[-50:])
def test_wrong_input_is_told_in_chinese_on_request(words, monkeypatch):
    monkeypatch.setattr(sweep, "run_stored", None)
    found = run(*words, "--lang", "zh")
    told_in_chinese(found)
    named = [part for part in re.split("[=, +]+", words[-1]) if part] or ["空"]
    assert any(name in found.stderr for name in (*named, words[-2])), found.stderr


def test_click_speaks_chinese_for_one_command_only():
    assert "错误：没有选项 '--bogus'" in run("compare", "--lang=zh", "--bogus").stderr
    assert "No such option" in run("compare", "--bogus").stderr


def test_json_is_one_object_and_nothing_else_on_stdout():
    result = run("compare", "--json", *QUICK)
    assert (result.exit_code, result.stderr) == (0, "")
    data = json.loads(result.stdout)
    assert (data["schema"], data["seeds"], data["neutral"]) == (2, 2, True)
    assert set(data["regions"]) == {"rich", "difficult"}
    assert list(data["regions"]["rich"]["measures"]) == list(MEASURES)
    assert data["regions"]["rich"]["measures"]["paid_hours"]["difference"] == 0.0


@pytest.mark.slow
def test_the_same_command_gives_the_same_output_to_the_bit():
    assert run("compare", "--json", *QUICK).stdout == run("compare", "--json", *QUICK).stdout


@pytest.mark.slow
def test_options_reach_the_model():
    plain = json.loads(run("compare", "--json", "--region", "rich", *QUICK).stdout)
    for more in (["--set", "reach=0.1"], ["--regimes", "layered,layered+two_way"], ["--set", "days=60"]):
        words = QUICK if "days" not in more[-1] else [w for w in QUICK if w not in ("--days", "40")]
        other = json.loads(run("compare", "--json", "--region", "rich", *words, *more).stdout)
        assert other["regions"]["rich"] != plain["regions"]["rich"], more


def test_a_scenario_file_is_a_region_of_its_own(tmp_path):
    path = tmp_path / "my-county.toml"
    path.write_text("\n".join(f"{k} = {v}" for k, v in SMALL.items()) + '\nregion = "difficult"\n')
    data = json.loads(run("compare", "--json", "--region", str(path), "--seeds", "2").stdout)
    assert list(data["regions"]) == ["my-county"]
    bad = tmp_path / "bad.toml"
    bad.write_text("streets = 99\n")
    assert "bad.toml, line 1" in run("compare", "--region", str(bad)).stderr


@pytest.mark.parametrize("lang, words", [("en", ["Rich region", "Neutral: yes"]), ("zh", ["富裕地区", "中立"])])
def test_both_languages(lang, words, no_model):
    result = run("compare", "--lang", lang, "--seeds", "2", "--workers", "1")
    assert result.exit_code == 0
    assert all(word in result.stdout for word in words)


def test_what_rules_print_stays_out_of_the_json(tmp_path):
    rules = tmp_path / "loud.py"
    rules.write_text("print('read')\ndef rating(timely, kindness):\n    print('asked')\n    return 0.1\n")
    result = run("compare", "--json", "--rules", str(rules), "--region", "rich", *QUICK)
    assert result.exit_code == 0 and set(json.loads(result.stdout)["regions"]) == {"rich"}
    assert "read" in result.stderr and "asked" in result.stderr


def test_failed_runs_end_with_1_and_are_named(tmp_path):
    rules = tmp_path / "mine.py"
    rules.write_text("def push_chance(core, supervise):\n    return 2.0\n")
    result = run("compare", "--json", "--rules", str(rules), "--region", "rich", *QUICK)
    assert result.exit_code == 1
    data = json.loads(result.stdout)
    assert len(data["failed"]) == 4
    assert "rule push_chance on day" in data["failed"][0]["error"]
    assert f'load_rules("{rules}")' in data["failed"][0]["replay"]
    assert "4 of 4 runs failed" in result.stderr
    assert "python -c" in result.stderr
    chinese = run("compare", "--json", "--lang", "zh", "--rules", str(rules), "--region", "rich", *QUICK)
    assert chinese.stdout == result.stdout
    assert "4 次运行中有 4 次失败" in chinese.stderr and data["failed"][0]["error_zh"] in chinese.stderr
    assert "规则 push_chance 在第" in data["failed"][0]["error_zh"]


def test_interrupted_ends_with_130(monkeypatch):
    def interrupted(task):
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep, "run_stored", interrupted)
    result = run("compare", "--workers", "1")
    assert (result.exit_code, result.stdout) == (130, "")
    assert "Interrupted" in result.stderr


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A comparison with its folder, and what it printed as JSON."""
    folder = tmp_path_factory.mktemp("kept") / "new" / "result"
    result = run("compare", "--out", str(folder), "--json", *QUICK)
    assert result.exit_code == 0, result.output
    return folder, result.stdout


def test_out_keeps_an_ordinary_folder_of_results(kept):
    folder, printed = kept
    assert {p.name for p in folder.iterdir()} >= {"plan.toml", "manifest.json", "results.sqlite", "compare.json"}
    assert json.loads((folder / "compare.json").read_text(encoding="utf-8")) == json.loads(printed)
    assert "8 of 8 runs done" in run("status", str(folder)).stdout
    rows = json.loads(run("compare-table", str(folder), "--json").stdout)["rows"]
    told = json.loads(printed)["regions"]
    for row in rows:
        entry = told[row["region"]]["measures"][row["measure"]]
        assert {k: row[k] for k in ("difference", "low", "high", "verdict")} == {
            k: entry[k] for k in ("difference", "low", "high", "verdict")}
    first = open_results(folder).runs()["id"][0]
    assert "equal to the last bit" in run("replay", str(folder), first).stdout
    assert run("export", str(folder)).exit_code == 0
    assert len(pd.read_csv(folder / "export" / "series.csv")) == 8 * 45
    assert "not a complete factorial" in run("ablation", str(folder)).stderr and "a map needs two" in run("map", str(folder)).stderr


def test_the_same_command_prints_the_same_and_runs_nothing(kept, monkeypatch):
    monkeypatch.setattr(sweep, "run_stored", None)
    assert run("compare", "--out", str(kept[0]), "--json", *QUICK).stdout == kept[1]


def test_a_comparison_is_gone_on_with_where_it_ended(kept, tmp_path):
    folder = tmp_path / "half"
    shutil.copytree(kept[0], folder)
    with Store(folder, write=True) as store:
        store.db.execute("delete from runs where regime = 'whistle' or seed = 20260101")
    (folder / "compare.json").unlink()
    assert "2 of 8 runs done, 0 failed, 6 missing" in run("status", str(folder)).stdout
    assert run("compare", "--out", str(folder), "--json", *QUICK).stdout == kept[1]
    assert (folder / "compare.json").is_file() and len(open_results(folder).runs()) == 8


def test_a_sweep_of_one_point_gives_the_verdicts_of_a_comparison(kept, tmp_path):
    plan = kept[0] / "plan.toml"
    assert run("run", str(plan), "--out", str(tmp_path / "out"), "--workers", "1").exit_code == 0
    tables = [run("compare-table", str(folder), "--json").stdout for folder in (kept[0], tmp_path / "out")]
    assert tables[0] == tables[1]


@pytest.mark.parametrize("other, said", [
    (["--seeds", "3"], "holds the results of another plan"), (["--regimes", "layered,whistle-slim"], "another plan"),
    (["--rules", "creaming"], "was begun with other rules")])
def test_another_comparison_is_not_put_on_top(kept, other, said, monkeypatch):
    monkeypatch.setattr(sweep, "run_stored", None)
    before = {p.name: p.read_bytes() for p in kept[0].iterdir() if p.is_file() and "sqlite" not in p.name}
    words = ["compare", "--out", str(kept[0]), *QUICK, *other]
    assert said in run(*words).stderr
    told_in_chinese(run(*words, "--lang", "zh"), str(kept[0]))
    assert {name: (kept[0] / name).read_bytes() for name in before} == before


def test_an_interrupted_comparison_says_where_it_goes_on(tmp_path, monkeypatch):
    def interrupted(task):
        raise KeyboardInterrupt

    monkeypatch.setattr(sweep, "run_stored", interrupted)
    result = run("compare", "--workers", "1", "--out", str(tmp_path / "out"))
    assert result.exit_code == 130 and f"what is done is kept in {tmp_path / 'out'}" in result.stderr


def test_without_out_nothing_is_left(tmp_path, monkeypatch, no_model):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert run("compare", "--seeds", "2", "--workers", "1").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_three_regimes_are_each_shown_against_the_first(no_model):
    text = run("compare", "--regimes", "layered,layered+slim,whistle", "--workers", "1", "--seeds", "2",
               "--all").stdout
    for title in ("Rich region: layered+slim against layered", "Difficult region: whistle against layered"):
        assert title in text


def test_lists_are_complete():
    found = lists.parameters()
    assert [p["name"] for p in found] == list(PARAMETERS)
    assert [m["name"] for m in lists.measures()] == list(MEASURES)
    files = sorted(path.stem for path in SCENARIOS.glob("*.toml"))
    assert [s["name"] for s in lists.scenarios()] == ["rich", "difficult", *files]
    difficult = lists.scenarios()[1]["changes"]
    assert difficult == {p["name"]: p["difficult"] for p in found if p["difficult"] != p["rich"]}
    assert {p["mark"] for p in found} == {"assumed", "unverified", "found", "calibrated"}
    assert "fit" in [r["slot"] for r in lists.rules()]
    rule = lists.rule("fit")
    assert rule["code"].startswith("def fit(")
    assert rule["arguments"] == ["x", "theta", "specificity", "v_err", "knowledge"]


def test_a_word_finds_parameters_by_name_label_and_text_in_either_language():
    def names(word):
        return [p["name"] for p in lists.parameters(word)]

    assert names("h_trI") == ["h_triage"]  # a name
    assert names("Hand-over hours") == ["h_handoff"]  # a label
    assert "spot" in names("counter")  # a text
    assert names("部门的一小时") == ["reach"]
    text = run("parameters", "hours of", "--lang", "en").stdout
    assert "h_case" in text and "kinship" not in text


def test_the_main_parameters_come_first_then_the_others_by_group():
    text = run("parameters").stdout
    main = [p.name for p in PARAMETERS.values() if p.main]
    assert len(main) == 12
    shown = [line.split()[0] for line in text.splitlines() if line[:1].isalpha()]
    assert [name for name in shown if name in PARAMETERS] == [*main, *(n for n in PARAMETERS if n not in main)]
    assert text.index("The main ones") < text.index("The district") < text.index("Residents")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("words, names", [
    (["parameters"], list(PARAMETERS)), (["measures"], list(MEASURES)), (["rules"], ["fit", "split_attention"]),
    (["rules", "fit"], ["def fit(x, theta"]), (["scenarios"], ["rich", "difficult"])])
def test_lists_as_tables(words, names, lang):
    result = run(*words, "--lang", lang)
    assert result.exit_code == 0
    assert [name for name in names if name not in result.stdout] == []
    if words == ["parameters"]:
        label = say(PARAMETERS["reach"].label, lang) if lang == "zh" else PARAMETERS["reach"].unit
        assert label in result.stdout
        assert Words(lang)(BASIS["assumed"]) in result.stdout


def test_help_names_the_commands_and_every_option_of_the_main_job():
    assert all(name in run("--help").stdout for name in ("compare", "scenarios", "parameters", "measures", "rules"))
    text = run("compare", "--help").stdout
    options = ("region", "regimes", "seeds", "days", "set", "needs", "rules", "workers", "scheduler", "out", "json",
               "lang")
    assert [name for name in options if f"--{name}" not in text] == []


def test_help_imports_nothing_heavy():
    heavy = ("mesa", "pydantic", "numpy", "pandas", "scipy", "rich", "distributed", "solara", "networkx", "numba")
    code = f"import sys, experiments.__main__; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.parametrize("words", ["--help", "compare --help", "parameters", "scenarios"])
def test_light_commands_do_without_the_model(words):
    heavy = ("mesa", "pandas", "scipy", "distributed", "numba", "model.governance")
    code = (f"import sys; sys.argv = ['chuishao', *{words.split()}]\nfrom experiments.__main__ import main\n"
            f"try: main()\nfinally: print([m for m in {heavy} if m in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr


@pytest.mark.parametrize("lang, said", [("en", "Compiling the model for this machine, once"), ("zh", "正在为本机编译模型，只需一次")])
def test_the_first_use_says_that_it_compiles_before_any_run(lang, said, monkeypatch):
    def prepare(tell):
        for done in range(1, 4):
            tell(done, 3)

    monkeypatch.setattr("agents.compiled.prepare", prepare)
    monkeypatch.setattr(sweep, "run_stored", lambda task: print("run", file=sys.stderr) or made_up(task))
    result = run("compare", "--seeds", "2", "--lang", lang, "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)
    first, *runs = result.stderr.splitlines()
    assert first.startswith(said) and runs == ["run"] * 8


def test_wrong_input_compiles_nothing(monkeypatch):
    monkeypatch.setattr("agents.compiled.prepare", None)
    assert run("compare", "--set", "reach=9").exit_code == 2
    assert run("compare", "--rules", "missing.py").exit_code == 2


@pytest.mark.slow
def test_the_command_as_a_person_runs_it():
    done = subprocess.run([sys.executable, "-m", "experiments", "compare", "--region", "rich", *QUICK],
                          capture_output=True, text=True, cwd=ROOT, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert "simulated, not a forecast" in done.stdout
    assert all(switch not in done.stdout for switch in SWITCHES)


def case_log(path, rows):
    path.write_text("opened,closed,street,domain\n" + "\n".join(rows) + "\n")
    return str(path)


@pytest.mark.slow
def test_a_case_log_is_used_and_talked_about(tmp_path):
    days = [f"2024-{month:02}-{day:02}" for month in (3, 4) for day in range(4, 26)]
    log = case_log(tmp_path / "log.csv", [f"{d},{d},{'EW'[i % 2]}ast,roads" for i, d in enumerate(days)])
    result = run("compare", "--json", "--region", "rich", "--needs", log, *QUICK)
    assert (result.exit_code, result.stderr) == (0, "")
    data = json.loads(result.stdout)
    assert set(data["waits"]["rich"]) == {"log", "layered", "whistle"}
    assert data["waits"]["rich"]["log"]["p50"] == 0.0
    assert any("44 rows read" in note for note in data["notes"]["rich"])
    assert "44 rows read" in run("compare", "--region", "rich", "--needs", log, *QUICK).stdout
    told = json.loads(run("compare", "--json", "--rules-variants", "creaming", "--region", "rich", "--needs", log,
                          *QUICK).stdout)
    assert all("44 rows read" in str(rules["notes"]["rich"]) for rules in told["rules"].values())


@pytest.mark.parametrize("more", [[], ["--rules-variants", "creaming"]])
def test_a_bad_case_log_is_refused_before_any_run(tmp_path, monkeypatch, more):
    monkeypatch.setattr(sweep, "run_stored", None)
    result = run("compare", "--needs", case_log(tmp_path / "bad.csv", ["yesterday,,East,roads"] * 9), *QUICK, *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1
    assert "bad.csv" in result.stderr


@pytest.mark.parametrize("what, text", [
    ("parameters", "部门的一小时工作"), ("measures", "从提出到解决的天数"), ("rules", "若部门看重回应街道"),
    ("scenarios", "干部熟悉当地")])
def test_lists_give_their_help_in_chinese(what, text, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # so that no word of the text is folded
    said = run(what, "--lang", "zh")
    assert said.exit_code == 0
    assert text[:6] in said.output.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("words", [
    ["parameters"], pytest.param(["check-rules", "creaming"], marks=pytest.mark.slow)], ids=" ".join)
def test_a_reader_that_is_gone_ends_a_command_quietly(words):
    """As in `chuishao parameters | head -1`; little is printed only at the end, when nobody would catch what it raises."""
    reader, writer = os.pipe()
    os.close(reader)
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run([sys.executable, "-m", "experiments", *words], stdout=writer, stderr=subprocess.PIPE, text=True,
                          cwd=ROOT, env=buffered, timeout=60)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def test_rules_are_grouped_and_found_by_a_word():
    text = run("rules").stdout
    places = [text.index(head) for head in ("Attention and work", "split_attention", "Cases", "voice_chance", "Emergencies")]
    assert places == sorted(places) and len(text.splitlines()) < 200
    found = [row["slot"] for row in lists.rules("petition")]
    assert "petition_chance" in found and len(found) < 5
    assert "push_chance" in run("rules", "下压", "--lang", "zh").stdout
    assert "did you mean 'fit'" in run("rules", "fti").stderr


def test_help_names_every_command_in_a_section_and_whole_sentences():
    lines = CliRunner().invoke(main, ["--help"], terminal_width=80).output.splitlines()
    listed = [line.split()[0] for line in lines if re.match(r"  [a-z][a-z-]+  ", line)]
    assert sorted(name for name in listed if name in main.commands) == sorted(main.commands)
    assert not [line for line in lines[1:] if line.endswith("...")]
