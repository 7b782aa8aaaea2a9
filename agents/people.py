"""What leaders, departments, cadres and residents have in common as Mesa agents: a row they read and write.

Agents are made when somebody asks for them; a run needs none. What an agent says is what the tables say: setting
`cadre.motivation = .9` acts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import mesa
import numpy as np

from .compiled import District


class _Counters(WeakKeyDictionary):
    """A counter of agents for every model, from 1. Mesa's own keeps every model, and its tables, for ever."""

    def __getitem__(self, model: mesa.Model) -> count:
        """The model's counter."""
        return self.setdefault(model, count(1))


class Person(mesa.Agent):
    """Somebody of the district: `index` is their row in the table named `TABLE`."""

    TABLE = ""
    ACT: Callable[[Any, int], None]
    """A day of theirs, given the district and their row."""
    _ids = _Counters()

    def __init__(self, model: Any, index: int) -> None:
        super().__init__(model)
        self.index = index

    @property
    def row(self) -> Any:
        """Their record; its fields can be read and written."""
        return getattr(self.district, self.TABLE)[self.index]

    @property
    def district(self) -> District:
        """The tables of the model."""
        return self.model.district

    def step(self) -> None:
        """Their day, as the model's own loop does it; see `GovernanceModel.step_by_agents`."""
        with self.model.watch:
            type(self).ACT(self.district.handle, self.index)

    def remove(self) -> None:
        """Refused: every table has its people for a whole run.

        Raises:
            TypeError: always, with what to do instead.
        """
        raise TypeError(f"a {type(self).__name__.lower()} cannot be removed during a run; for fewer people make a "
                        "Scenario with other numbers, e.g. Scenario(cadres=20)")


def number(name: str, low: float, high: float, what: str) -> property:
    """A number of a person's record.

    Args:
        name: of the field.
        low: the least it may be set to.
        high: the most.
        what: what it says, for readers.
    """
    def read(person: Person) -> float:
        return float(person.row[name])

    def write(person: Person, value: float) -> None:
        if not low <= value <= high:
            raise ValueError(f"{name} of a {type(person).__name__.lower()} lies between {low:g} and {high:g}, "
                             f"not {value!r}")
        person.row[name] = value
        person.model.note_people()

    return property(read, write, doc=f"{what}, {low:g}–{high:g}; can be set.")


class Weights(MutableMapping):
    """Learned attention weights by name; assigning one acts at once."""

    def __init__(self, person: Person, names: tuple[str, ...]) -> None:
        self._person, self._names = person, names

    def __getitem__(self, name: str) -> float:
        """The weight of a kind."""
        return float(self._person.row["weights"][self._names.index(self._known(name))])

    def __setitem__(self, name: str, value: float) -> None:
        """Set the weight of a kind."""
        if not (np.isfinite(value) and value >= 0):
            raise ValueError(f"the weight of {name} must be a number of 0 or more, not {value!r}")
        self._person.row["weights"][self._names.index(self._known(name))] = value
        self._person.model.note_people()

    def __delitem__(self, name: str) -> None:
        """Refused: every kind has a weight."""
        raise TypeError(f"the weight of {name} cannot be deleted; set it to 0")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return repr(dict(self))

    def _known(self, name: str) -> str:
        if name not in self._names:
            raise KeyError(f"{name!r}; known: {', '.join(self._names)}")
        return name


def weights(names: tuple[str, ...]) -> property:
    """The learned attention weights of a person."""
    def read(person: Person) -> Weights:
        return Weights(person, names)

    def write(person: Person, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            read(person)[name] = value

    return property(read, write, doc=f"Learned attention weights: {', '.join(names)}; can be set.")
