"""Words of the view `where`, by key."""

from __future__ import annotations

from languages.text import Text, _

WORDS: dict[str, Text] = {
    "where_count": _("{b}: worse at {worse} of {all} points, better at {better}, not told apart at {open}"),
    "where_begin": _("{a} and {b}: where is which better?"),
    "where_ahead": _("{b}: ahead at {ahead} of {n} points, behind at {behind}; one pair each so far"),
    "where_rest": _("{n} points have only one pair so far, so luck counts as well; they are shown pale."),
    "where_place": _("Place"), "where_a": Text("A"), "where_b": Text("B"), "where_outcome": _("Judged by"),
    "where_worth_of": _("A core job is worth so many cases"),
    "where_worth": _("Cases, directives and core jobs, each at its worth"),
    "where_across": _("Across"), "where_up": _("Upwards"),
    "where_running": _("{done} of {all} pairs"), "where_all_run": _("All {all} pairs are run"),
    "where_made": _("Every point is two whole runs on the same luck: coarse first, then every point, then further "
                    "seeds. A point is judged by its own 95 % interval, so that of 100 points without any difference "
                    "five look otherwise."),
    "where_better": _("better"), "where_worse": _("worse"), "where_open": _("not told apart"),
    "where_thin": _("one pair"), "where_failed": _("cannot be run"), "where_none": _("not run yet"),
    "where_here": _("You are here"), "where_map": _("Map of {x} and {y}"), "where_point": _("The point chosen"),
    "where_points": _("points"),
    "where_answer": _("See this point in the answer view"),
    "where_link": _("Copy the address of this map"), "where_copied": _("Copied"),
    "where_rules": _("Maps are made with the model's own rules; with yours: chuishao run --rules FILE."),
    "where_log": _("Maps cannot be made of a case log; use chuishao run."),
    "break_title": _("Break the reform with the smallest change"),
    "break_lead": _("Moves {n} numbers to both ends of their ranges, then goes back to where {b} just still loses, "
                    "alone and two at a time; what turned must turn again on fresh seeds."),
    "break_go": _("Search"), "break_every": _("Search with all {n} numbers"), "break_stop": _("Stop"),
    "break_base": _("{done} of {all}: as it is"), "break_ends": _("{done} of {all}: each number at its ends"),
    "break_alone": _("{done} of {all}: back from the ends"), "break_two": _("{done} of {all}: two at a time"),
    "break_fresh": _("{done} of {all}: again on fresh seeds"), "break_done": _("The search is over."),
    "break_found": _("Enough to make {b} worse:"),
    "break_share": _("{share} % of its range"), "break_shares": _("{share} % of their ranges together"),
    "break_none": _("None of the {n} numbers, alone or the four strongest two at a time, makes {b} worse here; that is "
                    "a search, no proof."),
    "break_already": _("Here {b} is worse already; nothing has to be changed."),
    "break_pushes": _("What each number does to the difference at the ends of its range, one pair each"),
}
