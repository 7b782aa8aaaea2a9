"""The report of a folder: what it says, that it says all of it, in both languages, and that it asks for nothing."""

import base64
import io
import json
import re
import sys
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import samples
from click.testing import CliRunner
from samples import SETS, undrawn

from agents.work import ACTS
from experiments import activities
from experiments.__main__ import main
from experiments.analysis.ablation import ablation
from experiments.analysis.differences import differences
from experiments.analysis.robustness import robustness
from experiments.charts import intervals
from experiments.report import build, tradeoff
from experiments.report.answer import answer
from experiments.report.effects import caption, dots_section, lines, point_labels
from experiments.runs import Source, _packed
from experiments.store import Store, open_results
from experiments.words import Words
from model.measures import FORMAL, HEADLINES, MEASURES

ALWAYS = {"neutrality", "effects", "worth", "time", "tradeoff", "table", "parameters", "versions", "answer", "elsewhere"}
MORRIS = "[vary]\nreach = [0.1, 1.0]\nload = [0.5, 2.0]\ngaming = [0.1, 1.0]\nkappa = [0.5, 2.0]"
RULES = 'def switching(open_per_cadre):\n    """If many, then some. Assumption."""\n    return 0.1 if 1 < 2 else 0.0\n'


def effect(task, measure):
    """What the reform does in the made-up world: more cases served, core work lost in the difficult region alone."""
    on = len(task.regime) - len("layered") if task.regime.startswith("layered") else 24
    side = {"served_cases": 0.01, "served_core": -0.02 * (task.region == "difficult"), "formalism_share": 0.0}
    return on * side.get(measure, 0.001) * (1 + task.scenario.gaming)


def made_up(task):
    noise = np.random.default_rng([task.seed, len(task.regime)])
    row = {m: 0.5 + 0.01 * (task.seed % 5) + effect(task, m) + 0.002 * noise.normal() for m in MEASURES}
    half = 50.0 if task.regime == "layered" else 75.0
    ledger = [["cadre", "casework", 60.0], ["cadre", "data", 30.0], ["cadre", "idle", 10.0],
              ["department", "core", 100.0 - half], ["department", "respond", half - 20.0], ["department", "repair", 20.0]]
    columns, series = _packed(pd.DataFrame({"day": [0, 1], "trust": [0.5, 0.6]}))
    neutrality = {"world": f"w{task.seed}", "burn_in": "b", "paid_hours": {"cadre": 100.0}, "spent_plus_idle_error": 0.0}
    given = {k: getattr(task.scenario, k) for k in ("reach", "load", "gaming")}
    return {"row": {**given, "regime": task.regime, "seed": task.seed, **row}, "neutrality": neutrality,
            "ledger": ledger, "columns": columns, "series": series}


def fails_in_a_corner(task):
    """Fewer cases served by the reform where reach is below .5 and load above 1."""
    got = made_up(task)
    if task.regime == "whistle" and task.scenario.reach < 0.5 and task.scenario.load > 1.0:
        got["row"]["served_cases"] -= 1.0
    return got


