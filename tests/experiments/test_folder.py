import csv
import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from samples import comparison, made_up, plan

from experiments.folder import prepare, write
from model.errors import InputError
from model.measures import MEASURES

FILES = {"runs.csv", "compare.csv", "compare.json", "ledger.csv", "series.csv", "manifest.json"}


def detailed(task):
    """Hours and trust grow with the seed; only every other run has inspections."""
    k = float(task.seed % 2)
    ledger = [("cadre", "casework", 10.0 + k)] + ([("cadre", "inspection", 4.0)] if k else [])
    series = pd.DataFrame({"trust": [k, k + 1]}, index=pd.RangeIndex(-1, 1, name="day"))
    return {**made_up(task), "ledger": pd.DataFrame(ledger, columns=["agent_class", "activity", "hours"]),
            "series": series}


@pytest.fixture
def written(tmp_path):
    folder = tmp_path / "new" / "result"
    prepare(folder)
    result = comparison(plan(), detailed)
    write(result, folder, ["chuishao", "compare"], datetime.now(UTC))
    return folder, result


def test_everything_is_written(written):
    folder, result = written
    assert {path.name for path in folder.iterdir()} == FILES
    assert json.loads((folder / "compare.json").read_text(encoding="utf-8")) == result.as_dict()
    assert len(pd.read_csv(folder / "runs.csv")) == 16
    table = pd.read_csv(folder / "compare.csv")
    assert len(table) == 2 * len(MEASURES)
    assert set(table["interval"]) == {"t"}


def test_ledger_and_series_are_means_over_runs(written):
    folder, _ = written
    with (folder / "ledger.csv").open(encoding="utf-8") as file:
        rows = {(r["region"], r["regime"], r["agent_class"], r["activity"]): float(r["hours"])
                for r in csv.DictReader(file)}
    assert rows["rich", "whistle", "cadre", "casework"] == 10.5
    assert rows["rich", "whistle", "cadre", "inspection"] == 2.0  # no hours in half of the runs
    series = pd.read_csv(folder / "series.csv")
    arm = series[(series["region"] == "difficult") & (series["regime"] == "layered")]
    assert dict(zip(arm["day"], arm["trust"], strict=True)) == {-1: 0.5, 0: 1.5}


def test_the_manifest_says_where_it_came_from(written):
    manifest = json.loads((written[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["argv"] == ["chuishao", "compare"]
    assert manifest["started"] <= manifest["ended"]
    assert manifest["versions"]["numpy"]
    assert manifest["scenarios"]["difficult"]["streets"] == 2
    assert (manifest["runs"], manifest["failed"], len(manifest["seeds"])) == (16, 0, 4)


def test_its_own_result_may_be_overwritten(written):
    folder, _ = written
    prepare(folder)
    (folder / "cases.csv").write_text("of an earlier log")
    write(comparison(plan(seeds=2), detailed), folder, [], datetime.now(UTC))
    assert len(pd.read_csv(folder / "runs.csv")) == 8
    assert {path.name for path in folder.iterdir()} == FILES


def test_a_result_stays_whole_when_the_next_cannot_be_written(written, monkeypatch):
    def full(*_):
        raise OSError("no space left")

    folder, _ = written
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr("experiments.folder.manifest", full)
    with pytest.raises(OSError, match="no space left"):
        write(comparison(plan(seeds=2), detailed), folder, [], datetime.now(UTC))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_broken_proof_is_written_without_the_arms_that_add_hours(tmp_path):
    def run(task):
        row = detailed(task)
        more = 9.0 if "more_staff" in task.regime else 8.0
        return {**row, "neutrality": {**row["neutrality"], "paid_hours": {"cadre": more}, "world": task.regime}}

    result = comparison(plan(("layered", "whistle", "layered+more_staff")), run)
    write(result, tmp_path, [], datetime.now(UTC))
    proof = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["neutrality"]
    assert (proof["broken"], proof["pairs"], proof["more_hours"]) == ({"world": 8}, 8, [])
    assert dict(result.neutrality().broken) == {"world": 16, "paid_hours": 8}


def test_nothing_finished_still_writes_a_folder(tmp_path):
    def run(task):
        raise RuntimeError("no luck")

    write(comparison(plan(), run), tmp_path, [], datetime.now(UTC))
    assert len(json.loads((tmp_path / "compare.json").read_text(encoding="utf-8"))["failed"]) == 16
    assert {path.name for path in tmp_path.iterdir()} == FILES


@pytest.mark.parametrize("name, text", [("notes.txt", "mine"), ("manifest.json", '{"kind": "other"}'),
                                        ("manifest.json", "not json"), ("manifest.json", "[]")])
def test_a_folder_of_something_else_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match="not empty"):
        prepare(tmp_path)
    assert (tmp_path / name).read_text() == text


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot write"):
            prepare(path)
