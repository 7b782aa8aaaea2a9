"""Anyone's day, and one case's life, on both sides; each is run again from the morning of the switch."""

from __future__ import annotations

from typing import Any

from .definition import Definition


def person_of(definition: Definition, kind: str, index: int, day: int, rules_of: Any = None) -> dict[str, Any]:
    """The day of a leader, department, cadre or resident on both sides.

    Args:
        kind: leader (0 the city's, 1 the district's, then streets), department, cadre or resident (from 0, street by
            street; cadre k keeps grid k).
        day: a day of the run, 1 … days; what the day before its evening brought (day 0 is shown as day 1).

    Returns:
        `kind`, `index`, `day`, `title`; `sides`: two of `page.diary.diary_of` (title, rows [[word key, hours, note],
        …] that add up to total, state [[word key, value], …], items [{act, text, hours, done}, …]); `apart`:
        [[word key, hours A, hours B, B − A], …] of the rows, those that differ most first; `why`: `waterfall_of` the
        measure that such a person has most to do with, up to this day. Texts are `Text`s (say them in a language).
        Empty where there is nobody of this index.
    """
    raise NotImplementedError


def waterfall_of(definition: Definition, measure: str, day: int, rules_of: Any = None) -> dict[str, Any]:
    """Why B differs from A on a measure up to a day.

    Returns:
        `measure`, `label`, `a`, `b`, `d`, `unit`; `bars`: [{text, what, d, part (it is that much of the difference),
        pull (+1, −1, 0), rows: [[names …, A, B, B − A], …], beside: [the same of what moves this one]}, …].
    """
    raise NotImplementedError


def life_of(definition: Definition, case: int, rules_of: Any = None) -> dict[str, Any]:
    """A need's life on both sides.

    Returns:
        `case`, `born`, `street`, `grid`, `resident`, `hours`, `severity`, `authority`, `title`; `sides`: two of
        {`events`: [{day, what, who, hours}, …] in order, `voiced`, `closed` (days since the switch, None if never),
        `fate` (word), `end` (Text)}.
    """
    raise NotImplementedError


def cases_of(definition: Definition, grid: int | None = None, street: int | None = None, most: int = 12,
             rules_of: Any = None) -> list[dict[str, Any]]:
    """Cases worth following there (everywhere if None): those whose ends lie most days apart first.

    Returns:
        [{case, grid, street, born, closed: [A, B]}, …].
    """
    raise NotImplementedError
