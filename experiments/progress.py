"""Progress on stderr: a live line at a terminal, a plain line now and then elsewhere; that the model compiles."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from languages.text import _

from .console import said

if TYPE_CHECKING:
    from .engine import Outcome

EVERY = 20.0  # seconds between plain lines
REDRAW = 0.1


def watched(outcomes: Iterable[Outcome], total: int) -> Iterator[Outcome]:
    """Pass outcomes on and show how far they are."""
    show = _Line(total, live=sys.stderr.isatty())
    try:
        for outcome in outcomes:
            show.count(outcome.ok)
            yield outcome
    finally:
        show.clear()


class _Line:
    def __init__(self, total: int, live: bool) -> None:
        self.total, self.live = total, live
        self.done = self.failed = 0
        self.start = self.shown = time.monotonic()
        self.status = None
        if live:
            from rich.console import Console
            from rich.status import Status

            self.status = Status(self.text(), console=Console(stderr=True))
            self.status.start()

    def count(self, ok: bool) -> None:
        self.done += 1
        self.failed += not ok
        now = time.monotonic()
        if now - self.shown >= (REDRAW if self.live else EVERY):
            self.shown = now
            self.status.update(self.text()) if self.status else print(self.text(), file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self.status:
            self.status.stop()

    def text(self) -> str:
        passed = time.monotonic() - self.start
        rate = self.done / passed if self.done and passed > 0 else 0.0
        left = _("{n} s left", n=f"{(self.total - self.done) / rate:.0f}") if rate else _("starting")
        return said(_("{done} of {total} runs done, {failed} failed, {rate} runs/s, {left}", done=self.done,
                      total=self.total, failed=self.failed, rate=f"{rate:.2g}", left=left))


def get_ready() -> None:
    """Have the model compiled or loaded; workers and threads that start later find it done."""
    import model.governance  # noqa: F401  what is to be compiled
    from agents.compiled import prepare
    from agents.pointers import default_pointers

    told = False

    def tell(done: int, of: int) -> None:
        nonlocal told
        if not told:
            about = said(_("Compiling the model for this machine, once; this takes about a minute."))
            print(about, file=sys.stderr, flush=True)
        told = True
        if sys.stderr.isatty():
            print("\r" + said(_("  {done} of {of}", done=done, of=of)), end="", file=sys.stderr, flush=True)

    prepare(tell)
    default_pointers()
    if told and sys.stderr.isatty():
        print(file=sys.stderr)
