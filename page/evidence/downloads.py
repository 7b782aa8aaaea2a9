"""Files a reader takes along: what every number rests on, presets, documents, and tables of a results folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from experiments.report.build import page, sections
from experiments.store import Results
from experiments.words import Words
from model.measures import MEASURES
from model.scenario import PARAMETERS

from ..files import table, to_take
from .sources import FILE

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "experiments" / "scenarios"
DOCUMENTS = ("docs/odd.md", "docs/validity.md", "docs/theory.md", "docs/experiments.md", "docs/bibliography.md",
             "CITATION.cff")


def names() -> list[str]:
    """What can be had."""
    there = [name for name in DOCUMENTS if (ROOT / name).is_file()]
    presets = [f"experiments/scenarios/{p.name}" for p in sorted(SCENARIOS.glob("*.toml"))]
    return ["parameters.csv", "measures.csv", *(["docs/bibliography.json"] if FILE.is_file() else []), *there, *presets]


def make(name: str) -> dict[str, Any] | None:
    """A file: name, text, n (which differs each time); None if it is none of `names`."""
    if name not in names():
        return None
    text = TABLES[name]() if name in TABLES else (ROOT / name).read_text(encoding="utf-8")
    return to_take(name.rpartition("/")[2], text)


def of_folder(results: Results, what: str, lang: str) -> dict[str, Any] | None:
    """`runs.csv` or `report.html` of a results folder; nothing is written there."""
    if what == "runs.csv":
        return to_take(what, results.runs().to_csv(index=False))
    if what == "report.html":
        words = Words(lang)
        return to_take(what, page(results, sections(results, words), words))
    return None


def _parameters() -> str:
    return table(("name", "label", "rich", "difficult", "low", "high", "unit", "mark", "source", "text"),
                ([p.name, p.label, p.default, p.difficult, p.low, p.high, p.unit, p.mark, p.source, p.text]
                 for p in PARAMETERS.values()))


def _measures() -> str:
    return table(("name", "label", "unit", "direction", "text"),
                ([m.name, m.label, m.unit, m.direction, m.text] for m in MEASURES.values()))


TABLES = {"parameters.csv": _parameters, "measures.csv": _measures}
