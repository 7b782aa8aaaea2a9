"""Activities of the ledger in a few groups: where the hours go, for the report and the page."""

from __future__ import annotations

from languages.text import Text, _

GROUPS: dict[str, frozenset[str]] = {
    "for_residents": frozenset({"casework", "triage", "handoff", "request", "refuse", "outreach", "patrol",
                                "centre", "respond", "repair", "summoned"}),
    "core_work": frozenset({"core", "pushed"}),
    "directives": frozenset({"interpret", "execute", "conflict", "issue", "reissue", "transmit", "merge",
                             "own"}),
    "paper": frozenset({"data", "report", "rework"}),
    "assessment": frozenset({"inspection", "rectify", "polish", "rating", "callback", "inspect", "rated"}),
    "steering": frozenset({"switching", "training", "command", "feedback", "read", "distinguish"}),
    "idle": frozenset({"idle"}),
}
"""A cadre's paper and assessment together are the measure `formalism_share`."""
SERVES: dict[str, frozenset[str]] = {
    "case": GROUPS["for_residents"] | {"callback", "rating", "rated"},
    "directive": GROUPS["directives"] | GROUPS["paper"] | {"inspection", "rectify", "inspect"},
    "core_job": GROUPS["core_work"],
}
"""What paid hours are spent for, in the order of `model.measures.WORTH`: checks and papers an order costs belong to the
order, what assesses the answers to residents to their cases. Polish, steering, learning and idle time serve none."""
NAMES: dict[str, Text] = {
    "for_residents": _("for residents"), "core_work": _("core work"), "directives": _("directives"),
    "paper": _("forms and reports"), "assessment": _("assessment"), "steering": _("steering, learning"),
    "idle": _("idle"), "cadre": _("street cadres"), "department": _("departments"),
    "leader": _("leaders")}
"""What the groups, and the classes of people whose hours they are, are called."""


def group_of(activity: str) -> str:
    """The group an activity belongs to."""
    return next(name for name, activities in GROUPS.items() if activity in activities)
