from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import in_chinese

from agents.things import LOGGED
from languages.text import say
from model.caselog import kept, quantiles, read_cases, working_day
from model.errors import InputError, text_of
from model.governance import GovernanceModel
from model.scenario import Scenario

REAL = Path(__file__).parents[3] / "shared" / "data" / "cases_2023.csv"
ONE = Scenario(streets=1, departments=4)
GOOD = "2023-01-02,A,Parks"


def write(tmp_path, text):
    path = tmp_path / "cases.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(tmp_path, rows, header="opened,street,domain", scenario=ONE):
    return read_cases(write(tmp_path, "\n".join([header, *rows]) + "\n"), scenario)


def refusal(tmp_path, text, scenario=ONE):
    with pytest.raises(InputError) as error:
        read_cases(write(tmp_path, text), scenario)
    in_chinese(text_of(error.value))
    return str(error.value)


def said(log, part):
    """The one note with this part in English, and in Chinese."""
    (note,) = [note for note in log.notes if part in note]
    return note, say(note, "zh")


# worked examples: dates

@pytest.mark.parametrize(("when", "days"), [
    ("2023-01-02", 0), ("2023-01-06", 4), ("2023-01-07", 5), ("2023-01-08", 5), ("2023-01-09", 5), ("2023-01-16", 10)])
def test_working_day_counts_mondays_to_fridays_and_moves_weekends_to_monday(when, days):
    assert working_day(date.fromisoformat(when)) - working_day(date(2023, 1, 2)) == days


def test_days_count_from_the_first_opened_working_day_in_any_order(tmp_path):
    log = read(tmp_path, ["2023-01-09,A,Parks", "2023-01-07,A,Parks", "2023-01-05,A,Parks", "2023-01-18,A,Parks"])
    assert log.day.tolist() == [2, 2, 0, 9]
    assert log.span == 10
    assert "opened 2023-01-05 to 2023-01-18: 10 days" in said(log, "4 rows read")[0]
    assert said(log, "Weekend") == ("Weekend cases moved to the Monday after: 1.",
                                    "周末受理、顺延至下周一的案件：1 个。")


def test_a_log_that_begins_on_a_weekend_begins_on_the_monday_after(tmp_path):
    log = read(tmp_path, ["2023-01-07,A,Parks", "2023-01-09,A,Parks", "2023-01-10,A,Parks"])
    assert (log.day.tolist(), log.span) == ([0, 0, 1], 2)


def test_waits_are_working_days_and_nan_where_open(tmp_path):
    rows = ["2023-01-06,2023-01-06", "2023-01-06,2023-01-09", "2023-01-07,2023-01-08", "2023-01-02,2023-01-16",
            "2023-01-02,"]
    log = read(tmp_path, [f"{row},A,Parks" for row in rows], "opened,closed,street,domain")
    np.testing.assert_array_equal(log.closed_wait, [0, 1, 0, 10, np.nan])
    assert said(log, "closing date")[0].startswith("Cases with a closing date: 4 of 5")


@pytest.mark.parametrize("opened", ["2023-01-03", " 2023-01-03 ", "2023-01-03T09:30", "2023-01-03 23:59:59",
                                    "2023-01-03T09:30:00.000", "2023-01-03T09:30:00Z", "2023-01-03 9:30:00 +08:00"])
def test_dates_may_have_a_time_which_does_not_count(tmp_path, opened):
    assert read(tmp_path, [GOOD, f"{opened},A,Parks"]).day.tolist() == [0, 1]


def test_closed_earlier_on_the_same_day_is_no_contradiction(tmp_path):
    log = read(tmp_path, ["2023-01-02 15:00,2023-01-02,A,Parks"], "opened,closed,street,domain")
    assert (log.closed_wait.tolist(), log.bad) == ([0.0], ())


# worked examples: streets, domains, other columns

def test_streets_are_numbered_by_name(tmp_path):
    rows = ["2023-01-02,乙街,Parks", "2023-01-02,甲街,Parks", "2023-01-02, 乙街 ,Parks"]
    log = read(tmp_path, rows, scenario=Scenario(streets=2))
    assert log.street_names == ["乙街", "甲街"]
    assert log.street.tolist() == [0, 1, 0]
    assert said(log, "Streets")[0] == "Streets are numbered by name: 0 = 乙街, 1 = 甲街."


