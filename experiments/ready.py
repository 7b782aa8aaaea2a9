"""The first use compiles the model: said with progress, in the language asked for, before any worker starts."""

from __future__ import annotations

import sys

from languages.text import _

from .words import Words


def get_ready(words: Words) -> None:
    """Have the model compiled or loaded; workers and threads that start later find it done."""
    import model.governance  # noqa: F401  what is to be compiled
    from agents.compiled import prepare
    from agents.pointers import default_pointers

    told = False

    def tell(done: int, of: int) -> None:
        nonlocal told
        if not told:
            said = words(_("Compiling the model for this machine, once; this takes about a minute."))
            print(said, file=sys.stderr, flush=True)
        told = True
        if sys.stderr.isatty():
            print("\r" + words(_("  {done} of {of}", done=done, of=of)), end="", file=sys.stderr, flush=True)

    prepare(tell)
    default_pointers()
    if told and sys.stderr.isatty():
        print(file=sys.stderr)
