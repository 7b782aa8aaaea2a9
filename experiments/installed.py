"""What only some people need is installed on request (the groups of pyproject.toml); what lacks it says so."""

from __future__ import annotations

from importlib.util import find_spec

from languages.text import Text, _, listed
from model.errors import InputError


def need(group: str, what: Text, *modules: str) -> None:
    """Make sure that libraries are installed before something uses them.

    Args:
        group: the optional group of pyproject.toml that brings them.
        what: what needs them, to begin a sentence.
        modules: as they are imported.

    Raises:
        InputError: one is missing; the sentence says which, and how to install it.
    """
    missing = [module for module in modules if not _is_there(module)]
    if missing:
        raise InputError(_("{what} needs {names}, not installed here; run pip install -e '.[{group}]'", what=what,
                           names=listed(missing), group=group))


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of something inside a package that is missing
        return False