def test_several_domains_are_split_cut_to_three_and_padded(tmp_path):
    rows = ["2023-01-02,A,a", "2023-01-02,A,a; b", "2023-01-02,A,b；a；c", "2023-01-02,A,a;;a; b ;",
            "2023-01-02,A,a;b;c;d"]
    log = read(tmp_path, rows)
    a, b, c = (log.domain_names.index(name) for name in "abc")
    assert log.domains.tolist() == [[a, -1, -1], [a, b, -1], [b, a, c], [a, b, -1], [a, b, c]]
    assert log.domain_names == ["a", "b", "c"]
    assert said(log, "first three")[0] == "Cases cut to their first three domains: 1."
    assert said(log, "Each of the 3 domains")[0].endswith("departments without a case in the log: 1.")


def test_rare_domains_become_other_and_are_counted(tmp_path):
    domains = ["a"] * 4 + ["b"] * 3 + ["c", "d", "e", "c;d", "a;e", "c"]
    log = read(tmp_path, [f"2023-01-02,A,{d}" for d in domains], scenario=Scenario(streets=1, departments=3))
    assert log.domain_names == ["a", "b", "other"]
    assert log.domains[7:, :2].tolist() == [[2, -1]] * 4 + [[0, 2], [2, -1]]
    english, chinese = said(log, "other")
    assert "2 main domains" in english and "3 rarest (6 cases)" in english
    assert "3 个领域（6 个案件）" in chinese


def test_a_domain_already_called_other_is_not_doubled(tmp_path):
    domains = ["Other"] * 5 + ["a"] * 3 + ["b"] * 2 + ["c"]
    log = read(tmp_path, [f"2023-01-02,A,{d}" for d in domains], scenario=Scenario(streets=1, departments=3))
    assert log.domain_names == ["a", "b", "other"]
    assert log.domains[:, 0].tolist() == [2] * 5 + [0] * 3 + [1] * 2 + [2]
    assert "1 rarest (1 cases)" in said(log, "rarest")[0]


def test_one_department_takes_everything(tmp_path):
    log = read(tmp_path, ["2023-01-02,A,a;b", "2023-01-02,A,c"], scenario=Scenario(streets=1, departments=1))
    assert log.domain_names == ["other"]
    assert log.domains.tolist() == [[0, -1, -1]] * 2


def test_hours_severity_and_cause_are_nan_or_minus_one_where_unknown(tmp_path):
    rows = ["1.5,2,pipe", ",,", "0,,road", ",0.5,pipe"]
    log = read(tmp_path, [f"{GOOD},{row}" for row in rows], "opened,street,domain,hours,severity,cause")
    np.testing.assert_array_equal(log.hours, [1.5, np.nan, 0, np.nan])
    np.testing.assert_array_equal(log.severity, [2, np.nan, np.nan, 0.5])
    assert log.cause.tolist() == [0, -1, 1, 0]
    assert not any("does not say" in note for note in log.notes)


def test_what_the_log_does_not_say_is_said(tmp_path):
    log = read(tmp_path, [GOOD], "opened,street,domain")
    assert np.isnan([log.closed_wait, log.hours, log.severity]).all()
    assert log.cause.tolist() == [-1]
    assert said(log, "does not say")[0] == "The log does not say hours, severity, cause: drawn from the scenario."
    assert not any("closing date" in note for note in log.notes)


def test_header_may_have_a_mark_capitals_spaces_quotes_and_extra_columns(tmp_path):
    text = '\ufeffID, Opened ,"STREET",Domain,\r\n\r\n1,2023-01-02,A,"Parks, Trees",x\r\n'
    log = read_cases(write(tmp_path, text), ONE)
    assert log.domain_names == ["Parks, Trees"]
    assert said(log, "not used") == ("Columns not used: id, (unnamed).", "未使用的列：id、（未命名）。")
    assert said(log, "Empty lines")[0] == "Empty lines skipped: 1."


def test_text_of_an_extra_column_may_run_over_lines_and_line_numbers_follow(tmp_path):
    rows = [f"{GOOD},x"] * 20 + [f'{GOOD},"a\nb\nc"', "2023-13-01,A,Parks,x"]
    log = read(tmp_path, rows, "opened,street,domain,text")
    assert [line for line, _ in log.bad] == [25]
    assert len(log.day) == 21


