"""What a run says street by street and department by department, where a town tells them apart."""

from __future__ import annotations

from .measures import cases_by_street, core_by_department, policy_by_street
from .run import Run

BY_PLACE = {"street": ("served_cases", "served_policy"), "department": ("served_core",)}
"""By kind of place: the headlines that can be told of one."""


def by_place(m: Run) -> dict[str, dict[str, list[float | None]]]:
    """The headlines of `BY_PLACE` for every place, as `MEASURES` has them for the whole town; None where nothing arose.

    Weighted by the severity (directives: value) that arose in each place, they add up to the town's own.
    """
    parts = {"served_cases": cases_by_street(m), "served_policy": policy_by_street(m),
             "served_core": core_by_department(m)}
    return {kind: {name: [float(a) / float(b) if b > 0 else None for a, b in zip(*parts[name], strict=True)]
                   for name in names} for kind, names in BY_PLACE.items()}
