"""The answer in three sentences; nothing that got worse is left out."""

from __future__ import annotations

import pandas as pd

from model.measures import HEADLINES, MEASURES

from ..analysis.differences import BETTER, OPEN, WORSE
from ..store import Results
from .effects import all_lines, lines, score, signed, single
from .parts import ReportWords
from .source import other_regime


def answer(results: Results, words: ReportWords) -> list[str]:
    """Three sentences: what got better, what got worse, what cannot be told apart or has no value and all else."""
    regime = other_regime(results)
    head = lines(results, HEADLINES, regime)
    names = {"a": words.regime(results.plan.regimes[0]), "b": words.regime(regime)}
    said = []
    for verdict, key in ((BETTER, "better"), (WORSE, "worse"), (OPEN, "open")):
        found = [_claim(head, m, verdict, results, words) for m in HEADLINES]
        found = [f for f in found if f]
        said.append(words(f"told_{key}" if found else f"told_{key}_none",
                          list=words("between").join(found), **names))
    blank = [words("claim", label=_small(words.measure(MEASURES[m])), list=words.list(places))
             for m in HEADLINES if (places := _blank(results, m, regime, words))]
    if blank:
        said[2] += words("then") + words("told_blank", list=words("between").join(blank))
    said[2] += words("then") + _others(results, regime, words)
    return said


def _claim(head: pd.DataFrame, measure: str, verdict: str, results: Results, words: ReportWords) -> str:
    rows = head[head["measure"] == measure]
    places = []
    for region, part in rows.groupby("region", sort=False):
        hit = part[part["verdict"] == verdict]
        if len(hit):
            where = words.region(region)
            if single(results):
                places.append(f"{where} {signed(hit.iloc[0]['difference'])}")
            else:
                ends = dict.fromkeys(map(signed, (hit["difference"].min(), hit["difference"].max())))
                places.append(words("at_points", region=where, n=len(hit), of=len(part), span=words("to").join(ends)))
    return words("claim", label=_small(words.measure(MEASURES[measure])), list=words.list(places)) if places else ""


def _blank(results: Results, measure: str, regime: str, words: ReportWords) -> list[str]:
    """Where a headline has no value: a region, or how many of its points."""
    table = all_lines(results, measure)
    table, places = table[table["regime"] == regime], []
    for region in results.regions:
        part = table[table["region"] == region]
        empty, where = int(part["difference"].isna().sum()), words.region(region)
        if empty == len(part):  # also where no run of the region finished
            places.append(where)
        elif empty:
            places.append(words("blank_at_points", region=where, n=empty, of=len(part)))
    return places


def _others(results: Results, regime: str, words: ReportWords) -> str:
    rest = tuple(m for m in MEASURES if m not in HEADLINES and MEASURES[m].direction)
    table = lines(results, rest, regime)
    counts = table["verdict"].value_counts()
    worse = table[table["verdict"] == WORSE]
    text = words("told_others", measures=table["measure"].nunique(), n=len(table), better=counts.get(BETTER, 0),
                 worse=len(worse), open=counts.get(OPEN, 0))
    if worse.empty:
        return text
    badness = worse.assign(score=score(worse)).sort_values("score").drop_duplicates("measure").head(3)
    named = [words("claim", label=_small(words.measure(MEASURES[row["measure"]])),
                   list=f"{words.region(row['region'])} {signed(row['difference'])}")
             for row in badness.to_dict("records")]
    return text + words("then") + words("told_worst", list=words.list(named))


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]