def test_braces_in_names_are_only_text(tmp_path):
    assert "0 = {rows}" in said(read(tmp_path, ["2023-01-02,{rows},{x}"]), "Streets")[0]


def test_columns_cannot_be_changed(tmp_path):
    log = read(tmp_path, [GOOD])
    with pytest.raises(ValueError, match="read-only"):
        log.day[0] = 3


# sampling

def test_a_larger_sample_holds_the_smaller_and_sizes_are_right():
    tenth, half = ([row for row in range(20_000) if kept(row, share)] for share in (0.1, 0.5))
    assert frozenset(tenth) < frozenset(half)
    # four standard errors of a binomial share
    assert abs(len(tenth) / 20_000 - 0.1) < 4 * (0.09 / 20_000) ** 0.5
    assert abs(len(half) / 20_000 - 0.5) < 4 * (0.25 / 20_000) ** 0.5
    assert sum(kept(row, 1.0) for row in range(20_000)) == 20_000


def test_a_sample_keeps_the_days_names_and_span_of_the_whole_log(tmp_path):
    rows = [f"2023-{1 + i // 28:02d}-{1 + i % 28:02d},{'AB'[i % 2]},{'abcdef'[i % 6]}" for i in range(200)]
    scenario = Scenario(streets=2, departments=4)
    whole, part = (read(tmp_path, rows, scenario=scenario.with_(needs_sample=share)) for share in (1.0, 0.25))
    chosen = [i for i in range(200) if kept(i, 0.25)]
    assert 0 < len(chosen) < 200
    for column in ("day", "street", "domains"):
        np.testing.assert_array_equal(getattr(part, column), getattr(whole, column)[chosen])
    assert (part.span, part.domain_names) == (whole.span, whole.domain_names)
    assert part.sampled_out == 200 - len(chosen)
    assert f"{len(chosen)} of 200 cases" in said(part, "Sampled")[0]
    assert whole.sampled_out == 0 and not any("Sampled" in note for note in whole.notes)


def test_a_sample_that_empties_a_street_is_refused(tmp_path):
    out = next(row for row in range(100) if not kept(row, 0.5))
    rows = ["2023-01-02,B,Parks" if row == out else GOOD for row in range(100)]
    text = "\n".join(["opened,street,domain", *rows])
    message = refusal(tmp_path, text, Scenario(streets=2, needs_sample=0.5))
    assert "'B'" in message and "raise needs_sample" in message


# quantiles

def test_quantiles_count_open_cases_as_waiting_for_ever():
    assert quantiles([1, 2, 3, 4, 5, 6, 7, 8, np.nan, np.nan]) == {
        "p10": 1.0, "p25": 3.0, "p50": 5.0, "p75": 8.0, "p90": None, "share_closed": 0.8}
    assert quantiles(np.array([5.0, 0.0, 2.0, 2.0])) == {
        "p10": 0.0, "p25": 0.0, "p50": 2.0, "p75": 2.0, "p90": 5.0, "share_closed": 1.0}


def test_quantiles_of_nothing_closed_and_of_nothing():
    names = ("p10", "p25", "p50", "p75", "p90")
    assert quantiles([np.nan, np.inf]) == {**dict.fromkeys(names), "share_closed": 0.0}
    assert quantiles([]) == {**dict.fromkeys(names), "share_closed": None}


@given(st.lists(st.one_of(st.integers(0, 50).map(float), st.just(float("nan"))), min_size=1, max_size=60))
def test_a_quantile_is_the_shortest_wait_that_covers_its_share(waits):
    result = quantiles(waits)
    for percent in (10, 25, 50, 75, 90):
        covering = [w for w in waits if 100 * sum(v <= w for v in waits) >= percent * len(waits)]
        assert result[f"p{percent}"] == min(covering, default=None)


# bad rows

