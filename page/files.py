"""Files a visitor takes with him or brings along; no Solara in here."""

from __future__ import annotations

import csv
import io
from itertools import count
from typing import Any

from model.errors import InputError
from model.measures import MEASURES
from model.scenario import Scenario

from .definition import Definition
from .session import Session

_numbers = count(1)


def make(session: Session, kind: str) -> dict[str, Any]:
    """A file of a run: `series` or `ledger` (CSV), or `toml`; {"name", "text", "n"}, n differs each time."""
    text = {"series": series_csv, "ledger": ledger_csv, "toml": lambda s: s.definition.to_toml()}[kind](session)
    name = f"chuishao-{session.definition.scenario.name or session.definition.scenario.region}"
    return {"name": f"{name}-{kind}-day-{session.day}.csv" if kind != "toml" else f"{name}.toml", "text": text,
            "n": next(_numbers)}


def series_csv(session: Session) -> str:
    """Day × measure × side: one row a day, two columns a measure."""
    names = [name for name, measure in MEASURES.items() if measure.daily]
    series = session.series(names)
    head = ["day", *(f"{name}_{side}" for name in names for side in "AB")]
    return _csv(head, zip(series["day"], *(column for name in names for column in series[name]), strict=True))


def ledger_csv(session: Session) -> str:
    """Agent class, activity, hours on A, on B, B − A."""
    return _csv(["agent_class", "activity", "hours_A", "hours_B", "B_minus_A"], session.ledger())


def read(file: dict[str, str]) -> Definition:
    """A definition from a file the browser sent: {"name", "text"}.

    Raises:
        InputError: one sentence, with the file's name.
    """
    try:
        definition = Definition.from_toml(file["text"])
    except InputError as error:
        raise InputError(f"{file['name']}: {error}") from None
    if definition.scenario.name:
        return definition
    stem = file["name"].rsplit(".", 1)[0]
    return definition.with_(scenario=Scenario(**{**definition.scenario.changed(), "region": definition.scenario.region,
                                                 "name": stem}))


def whole(text: Any) -> int:
    """A whole number somebody typed."""
    try:
        return int(text)
    except (TypeError, ValueError):
        raise InputError(f"seed {text!r} is not a whole number; give one from 0 to 4294967295") from None


def _csv(head: list[str], rows: Any) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return out.getvalue()
