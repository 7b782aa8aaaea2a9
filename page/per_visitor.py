"""What every visitor has one of, for as long as their browser is here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import solara
import solara.lab


class Leaves(Protocol):
    """Something that gives everything back when its visitor has gone."""

    def leave(self) -> None:
        """Give everything back."""


T = TypeVar("T", bound=Leaves)


class PerVisitor(Generic[T]):
    """One of a kind for each visitor, made when first asked for; outside a server there is one for all."""

    def __init__(self, make: Callable[[], T]) -> None:
        self.here: dict[str, T] = {}
        self._make = make
        solara.lab.on_kernel_start(self._arrive)

    def __call__(self) -> T:
        """The one of whoever's page this is."""
        try:
            key = solara.get_kernel_id()
        except RuntimeError:
            key = ""
        if key not in self.here:
            self.here[key] = self._make()
        return self.here[key]

    def _arrive(self) -> Callable[[], None]:
        key = solara.get_kernel_id()

        def gone() -> None:
            left = self.here.pop(key, None)
            if left is not None:
                left.leave()
        return gone
