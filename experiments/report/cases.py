"""A real case log beside the model: what was done with it, how long cases wait, and how many stay open."""

from __future__ import annotations

from typing import Any

import pandas as pd

from languages.text import _

from .. import logfit
from ..charts.curves import waits
from ..charts.look import svg
from ..compare import LogFit, notes_of
from ..store import Results
from ..table import capital, waiting_rows
from ..words import Words
from .parts import Figure, Section, Table

LOG = "log"


def section(results: Results, words: Words, regimes: list[str]) -> Section | None:
    """Notes on the log, its waiting times, and how near the model comes; None where no log was used."""
    notes, logs = notes_of(results, words.lang), LogFit(results)
    if not notes or len(results.plan.points()) > 1:
        return None
    section = Section("cases", words(_("Real cases")))
    for region, told in notes.items():
        section.text += [_about(region, note, words) for note in told]
    for region in notes:
        if waiting := logs.waits(region):
            head = [words(_("Waiting, working days")), *(_name(name, words) for name in waiting)]
            section.blocks.append(Table(head, waiting_rows(waiting, words), caption=capital(words.region(region))))
    for region in notes:
        if curves := logs.curves(region):
            _add_fit(section, region, logfit.table(curves.items()), logs.fit(region), words)
    return section


def quantiles(table: pd.DataFrame) -> pd.DataFrame:
    """Whole per cents that both the log and a regime reached: region, who, percent, days in the log, days in the model.

    `table` has `who`, `day`, `closed` of one region, as `logfit.table` makes it.
    """
    closed = {who: part["closed"].dropna().to_numpy() for who, part in table.groupby("who", sort=False)}
    rows = [{"who": who, "percent": q, "log": logfit.quantile(closed[LOG], q), "model": logfit.quantile(curve, q)}
            for who, curve in closed.items() if who != LOG for q in range(1, 100)]
    return pd.DataFrame(rows).dropna()


def _add_fit(section: Section, region: str, table: pd.DataFrame, fit: dict[str, Any], words: Words) -> None:
    section.text += [_about(region, line, words) for line in logfit.sentences(fit.pop(LOG, {}), fit, words)]
    title = words(_("Closing times and backlog, model and log, {region}", region=words.region(region)))
    section.blocks.append(Figure(f"cases-{region}", svg(_draw(table, words), title), table, words.after(
        words(_("{title}.", title=title)), words(_(
            "Means over seeds. Left: share closed, open cases counted as long as they were seen (Kaplan–Meier). "
            "Middle: the days within which the same share was closed, per cent by per cent; on the grey line both "
            "agree. Right: open cases in the evening. A log's offices may record differently: no judgement of "
            "them.")))))


def _about(region: str, text: str, words: Words) -> str:
    return words(_("{region}: {text}", region=capital(words.region(region)), text=text))


def _draw(table: pd.DataFrame, words: Words) -> Any:
    names = {who: capital(_name(who, words)) for who in sorted(dict.fromkeys(table["who"]), key=lambda w: w != LOG)}
    said = {"closed": _("Closed within"), "qq": _("Quantile by quantile"), "open": _("Open cases"),
            "days": _("working days"), "log_days": _("working days, log"), "model_days": _("working days, model"),
            "since": _("days since the switch")}
    return waits(table, quantiles(table), names, {key: words(text) for key, text in said.items()})


def _name(who: str, words: Words) -> str:
    return words(_("case log")) if who == LOG else words.regime(who)
