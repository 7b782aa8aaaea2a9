"""The answer in three sentences; nothing that got worse is left out."""

from __future__ import annotations

import pandas as pd

from languages.text import Text, _, _p
from model.measures import HEADLINES, MEASURES

from ..analysis.differences import BETTER, OPEN, WORSE
from ..store import Results
from ..words import Words
from .effects import all_lines, lines, score, signed, single


def answer(results: Results, words: Words, regime: str) -> list[str]:
    """Three sentences: what got better, what got worse, what cannot be told apart or has no value and all else."""
    head = lines(results, HEADLINES, regime)
    better, worse, open_ = (_claims(head, verdict, results, words) for verdict in (BETTER, WORSE, OPEN))
    a, b = words.regime(results.plan.regimes[0]), words.regime(regime)
    blank = [_claim(m, places, words) for m in HEADLINES if (places := _blank(results, m, regime, words))]
    rest = [words(_open(open_)), _others(results, regime, words)]
    if blank:
        rest.insert(1, words(_("It has no value for {list}.", list=_joined(blank, words))))
    return [words(_better(a, b, better)), words(_worse(worse)), words.after(*rest)]


def _better(a: str, b: str, list: str) -> Text:
    if list:
        return _("Compared with {a}, {b} does better on {list}.", a=a, b=b, list=list)
    return _("Compared with {a}, {b} does better on no headline.", a=a, b=b)


def _worse(list: str) -> Text:
    return _("It does worse on {list}.", list=list) if list else _("It does worse on no headline.")


def _open(list: str) -> Text:
    return _("Not told apart: {list}.", list=list) if list else _("No headline is left open.")


def _joined(claims: list[str], words: Words) -> str:
    return words(_p("between claims", "; ")).join(claims)


def _claim(measure: str, places: list[str], words: Words) -> str:
    label = words.measure(MEASURES[measure])
    return words(_("{label} ({list})", label=label[:1].lower() + label[1:], list=words.list(places)))


def _claims(head: pd.DataFrame, verdict: str, results: Results, words: Words) -> str:
    """The headlines with a verdict somewhere, each with where."""
    found = [(m, _places(head[head["measure"] == m], verdict, results, words)) for m in HEADLINES]
    return _joined([_claim(m, places, words) for m, places in found if places], words)


def _places(rows: pd.DataFrame, verdict: str, results: Results, words: Words) -> list[str]:
    places = []
    for region, part in rows.groupby("region", sort=False):
        hit, where = part[part["verdict"] == verdict], words.region(region)
        if len(hit) and single(results):
            places.append(f"{where} {signed(hit.iloc[0]['difference'])}")
        elif len(hit):
            span = words(_(" to ")).join(dict.fromkeys(map(signed, (hit["difference"].min(), hit["difference"].max()))))
            places.append(words(_("{region} at {n} of {of} points, {span}", region=where, n=len(hit), of=len(part),
                                  span=span)))
    return places


def _blank(results: Results, measure: str, regime: str, words: Words) -> list[str]:
    """Where a headline has no value: a region, or how many of its points."""
    table = all_lines(results, measure)
    table, places = table[table["regime"] == regime], []
    for region in results.regions:
        part = table[table["region"] == region]
        empty, where = int(part["difference"].isna().sum()), words.region(region)
        if empty == len(part):  # also where no run of the region finished
            places.append(where)
        elif empty:
            places.append(words(_("{region} at {n} of {of} points", region=where, n=empty, of=len(part))))
    return places


def _others(results: Results, regime: str, words: Words) -> str:
    rest = tuple(m for m in MEASURES if m not in HEADLINES and MEASURES[m].direction)
    table = lines(results, rest, regime)
    counts = table["verdict"].value_counts()
    worse = table[table["verdict"] == WORSE]
    text = words(_("Of {measures} other measures with a direction ({n} comparisons), {better} comparisons are better, "
                   "{worse} worse, {open} not told apart.", measures=table["measure"].nunique(), n=len(table),
                   better=counts.get(BETTER, 0), worse=len(worse), open=counts.get(OPEN, 0)))
    if worse.empty:
        return text
    worst = worse.assign(score=score(worse)).sort_values("score").drop_duplicates("measure").head(3)
    named = [_claim(row["measure"], [f"{words.region(row['region'])} {signed(row['difference'])}"], words)
             for row in worst.to_dict("records")]
    return words.after(text, words(_("Clearest losses: {list}.", list=words.list(named))))
