"""Published figures with year, source and mark, read from published.toml, where they live once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from languages.text import Text, _


@dataclass(frozen=True)
class Published:
    """A figure: a share or a ratio."""

    key: str
    value: float
    source: str
    """Number in the list of facts; empty: chosen by us."""
    mark: str
    """found or chosen."""
    label: Text
    days: tuple[int, int] = (0, 0)
    """First and last day since the switch of the time it speaks of, the last excluded; (0, 0): the whole run."""


@cache
def published() -> dict[str, Published]:
    """All figures by key."""
    table = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))
    return {key: Published(key, row["value"], row["source"], row["mark"], Text(row["label"]),
                           (row.get("from", 0), row.get("to", 0))) for key, row in table.items()}


TARGETS: dict[str, Text] = {
    "formalism": _("the formalism share"),
    "hotline": _("the formalism share and the 12345 series"),
}


def warning(target: str) -> Text:
    """What a reader of a fit to this target must know."""
    known = published()
    if target == "formalism":
        return _("Warning: the shares of time spent on forms are cases from newspapers, not a sample; the ratio "
                 "{ratio} is of provinces' targets, not of streets'.", ratio=known["escalation"].value)
    first, year = known["resolution_start"], known["resolution_2019"]
    return _("Warning: the series was published by the reforming side, its start is disputed ({first:.2%} in the first "
             "month of 2019 [{by_first}], {year:.0%} for 2019 [{by_year}]), and it tells what papers said, not what "
             "was solved. Courtesy, tolerance and the blur of satisfaction were set beside it, so that satisfaction is "
             "no evidence. Nothing follows for the reform's effect.", first=first.value, by_first=first.source,
             year=year.value, by_year=year.source)