def swept(folder, kind, vary="", run=made_up, regions=("rich", "difficult"), more=(), **how):
    return samples.swept(folder, kind, vary, run=run, regions=regions, regimes=("layered", "whistle", *more), **how)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder of each kind, made when a test first asks for it; the comparison is a real one."""
    return Folders(tmp_path_factory.mktemp("report"))


class Folders(dict):
    """Results folders by their kinds."""

    def __init__(self, root):
        self.root = root

    def __missing__(self, kind):
        self[kind] = MADE[kind](self.root / kind)
        return self[kind]


def really_compared(folder):
    done = chuishao("compare", "--seeds", "3", "--workers", "1", "--out", folder, *SETS)
    assert done.exit_code == 0, done.output
    return folder


VARY = "[vary]\nreach = [0.1, 1.0]\nload = [0.5, 2.0]"
MADE = {
    "list": lambda at: swept(at, "list"),
    "arms": lambda at: swept(at, "list", more=("layered+cut_forms", "layered+more_staff")),
    "gaming": lambda at: swept(at, "grid", "[vary]\ngaming = [0.0, 0.5, 1.0]"),
    "lhs": lambda at: swept(at, "lhs", VARY),
    "box": lambda at: swept(at, "lhs", VARY, points=40, run=fails_in_a_corner),
    "three": lambda at: swept(at, "grid", VARY, more=("layered+slim", "layered+two_way")),
    "oat": lambda at: swept(at, "oat", "[vary]\ngaming = [0.1, 0.9]\nload = [0.5, 2.0]", regions=["rich"]),
    "factorial": lambda at: swept(at, "factorial", more=["layered+train"], regions=["difficult"]),
    "morris": lambda at: swept(at, "morris", MORRIS, regions=["rich"]),
    "compare": really_compared,
}
KINDS = ("list", "arms", "gaming", "lhs", "box", "factorial", "morris", "oat", "compare")
DRAWN = ("gaming", "box", "factorial", "morris", "oat", "compare")
"""Kinds whose English pages are drawn: together they have every section that has a picture."""
MORE = {"list": set(), "arms": set(), "gaming": {"over"}, "lhs": {"map"}, "box": {"map", "box"}, "factorial": {"ablation"},
        "morris": {"sensitivity"}, "oat": {"tornado"}, "compare": set()}
LACKING = {"map": "where-does-it-fail", "box": "where-does-it-fail", "ablation": "ablation",
           "sensitivity": "sensitivity", "tornado": "robustness-rich", "formalism": "formalism-levels",
           "way": "rich-to-difficult"}


SEVERAL = ("arms", "factorial")
"""Kinds with more than one regime beside the first: three, and two that the factorial names itself."""
CHAPTERS = {f"{key}-{n}" for key in ("regime", "table") for n in range(3)}


def chuishao(*words):
    return CliRunner().invoke(main, list(map(str, words)))


class Page(HTMLParser):
    """What a page asks for, its sections, its text and the numbers it carries."""

    def __init__(self, text):
        super().__init__()
        self.asked, self.keys, self.data, self.said, self.tags = [], [], {}, [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        self.asked += [v for k, v in given.items() if k in ("src", "href", "xlink:href", "action", "data", "srcset")]
        if tag == "section":
            self.keys.append(given["id"])
        if "download" in given:
            body = base64.b64decode(given["href"].split(",", 1)[1]).decode("utf-8-sig")
            self.data[given["download"]] = body

    def handle_data(self, data):
        self.said.append(data)


@pytest.fixture(scope="module")
def pages(folders):
    """The page of a kind of folder in a language, made once, on the command line; `drawn` with its pictures."""
    made = {}

    def page(kind, lang="en", drawn=False):
        drawn |= kind == "box"  # whose boxes take longer to find than to draw
        if (kind, lang, drawn) not in made:
            with pytest.MonkeyPatch.context() as patch:
                if not drawn:
                    undrawn(patch)
                result = chuishao("report", folders[kind], "--lang", lang)
            assert result.exit_code == 0, result.output
            path = folders[kind] / "report" / ("report.html" if lang == "en" else "report.zh.html")
            made[kind, lang, drawn] = path.read_text(encoding="utf-8")
        return made[kind, lang, drawn]

    return page


@pytest.fixture
def sketched(monkeypatch):
    """Reports draw nothing."""
    undrawn(monkeypatch)


def numbers(text, name):
    return pd.read_csv(io.StringIO(Page(text).data[name]), engine="python")  # parses numbers exactly


# --- what is there ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind, lang", [*((kind, "en") for kind in KINDS), *((kind, "zh") for kind in ("compare", "oat"))])
def test_every_kind_of_folder_has_its_sections_and_says_where_the_others_are(pages, kind, lang):
    text = pages(kind, lang)
    always = (ALWAYS - {"table"}) | CHAPTERS if kind in SEVERAL else ALWAYS
    assert set(Page(text).keys) == (always - {"regime-2", "table-2"} if kind == "factorial" else always) | MORE[kind]
    words = Words(lang)
    for key, plan in LACKING.items():
        assert (build.elsewhere(key, plan, words) in text) == (key not in MORE[kind])
    assert ("Simulated, not a forecast" if lang == "en" else "模拟结果，不是预测") in text
    assert f'lang="{"en" if lang == "en" else "zh-CN"}"' in text


@pytest.mark.slow
@pytest.mark.parametrize("kind", DRAWN)
def test_a_page_asks_for_nothing_and_keeps_text_as_text(pages, kind):
    text = pages(kind, drawn=True)
    found = Page(text)
    assert [url for url in found.asked if not url.startswith(("#", "data:"))] == []
    assert not {"script", "iframe", "object", "embed"} & set(found.tags)
    assert not re.search(r"url\((?!#)|@import|@font-face|<!DOCTYPE svg|<metadata", text)
    pictures = re.findall("<svg.*?</svg>", text, re.S)
    assert "Cases served" in re.sub("<[^>]*>", "", "".join(pictures)) and "<use" not in text  # never glyphs
    assert all(re.match(r'<svg role="img" aria-label="[^"]+"', picture) for picture in pictures)
    assert not re.search(r"NaN|undefined|null", "".join(pictures))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_numbers_are_in_the_page_and_beside_the_results(folders, pages, kind):
    found = Page(pages(kind))
    beside = {p.name: p.read_text(encoding="utf-8") for p in (folders[kind] / "report").glob("*.csv")}
    assert found.data == beside and {"effects.csv", "time-use.csv", "trade-off.csv", "parameters.csv"} <= set(beside)
    assert all(len(pd.read_csv(io.StringIO(text))) for text in beside.values())


# --- the numbers are those of the analyses ------------------------------------------------------------------------


def test_the_dots_drawn_are_the_paired_differences(folders, monkeypatch):
    columns = ["difference", "low", "high", "verdict"]
    drawn, real = [], intervals.forest

    def forest(panels, labels, **how):
        drawn.extend(row for _, table in panels for row in table[columns].itertuples(index=False, name=None))
        return real(panels, labels, **how)

    monkeypatch.setattr("experiments.report.effects.forest", forest)
    (figure,) = dots_section(open_results(folders["gaming"]), Words(), ["whistle"]).blocks
    found = pd.read_csv(io.StringIO(build._csv(figure)), engine="python")  # as it is beside the picture, to the last digit
    assert sorted(drawn) == sorted(found[columns].itertuples(index=False, name=None))
    results = open_results(folders["gaming"])
    for measure in HEADLINES:
        want = differences(results, measure).sort_values(["region", "point"])[columns[:3]].to_numpy()
        got = found[found["measure"] == measure].sort_values(["region", "point"])[columns[:3]].to_numpy()
        assert np.array_equal(got.astype(float), want.astype(float))


def test_a_comparison_is_reported_as_it_was_printed(folders):
    said = json.loads((folders["compare"] / "compare.json").read_text(encoding="utf-8"))
    table = lines(open_results(folders["compare"]), tuple(MEASURES))
    for row in table.to_dict("records"):
        told = said["regions"][row["region"]]["measures"][row["measure"]]
        assert all(row[name] == told[name] for name in ("difference", "low", "high", "verdict"))


@pytest.mark.slow
def test_shapley_shares_shown_add_up(folders, pages):
    shares = numbers(pages("factorial"), "ablation-shapley.csv")
    found = ablation(open_results(folders["factorial"]), "served_cases")
    for region, part in shares[shares["measure"] == "served_cases"].groupby("region"):
        assert part["shapley"].sum() == pytest.approx(found[region]["whole"].mean, abs=1e-12)
        assert part["whole"].unique() == pytest.approx([found[region]["whole"].mean])


@pytest.mark.slow
def test_the_box_shown_is_the_corner_that_was_planted(folders, pages):
    boxes = numbers(pages("box"), "box.csv")
    for _, part in boxes[boxes["measure"] == "served_cases"].groupby("region"):
        limits = part.set_index("parameter")
        assert set(limits.index) == {"reach", "load"} and (part["coverage"] > 0.9).all()
        assert limits.loc["reach", "high"] == pytest.approx(0.5, abs=0.06)
        assert limits.loc["load", "low"] == pytest.approx(1.0, abs=0.12)
    cost = boxes[boxes["measure"] == "served_core"].set_index("region")
    assert cost["worse"].to_dict() == {"rich": 0, "difficult": 40} and cost["parameter"].isna().all()


@pytest.mark.slow
def test_a_box_is_not_shown_without_its_library(folders, monkeypatch, sketched):
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    made = build.sections(open_results(folders["box"]), Words())
    (box,) = (s for s in made if s.key == "box")
    assert "pip install -e" in box.text[0] and not box.blocks


@pytest.mark.slow
def test_the_tornado_is_what_robustness_says(folders, pages):
    found = numbers(pages("oat"), "tornado-served_cases.csv")
    want = robustness(open_results(folders["oat"]), "served_cases")
    assert found["parameter"].tolist() == want["parameter"].tolist()
    assert np.array_equal(found[["value", "difference", "low", "high"]], want[["value", "difference", "low", "high"]])
    assert set(found["parameter"]) == {"gaming", "load"}
    assert "in 4 moves the answer holds in 2, is open in 0, flips in 0; in 2 no run changes at all" in pages("oat")


@pytest.mark.slow
@pytest.mark.parametrize("kind, key", [("lhs", "map"), ("list", "effects")])
def test_a_scenario_file_can_be_a_region(tmp_path, kind, key, sketched):
    (tmp_path / "hills.toml").write_text('name = "far hills"\nregion = "difficult"\n')
    folder = swept(tmp_path / "out", kind, "[vary]\nreach = [0.1, 1.0]\nload = [0.5, 2.0]" if kind == "lhs" else "",
                   regions=[tmp_path / "hills.toml", "rich"])
    made = build.sections(open_results(folder), Words())
    (section,) = (s for s in made if s.key == key)
    assert section.blocks and "Not shown" not in str(section.text)
    assert list(dict.fromkeys(section.blocks[0].data["region"])) == ["far hills", "rich"]


def test_code_in_a_sentence_is_marked_and_nothing_else_is_markup():
    assert str(build._coded("run `a < b` & <c>")) == "run <code>a &lt; b</code> &amp; &lt;c&gt;"


@pytest.mark.slow
def test_a_plan_of_points_is_not_sent_to_itself(tmp_path, sketched):
    folder = swept(tmp_path / "out", "list", name="formalism-levels")
    text, words = build.report(folder, "zh").read_text(encoding="utf-8"), Words("zh")
    assert words(build.LACKS["formalism"]) not in text and words(build.LACKS["way"]) in text


@pytest.mark.slow
def test_the_time_shown_is_the_ledger_and_formalism_the_measure(folders, pages):
    table = numbers(pages("compare"), "time-use.csv")
    sums = table.groupby(["region", "agent_class", "regime"])["share"].sum()
    assert np.allclose(sums, 1.0) and len(sums) == 2 * 3 * 2
    cadres = table[(table["agent_class"] == "cadre") & table["group"].isin(["paper", "assessment"])]
    runs = open_results(folders["compare"]).runs()
    want = runs.groupby(["region", "regime"])["formalism_share"].mean()
    got = cadres.groupby(["region", "regime"])["share"].sum()
    assert got.to_dict() == pytest.approx(want.to_dict(), abs=1e-9)


def test_every_activity_has_one_group_and_formal_ones_are_paper_or_assessment():
    every = [a for some in activities.GROUPS.values() for a in some]
    assert sorted(every) == sorted(name.lower() for name in ACTS)
    assert {activities.group_of(ACTS[n].lower()) for n in FORMAL} == {"paper", "assessment"}


def test_the_curve_runs_over_the_answering_share_and_is_named_by_the_shares_of_assessment(tmp_path):
    sigmas = ("whistle+sigma_street=0.1", "whistle+sigma_department=0.5")
    folder = swept(tmp_path / "sigma", "list", more=sigmas)
    curve = tradeoff.curve(open_results(folder), ["whistle", *sigmas])
    assert curve.groupby("regime")["answering"].unique().map(list).to_dict() == {
        "layered": [pytest.approx(0.5)], **dict.fromkeys(("whistle", *sigmas), [pytest.approx(0.75)])}
    served = curve[(curve["measure"] == "served_cases") & (curve["region"] == "rich")].set_index("regime")["value"]
    runs = open_results(folder).runs()
    want = runs[runs["region"] == "rich"].groupby("regime")["served_cases"].mean()
    assert served.to_dict() == pytest.approx(want.to_dict())
    assert tradeoff.shares(["whistle", *sigmas]) == {
        "whistle": "σ 0.25/0.25", sigmas[0]: "σ 0.1/0.25", sigmas[1]: "σ 0.25/0.5"}
    assert tradeoff.shares(["whistle", "whistle-slim"]) == tradeoff.shares(["whistle"]) == {}


# --- no regime is dropped -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_regime_has_its_chapter_against_the_base(folders, pages):
    text = pages("three")
    found = Page(text)
    others = ["whistle", "layered+slim", "layered+two_way"]
    assert [key for key in found.keys if key.startswith("regime")] == ["regime-0", "regime-1", "regime-2"]
    assert "3 regimes against layered" in text
    for n, regime in enumerate(others):
        chapter = text[text.index(f'id="regime-{n}"'):]
        assert f"{regime} against layered" in chapter[:400].lower() and f"Compared with layered, {regime} does" in chapter[:400]
        assert {f"effects-{n}", f"map-{n}", f"tradeoff-{n}", f"table-{n}"} <= set(found.keys)
        assert f"{regime} − layered" in chapter
        dots = numbers(text, f"effects-{regime}.csv")
        assert set(dots["regime"]) == {regime} and set(dots["point"]) == {0, 1, 2, 3}
        want = differences(open_results(folders["three"]), "served_cases")
        got = dots[dots["measure"] == "served_cases"].sort_values(["point", "region"])["difference"]
        assert got.tolist() == pytest.approx(want[want["regime"] == regime].sort_values(["point", "region"])["difference"].tolist())
        assert numbers(text, f"map-{regime}.csv")["difference"].notna().all()
    assert set(numbers(text, "time-use.csv")["regime"]) == {"layered", *others}


@pytest.mark.slow
def test_every_regime_of_a_factorial_is_in_a_table(folders, pages):
    table = numbers(pages("factorial"), "regimes-difficult.csv")
    results = open_results(folders["factorial"])
    assert set(table["regime"]) == set(results.plan.regimes) - {"layered"} and len(results.plan.regimes) == 33
    said = Page(pages("factorial")).said
    assert all(regime in said for regime in results.plan.regimes)


def test_the_base_is_named_where_dots_are(folders):
    results, words = open_results(folders["three"]), Words()
    assert "whistle − layered" in caption(results, ["whistle"], words)
    assert "to layered" in caption(results, ["whistle", "layered+slim"], words)


# --- the answer ---------------------------------------------------------------------------------------------------


def test_the_answer_hides_nothing_that_got_worse(folders):
    better, worse, rest = answer(open_results(folders["list"]), Words(), "whistle")
    assert "cases served (rich region +0.31, difficult region +0.31)" in better  # 24 × .01 × (1 + gaming), gaming = .3
    assert "core work served (difficult region −0.62)" in worse
    assert "core work served" not in better and "rich region" not in worse
    assert "formalism" in rest


def test_over_many_points_the_answer_counts_them(folders):
    better, worse, _ = answer(open_results(folders["lhs"]), Words(), "whistle")
    assert "cases served (rich region at 4 of 4 points" in better
    assert "core work served (difficult region at 4 of 4 points" in worse


@pytest.mark.slow
def test_an_arm_with_more_hours_is_said_to_be_no_neutral_one(pages):
    said = " ".join(Page(pages("arms")).said)
    assert "Neutral: yes. In 12 of 12 pairs" in said  # two regions, three seeds, two neutral arms
    assert "layered+more_staff adds paid hours" in said


def test_points_that_go_on_from_the_one_before_say_what_is_new():
    points = [{}, {"reach": 0.05}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 0.5}]
    assert point_labels(points, Words()) == ["as it is", "reach = 0.05", "a = 1, b = 2", "… + c = 0.5"]


@pytest.mark.slow
def test_a_headline_that_no_run_defines_has_a_panel_without_dots(tmp_path, sketched):
    def undefined(task):
        done = made_up(task)
        return {**done, "row": {**done["row"], "emergency_success": None}}

    folder = swept(tmp_path / "out", "lhs", MORRIS, run=undefined)
    text = build.report(folder).read_text(encoding="utf-8")
    assert 'id="effects"' in text
    assert "It has no value for emergencies (rich region, difficult region)." in text
    assert "没有数值的是：" in answer(open_results(folder), Words("zh"), "whistle")[2]
    drawn = pd.read_csv(tmp_path / "out" / "report" / "effects.csv")
    assert set(drawn["measure"]) == set(HEADLINES) - {"emergency_success"}


def test_the_answer_says_at_how_many_points_a_headline_has_no_value(tmp_path):
    def undefined(task):
        done = made_up(task)
        lost = task.scenario.gaming == 0.5 or task.region == "difficult"
        return {**done, "row": {**done["row"], "emergency_success": None if lost else 0.5}}

    folder = swept(tmp_path / "out", "grid", "[vary]\ngaming = [0.0, 0.5, 1.0]", run=undefined)
    assert "(rich region at 1 of 3 points, difficult region)." in answer(open_results(folder), Words(), "whistle")[2]


@pytest.mark.slow
def test_a_cell_without_a_value_has_a_dash_on_the_map(tmp_path):
    def undefined(task):
        done = made_up(task)
        row = done["row"] if task.scenario.reach == 1.0 else {**done["row"], "served_cases": None}
        return {**done, "row": row}

    folder = swept(tmp_path / "out", "grid", "[vary]\nreach = [0.2, 1.0]\nload = [0.5, 1.5]", run=undefined,
                   regions=["rich"])
    text = build.report(folder).read_text(encoding="utf-8")
    assert text.count("· –") == 2 and "+nan" not in text


# --- what went wrong ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_failed_runs_own_rules_and_missing_runs_are_shown(tmp_path, sketched):
    def fails_once(task):
        if task.seed % 10 == 1 and task.regime == "whistle" and task.region == "rich":
            raise RuntimeError("no <luck> today")
        return made_up(task)

    folder = swept(tmp_path / "out", "list", run=fails_once, rules=Source("mine.py", RULES))
    text = build.report(folder).read_text(encoding="utf-8")
    assert "no &lt;luck&gt; today" in text and "1 of 12 runs failed" in text and "python -c" in text
    assert "return 0.1 if 1 &lt; 2 else 0.0" in text
    with Store(folder, write=True) as store:
        store.db.execute("delete from runs where status = 'failed'")
    assert "1 runs of the plan are missing" in build.report(folder).read_text(encoding="utf-8")


def test_a_folder_where_nothing_finished_says_so(tmp_path, sketched):
    def fails(task):
        raise RuntimeError("never")

    folder = swept(tmp_path / "out", "list", run=fails)
    text = build.report(folder).read_text(encoding="utf-8")
    assert "12 of 12 runs failed" in text and "holds no finished run" in text


@pytest.mark.slow
def test_a_design_with_a_hole_gives_the_reason_instead_of_indices(tmp_path, sketched):
    folder = swept(tmp_path / "out", "morris", MORRIS, regions=["rich"])
    with Store(folder, write=True) as store:
        store.db.execute("delete from runs where point = 1 and seed = (select max(seed) from runs)")
    text = build.report(folder, "zh").read_text(encoding="utf-8")
    assert "个缺运行" in text and 'id="sensitivity"' in text


@pytest.mark.slow
@pytest.mark.parametrize("spoil, sentence", [
    (lambda f: (f / "results.sqlite").unlink(), "holds no results"),
    (lambda f: (f / "results.sqlite").write_text("{" * 999), "results.sqlite cannot be used"),
    (lambda f: (f / "plan.toml").unlink(), "has lost its plan.toml"),
    (lambda f: (f / "report").write_text(""), "cannot write the report"),
])
def test_a_bad_folder_is_one_sentence(folders, tmp_path, spoil, sentence, sketched):
    folder = tmp_path / "compare"
    folder.mkdir()
    for path in folders["compare"].iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    spoil(folder)
    result = chuishao("report", folder)
    assert result.exit_code == 2 and sentence in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    samples.told_in_chinese(chuishao("report", folder, "--lang", "zh"), str(folder))


def test_no_folder_is_one_sentence(tmp_path):
    for folder in (tmp_path, tmp_path / "none"):
        result = chuishao("report", folder)
        assert result.exit_code == 2 and "holds no results" in result.stderr


@pytest.mark.slow
def test_the_file_can_be_elsewhere(folders, tmp_path, sketched):
    result = chuishao("report", folders["list"], "--out", tmp_path / "new" / "mine.html")
    assert result.exit_code == 0 and (tmp_path / "new" / "mine.html").is_file()
