"""What a reader of a fit must know."""

from __future__ import annotations

from languages.text import Text, _

from .published import published

TARGETS: dict[str, Text] = {
    "formalism": _("load parameters to the formalism share"),
    "hotline": _("the reform's dynamics to the 12345 series"),
}


def warning(target: str) -> Text:
    """What a reader of a fit to this target must know."""
    known = published()
    if target == "formalism":
        return _("Warning: the shares of time spent on forms are cases from newspapers, not a sample; needs served "
                 "and utilisation are chosen; the ratio {ratio} is of provinces' targets, not of streets'.",
                 ratio=known["escalation"].value)
    first, year = known["resolution_start"], known["resolution_2019"]
    return _("Warning: the series was published by the reforming side, its start is disputed ({first:.2%} in the first "
             "month of 2019 [{by_first}], {year:.0%} for 2019 [{by_year}]), and it tells what papers said, not what "
             "was solved. Courtesy, tolerance and the blur of satisfaction were set beside it, so that satisfaction is "
             "no evidence. Nothing follows for the reform's effect.", first=first.value, by_first=first.source,
             year=year.value, by_year=year.source)
