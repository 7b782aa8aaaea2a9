"""A result's folder: rows, table, JSON, ledger, series and a manifest that says where they came from."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import tempfile
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from model.errors import InputError

from . import logfit
from .compare import Comparison

KIND = "chuishao compare"
MANIFEST, CASES = "manifest.json", "cases.csv"
PACKAGES = ("chuishao", "mesa", "numba", "numpy", "pandas", "pydantic", "scipy", "distributed")


def prepare(folder: Path) -> None:
    """Make sure the folder can be written to, before anything runs.

    Raises:
        InputError: it holds something that is not a result of ours, or cannot be written.
    """
    try:
        if folder.is_dir() and any(folder.iterdir()) and not _ours(folder):
            raise InputError(f"{folder} is not empty and holds no comparison of ours; give --out a new folder",
                             f"{folder} 不是空的，也不是我们的比较结果；请给 --out 一个新文件夹")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(f"cannot write to {folder} ({error.strerror}); give --out a folder you may write to",
                         f"无法写入 {folder}（{error.strerror}）；请给 --out 一个可写的文件夹") from None


def _ours(folder: Path) -> bool:
    try:
        return json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("kind") == KIND
    except (OSError, ValueError, AttributeError):
        return False


def write(result: Comparison, folder: Path, argv: list[str], started: datetime) -> None:
    """Write everything aside, then put it in its place, the manifest last, so that a folder with one is complete."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as made:
        _write(result, Path(made), argv, started)
        if not (Path(made) / CASES).exists():  # those of an earlier log
            (folder / CASES).unlink(missing_ok=True)
        for path in sorted(Path(made).iterdir(), key=lambda p: p.name == MANIFEST):
            path.replace(folder / path.name)


def _write(result: Comparison, folder: Path, argv: list[str], started: datetime) -> None:
    pd.DataFrame(result.rows()).to_csv(folder / "runs.csv", index=False)
    pd.DataFrame(_table(result)).to_csv(folder / "compare.csv", index=False)
    _json(folder / "compare.json", result.as_dict())
    _means(result, "ledger").to_csv(folder / "ledger.csv", index=False)
    _means(result, "series").to_csv(folder / "series.csv", index=False)
    cases = [logfit.table(curves.items()).assign(region=region) for region in result.plan.regions
             if (curves := result.curves(region))]
    if cases:
        pd.concat(cases).to_csv(folder / CASES, index=False)
    _json(folder / MANIFEST, manifest(result, argv, started))


def manifest(result: Comparison, argv: list[str], started: datetime) -> dict[str, Any]:
    """Versions, command, times, commit: what a reader needs to trust or repeat the result."""
    plan, proof = result.plan, result.neutrality(with_more_hours=False)
    named = zip(plan.regions, plan.scenarios, strict=True)
    return {
        "kind": KIND, "argv": argv, "started": started.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"), "seeds": list(plan.seeds),
        "scenarios": {region: s.model_dump(mode="json") for region, s in named},
        "rules": plan.rules and {"path": plan.rules.path, "text": plan.rules.text},
        "runs": len(result.tasks), "failed": len(result.failures),
        "neutrality": {**vars(proof), "broken": dict(proof.broken)},
        "git": git_state(), "python": platform.python_version(), "system": platform.platform(),
        "versions": {name: version_of(name) for name in PACKAGES},
    }


def _table(result: Comparison) -> list[dict[str, Any]]:
    rows = []
    for line in result.every_line():
        s = line.stats
        rows.append({"region": line.region, "measure": line.measure, "direction": line.direction, "base": line.base,
                     "regime": line.regime, "pairs": s.pairs, "base_mean": s.mean_a, "regime_mean": s.mean_b,
                     "difference": s.difference, "low": s.low, "high": s.high, "interval": s.method,
                     "p_better": s.p_better, "variance_ratio": s.variance_ratio, "verdict": line.verdict})
    return rows


def _means(result: Comparison, part: str) -> pd.DataFrame:
    # mean over the finished runs of each arm, in the order of seeds so that the last digit is always the same
    frames = []
    for (region, regime), results in result.arms.items():
        runs = [r[part] for r in results if r]
        if runs:
            keys = [c for c in runs[0].columns if runs[0][c].dtype.kind not in "fi"]
            mean = _ledger_mean(runs, keys) if part == "ledger" else _series_mean(runs)
            frames.append(mean.assign(region=region, regime=regime))
    if not frames:
        return pd.DataFrame()
    table = pd.concat(frames, ignore_index=True)
    return table[["region", "regime", *(c for c in table.columns if c not in ("region", "regime"))]]


def _ledger_mean(runs: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    # an activity missing from a run took no hours there
    total = pd.concat(runs).groupby(keys, sort=False).sum(numeric_only=True)
    return (total / len(runs)).reset_index()


def _series_mean(runs: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(runs).groupby(level=0).mean(numeric_only=True).rename_axis("day").reset_index()


def _json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def version_of(name: str) -> str | None:
    """Version of an installed distribution."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def git_state() -> dict[str, Any] | None:
    """Commit of this checkout and whether it was changed since; None outside git."""
    here = Path(__file__).parent

    def ask(*words: str) -> str:
        return subprocess.run(["git", "-C", os.fspath(here), *words], capture_output=True, text=True, check=True,
                              timeout=10).stdout.strip()

    try:
        return {"commit": ask("rev-parse", "HEAD"), "dirty": bool(ask("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):
        return None
