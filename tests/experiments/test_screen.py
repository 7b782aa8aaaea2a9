import io
import json
import re

import pytest
from rich.cells import cell_len
from rich.console import Console
from samples import compared, made_up, swept

from experiments.compare import arms_of
from experiments.manifest import Edited, differing
from experiments.runs import Source
from experiments.screen import show
from experiments.screen_all import show_all
from experiments.store import open_results
from experiments.table import capital, number, two_figures, wrapped
from experiments.words import Words
from model.measures import HEADLINES, MEASURES
from model.scenario import PARAMETERS


def printed(results, lang="en", width=100, whole=False):
    out = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    arms = show(results, Words(lang), out)
    if whole:
        show_all(results, arms, Words(lang), out)
    return out.file.getvalue()


def mixed(task):
    """Core work and trust fall, cases served rise, emergencies are noise, everything else is equal."""
    noise = 0.1 * (-1) ** task.seed
    change = {"served_core": -0.25, "trust": -0.5, "served_cases": 0.125, "emergency_success": noise}
    on = task.regime != "layered"
    values = {name: 0.5 + task.seed % 3 / 64 + on * change.get(name, 0.0) for name in MEASURES}
    return made_up(task, **values)


def test_a_sentence_begins_with_a_capital_but_a_file_keeps_its_name():
    assert list(map(capital, ("rich region", "my_town · cadres", ""))) == ["Rich region", "my_town · cadres", ""]


def test_a_worth_has_two_figures_and_no_power_of_ten():
    assert list(map(two_figures, (0.034, 3.44, 10.6, 374, 1234))) == ["0.034", "3.4", "11", "370", "1,200"]


@pytest.mark.slow
@pytest.mark.parametrize("width, lang", [(78, "en"), (100, "zh")])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut_off(width, lang, tmp_path):
    def large(task):
        return made_up(task, paid_hours=500_000.0, disturbance=-1234.5 - task.seed % 3)

    results = compared(tmp_path / "out", large)
    assert max(map(cell_len, printed(results, lang, width, whole=True).splitlines())) <= width
    text = printed(results, lang, width, whole=True).removeprefix(printed(results, lang, width))
    ends = re.findall(r" (\d\.\d\d|–) *$", text.split("Difficult" if lang == "en" else "困难")[0], re.MULTILINE)
    assert len(ends) == len(MEASURES)
    assert "500,000" in text


def test_headlines_first_then_the_worst_of_the_reform(tmp_path):
    results = compared(tmp_path / "out", mixed)
    text = printed(results, width=140, whole=True).removeprefix(printed(results, width=140))
    lines = text.split("Difficult")[0].splitlines()
    labels = {m.label: name for name, m in MEASURES.items()}
    rows = [labels[found[1]] for line in lines if (found := re.match(r"[▲▼ ] (\S.*?)  +\S", line))
            and found[1] in labels]
    assert len(rows) == len(MEASURES)
    assert tuple(rows[:5]) == HEADLINES
    assert rows[5] == "trust"
    assert {MEASURES[name].direction for name in rows[-6:]} == {0}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_two_regimes_in_two_regions_fit_the_smallest_terminal_the_answer_first(lang, tmp_path):
    lines = printed(compared(tmp_path / "two", mixed), lang).splitlines()
    assert len(lines) <= 24 and max(map(cell_len, lines)) <= 100
    assert lines[3].startswith({"en": "Compared with layered, whistle does better", "zh": "与层层考核相比"}[lang])


def test_a_further_regime_takes_a_line_a_region(tmp_path):
    regimes = ("layered", "whistle", "hotline", "grid")
    three, four = (printed(compared(tmp_path / str(n), mixed, regimes[:n])).splitlines() for n in (3, 4))
    assert len(four) - len(three) == 2 and len(four) <= 28
    told = " ".join(four)
    assert "gain on some headlines and lose on others: whistle, hotline, grid" in told