BAD = {
    ",,A,Parks,,": "opened is missing",
    "2023-01-02,, ,Parks,,": "street is missing",
    "2023-01-02,,A,,,": "domain is missing",
    "2023-01-02,,A, ; ;,,": "domain is missing",
    "02/01/2023,,A,Parks,,": "opened '02/01/2023' is no date",
    "2023-02-30,,A,Parks,,": "opened '2023-02-30' is no date",
    "0000-01-01,,A,Parks,,": "opened '0000-01-01' is no date",
    "20230102,,A,Parks,,": "opened '20230102' is no date",
    "2023-W01-1,,A,Parks,,": "opened '2023-W01-1' is no date",
    "2023-01-02x,,A,Parks,,": "opened '2023-01-02x' is no date",
    "２０２３-01-02,,A,Parks,,": "is no date",
    "2023-01-02,soon,A,Parks,,": "closed 'soon' is no date",
    "2023-01-02,2023-01-01,A,Parks,,": "closed 2023-01-01 before opened 2023-01-02",
    "2023-01-02,,A,Parks,-1,": "hours '-1' is no number",
    "2023-01-02,,A,Parks,two,": "hours 'two' is no number",
    "2023-01-02,,A,Parks,nan,": "hours 'nan' is no number",
    "2023-01-02,,A,Parks,,inf": "severity 'inf' is no number",
    "2023-01-02,,A,Parks,,-0.1": "severity '-0.1' is no number",
    "2023-01-02,,A,Parks,": "5 instead of 6",
    "2023-01-02,,A,Parks,,,": "7 instead of 6",
    ",,,,,": "opened is missing",
}
WIDE = "opened,closed,street,domain,hours,severity"
FINE = "2023-01-02,2023-01-04,A,Parks,1,1"


@pytest.mark.parametrize(("row", "reason"), BAD.items())
def test_a_bad_row_is_listed_with_line_and_reason(tmp_path, row, reason):
    log = read(tmp_path, [FINE] * 15 + [row] + [FINE] * 4, WIDE)
    ((line, why),) = log.bad
    assert line == 17
    assert reason in why
    assert len(log.day) == 19
    english, chinese = said(log, "Bad rows")
    assert english == f"Bad rows left out: 1 (line 17: {why})."
    assert chinese.startswith("弃用的坏行：1 行（第 17 行：")
    in_chinese(english)


def test_the_first_ten_bad_rows_are_named_and_the_rest_counted(tmp_path):
    log = read(tmp_path, ["x,,A,Parks,,"] * 12 + [FINE] * 228, WIDE)
    english, chinese = said(log, "Bad rows")
    assert english.startswith("Bad rows left out: 12 (line 2: ") and "line 11: " in english
    assert "line 12: " not in english and english.endswith(", …).")
    assert "第 11 行" in chinese and "第 12 行" not in chinese and chinese.endswith("……）。")
    assert len(log.bad) == 12


def test_five_percent_bad_is_read_and_more_refused_with_lines_and_reasons(tmp_path):
    assert len(read(tmp_path, ["x,A,Parks"] + [GOOD] * 19).bad) == 1
    rows = ["x,A,Parks", *[GOOD] * 9, "2023-01-02,,Parks", *[GOOD] * 8]
    message = refusal(tmp_path, "\n".join(["opened,street,domain", *rows]))
    assert "2 of 19 rows are bad, more than 5 %" in message
    assert "line 2 (opened 'x' is no date like 2023-01-31), line 12 (street is missing)" in message
    assert message.endswith("correct or remove them")


# files that are no case log

def test_a_missing_file_and_a_directory_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"there is no case log .*nowhere\.csv.*check the path"):
        read_cases(tmp_path / "nowhere.csv", ONE)
    with pytest.raises(InputError, match="cannot be read .*check path"):
        read_cases(tmp_path, ONE)


