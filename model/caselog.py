"""Real cases as input: reads a CSV log of cases into the columns a run needs.

Every row is used, sampled out or listed as bad; what was changed on the way is said in English and in Chinese.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .errors import InputError
from .scenario import PARAMETERS, Scenario, read_text

REQUIRED, OPTIONAL = ("opened", "street", "domain"), ("closed", "hours", "severity", "cause")
OTHER, MOST_DOMAINS, BAD_PERCENT, LISTED = "other", 3, 5, 10
ISO = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]\d{1,2}:\d{2}[\d:.,]*( ?(Z|[+-][\d:]+))?)?", re.ASCII)
Bad = tuple[int, str, str]  # line, reason in English, reason in Chinese
NOTES = (  # each is said if the fact of its name is not empty or zero
    ("rows", "{file}: {rows:,} rows read, {usable:,} usable, opened {first} to {last}: {span:,} days, Mon–Fri.",
     "{file}：读入 {rows:,} 行，可用 {usable:,} 行，受理日期 {first} 至 {last}，周一至周五共 {span:,} 天。"),
    ("bad", "Bad rows left out: {bad:,} ({listed}).", "弃用的坏行：{bad:,} 行（{listed_zh}）。"),
    ("blank", "Empty lines skipped: {blank:,}.", "跳过的空行：{blank:,} 行。"),
    ("extra", "Columns not used: {extra}.", "未使用的列：{extra}。"),
    ("streets", "Streets are numbered by name: {streets}.", "街道按名称编号：{streets}。"),
    ("merged", "The {named} main domains have a department each; the {merged} rarest ({rare:,} cases) are “other”.",
     "最常见的 {named} 个领域各对应一个部门；最少见的 {merged} 个领域（{rare:,} 个案件）并入“其他”。"),
    ("fitting", "Each of the {fitting} domains has a department; departments without a case in the log: {spare}.",
     "{fitting} 个领域各对应一个部门；日志中没有案件的部门：{spare} 个。"),
    ("many", "Cases cut to their first three domains: {many:,}.", "涉及三个以上领域、只取前三个的案件：{many:,} 个。"),
    ("moved", "Weekend cases moved to the Monday after: {moved:,}.", "周末受理、顺延至下周一的案件：{moved:,} 个。"),
    ("dated", "Cases with a closing date: {closed:,} of {usable:,}; the others count as still waiting.",
     "有办结日期的案件：{usable:,} 个中的 {closed:,} 个，其余视为仍在等待。"),
    ("silent", "The log does not say {silent}: drawn from the scenario.", "日志没有 {silent}：由情景抽取。"),
    ("share", "Sampled by row number at a share of {share:g}: {used:,} of {usable:,} cases used.",
     "按行号以 {share:g} 的比例抽样：{usable:,} 个案件中使用 {used:,} 个。"),
)


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
    bad: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]
    notes_zh: tuple[str, ...]


class RowError(ValueError):
    """Why one row cannot be used: `args` are the reason in English and in Chinese."""


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
        rows=len(table.rows), sampled_out=len(cases) - len(used), bad=tuple((line, en) for line, en, _ in bad),
        notes=tuple(en.format(**facts) for key, en, _ in NOTES if facts[key]),
        notes_zh=tuple(zh.format(**facts) for key, _, zh in NOTES if facts[key]))


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
    records = _records(path, read_text(path, ("case log", "案件日志"), []))
    filled = [(line, fields) for line, fields in records if len(fields) > 1 or "".join(fields).strip()]
    if len(filled) < 2:
        raise InputError(f"{path} holds no cases; give a line with {', '.join(REQUIRED)} and below it one row a case",
                         f"{path} 没有案件；首行请写 {'、'.join(REQUIRED)}，其下每件案件一行")
    header, rows = [name.strip().lower() for name in filled[0][1]], filled[1:]
    table = Table(path, _places(path, header), header, rows, len(records) - len(filled))
    for line, fields in rows:
        ours = table.at.values() if len(fields) == len(header) else range(len(fields))
        if any("\n" in fields[i].strip() for i in ours):  # rows inside it would be dropped in silence
            raise InputError(f"{path}, line {line}: a quoted field runs over several lines; close the quote",
                             f"{path} 第 {line} 行：引号中的内容跨了多行；请补上引号")
    return table


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    if "\0" in text:
        raise InputError(f"{path} is not a text file in UTF-8; save the case log as CSV in UTF-8",
                         f"{path} 不是 UTF-8 文本文件；请将案件日志存为 UTF-8 的 CSV")
    reader, records, line = csv.reader(io.StringIO(text), strict=True, skipinitialspace=True), [], 1
    try:
        for fields in reader:
            records.append((line, fields))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path} is not valid CSV from line {line} on ({error}); check the quotes there",
                         f"{path} 自第 {line} 行起不是有效的 CSV（{error}）；请检查该处的引号") from None
    return records


def _places(path: Path, header: list[str]) -> dict[str, int]:
    for name in (*REQUIRED, *OPTIONAL):
        if header.count(name) != 1 and name in (*REQUIRED, *header):
            raise InputError(f"{path} has {'more than one' if name in header else 'no'} column {name!r} but "
                             f"{', '.join(header)[:120]!r}; name {', '.join(REQUIRED)} once, with commas between them",
                             f"{path} {'有不止一个' if name in header else '没有'} {name!r} 列，只有 "
                             f"{', '.join(header)[:120]!r}；{'、'.join(REQUIRED)} 各写一次，以逗号分隔")
    return {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}


def _sort_out(table: Table) -> tuple[list[Case], list[Bad]]:
    cases, bad = [], []
    for row, (line, _) in enumerate(table.rows):
        try:
            cases.append(_case(table, row))
        except RowError as error:
            bad.append((line, *error.args))
    if 100 * len(bad) > BAD_PERCENT * len(table.rows):
        raise InputError(f"{table.path}: {len(bad):,} of {len(table.rows):,} rows are bad, more than {BAD_PERCENT} %: "
                         f"{_first((f'line {line} ({en})' for line, en, _ in bad), most=3)}; correct or remove them",
                         f"{table.path}：{len(table.rows):,} 行中有 {len(bad):,} 行有误，超过 {BAD_PERCENT}%："
                         f"{_first((f'第 {line} 行（{zh}）' for line, _, zh in bad), most=3)}；请更正或删去")
    return cases, bad


def _case(table: Table, row: int) -> Case:
    fields = table.rows[row][1]
    if len(fields) != len(table.header):
        raise RowError(f"fields: {len(fields)} instead of {len(table.header)}",
                       f"字段数为 {len(fields)}，应为 {len(table.header)}")
    value = {name: fields[i].strip() for name, i in table.at.items()}
    domains = list(dict.fromkeys(filter(None, map(str.strip, re.split("[;；]", value["domain"])))))
    for name, there in zip(REQUIRED, (value["opened"], value["street"], domains), strict=True):
        if not there:
            raise RowError(f"{name} is missing", f"缺 {name}")
    opened, closed = _date("opened", value["opened"]), _date("closed", value.get("closed", ""))
    if closed and closed < opened:
        raise RowError(f"closed {closed} before opened {opened}", f"closed {closed} 早于 opened {opened}")
    wait = working_day(closed) - working_day(opened) if closed else math.nan
    hours, severity = (_number(name, value.get(name, "")) for name in ("hours", "severity"))
    return Case(row, opened, wait, value["street"], domains, hours, severity, value.get("cause", ""))


@lru_cache(maxsize=4096)
def _date(column: str, text: str) -> date | None:
    try:
        return date.fromisoformat(ISO.fullmatch(text)[1]) if text else None
    except (TypeError, ValueError):  # no match, or no such day
        raise RowError(f"{column} {text[:30]!r} is no date like 2023-01-31",
                       f"{column} {text[:30]!r} 不是 2023-01-31 这样的日期") from None


def _number(column: str, text: str) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise RowError(f"{column} {text[:30]!r} is no number of 0 or more", f"{column} {text[:30]!r} 不是非负数")
    return value if text else math.nan


def _span(table: Table, cases: list[Case]) -> tuple[int, int]:
    dates = [(case.opened, table.rows[case.row][0]) for case in cases]
    (first, at), (last, till) = min(dates), max(dates)
    if (span := working_day(last) - working_day(first) + 1) > (most := PARAMETERS["days"].high):
        raise InputError(f"{table.path} covers {span:,} working days, {first} (line {at}) – {last} (line {till}), "
                         f"more than {most:,}; correct the dates or cut the log",
                         f"{table.path} 跨 {span:,} 个工作日，{first}（第 {at} 行）至 {last}（第 {till} 行），"
                         f"多于 {most:,} 个；请更正日期或截短日志")
    return working_day(first), span


def _streets(path: Path, cases: list[Case], streets: int) -> list[str]:
    names, most = sorted({case.street for case in cases}), int(PARAMETERS["streets"].high)
    if len(names) != streets:
        en, zh = (f"add --set streets={len(names)}", f"请加 --set streets={len(names)}") if len(names) <= most else (
            f"group them into {most} at most", f"请归并为至多 {most} 个")
        raise InputError(f"{path} has cases on {len(names):,} streets (first {names[0]!r}, last {names[-1]!r}), the "
                         f"scenario has {streets}; {en}",
                         f"{path} 的案件分布在 {len(names):,} 个街道（首个 {names[0]!r}，末个 {names[-1]!r}），"
                         f"而情景有 {streets} 个；{zh}")
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
        raise InputError(f"a sample of {share:g} of {path} leaves no case on street {lost[0]!r}; raise needs_sample",
                         f"{path} 抽样 {share:g} 后，街道 {lost[0]!r} 没有案件；请调高 needs_sample")
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
            "listed": _first((f"line {line}: {en}" for line, en, _ in bad), "; "),
            "listed_zh": _first((f"第 {line} 行：{zh}" for line, _, zh in bad), "；", "……"),
            "extra": ", ".join(name or "(unnamed)" for name in table.header if name not in table.at),
            "merged": len(merged), "rare": sum(any(d in merged for d in c.domains[:MOST_DOMAINS]) for c in cases),
            "many": sum(len(c.domains) > MOST_DOMAINS for c in cases), "dated": "closed" in table.at,
            "moved": sum(c.opened.weekday() >= 5 for c in cases), "closed": sum(c.wait >= 0 for c in cases),
            "silent": ", ".join(name for name in ("hours", "severity", "cause") if name not in table.at)}


def _first(texts: Any, comma: str = ", ", more: str = ", …", most: int = LISTED) -> str:
    return comma.join((texts := list(texts))[:most]) + more * (len(texts) > most)