def test_the_answer_does_not_hide_what_got_worse(tmp_path):
    text = " ".join(printed(compared(tmp_path / "out", mixed)).split())
    assert "Compared with layered, whistle does better on cases served. It does worse on core work served." in text
    assert "Not told apart: policy served, emergencies, formalism." in text
    assert "2 worse" in text and "Clearest losses: trust (rich region −0.50)." in text


def test_where_a_headline_goes_differently_in_two_regions_they_are_named(tmp_path):
    def run(task):
        change = -0.25 if task.region == "rich" else 0.25
        return made_up(task, bonus=0.0, served_core=0.5 + change * (task.regime != "layered"))

    text = " ".join(printed(compared(tmp_path / "out", run)).split())
    assert "does better on core work served (difficult region). It does worse on core work served (rich region)" in text


def test_the_worth_at_which_the_answer_turns_stands_beside_each_regime(tmp_path):
    def run(task):  # 3 cases more and 1 core job less a run: even where a core job is worth 3 cases
        on = task.regime != "layered"
        return made_up(task, bonus=0.0, cases_met=10.0 + 3 * on, value_got=5.0, jobs_done=8.0 - on)

    lines = printed(compared(tmp_path / "out", run)).splitlines()
    assert sum("<3 (3–3)" in line for line in lines if line.startswith(" whistle")) == 2
    narrow = " ".join(printed(compared(tmp_path / "out", run), width=78).split())
    assert "while a core job is worth less than 3 cases" in narrow


def test_what_differs_from_the_defaults_is_named(tmp_path):
    text = " ".join(printed(compared(tmp_path / "out")).split())
    assert "Different from the defaults (in brackets): streets 2 (6)" in text and "burn_in 5 (250)" in text
    rules = Source("mine.py", "def slack(motivation, monitored):\n    \"\"\"Nobody slacks.\"\"\"\n    return 0.0\n")
    own = open_results(swept(tmp_path / "own", "list", run=made_up, rules=rules))
    assert "Rules of your own, under every regime: mine.py (slack)." in " ".join(printed(own).split())


def test_default_rules_that_were_edited_are_named_and_kept(tmp_path, monkeypatch):
    before = "def slack(motivation):\n    \"\"\"Old words.\"\"\"\n    return 0.5\ndef fit(x):\n    return x\n"
    now = before.replace("Old", "New").replace("return x", "return x * x") + "def more(x):\n    return x\n"
    assert differing(before, now) == ["fit", "more"] and differing(before, before.replace("Old", "New")) == []
    edited = Edited("abc1234", ["fit", "more"], now)
    monkeypatch.setattr("experiments.sweep.edited_rules", lambda: edited)
    text = " ".join(printed(compared(tmp_path / "out")).split())
    assert "Default rules that were edited (edited-rules.py of the folder keeps them): fit, more." in text
    kept = (tmp_path / "out" / "edited-rules.py").read_text(encoding="utf-8")
    assert kept == "# Differs from the default rules of commit abc1234 in: fit, more\n" + now


def test_it_is_said_that_this_is_simulated(tmp_path):
    result = compared(tmp_path / "out")
    assert "simulated, not a forecast" in printed(result)
    assert "模拟结果，不是预测" in printed(result, "zh")


def test_chinese_output_is_chinese_throughout(tmp_path):
    results = compared(tmp_path / "out", mixed, ("layered", "whistle-slim", "layered+more_staff"))
    text = re.sub(r"`.*?`|--\w+( DIR)?|\b\w+ (?=[\d.]+（)", "", printed(results, "zh", whole=True))
    assert set(re.findall(r"[A-Za-z]{2,}", text)) - set(PARAMETERS) == {"Holm"}


