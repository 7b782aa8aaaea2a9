"""Regimes: which of the reform's five switches, and which control arms, are on.

A switch changes who may bind whom, how a street's offices are cut, what is assessed, or what is open to
residents. `Powers` is the whole of what the rest of the model ever sees of a regime.
"""

from __future__ import annotations

from dataclasses import dataclass

from languages.text import Text, _, _p

from .errors import InputError, near
from .scenario import Scenario

TRAIN_DAY = 0.8
"""Hours a day of training (control arm `train`; assumption)."""

SWITCHES: dict[str, tuple[Text, Text]] = {
    "slim": (_p("switch", "slim"),
             _("inside each street the offices matching every department become a few (essay §4)")),
    "dispatch": (_p("switch", "dispatch"),
                 _("a whistle binds the departments at once; pushed jobs can be sent back (essay §4)")),
    "triage": (_p("switch", "triage"),
               _("cases are registered and common causes told from individual ones (essay §4)")),
    "two_way": (_p("switch", "two_way"), _("streets rate departments; response to residents counts (essay §4)")),
    "mobilise": (_p("switch", "mobilise"), _("residents are called on as volunteers (essay §4)")),
}
CONTROLS: dict[str, tuple[Text, Text]] = {
    "merge_tasks": (_p("switch", "merge_tasks"),
                    _("leaders merge the ideas of a week before issue, for hours (essay §2)")),
    "cut_forms": (_p("switch", "cut_forms"),
                  _("a decree cuts forms by 30 %; departments re-issue as their hours allow")),
    "train": (_p("switch", "train"), _("cadre hours go into local knowledge")),
    "more_staff": (_p("switch", "more_staff"), _("10 % more paid hours: not neutral")),
}


@dataclass(frozen=True)
class Powers:
    """What a regime lets people do; the only thing rules and phases see of it."""

    offices: int
    """Offices a street is cut into."""
    whistle_due: int = -1
    """Days within which a whistled department must act; −1: there is no whistle."""
    first: bool = False
    """What binds goes before all else."""
    send_back: bool = False
    """A street may whistle a pushed job back."""
    summon: bool = False
    """A street may call departments to an emergency without the leader's hour."""
    discretion: float = 0.0
    """Share of a directive's specificity a street may set aside."""
    direct_due: int = -1
    """Days departments have for calls that come to them directly; −1: calls come to the desk."""
    causes: bool = False
    """Cases are registered, common causes repaired once."""
    centre_hours: float = 0.0
    """Hours a call costs a call centre staffed by the departments."""
    sigma_street: float = 0.0
    """Share of a cadre's assessment that is on residents."""
    sigma_department: float = 0.0
    """Share of a department's assessment that is on answering."""
    rating: bool = False
    """Streets rate departments."""
    call_back: bool = False
    """Residents are called back after a case."""
    contact: float = 1.0
    """What a call costs a resident, as a multiple."""
    refuse: float = 1.0
    """Chance that an unreasonable demand is refused."""
    patrol: float = 0.0
    """Hours a day of a cadre among residents."""
    volunteers: bool = False
    """Residents are called on."""
    merge_tasks: bool = False
    forms: float = 1.0
    """Forms left by a decree."""
    train: float = 0.0
    """Hours a day of training."""
    rho: float = 0.0
    """Strength of two-way assessment, 0 = all assessment comes from above."""
    staff: float = 1.0
    """Paid hours as a multiple of the equal hours; only `more_staff` moves it."""


@dataclass(frozen=True)
class Regime:
    """A set of switches and control arms, e.g. `parse_regime("layered+two_way")`."""

    on: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in sorted(self.on):
            if name not in SWITCHES and name not in CONTROLS:
                raise InputError(_unknown(name))

    @property
    def name(self) -> str:
        """The shortest spelling `parse_regime` reads back."""
        switches = [s for s in SWITCHES if s in self.on]
        missing = [s for s in SWITCHES if s not in self.on]
        controls = "".join(f"+{c}" for c in CONTROLS if c in self.on)
        if len(missing) < len(switches):
            return "whistle" + "".join(f"-{s}" for s in missing) + controls
        return "layered" + "".join(f"+{s}" for s in switches) + controls

    @property
    def neutral(self) -> bool:
        """True unless an arm adds paid hours."""
        return "more_staff" not in self.on

    def powers(self, scenario: Scenario) -> Powers:
        """What this regime changes, once it starts. The one place where switches are read."""
        return Powers(
            offices=scenario.offices_slim if "slim" in self.on else scenario.departments,
            whistle_due=0 if "dispatch" in self.on else -1,
            first="dispatch" in self.on,
            send_back="dispatch" in self.on,
            summon="dispatch" in self.on,
            causes="triage" in self.on,
            rho=scenario.rho if "two_way" in self.on else 0.0,
            sigma_street=0.25 if "two_way" in self.on else 0.0,
            sigma_department=0.25 if "two_way" in self.on else 0.0,
            rating="two_way" in self.on,
            call_back="two_way" in self.on,
            refuse=0.5 if "two_way" in self.on else 1.0,
            volunteers="mobilise" in self.on,
            merge_tasks="merge_tasks" in self.on,
            forms=1 - scenario.cut_share if "cut_forms" in self.on else 1.0,
            train=TRAIN_DAY if "train" in self.on else 0.0,
            staff=1.1 if "more_staff" in self.on else 1.0,
        )


LAYERED = Regime()
WHISTLE = Regime(frozenset(SWITCHES))


def parse_regime(text: str) -> Regime:
    """Read `layered`, `whistle`, `layered+two_way`, `whistle-slim`, `layered+merge_tasks`.

    Raises:
        InputError: an unknown base, switch or control arm, with the near names.
    """
    words = text.replace("+", " +").replace("-", " -").split()
    if not words or words[0] not in ("layered", "whistle"):
        raise InputError(_("regime {text!r} must start with 'layered' or 'whistle', e.g. layered+two_way, whistle-slim",
                           text=text))
    on = set(SWITCHES) if words[0] == "whistle" else set()
    for word in words[1:]:
        if word[0] not in "+-":
            raise InputError(_("regime {text!r}: put + or - right before each switch, e.g. layered+two_way", text=text))
        for name in ("dispatch", "triage") if word[1:] == "empower" else (word[1:],):
            if name not in SWITCHES and name not in CONTROLS:
                raise InputError(_unknown(name))
            (on.add if word[0] == "+" else on.discard)(name)
    return Regime(frozenset(on))


def _unknown(name: str) -> Text:
    return _("unknown switch {name!r}; {remedy}", name=name, remedy=near(name, [*SWITCHES, *CONTROLS]))
