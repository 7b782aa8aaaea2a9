"""What a folder of results says besides its numbers: scenarios, rules, manifest, the proof of neutrality."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from languages.text import _
from model.errors import InputError

from ..manifest import MANIFEST
from ..neutrality import Neutrality, proof_of
from ..store import Results, open_results

Rules = list[tuple[str, str]]
"""Path and text of every rules file that was used."""


def open_folder(folder: Path) -> Results:
    """Open a folder and read its runs at once, so that all that is said of it is of one moment.

    Raises:
        InputError: no results are there, or a file is lost or broken.
    """
    results = open_results(folder)
    results.runs()
    return results


def scenarios(results: Results) -> dict[str, list[dict[str, Any]]]:
    """The different scenarios that were run, by region."""
    found: dict[str, list[dict[str, Any]]] = {}
    for region, text in results._read("select distinct region, scenario from {runs} order by point"):
        found.setdefault(region, []).append(json.loads(text))
    return found


def rules_of(results: Results) -> Rules:
    """Rules of the researcher's own that were used."""
    return list(results._read("select path, text from rules where hash in (select rules from {runs})"))


def manifest_of(results: Results) -> dict[str, Any]:
    """The folder's manifest; empty if it is lost."""
    path = results.folder / MANIFEST
    return _json(path) if path.is_file() else {}


def burn_in(results: Results) -> int:
    """The longest common time before the switch."""
    return max((s["burn_in"] for some in scenarios(results).values() for s in some), default=0)


def missing(results: Results) -> int:
    """Runs of the plan that were never tried."""
    return max(0, results.plan.size - len(results.runs()) - len(results.failures()))


def proof(results: Results) -> Neutrality:
    """Whether only the regime differed, over all arms that add no hours."""
    return proof_of(results, with_more_hours=False)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(_("{path} cannot be read ({error}); run the same command again", path=path,
                           error=error)) from None
    if not isinstance(found, dict):
        raise InputError(_("{path} is not what was written there; run the same command again", path=path))
    return found
