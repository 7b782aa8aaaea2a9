import io
import json
import re

import pytest
from rich.cells import cell_len
from rich.console import Console
from samples import compared, made_up

from experiments.compare import arms_of
from experiments.screen import answer, show
from experiments.table import number, wrapped
from experiments.words import Words
from model.measures import HEADLINES, MEASURES


def printed(results, lang="en", width=100):
    out = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    show(results, Words(lang), out)
    return out.file.getvalue()


def mixed(task):
    """Core work and trust fall, cases served rise, emergencies are noise, everything else is equal."""
    noise = 0.1 * (-1) ** task.seed
    change = {"served_core": -0.25, "trust": -0.5, "served_cases": 0.125, "emergency_success": noise}
    on = task.regime != "layered"
    values = {name: 0.5 + task.seed % 3 / 64 + on * change.get(name, 0.0) for name in MEASURES}
    return made_up(task, **values)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [78, 100, 140])
def test_no_line_is_wider_than_the_terminal_and_no_figure_is_cut_off(lang, width, tmp_path):
    def large(task):
        return made_up(task, paid_hours=500_000.0, disturbance=-1234.5 - task.seed % 3)

    text = printed(compared(tmp_path / "out", large), lang, width)
    assert max(map(cell_len, text.splitlines())) <= width
    ends = re.findall(r" (\d\.\d\d|–) *$", text.split("Difficult" if lang == "en" else "困难")[0], re.MULTILINE)
    assert len(ends) == len(MEASURES)
    assert "500,000" in text


def test_headlines_first_then_the_worst_of_the_reform(tmp_path):
    lines = printed(compared(tmp_path / "out", mixed), width=140).split("Difficult")[0].splitlines()
    labels = {m.label: name for name, m in MEASURES.items()}
    rows = [labels[found[1]] for line in lines if (found := re.match(r"[▲▼ ] (\S.*?)  +\S", line))
            and found[1] in labels]
    assert len(rows) == len(MEASURES)
    assert tuple(rows[:5]) == HEADLINES
    assert rows[5] == "trust"
    assert {MEASURES[name].direction for name in rows[-6:]} == {0}


def test_the_answer_does_not_hide_what_got_worse(tmp_path):
    rows = arms_of(compared(tmp_path / "out", mixed))["difficult", "whistle"]
    text = answer(rows, "difficult", "layered", "whistle", Words("en"))
    assert text.startswith("Difficult region: compared with layered, whistle does better on cases served (+0.125); "
                           "does worse on core work served (−0.250); cannot be told apart on policy served (0.000), "
                           "emergencies (0.000), ")
    assert "1 worse" in text
    assert "worst: trust (−0.500)." in text


def test_it_is_said_that_this_is_simulated(tmp_path):
    result = compared(tmp_path / "out")
    assert "simulated, not a forecast" in printed(result)
    assert "模拟结果，不是预测" in printed(result, "zh")


def test_chinese_output_is_chinese_throughout(tmp_path):
    text = printed(compared(tmp_path / "out", mixed, ("layered", "whistle-slim", "layered+more_staff")), "zh")
    assert set(re.findall(r"[A-Za-z]{2,}", text)) == {"Holm"}


@pytest.mark.slow
def test_neutrality_is_printed_with_what_breaks_it(tmp_path):
    assert "Neutral: yes. In 8 of 8 pairs" in printed(compared(tmp_path / "out"))

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
    assert "│" not in text and "─" not in text and {"en": "has no finished pair", "zh": "没有完成的配对运行"}[lang] in text


def test_undefined_values_are_dashes(tmp_path):
    text = printed(compared(tmp_path / "out", lambda task: made_up(task, trust=None, served_policy=None)))
    row = next(line for line in text.splitlines() if line.startswith("  Trust "))
    assert row.split()[2:] == ["–"] * 5
    assert "has no value for policy served" in text


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
