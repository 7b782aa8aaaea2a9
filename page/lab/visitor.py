"""One visitor of the lab: his run, what he chose, and what happens when he presses something."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import solara

from experiments.rulelist import source_of
from experiments.runs import Source
from languages.text import Text
from model.errors import InputError
from model.regimes import parse_regime

from .. import settings
from ..compiling import COMPILING
from ..definition import Definition
from ..per_visitor import PerVisitor
from ..session import Session
from ..words_engine import said_by
from .loop import Loop

LOOK = 0.5
"""Seconds between two looks at how far the compiler is."""
TABS = ("time", "trends", "ledger", "why")


@cache
def rules_of() -> dict[str, Source]:
    """Rule files this server offers, by name."""
    return {Path(path).stem: source_of(path) for path in settings.rules_files()}


class Visitor:
    """State of one visitor's lab. Made inside his kernel; its threads end with that."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.session: Session | None = None
        self.definition = solara.reactive(Definition())
        """What the run on the page is made from; grows by what is injected."""
        self.frame: solara.Reactive[dict[str, Any] | None] = solara.reactive(None)
        """The picture of today; see `Session.snapshot`."""
        self.pulse = solara.reactive(0)
        """Grows when curves and tables have become old."""
        self.compiling: solara.Reactive[tuple[int, int] | None] = solara.reactive(None)
        """Functions of the model compiled so far, and all, while it is not ready."""
        self.playing, self.busy = solara.reactive(False), solara.reactive(True)
        self.rate = solara.reactive(8.0)
        self.notices: solara.Reactive[tuple[Text, ...]] = solara.reactive(())
        self.failure: solara.Reactive[Any] = solara.reactive(None)
        self.chosen: solara.Reactive[dict[str, Any] | None] = solara.reactive(None)
        """Whose day is open: side, kind, index, and which of a grid's residents (`next`)."""
        self.tab = solara.reactive(TABS[0])
        self.draft: solara.Reactive[dict[str, Any]] = solara.reactive({})
        """Changed, not yet applied: parameters by name, and `regime0`, `regime1`."""
        self.wrong: solara.Reactive[dict[str, Text]] = solara.reactive({})
        """What was typed and does not fit, by parameter: the sentence that says why."""
        self.loop = Loop(self._show, self._chart, self._stopped, self.closed)
        self.rendered = threading.Event()
        self.rendered.set()
        self._latest = 0

    # --- runs ---------------------------------------------------------------------------------------------------

    def start(self, definition: Definition) -> None:
        """Begin a run anew, in the background; a run that is being made for an older wish is dropped."""
        self.pause()
        self._latest += 1
        self.busy.set(True)
        self.forget()
        self.definition.set(definition)
        threading.Thread(target=self._make, args=(self._latest, definition), daemon=True).start()

    def _make(self, wish: int, definition: Definition) -> None:
        self._wait_for_compiler()
        session = Session(definition, rules_of())
        if wish != self._latest or self.closed.is_set():
            session.close()
            return
        old, self.session, self.loop.session = self.session, session, session
        if old is not None:
            old.close()
        self.failure.set(session.failure)
        self.busy.set(False)
        self.loop.draw()
        self._chart()

    def _wait_for_compiler(self) -> None:
        while not COMPILING.wait(LOOK) and not self.closed.is_set():
            self.compiling.set(COMPILING.now)
        self.compiling.set(None)

    def arrive(self, query: dict[str, str]) -> None:
        """The first run: what the link says, with a word on what of it does not fit. Coming back finds one's run."""
        if self.session is None or query:
            definition, notices = Definition.from_query(query)
            self.notices.set(tuple(notices))
            if self.session is None or definition != self.definition.value:
                self.start(definition)

    def change(self, **changes: Any) -> None:
        """Begin anew with something changed; what does not fit becomes a notice."""
        self.attempt(lambda: self.start(self.definition.value.with_(**changes)))

    def wish_regime(self, side: int, name: str) -> None:
        """Another regime on a side: at once while no day has passed, else it waits to be applied."""
        key, now = f"regime{side}", self.definition.value.regimes[side]
        self.draft.set({**{k: v for k, v in self.draft.value.items() if k != key},
                        **({} if parse_regime(name, files=False).name == now else {key: name})})
        if not (self.session and self.session.day) and list(self.draft.value) == [key]:
            self.apply()

    def wish(self, name: str, value: Any) -> None:
        """Another value of a parameter, to be applied later; what does not fit is said beside it."""
        now = self.definition.value
        wishes = {k: v for k, v in self.draft.value.items() if k != name}
        wrong = {k: v for k, v in self.wrong.value.items() if k != name}
        try:
            now.with_(**{k: v for k, v in wishes.items() if not k.startswith("regime")}, **{name: value})
            if value != getattr(now.scenario, name):
                wishes[name] = value
        except (InputError, ValueError) as error:
            wrong[name] = said_by(error)
        self.draft.set(wishes)
        self.wrong.set(wrong)

    def forget(self) -> None:
        """Take all wishes back."""
        self.draft.set({})
        self.wrong.set({})

    def apply(self) -> None:
        """Begin anew with all that was changed."""
        wishes = self.draft.value
        names = tuple(wishes.get(f"regime{side}", name) for side, name in enumerate(self.definition.value.regimes))
        self.change(regimes=names, **{k: v for k, v in wishes.items() if not k.startswith("regime")})

    def attempt(self, act: Callable[[], Any]) -> Any:
        """Do something that may not fit; the sentence that says why becomes a notice."""
        try:
            return act()
        except (InputError, ValueError) as error:
            self.notices.set((*self.notices.value, said_by(error)))
            return None

    # --- days -----------------------------------------------------------------------------------------------------

    def play(self) -> None:
        """Run on, or pause."""
        if self.playing.value:
            self.pause()
        elif self.session and not self.session.ended:
            self._go(None)

    def days(self, n: int) -> None:
        """Run n days as fast as may be."""
        if self.session and not self.session.ended:
            self._go(n)

    def _go(self, days: int | None) -> None:
        if not self.playing.value:
            self.rendered.clear()  # set again once the page shows that it plays
        self.playing.set(True)  # before it runs: a short run is over at once, and says so
        self.loop.play(days, after=self.rendered)

    def pause(self) -> None:
        """Stop after the day that runs."""
        self.loop.pause()
        self.playing.set(False)

    def reset(self) -> None:
        """The same run from day 0, without what was injected."""
        self.start(self.session.start if self.session else self.definition.value)

    def set_rate(self, rate: float) -> None:
        """Days a second."""
        self.rate.set(rate)
        self.loop.rate = rate

    def inject(self, kind: str, street: int, domain: int) -> None:
        """Something happens today on both sides."""
        if self.session is None:
            return
        sorry = self.session.inject(kind, street, domain)
        if sorry:
            self.notices.set((*self.notices.value, sorry))
        self.definition.set(self.session.definition)
        self.loop.draw()
        self._chart()

    # --- what the loop tells --------------------------------------------------------------------------------------

    def _show(self, frame: dict[str, Any]) -> None:
        session = self.session
        if session is not None and frame["epoch"] == session.epoch and not self.closed.is_set():
            self.frame.set(frame)

    def _chart(self) -> None:
        if not self.closed.is_set():
            self.pulse.set(self.pulse.value + 1)

    def _stopped(self, why: str) -> None:
        self.playing.set(False)
        self.failure.set(self.session.failure if self.session else None)
        if why == "silence":
            from ..words_lab import WORDS
            self.notices.set((*self.notices.value, WORDS["nobody"]))

    def leave(self) -> None:
        """Give everything back."""
        self.closed.set()
        self.loop.pause()
        self.loop.session = None
        if self.session is not None:
            self.session.close()


visitor = PerVisitor(Visitor)
"""Whose page this is."""