@pytest.mark.parametrize(("text", "part"), [
    (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", "save the case log as UTF-8"),
    ("opened,street,domain\n2023-01-02,甲街,公园\n".encode("gbk"), "save the case log as UTF-8"),
    ("opened,street,domain\n".encode("utf-16-le"), "save the case log as CSV in UTF-8"),
    (b"", "holds no cases; give a line with opened, street, domain"),
    (b"\n \n\n", "holds no cases; give a line with opened, street, domain"),
    (b"opened,street,domain\n", "holds no cases; give a line with opened, street, domain"),
    (b"opened,domain\n2023-01-02,Parks\n", "no column 'street'; its first line is 'opened, domain'. Name opened, street, domain once"),
    (b"opened;street;domain\n2023-01-02;A;Parks\n", "no column 'opened'; its first line is 'opened;street;domain'"),
    (b"2023-01-02,A,Parks\n2023-01-02,A,Parks\n", "Name opened, street, domain once"),
    (b"opened,street,Street ,domain\n2023-01-02,A,B,Parks\n", "more than one column 'street'"),
    (b"opened,street,domain,hours,hours\n2023-01-02,A,Parks,1,2\n", "more than one column 'hours'"),
    (b'opened,street,domain\n2023-01-02,A,Parks\n2023-01-02,A,"Parks\n', "from line 3 on (unexpected end of data)"),
    (b'opened,street,domain\n2023-01-02,A,"Parks" and trees\n', "from line 2 on"),
    (b'opened,street,domain\n2023-01-02,A,"Parks\n2023-01-02,A,Parks"\n', "line 2: a quoted field runs over"),
    (b'opened,street,domain\n2023-01-02,A,Parks,"x\n2023-01-02,A,Parks"\n', "line 2: a quoted field runs over"),
    (b"opened,street,domain\n2023-01-02,A," + b"x" * 200_000 + b"\n", "from line 2 on (field larger"),
])
def test_what_is_no_case_log_is_refused_with_a_remedy(tmp_path, text, part):
    assert part in refusal(tmp_path, text)


@pytest.mark.parametrize(("here", "wanted", "part"), [
    (3, 2, "cases on 3 streets (first 'S000', last 'S002'), the scenario has 2; add --set streets=3"),
    (2, 6, "the scenario has 6; add --set streets=2"), (61, 6, "group them into 60 at most")])
def test_other_streets_than_the_scenarios_are_refused(tmp_path, here, wanted, part):
    rows = [f"2023-01-02,S{i:03d},Parks" for i in range(here)]
    assert part in refusal(tmp_path, "\n".join(["opened,street,domain", *rows]), Scenario(streets=wanted))


def test_a_date_far_off_is_refused_rather_than_stretching_the_log(tmp_path):
    text = "\n".join(["opened,street,domain", GOOD, "1923-01-03,A,Parks", GOOD])
    message = refusal(tmp_path, text)
    assert "1923-01-03 (line 3)" in message and "2023-01-02 (line 4)" in message and "correct the dates" in message


# every row is used, sampled out or bad

GOOD_ROWS = st.builds(
    "{},{},A,{},{}".format, st.dates(date(2022, 1, 1), date(2023, 6, 1)), st.dates(date(2023, 6, 2), date(2024, 6, 1)),
    st.sampled_from(["p", "q;r", "s;t;u;v", "w"]), st.sampled_from(["", "0", "2.5"]))
BAD_ROWS = st.sampled_from([
    ",,A,p,", "2022-01-01,,,p,", "1.1.2022,,A,p,", "2022-01-03,2022-01-02,A,p,", "2022-01-03,,A,;,",
    "2022-01-03,,A,p,-2", "2022-01-03,,A,p,nan", "2022-01-03,,A", ",,,,,,"])


@settings(deadline=None, max_examples=150)
@given(st.lists(GOOD_ROWS, min_size=1, max_size=60), st.sampled_from([1, 40]),
       st.lists(st.tuples(st.integers(0, 60), BAD_ROWS), max_size=4), st.sampled_from([0.05, 0.5, 0.9, 1.0]), st.integers(1, 9))
def test_every_row_is_used_sampled_out_or_bad(tmp_path_factory, good, times, bad, share, departments):
    rows, spoilt = [(row, True) for row in good * times], len(bad)
    for place, row in bad:
        rows.insert(place, (row, False))
    used = [i for i, (_, fine) in enumerate(rows) if fine and kept(i, share)]
    text = "\n".join(["opened,closed,street,domain,hours", *(row for row, _ in rows)])
    scenario = Scenario(streets=1, departments=departments, needs_sample=share)
    folder = tmp_path_factory.mktemp("log")
    if 20 * spoilt > len(rows):
        assert f"{spoilt} of {len(rows)} rows are bad" in refusal(folder, text, scenario)
    elif not used:
        assert "raise needs_sample" in refusal(folder, text, scenario)
    else:
        log = read_cases(write(folder, text), scenario)
        assert [line for line, _ in log.bad] == [i + 2 for i, (_, fine) in enumerate(rows) if not fine]
        assert len(log.day) == len(used)
        assert log.rows == len(rows) == len(log.day) + log.sampled_out + len(log.bad)
        assert all(say(note, "zh") != note for note in log.notes)
        assert log.day.min() >= 0 and log.day.max() < log.span
        assert (log.domains[:, 0] >= 0).all() and log.domains.max() < len(log.domain_names) <= departments
        assert (log.closed_wait >= 0).all()


# the real log

@pytest.mark.skipif(not REAL.is_file(), reason="the shared real log is not here")
def test_the_real_log_is_read_whole():
    log = read_cases(REAL, Scenario())
    assert (log.rows, len(log.day), log.sampled_out, log.bad) == (14_314, 14_314, 0, ())
    assert log.street_names == ["NYCC06", "NYCC07", "NYCC10", "NYCC14", "NYCC40", "NYCC48"]
    assert np.bincount(log.street).tolist() == [2330, 2131, 2266, 2535, 1996, 3056]
    assert len(log.domain_names) == 25 and log.domain_names[0] == "Housing and Buildings"
    assert np.bincount(log.domains[:, 0])[[0, 24]].tolist() == [4827, 44]
    assert log.span == np.busday_count("2023-01-03", "2023-12-28")
    assert np.isnan(log.closed_wait).sum() == 1813
    assert quantiles(log.closed_wait)["p90"] is None


@pytest.mark.skipif(not REAL.is_file(), reason="the shared real log is not here")
def test_days_and_waits_of_the_real_log_agree_with_numpys_calendar():
    log, rows = read_cases(REAL, Scenario()), [line.split(",") for line in REAL.read_text().splitlines()[1:]]
    opened = np.busday_offset([row[0] for row in rows], 0, roll="forward")
    closed = np.busday_offset([row[1] or "NaT" for row in rows], 0, roll="forward")
    np.testing.assert_array_equal(log.day, np.busday_count(opened.min(), opened))
    known = ~np.isnat(closed)
    np.testing.assert_array_equal(log.closed_wait[known], np.busday_count(opened[known], closed[known]))
    np.testing.assert_array_equal(np.isnan(log.closed_wait), ~known)


def test_the_burn_in_does_not_repair_the_causes_of_cases_to_come(tmp_path):
    """It repeats the log's first days, with causes of their own."""
    rows = [f"{working_date},A,Parks,{i % 3}" for i, working_date in enumerate(["2023-01-02", "2023-01-03"] * 6)]
    path = write(tmp_path, "\n".join(["opened,street,domain,cause", *rows, "2023-03-20,A,Parks,9"]) + "\n")
    m = GovernanceModel(Scenario(streets=1, departments=4, cadres=4, days=40, burn_in=5, needs=str(path)),
                        rng=1)
    arrived = m.problems[:m.district.at[0].arrivals]
    arrived = arrived[arrived.voice_luck == LOGGED]
    born, cause = arrived.born, arrived.cause
    early, late, after = (set(cause[(born >= first) & (born < last) & (cause >= 0)].tolist())
                          for first, last in ((0, 5), (5, 45), (61, 165)))  # the log is over on its 56th day
    assert len(early) == len(late) == 3 and not early & late
    assert len(after) == 4 + 3 and not after & (early | late)  # told once more in the cool-down, and begun again


def test_the_cool_down_goes_on_with_the_log_and_then_begins_it_again(tmp_path):
    days = [d.date().isoformat() for d in pd.bdate_range("2023-01-02", periods=50)]
    path = write(tmp_path, "\n".join(["opened,street,domain", *(f"{d},A,Parks" for d in days)]) + "\n")
    sc = Scenario(streets=1, departments=4, cadres=4, days=40, burn_in=5, cooldown=30, needs=str(path))
    p = GovernanceModel(sc, rng=1).problems
    assert np.bincount(p.born[p.voice_luck == -1.0], minlength=75).tolist() == [1] * 75
    assert len(GovernanceModel(sc, rng=1).run().case_times()["model"][0]) == 40
