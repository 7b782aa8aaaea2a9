"""Wrong input, said in one sentence with its remedy."""

from collections.abc import Collection
from difflib import get_close_matches


class InputError(ValueError):
    """Wrong input from a person; its text is one sentence that names the remedy."""


class RuleError(RuntimeError):
    """A researcher's rule failed inside a run; its text names slot, file, line and day."""


def near(name: str, known: Collection[str], otherwise: str) -> str:
    """The remedy for a name that is not among those known: the nearest of them, else `otherwise`."""
    found = get_close_matches(name, known, 1)
    return f"did you mean {found[0]!r}?" if found else otherwise
