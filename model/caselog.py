"""Real cases as input: reads a CSV log of cases into the columns a run needs.

Every row is used, sampled out or listed as bad; what was changed on the way is said in notes.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from languages.text import LANGUAGES, Listed, Text, _, _p, listed, say

from .errors import InputError, near
from .scenario import PARAMETERS, Scenario, read_text
from .town import Place

REQUIRED, OPTIONAL = ("opened", "street", "domain"), ("closed", "hours", "severity", "cause")
OTHER, MOST_DOMAINS, BAD_PERCENT, LISTED = "other", 3, 5, 10
ISO = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]\d{1,2}:\d{2}[\d:.,]*( ?(Z|[+-][\d:]+))?)?", re.ASCII)
Bad = tuple[int, Text]  # line, reason
NOTES = {  # each is said if the fact of its name is not empty or zero
    "rows": _("{file}: {rows:,} rows read, {usable:,} usable, opened {first} to {last}: {span:,} days, Mon–Fri."),
    "bad": _("Bad rows left out: {bad:,} ({listed})."),
    "blank": _("Empty lines skipped: {blank:,}."),
    "extra": _("Columns not used: {extra}."),
    "streets": _("Streets are numbered by name: {streets}."),
    "by_name": _("Streets are the town's, by name; without a case in the log: {empty}."),
    "matched": _("Domains go to the departments of their names."),
    "others": _("{others:,} cases of domains without a department of their name go to “{rest}”."),
    "merged": _("The {named} main domains have a department each; the {merged} rarest ({rare:,} cases) are “other”."),
    "fitting": _("Each of the {fitting} domains has a department; departments without a case in the log: {spare}."),
    "many": _("Cases cut to their first three domains: {many:,}."),
    "moved": _("Weekend cases moved to the Monday after: {moved:,}."),
    "dated": _("Cases with a closing date: {closed:,} of {usable:,}; the others count as still waiting."),
    "silent": _("The log does not say {silent}: drawn from the scenario."),
    "share": _("Sampled by row number at a share of {share:g}: {used:,} of {usable:,} cases used."),
}


@dataclass(frozen=True, eq=False)
class CaseLog:
    """The cases of a log in file order, mapped to the scenario's streets and departments; arrays are read-only.

    `day` counts working days from the first opened one. `domains` is (n, 3), padded with -1; `cause` is -1 where the
    log names none; `closed_wait` (working days), `hours` and `severity` are nan where it does not say.
    """

    day: np.ndarray
    street: np.ndarray
    domains: np.ndarray
    closed_wait: np.ndarray
    hours: np.ndarray
    severity: np.ndarray
    cause: np.ndarray
    street_names: list[str]
    domain_names: list[str]
    span: int
    rows: int
    sampled_out: int
    bad: tuple[Bad, ...]
    notes: tuple[Text, ...]


class RowError(ValueError):
    """Why one row cannot be used: its argument is the reason."""


class Table(NamedTuple):
    """The text of the log: where each known column stands, and the rows with the line each starts on."""

    path: Path
    at: dict[str, int]
    header: list[str]
    rows: list[tuple[int, list[str]]]
    blank: int


class Case(NamedTuple):
    """One usable row; `row` counts from 0, `wait` is in working days."""

    row: int
    opened: date
    wait: float
    street: str
    domains: list[str]
    hours: float
    severity: float
    cause: str


def read_cases(path: str | Path, scenario: Scenario) -> CaseLog:
    """Read a log of real cases and map it to the scenario.

    Args:
        path: a CSV file with the columns opened, street, domain and, where known, closed, hours, severity, cause.
        scenario: says how many streets and departments there are and which share of the cases to keep.

    Raises:
        InputError: no such file, not a table of cases, too many bad rows, or streets that do not fit the scenario.
    """
    table = _table(Path(path))
    cases, bad = _sort_out(table)
    first, span = _span(table, cases)
    streets = _streets(table.path, cases, scenario)
    domains = _domains(table.path, cases, scenario)
    used = _sample(table.path, cases, share := scenario.needs_sample)
    causes = {name: i for i, name in enumerate(dict.fromkeys(case.cause for case in used if case.cause))}
    facts = {**_facts(table, cases, bad, domains), **streets.facts(cases), "span": span, "used": len(used),
             "spare": scenario.departments - len(domains.names), "share": share if share < 1 else 0}
    return CaseLog(
        day=_column([working_day(c.opened) - first for c in used]), domains=_column([_three(c, domains) for c in used]),
        street=_column([streets.number[c.street] for c in used]), closed_wait=_column([c.wait for c in used], float),
        hours=_column([c.hours for c in used], float), severity=_column([c.severity for c in used], float),
        cause=_column([causes.get(c.cause, -1) for c in used]), street_names=streets.names, domain_names=domains.names,
        span=span, rows=len(table.rows), sampled_out=len(cases) - len(used), bad=tuple(bad),
        notes=tuple(Text(note, **facts) for key, note in NOTES.items() if facts[key]))


def quantiles(closed_wait: np.ndarray | list[float]) -> dict[str, float | None]:
    """Waits within which 10, 25, 50, 75 and 90 % of all cases were closed, and the share closed at all.

    A case not known to be closed counts as waiting for ever: a quantile beyond the share closed is None.
    """
    waits = np.asarray(closed_wait, dtype=float)
    n, closed = len(waits), np.sort(waits[np.isfinite(waits)])
    ranks = {p: -(-p * n // 100) for p in (10, 25, 50, 75, 90)}  # whole numbers: no rounding at the edge
    result = {f"p{p}": float(closed[k - 1]) if 0 < k <= len(closed) else None for p, k in ranks.items()}
    return {**result, "share_closed": len(closed) / n if n else None}


def kept(row: int, share: float) -> bool:
    """If a hash of the row's number falls below the share, keep the row: a larger sample holds the smaller one."""
    return int.from_bytes(blake2b(str(row).encode(), digest_size=6).digest(), "big") / 2**48 < share


