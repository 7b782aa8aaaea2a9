"""What was made beforehand is what the model says, is read as if it had been run, and says when it is old."""

import gzip
import json

import numpy as np
import pytest

from experiments.runs import ROOT, run_once
from model.scenario import Scenario, load_scenario, scenario_names
from page import shipped, strips
from page.answers import Answering
from page.definition import Definition
from page.ensemble import STRIPS
from page.outcome import MEASURED, curves_of
from page.shipped import making, reading
from page.strips import SLIDERS, strips_of
from page.year import YEARS, year_of

SMALL = Scenario(streets=2, departments=4, cadres=4, residents=40, days=35, burn_in=5, cooldown=10)
NAMES = sorted(path.name.removesuffix(".json.gz") for path in reading.FOLDER.glob("*.json.gz"))
ONE = {"reach": SLIDERS["reach"]}
SIZE = making.Size(pairs=3, part_seeds=3, strip_seeds=2, every=1)


def current():
    """Files made by today's code."""
    return [name for name in NAMES if reading.read(name)["mark"] == reading.mark()]


def test_files_are_presets_and_small():
    assert set(NAMES) <= set(scenario_names())
    assert sum(reading.path_of(name).stat().st_size for name in NAMES) < 3_000_000


@pytest.mark.slow
def test_files_are_of_todays_code():
    """Else presets are answered live: run `python -m page.shipped`, half an hour on a quiet machine."""
    assert {"rich", "difficult"} <= set(current())


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES or ["rich"])
def test_a_pair_of_a_file_is_the_models(name):
    if name not in current():
        pytest.skip(f"{name} was made by other code; run `python -m page.shipped`")
    told, n = reading.read(name), 3
    for regime in Definition().regimes:
        row, run = run_once(load_scenario(name), regime, ROOT + n), told["runs"][regime][str(ROOT + n)]
        assert run["measures"] == [row[measure] for measure in MEASURED]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A file of a small district that goes for `rich`."""
    folder = tmp_path_factory.mktemp("shipped")
    with pytest.MonkeyPatch.context() as patch:
        _small(patch, folder)
        making.make("rich", _Here())
    return folder / "rich.json.gz"


@pytest.fixture
def folder(tmp_path, monkeypatch, made):
    """Where it lies; nothing of it has been read."""
    _small(monkeypatch, tmp_path)
    (tmp_path / made.name).write_bytes(made.read_bytes())
    yield tmp_path
    strips._keys.cache_clear()


def _small(patch, folder):
    strips._keys.cache_clear()
    for where, name, value in ((reading, "FOLDER", folder), (reading, "_read", {}), (reading, "_seeds", {}),
                               (making, "load_scenario", lambda name: SMALL), (making, "WHOLE", SIZE),
                               (reading, "load_scenario", lambda name: SMALL),
                               (making, "SLIDERS", ONE), (strips, "SLIDERS", ONE)):
        patch.setattr(where, name, value)


class _Here:
    """A pool that is this process."""

    def submit(self, work, *arguments):
        self.got = work(*arguments)
        return self

    def result(self):
        return self.got

    def map(self, work, *arguments):
        return map(work, *arguments)


def test_a_preset_is_answered_from_its_file_with_nothing_run(folder, monkeypatch):
    definition = Definition(SMALL)
    YEARS._held.pop(definition, None)
    assert shipped.preload(definition)
    begun = []
    monkeypatch.setattr("page.ensemble.CREW.begin", lambda work, rank: begun.append(rank))
    made = Answering(pairs=3)
    answer = made.ask(definition)
    wire = answer.wire()
    assert (wire["pairs"], wire["origin"], wire["running"]) == (3, "shipped", False)
    assert all(part["pairs"] == 3 for part in wire["parts"].values())
    assert [p["x"] for p in wire["strips"]["reach"]["points"]] == list(SLIDERS["reach"].at)
    assert begun == [STRIPS]  # to see whether strips lack anything
    made._run = None
    row = run_once(SMALL, "whistle", ROOT + 1)
    assert answer.pairs[1][1] == {name: row[name] for name in MEASURED}


def test_its_year_is_the_one_that_would_be_run(folder):
    definition = Definition(SMALL)
    YEARS._held.pop(definition, None)
    shipped.preload(definition)
    read = YEARS.get(definition)
    YEARS._held.pop(definition)
    ran = year_of(definition)
    assert json.dumps(read.packet()) == json.dumps(ran.packet())
    assert read.measures == ran.measures and (read.cases == ran.cases).all()
    assert read.series == ran.series and read.series_days == ran.series_days


def test_a_file_is_gone_on_from(folder, monkeypatch):
    monkeypatch.setattr(making, "runs_of", lambda *_, **__: pytest.fail("run again"))
    making.make("rich", _Here())


@pytest.mark.parametrize("same", [True, False])
def test_a_file_of_other_code_is_kept_where_that_changed_no_number(folder, monkeypatch, same):
    path, asked, runs_of = folder / "rich.json.gz", [], making.runs_of
    told = json.loads(gzip.decompress(path.read_bytes()))
    told["mark"][1] = "old"
    if not same:
        told["runs"]["whistle"][str(ROOT)]["measures"][0] += 1e-9
    path.write_bytes(gzip.compress(json.dumps(told).encode()))
    monkeypatch.setattr(making, "runs_of", lambda *a, **k: asked.append(a) or runs_of(*a, **k))
    making.make("rich", _Here())
    now = reading.read("rich")
    assert now["mark"] == reading.mark() and now["runs"]["layered"] == told["runs"]["layered"]
    assert len(asked) == 2 if same else len(asked) > 2 + SIZE.pairs


@pytest.mark.parametrize("spoil", [lambda told: told["mark"].__setitem__(1, "old"), None])
def test_a_file_of_other_code_or_a_broken_one_is_not_read(folder, spoil):
    path = folder / "rich.json.gz"
    told = json.loads(gzip.decompress(path.read_bytes()))
    if spoil:
        spoil(told)
    path.write_bytes(gzip.compress(json.dumps(told).encode()) if spoil else b"broken")
    assert not shipped.preload(Definition(SMALL)) and not shipped.is_shipped(Definition(SMALL), ROOT)


def test_what_is_no_preset_has_no_file(folder):
    assert not shipped.preload(Definition(SMALL.with_(delta=0.31)))
    assert not shipped.preload(Definition(SMALL, rules="mine"))
    assert strips_of(Definition(SMALL.with_(delta=0.31)))["reach"]["points"] == []


def test_unknown_presets_are_refused_in_words(capsys):
    assert making.main(["richer"]) == 2
    assert "richer" in capsys.readouterr().err


def test_a_runs_curves_come_back(folder):
    from model.governance import GovernanceModel
    told = reading.read("rich")["runs"]["layered"][str(ROOT)]
    import base64
    got = np.frombuffer(base64.b64decode(told["curves"]), np.uint8)
    assert (got == curves_of(GovernanceModel(SMALL, "layered", rng=ROOT).run()).ravel()).all()