@pytest.mark.slow
def test_neutrality_is_printed_with_what_breaks_it(tmp_path):
    assert "Neutral: yes, only the regime differs in 8 of 8 pairs" in printed(compared(tmp_path / "out"))
    assert "Neutral: yes. In 8 of 8 pairs" in printed(compared(tmp_path / "out"), whole=True)

    def run(task):
        return made_up(task, neutrality={"world": task.regime})

    assert "Neutral: NO. needs or luck drawn beforehand differ in 8 of 8 pairs" in printed(compared(tmp_path / "worlds", run))
    with_staff = compared(tmp_path / "staff", regimes=("layered", "layered+more_staff"))
    assert "Neutral: NO. layered+more_staff adds paid hours" in printed(with_staff)


@pytest.mark.parametrize("lang, word", [("en", "8 of 16 runs failed"), ("zh", "16 次运行中有 8 次失败")])
def test_failed_runs_are_named_with_a_line_to_replay_them(lang, word, tmp_path):
    def run(task):
        if task.regime == "whistle":
            raise RuntimeError("no luck")
        return made_up(task)

    text = printed(compared(tmp_path / "out", run), lang)
    assert word in text
    assert text.count("python -c ") == 5  # the first five are enough to see
    assert "RuntimeError: no luck" in text
    assert "│" not in text and "─" not in text
    assert text.splitlines()[2].startswith(word)  # the cause comes first


def test_undefined_values_are_dashes(tmp_path):
    results = compared(tmp_path / "out", lambda task: made_up(task, trust=None, served_policy=None))
    text = printed(results, whole=True)
    row = next(line for line in text.splitlines() if line.startswith("  Trust "))
    assert row.split()[2:] == ["–"] * 5
    assert "It has no value for policy served." in text


def test_a_case_logs_waits_are_shown_beside_the_models(tmp_path):
    def run(task):
        return {**made_up(task), "cases": {"waits": {"log": {"p50": 12.0, "share_closed": 0.5},
                                                     "model": {"p50": 9.0, "share_closed": 0.25}},
                                           "curves": {"log": [[0, 1], [1]], "model": [[0, 1], [1]]}}}

    results = compared(tmp_path / "out", run)
    path = tmp_path / "out" / "manifest.json"
    notes = {"rich": {"en": ["12 rows read."], "zh": ["读入 12 行。"]}}
    path.write_text(json.dumps({**json.loads(path.read_text()), "notes": notes}))
    text = printed(results)
    assert "12 rows read." in text and "读入 12 行。" in printed(results, "zh")
    assert re.search(r"50 % wait at most +12\.0 +9\.0 +9\.0", text)
    assert re.search(r"share closed +0\.50 +0\.25 +0\.25", text)


def test_a_difference_that_prints_as_zero_has_no_mark(tmp_path):
    rows = {n: arms_of(compared(tmp_path / str(n), lambda task, n=n: made_up(task, bonus=n)))["rich", "whistle"]["trust"]
            for n in (0.0004, 0.0006)}
    assert [(row["verdict"], row["low"] > 0) for row in rows.values()] == [("unresolved", True), ("better", True)]


@pytest.mark.parametrize("value, digits, signed, text", [
    (None, 2, False, "–"), (0.5, 3, False, "0.500"), (-0.25, 2, True, "−0.25"), (0.25, 2, True, "+0.25"),
    (-0.0001, 2, True, "0.00"), (1234567.8, 0, False, "1,234,568"), (0.0, 3, True, "0.000")])
def test_numbers(value, digits, signed, text):
    assert number(value, digits, signed) == text


@pytest.mark.parametrize("text", ["Of 24 other measures, 16 are better.", "在“需求”（+0.058）上更好，各类（差 1e-14），用 5e-11 小时）。"])
@pytest.mark.parametrize("width", range(18, 40))
def test_wrapping_loses_nothing_and_starts_no_line_with_a_mark(text, width):
    lines = wrapped(text, width).splitlines()
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(map(cell_len, lines)) <= width
    assert not any(re.match("[，。、；：）！？]", line) for line in lines)
