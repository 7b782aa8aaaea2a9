"""What a rule of one's own may ask for besides its arguments, by keyword: `def slack(motivation, monitored, *, day)`.

Such a rule is called as it is; all others cost what they did.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from languages.text import Text, _

CONTEXT: dict[str, Text] = {
    "day": _("days since the switch; below 0 before it"),
    "street": _("the street it is asked on; −1 where it is asked on none"),
    "ties": _("ties of the cadre it is asked for; else the mean of the street, or of all"),
    "powers": _("levels of the regime in force, such as powers.discretion; never its name"),
}
@lru_cache(maxsize=256)
def wanted(rule: Callable) -> tuple[str, ...]:
    """What a rule asks for by keyword."""
    try:
        given = inspect.signature(rule).parameters.values()
    except (TypeError, ValueError):
        return ()
    return tuple(one.name for one in given if one.kind is one.KEYWORD_ONLY and one.name in CONTEXT)


def in_context(rule: Callable, told: Callable[[str], Any]) -> Callable:
    """A rule that is given its arguments alone, and gets what else it asks for from `told`; others as they are."""
    names = wanted(rule)
    if not names:
        return rule

    def ask(*args: Any) -> Any:
        return rule(*args, **{name: told(name) for name in names})

    return ask
