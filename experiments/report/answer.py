"""The answer in three sentences; nothing that got worse is left out."""

from __future__ import annotations

import pandas as pd

from languages.text import _, _p
from model.measures import HEADLINES, MEASURES

from ..analysis.differences import BETTER, OPEN, WORSE, all_lines, lines, score, single
from ..store import Results
from ..table import signed
from ..words import Words


def answer(results: Results, words: Words, regime: str, brief: bool = False) -> list[str]:
    """Three sentences: what got better, what got worse, what cannot be told apart or has no value and all else.

    In brief a headline is named without its numbers, and without where if that is everywhere.
    """
    head = lines(results, HEADLINES, regime)
    better, worse, open_ = (_claims(head, verdict, results, words, brief) for verdict in (BETTER, WORSE, OPEN))
    blank = _joined([(m, _blank(results, m, regime, words)) for m in HEADLINES], results, words, brief)
    names = {"a": words.regime(results.plan.regimes[0]), "b": words.regime(regime)}
    first = _("Compared with {a}, {b} does better on {list}.", list=better, **names) if better else _(
        "Compared with {a}, {b} does better on no headline.", **names)
    second = _("It does worse on {list}.", list=worse) if worse else _("It does worse on no headline.")
    third = [_("Not told apart: {list}.", list=open_) if open_ else _("No headline is left open.")]
    third += [_("It has no value for {list}.", list=blank)] if blank else []
    return [words(first), words(second), words.after(*map(words, third), _others(results, regime, words))]


def _claims(head: pd.DataFrame, verdict: str, results: Results, words: Words, brief: bool) -> str:
    """The headlines with a verdict somewhere, each with where."""
    return _joined([(m, _places(head[head["measure"] == m], verdict, results, words, brief)) for m in HEADLINES],
                   results, words, brief)


def _joined(claims: list[tuple[str, list[str]]], results: Results, words: Words, brief: bool) -> str:
    """Headlines with their places; those without any are left out."""
    everywhere = [words.region(region) for region in results.regions]
    told = [_claim(m, [] if brief and places == everywhere else places, words) for m, places in claims if places]
    return words.list(told) if brief else words(_p("between claims", "; ")).join(told)


def _claim(measure: str, places: list[str], words: Words) -> str:
    name = label(measure, words)
    return words(_("{label} ({list})", label=name, list=words.list(places))) if places else name


def label(measure: str, words: Words) -> str:
    """A measure's name inside a sentence."""
    text = words.measure(MEASURES[measure])
    return text[:1].lower() + text[1:]


def _places(rows: pd.DataFrame, verdict: str, results: Results, words: Words, brief: bool) -> list[str]:
    places = []
    for region, part in rows.groupby("region", sort=False):
        hit, where = part[part["verdict"] == verdict], words.region(region)
        if len(hit) and single(results):
            places.append(where if brief else f"{where} {signed(hit.iloc[0]['difference'])}")
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
