"""One visitor of the answer view: what is asked, what is known of it so far, and who is looked at."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import solara

from languages.text import Text
from model.errors import InputError
from model.scenario import load_scenario

from ..answers import Answer, Answering
from ..compiling import COMPILING
from ..definition import Definition
from ..lab.visitor import rules_of
from ..people import cases_of, life_of, person_of, resident_of
from ..per_visitor import PerVisitor
from ..words_engine import said_by

BREATH = 0.12
"""Seconds between two pictures of what came in; the browser need not see every pair by itself."""
LOOK = 0.5
"""Seconds between two looks at the compiler."""


class Visitor:
    """State of one visitor's answer view. Made inside their kernel; its threads end with that."""

    def __init__(self) -> None:
        self.definition = solara.reactive(Definition())
        self.known: solara.Reactive[tuple[int, Answer | None]] = solara.reactive((0, None))
        """Grows when more is known; the answer that has pairs, or the last that had."""
        self.stale = solara.reactive(True)
        """The picture is still the one of an older question."""
        self.packet: solara.Reactive[dict[str, Any]] = solara.reactive({})
        self.error: solara.Reactive[Text | None] = solara.reactive(None)
        self.compiling: solara.Reactive[tuple[int, int] | None] = solara.reactive(None)
        self.notices: solara.Reactive[tuple[Text, ...]] = solara.reactive(())
        self.wrong: solara.Reactive[dict[str, Text]] = solara.reactive({})
        """What was typed and does not fit, by parameter: the sentence that says why."""
        self.chosen: solara.Reactive[dict[str, Any] | None] = solara.reactive(None)
        """Whose drawer is open: side, kind, index, day."""
        self.person: solara.Reactive[dict[str, Any] | None] = solara.reactive(None)
        self.cases: solara.Reactive[tuple[dict[str, Any], ...]] = solara.reactive(())
        self.life: solara.Reactive[dict[str, Any] | None] = solara.reactive(None)
        self.busy = solara.reactive(False)
        self.year: Any = None
        self.began = False
        self._news, self._closed, self._wish = threading.Event(), threading.Event(), 0
        self.answering = Answering(self._news.set, rules_of=rules_of())

    # --- what is asked ----------------------------------------------------------------------------------------------

    def arrive(self, query: dict[str, str]) -> None:
        """The first question: what the link says, with a word on what of it does not fit."""
        if self.began and not query:
            return
        definition, notices = Definition.from_query(query)
        self.notices.set(tuple(notices))
        if not self.began or definition != self.definition.value:
            self.ask(definition)

    def ask(self, definition: Definition) -> None:
        """Ask anew; what was asked before is dropped, and what is known already is there at once."""
        self.definition.set(definition)
        self.stale.set(True)
        self.error.set(None)
        self.answering.ask(definition)
        self._news.set()
        if not self.began:
            self.began = True
            threading.Thread(target=self._watch, daemon=True).start()
        if self.chosen.value:
            self.look(self.chosen.value)

    def change(self, **changes: Any) -> None:
        """The same question with something changed; what does not fit becomes a notice."""
        self.attempt(lambda: self.ask(self.definition.value.with_(**changes)))

    def set_number(self, name: str, value: Any) -> None:
        """Another value of a parameter; what does not fit is said beside it."""
        try:
            definition = self.definition.value.with_(**{name: value})
        except (InputError, ValueError) as error:
            self.wrong.set({**self.wrong.value, name: said_by(error)})
            return
        self.wrong.set({k: v for k, v in self.wrong.value.items() if k != name})
        if definition != self.definition.value:
            self.ask(definition)

    def take_regime(self, side: int, name: str) -> None:
        """Another regime on a side."""
        names = list(self.definition.value.regimes)
        names[side] = name
        self.change(regimes=tuple(names))

    def take_preset(self, name: str) -> None:
        """A shipped scenario; regimes and seed stay."""
        self.change(scenario=load_scenario(name))

    def drop(self, event: dict[str, Any]) -> None:
        """Put an event on a day of both sides, or take one away."""
        events = [e.model_dump() for e in self.definition.value.events]
        if "remove" in event:
            del events[event["remove"]]
        else:
            events.append({k: event[k] for k in ("day", "kind", "street", "domain")})
        self.change(events=tuple(events))

    def attempt(self, act: Callable[[], Any]) -> None:
        """Do something that may not fit; the sentence that says why becomes a notice."""
        self.notices.set(())
        try:
            act()
        except (InputError, ValueError) as error:
            self.notices.set((said_by(error),))

    # --- what comes in ----------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        """Show what came in; in a thread of the visitor's kernel, as Solara wants it."""
        while not self._closed.is_set():
            if not COMPILING.wait(0):
                self.compiling.set(COMPILING.now)
                self._closed.wait(LOOK)
            elif self.compiling.value:
                self.compiling.set(None)
            if self._news.wait(LOOK):
                self._news.clear()
                self._show()
                self._closed.wait(BREATH)

    def _show(self) -> None:
        answering, (count, before) = self.answering, self.known.value
        year = answering.year
        if year is not None and year is not self.year and year.definition == self.definition.value:
            self.year = year
            self.packet.set(year.packet())
        self.stale.set(self.year is None or self.year.definition != self.definition.value)
        self.error.set(answering.error)
        self.known.set((count + 1, answering.answer if answering.answer is not None else before))

    # --- anyone -----------------------------------------------------------------------------------------------------

    def look(self, who: dict[str, Any] | None) -> None:
        """Open somebody's day, or close the drawer."""
        if who is None:
            self._wish += 1
            for state in (self.chosen, self.person, self.life):
                state.set(None)
            self.cases.set(())
            return
        before = self.chosen.value or {}
        same = all(before.get(key) == who[key] for key in ("kind", "index"))
        self.chosen.set(dict(who))
        if not same:
            self.person.set(None)
            self.life.set(None)
            self.cases.set(())
        self._run_again(lambda definition: self._look(definition, dict(who), same))

    def settle(self, day: int) -> None:
        """The day that is looked at has changed."""
        if self.chosen.value and self.chosen.value["day"] != day:
            self.look({**self.chosen.value, "day": day})

    def follow(self, case: int) -> None:
        """Follow a case's life on both sides."""
        self._run_again(lambda definition: self.life.set(life_of(definition, case, rules_of())))

    def _look(self, definition: Definition, who: dict[str, Any], same: bool) -> None:
        grid = who["kind"] == "grid"
        index = resident_of(definition.scenario, who["index"], who.get("next", 0)) if grid else who["index"]
        made = person_of(definition, "resident" if grid else who["kind"], index, max(1, who["day"]), rules_of())
        if self.chosen.value == who:
            self.person.set(made)
        if not same and who["kind"] in ("grid", "leader", "cadre"):
            street = who["index"] - 2 if who["kind"] == "leader" and who["index"] > 1 else None
            place = {"grid": who["index"]} if who["kind"] in ("grid", "cadre") else {"street": street}
            self.cases.set(tuple(cases_of(definition, rules_of=rules_of(), most=8, **place)))

    def _run_again(self, act: Callable[[Definition], Any]) -> None:
        self._wish += 1
        threading.Thread(target=self._act, args=(self._wish, act), daemon=True).start()

    def _act(self, wish: int, act: Callable[[Definition], Any]) -> None:
        self.busy.set(True)
        try:
            if wish == self._wish:
                act(self.definition.value)
        except Exception as error:  # whatever it is, it must end as words on this visitor's page
            self.notices.set((said_by(error),))
        finally:
            if wish == self._wish:
                self.busy.set(False)

    def leave(self) -> None:
        """Give everything back."""
        self._closed.set()
        self._news.set()
        self.answering.leave()


visitor = PerVisitor(Visitor)
"""Whose page this is."""