def working_day(when: date) -> int:
    """Number of a date among all Mondays to Fridays; a Saturday or Sunday has that of the next Monday."""
    week, weekday = divmod(when.toordinal() - 1, 7)
    return 5 * week + min(weekday, 5)


def _table(path: Path) -> Table:
    records = _records(path, read_text(path, _("case log"), []))
    filled = [(line, fields) for line, fields in records if len(fields) > 1 or "".join(fields).strip()]
    if len(filled) < 2:
        raise InputError(_("{path} holds no cases; give a line with {columns} and below it one row a case",
                           path=path, columns=listed(REQUIRED)))
    header, rows = [name.strip().lower() for name in filled[0][1]], filled[1:]
    table = Table(path, _places(path, header), header, rows, len(records) - len(filled))
    for line, fields in rows:
        ours = table.at.values() if len(fields) == len(header) else range(len(fields))
        if any("\n" in fields[i].strip() for i in ours):  # rows inside it would be dropped in silence
            raise InputError(_("{path}, line {line}: a quoted field runs over several lines; close the quote",
                               path=path, line=line))
    return table


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    if "\0" in text:
        raise InputError(_("{path} is not a text file in UTF-8; save the case log as CSV in UTF-8", path=path))
    reader, records, line = csv.reader(io.StringIO(text), strict=True, skipinitialspace=True), [], 1
    try:
        for fields in reader:
            records.append((line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(_("{path} is not valid CSV from line {line} on ({error}); check the quotes there",
                           path=path, line=line, error=str(error))) from None
    return records


def _places(path: Path, header: list[str]) -> dict[str, int]:
    for name in (*REQUIRED, *OPTIONAL):
        if header.count(name) != 1 and name in (*REQUIRED, *header):
            raise InputError(_("{path} has {how_many} column {name!r}; its first line is {header!r}. Name {columns} "
                               "once each, with commas between them", path=path, name=name,
                               header=", ".join(header)[:120],
                               how_many=_p("column", "more than one") if name in header else _p("column", "no"),
                               columns=listed(REQUIRED)))
    return {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}


def _sort_out(table: Table) -> tuple[list[Case], list[Bad]]:
    cases, bad = [], []
    for row, (line, _fields) in enumerate(table.rows):
        try:
            cases.append(_case(table, row))
        except RowError as error:
            bad.append((line, error.args[0]))
    if 100 * len(bad) > BAD_PERCENT * len(table.rows):
        some = [_("line {line} ({why})", line=line, why=why) for line, why in bad]
        raise InputError(_("{path}: {bad:,} of {rows:,} rows are bad, more than {most} %: {some}; correct or remove "
                           "them", path=table.path, bad=len(bad), rows=len(table.rows), most=BAD_PERCENT,
                           some=_first(some, most=3)))
    return cases, bad


def _case(table: Table, row: int) -> Case:
    fields = table.rows[row][1]
    if len(fields) != len(table.header):
        raise RowError(_("fields: {given} instead of {wanted}", given=len(fields), wanted=len(table.header)))
    value = {name: fields[i].strip() for name, i in table.at.items()}
    domains = list(dict.fromkeys(filter(None, map(str.strip, re.split("[;；]", value["domain"])))))
    for name, there in zip(REQUIRED, (value["opened"], value["street"], domains), strict=True):
        if not there:
            raise RowError(_("{name} is missing", name=name))
    opened = _date("opened", value["opened"])
    closed = _date("closed", value["closed"]) if value.get("closed") else None
    if closed and closed < opened:
        raise RowError(_("closed {closed} before opened {opened}", closed=closed, opened=opened))
    wait = working_day(closed) - working_day(opened) if closed else math.nan
    hours, severity = (_number(name, value.get(name, "")) for name in ("hours", "severity"))
    return Case(row, opened, wait, value["street"], domains, hours, severity, value.get("cause", ""))


@lru_cache(maxsize=4096)
def _date(column: str, text: str) -> date:
    try:
        return date.fromisoformat(found[1] if (found := ISO.fullmatch(text)) else "")
    except ValueError:  # no match, or no such day
        raise RowError(_("{column} {text!r} is no date like 2023-01-31", column=column, text=text[:30])) from None


def _number(column: str, text: str) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise RowError(_("{column} {text!r} is no number of 0 or more", column=column, text=text[:30]))
    return value if text else math.nan


def _span(table: Table, cases: list[Case]) -> tuple[int, int]:
    dates = [(case.opened, table.rows[case.row][0]) for case in cases]
    (first, at), (last, till) = min(dates), max(dates)
    if (span := working_day(last) - working_day(first) + 1) > (most := PARAMETERS["days"].high):
        raise InputError(_("{path} covers {span:,} working days, {first} (line {at}) – {last} (line {till}), more than "
                           "{most:,}; correct the dates or cut the log",
                           path=table.path, span=span, first=first, at=at, last=last, till=till, most=most))
    return working_day(first), span


class Places(NamedTuple):
    """Which street or department of the model each name of a log is."""

    names: list[str]
    """Of the model's, in its order."""
    number: dict[str, int]
    """By the log's name."""
    rest: int = -1
    """Who takes what no name stands for; -1 nobody."""
    town: bool = False
    """Whether the names are a town's, rather than the log's."""

    def facts(self, cases: list[Case]) -> dict[str, Any]:
        """What notes say of streets."""
        empty = set(self.names) - {self.names[self.number[case.street]] for case in cases}
        return {"streets": 0 if self.town else _first(f"{i} = {name}" for i, name in enumerate(self.names)),
                "by_name": self.town, "empty": _first(sorted(empty)) if empty else _("none")}


def _named(places: tuple[Place, ...], name_of: Callable[[int], Text], found: Iterable[str]) -> dict[str, int]:
    """Names of a log that are names of a town's places, in any language."""
    known = {say(name_of(k), lang).casefold(): k for k in range(len(places)) for lang in LANGUAGES}
    return {name: known[name.casefold()] for name in found if name.casefold() in known}


def _streets(path: Path, cases: list[Case], scenario: Scenario) -> Places:
    found, streets = sorted({case.street for case in cases}), scenario.streets
    if any(place.given for place in scenario.street):
        number = _named(scenario.street, scenario.street_name, found)
        strange = [name for name in found if name not in number]
        names = [str(scenario.street_name(k)) for k in range(streets)]
        if strange:
            raise InputError(_("{path} has cases on {street!r}, which is no [[street]] of the town; {remedy}",
                               path=path, street=strange[0], remedy=near(strange[0], names)))
        return Places(names, number, town=True)
    most = int(PARAMETERS["streets"].high)
    if len(found) != streets:
        remedy = _("add --set streets={n}", n=len(found)) if len(found) <= most else _(
            "group them into {most} at most", most=most)
        raise InputError(_("{path} has cases on {n:,} streets (first {first!r}, last {last!r}), the scenario has "
                           "{streets}; {remedy}", path=path, n=len(found), first=found[0], last=found[-1],
                           streets=streets, remedy=remedy))
    return Places(found, {name: k for k, name in enumerate(found)})


def _domains(path: Path, cases: list[Case], scenario: Scenario) -> Places:
    """The departments' domains, the most frequent first, and who takes the rare ones, which become "other"."""
    counts = Counter(name for case in cases for name in case.domains[:MOST_DOMAINS])
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    if any(place.given for place in scenario.department):
        return _domains_of_town(path, ranked, scenario)
    if len(ranked) <= scenario.departments:
        return Places(ranked, {name: k for k, name in enumerate(ranked)})
    named = [name for name in ranked if name.lower() != OTHER][:scenario.departments - 1]
    return Places([*named, OTHER], {name: k for k, name in enumerate(named)}, len(named))


def _domains_of_town(path: Path, ranked: list[str], scenario: Scenario) -> Places:
    """Domains by the names of a town's departments; the rest is for the one that is called "other"."""
    number = _named(scenario.department, scenario.department_name, ranked)
    names = [str(scenario.department_name(k)) for k in range(scenario.departments)]
    rest = next((k for k, name in enumerate(names) if name.lower() == OTHER), -1)
    strange = [name for name in ranked if name not in number]
    if strange and rest < 0:
        raise InputError(_("{path} has {n:,} domains that no [[department]] is called after (the most frequent: "
                           "{first!r}); call a department by its name, or one \"{other}\" for all of them", path=path,
                           n=len(strange), first=strange[0], other=OTHER))
    return Places(names, number, rest, town=True)


def _sample(path: Path, cases: list[Case], share: float) -> list[Case]:
    used = [case for case in cases if kept(case.row, share)]
    lost = sorted({case.street for case in cases} - {case.street for case in used})
    if lost:
        raise InputError(_("a sample of {share:g} of {path} leaves no case on street {street!r}; raise needs_sample",
                           share=share, path=path, street=lost[0]))
    return used


def _column(values: list[Any], kind: type = np.int64) -> np.ndarray:
    array: np.ndarray = np.array(values, dtype=kind)
    array.setflags(write=False)
    return array


def _three(case: Case, domains: Places) -> list[int]:
    ids = [domains.number.get(name, domains.rest) for name in case.domains[:MOST_DOMAINS]]
    return [*dict.fromkeys(ids), -1, -1, -1][:MOST_DOMAINS]


def _facts(table: Table, cases: list[Case], bad: list[Bad], domains: Places) -> dict[str, Any]:
    found = {name for case in cases for name in case.domains[:MOST_DOMAINS]}
    merged = {name for name in found - set(domains.number) if name.lower() != OTHER}
    rare = sum(any(d in merged for d in c.domains[:MOST_DOMAINS]) for c in cases)
    return {"file": table.path.name, "rows": len(table.rows), "usable": len(cases), "blank": table.blank,
            "first": min(c.opened for c in cases), "last": max(c.opened for c in cases), "bad": len(bad),
            "listed": _first((_("line {line}: {why}", line=line, why=why) for line, why in bad), _("; ")),
            "extra": listed(name or _("(unnamed)") for name in table.header if name not in table.at),
            "merged": 0 if domains.town else len(merged), "rare": rare, "named": len(domains.names) - 1,
            "fitting": 0 if domains.town or merged else len(domains.names), "others": rare * domains.town,
            "matched": domains.town, "rest": domains.names[domains.rest],
            "many": sum(len(c.domains) > MOST_DOMAINS for c in cases), "dated": "closed" in table.at,
            "moved": sum(c.opened.weekday() >= 5 for c in cases), "closed": sum(c.wait >= 0 for c in cases),
            "silent": listed(name for name in ("hours", "severity", "cause") if name not in table.at)}


def _first(texts: Iterable[str], comma: Text | None = None, most: int = LISTED) -> Text:
    some = Listed((texts := list(texts))[:most], comma)
    return _("{some}, …", some=some) if len(texts) > most else some
