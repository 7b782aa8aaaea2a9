"""Real cases as input: reads a CSV log of cases into the columns a run needs.

Every row is used, sampled out or listed as bad; what was changed on the way is said in notes.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from languages.text import Listed, Text, _, _p, listed

from .errors import InputError
from .scenario import PARAMETERS, Scenario, read_text

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
    streets = _streets(table.path, cases, scenario.streets)
    domains, merged = _domains(cases, scenario.departments)
    used = _sample(table.path, cases, share := scenario.needs_sample)
    causes = {name: i for i, name in enumerate(dict.fromkeys(case.cause for case in used if case.cause))}
    facts = {**_facts(table, cases, bad, merged), "streets": _first(f"{i} = {name}" for i, name in enumerate(streets)),
             "span": span, "fitting": 0 if merged else len(domains), "named": len(domains) - 1, "used": len(used),
             "spare": scenario.departments - len(domains), "share": share if share < 1 else 0}
    return CaseLog(
        day=_column([working_day(c.opened) - first for c in used]), domains=_column([_three(c, domains) for c in used]),
        street=_column([streets.index(c.street) for c in used]), closed_wait=_column([c.wait for c in used], float),
        hours=_column([c.hours for c in used], float), severity=_column([c.severity for c in used], float),
        cause=_column([causes.get(c.cause, -1) for c in used]), street_names=streets, domain_names=domains, span=span,
        rows=len(table.rows), sampled_out=len(cases) - len(used), bad=tuple(bad),
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
            raise InputError(_("{path} has {how_many} column {name!r} but {header!r}; name {columns} once, with commas "
                               "between them", path=path, name=name, header=", ".join(header)[:120],
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
    opened, closed = _date("opened", value["opened"]), _date("closed", value.get("closed", ""))
    if closed and closed < opened:
        raise RowError(_("closed {closed} before opened {opened}", closed=closed, opened=opened))
    wait = working_day(closed) - working_day(opened) if closed else math.nan
    hours, severity = (_number(name, value.get(name, "")) for name in ("hours", "severity"))
    return Case(row, opened, wait, value["street"], domains, hours, severity, value.get("cause", ""))


@lru_cache(maxsize=4096)
def _date(column: str, text: str) -> date | None:
    try:
        return date.fromisoformat(ISO.fullmatch(text)[1]) if text else None
    except (TypeError, ValueError):  # no match, or no such day
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


def _streets(path: Path, cases: list[Case], streets: int) -> list[str]:
    names, most = sorted({case.street for case in cases}), int(PARAMETERS["streets"].high)
    if len(names) != streets:
        remedy = _("add --set streets={n}", n=len(names)) if len(names) <= most else _(
            "group them into {most} at most", most=most)
        raise InputError(_("{path} has cases on {n:,} streets (first {first!r}, last {last!r}), the scenario has "
                           "{streets}; {remedy}", path=path, n=len(names), first=names[0], last=names[-1],
                           streets=streets, remedy=remedy))
    return names


def _domains(cases: list[Case], departments: int) -> tuple[list[str], frozenset[str]]:
    """The departments' domains, the most frequent first, and the rare ones that became "other"."""
    counts = Counter(name for case in cases for name in case.domains[:MOST_DOMAINS])
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    if len(ranked) <= departments:
        return ranked, frozenset()
    named = [name for name in ranked if name.lower() != OTHER]
    return [*named[:departments - 1], OTHER], frozenset(named[departments - 1:])


def _sample(path: Path, cases: list[Case], share: float) -> list[Case]:
    used = [case for case in cases if kept(case.row, share)]
    lost = sorted({case.street for case in cases} - {case.street for case in used})
    if lost:
        raise InputError(_("a sample of {share:g} of {path} leaves no case on street {street!r}; raise needs_sample",
                           share=share, path=path, street=lost[0]))
    return used


def _column(values: list[Any], kind: type = np.int64) -> np.ndarray:
    array = np.array(values, dtype=kind)
    array.setflags(write=False)
    return array


def _three(case: Case, names: list[str]) -> list[int]:
    ids = [names.index(name) if name in names else len(names) - 1 for name in case.domains[:MOST_DOMAINS]]
    return [*dict.fromkeys(ids), -1, -1, -1][:MOST_DOMAINS]


def _facts(table: Table, cases: list[Case], bad: list[Bad], merged: frozenset[str]) -> dict[str, Any]:
    return {"file": table.path.name, "rows": len(table.rows), "usable": len(cases), "blank": table.blank,
            "first": min(c.opened for c in cases), "last": max(c.opened for c in cases), "bad": len(bad),
            "listed": _first((_("line {line}: {why}", line=line, why=why) for line, why in bad), _("; ")),
            "extra": listed(name or _("(unnamed)") for name in table.header if name not in table.at),
            "merged": len(merged), "rare": sum(any(d in merged for d in c.domains[:MOST_DOMAINS]) for c in cases),
            "many": sum(len(c.domains) > MOST_DOMAINS for c in cases), "dated": "closed" in table.at,
            "moved": sum(c.opened.weekday() >= 5 for c in cases), "closed": sum(c.wait >= 0 for c in cases),
            "silent": listed(name for name in ("hours", "severity", "cause") if name not in table.at)}


def _first(texts: Iterable[str], comma: Text | None = None, most: int = LISTED) -> Text:
    some = Listed((texts := list(texts))[:most], comma)
    return _("{some}, …", some=some) if len(texts) > most else some
