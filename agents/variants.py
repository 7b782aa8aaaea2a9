"""Other rules for the same slots, each after some literature, to try whether a result hangs on a rule.

`chuishao compare --rules creaming` runs one, `--rules-variants split_attention` all of a slot. `as_rules` gives the
text of a rules file, to begin one's own from. Like the rules they are written for one case, so that they compile.
[M]: cited from memory, not looked up; all forms and sizes are assumed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable

import numpy as np

from languages.text import Text

from . import attention, work
from .attention import in_order, water_fill
from .work import RELAY, TIGHTEN, TRANSLATE

VARIANTS: dict[str, dict[str, Callable]] = {}
"""Variants by slot and name."""


def variant_of(slot: str) -> Callable[[Callable], Callable]:
    """Enter a function as a variant of a slot."""
    def enter(rule: Callable) -> Callable:
        VARIANTS.setdefault(slot, {})[rule.__name__] = rule
        return rule
    return enter


# --- attention --------------------------------------------------------------------------------------------------


@variant_of("split_attention")
def residents_first(weights, urgency, own, backlog, hours, kappa):
    """If residents wait, then they come first: cadres' cases, coordination and outreach, departments' answers.

    Kinds are known by their number: 6 of cadres, 3 of departments (answers last) and leaders (commands last).
    Source: essay §4, 双向考核 taken to the letter; form assumed
    """
    pull, first = (weights * urgency * own) ** kappa, np.zeros(len(backlog))
    for k in range(2, 5 if len(backlog) == 6 else 3):
        first[k] = backlog[k]
    served = water_fill(pull, first, hours)
    return served + water_fill(pull, backlog - served, hours - served.sum())


@variant_of("split_attention")
def creaming(weights, urgency, own, backlog, hours, kappa):
    """If several kinds of work wait, then the one that is soonest done comes first, whatever it weighs.

    Source: Lipsky 1980 on coping by creaming [M]; ease = few hours waiting, assumed
    """
    return in_order(-backlog, backlog, hours)


@variant_of("split_attention")
def rationing(weights, urgency, own, backlog, hours, kappa):
    """If more waits than the day holds, then every kind gets the same ration.

    Source: Lipsky 1980 on coping by rationing [M]; form assumed
    """
    return water_fill(np.ones(len(backlog)), backlog, hours)


@variant_of("split_attention")
def fixed_list(weights, urgency, own, backlog, hours, kappa):
    """If several kinds of work wait, then the highest on the list is done to its end before the next is touched.

    Source: Barabási 2005, priority list (theory T6, [F2]: abstract read); kinds instead of tasks assumed
    """
    return in_order(weights * urgency * own, backlog, hours)


@variant_of("split_attention")
def satisficing(weights, urgency, own, backlog, hours, kappa):
    """If several kinds of work wait, then each is brought to half, the weightiest first; only then is more done.

    Source: Simon 1955 on satisficing [M]; half as good enough assumed
    """
    enough = in_order(weights * urgency * own, backlog / 2, hours)
    return enough + water_fill((weights * urgency * own) ** kappa, backlog - enough, hours - enough.sum())


@variant_of("split_attention")
def garbage_can(weights, urgency, own, backlog, hours, kappa):
    """If problems stream in, then attention goes where the stream is: to what waits and presses, not to what counts.

    Source: Cohen, March, Olsen 1972 [M]; form assumed
    """
    return water_fill(backlog * urgency, backlog, hours)


# --- effort and assessment --------------------------------------------------------------------------------------


@variant_of("delivered")
def tournament(motivation, slack):
    """If six compete for one post, then each tries as in a contest: 4(n−1)/n² of what two rivals would.

    Source: Tullock contest (theory T2b, [F1]: abstract read; against it [F3]); its place here assumed
    """
    rivals = 6
    return (0.7 + 0.3 * motivation * 4 * (rivals - 1) / rivals**2) * (1 - slack)


@variant_of("delivered")
def no_effort_choice(motivation, slack):
    """If a worker is paid for an hour, then they deliver it, whatever their motivation.

    Assumption: the null model of effort.
    """
    return 1.0 - slack


@variant_of("assessed_weight")
def accountable_below(above, below, sigma):
    """If cadres answer to residents alone, then only the residents' weights are assessed, whatever the regime.

    Source: essay §4, 双向考核 taken to its end; critique of 接诉即办 [F33]; form assumed
    """
    return below


@variant_of("assessed_weight")
def lip_service(above, below, sigma):
    """If the assessment from below is for show, then only the superiors' weights count, whatever the regime.

    Source: essay §1, 以文件落实文件 carried over to assessment; form assumed
    """
    return above


# --- leaders ----------------------------------------------------------------------------------------------------


@variant_of("transmission_mode")
def grounded_leader(hours_left, pressure, groundedness):
    """If there is an hour, then the leader translates, whatever presses.

    Source: essay §1, 政令接地气; form assumed
    """
    return TRANSLATE if hours_left >= 1 else RELAY


@variant_of("transmission_mode")
def driven_leader(hours_left, pressure, groundedness):
    """If there is a quarter of an hour, then the leader tightens: every order becomes a harder one.

    Source: essay §1, 层层加码; Li et al. 2019 on amplification (theory T2, [F1]: abstract read)
    """
    return TIGHTEN if hours_left >= 0.25 else RELAY


@variant_of("transmission_mode")
def mailbox(hours_left, pressure, groundedness):
    """If an order comes, then it is passed on as it is.

    Source: essay §1, 以文件落实文件
    """
    return RELAY


@variant_of("whim")
def whim_driven(groundedness, luck, spread):
    """If a leader follows imagination, then every tightened order takes a whim, however grounded they are.

    Source: essay §1, 天马行空的想象力
    """
    return spread * luck


# --- collusion and covering up ----------------------------------------------------------------------------------


@variant_of("inspection_finds")
def collusion(fit_, threshold, done, elapsed, adapted):
    """If inspectors are one's own superiors, then they find fault only where half of the due work is missing.

    Source: Zhou Xueguang on collusion [M]; half assumed
    """
    return done < 0.5 * min(elapsed, 1.0)


@variant_of("survives")
def good_news_only(read, openness):
    """If bearers of bad news fear for themselves, then a filter more thins out what goes up.

    Source: Sah–Stiglitz filtering in chains (theory T9); one filter more assumed
    """
    return read * openness**2


@variant_of("false_close_chance")
def honest_closing(weight, monitored):
    """If nobody closes cases on paper, then none is closed falsely.

    Assumption: the null model of gaming [F33, F34 describe the opposite].
    """
    return 0.0


# --- passing the buck -------------------------------------------------------------------------------------------


@variant_of("accept_chance")
def bystanders(weight, departments, base, gain, crowd):
    """If n departments must act, then each leaves it to the others and accepts an n-th as readily.

    Source: Darley and Latané 1968, diffusion of responsibility [M]; essay §2, 责任推诿; form assumed
    """
    return min(max((base + gain * weight) / departments, 0.02), 1.0)


@variant_of("push_chance")
def always_push(core, supervise):
    """If a department falls behind, then it pushes every new job down.

    Source: Weaver 1986 on blame avoidance [M]; essay §3, 把具体业务工作下压给基层
    """
    return 1.0


@variant_of("sends_back")
def return_to_sender(days_of_work):
    """If a street with authority has anything waiting, then it whistles a pushed job back.

    Source: essay §4, 赋权, used to pass the buck upward; form assumed
    """
    return days_of_work > 0


@variant_of("inflate_chance")
def honest_whistle(backlog_days, base):
    """If a street can whistle, then it whistles only for what it cannot do alone.

    Assumption: the null model of whistling; the essay is silent on what stops false whistles.
    """
    return 0.0


# --- the place and its residents --------------------------------------------------------------------------------


@variant_of("adapt_chance")
def never_adapt(fit_, specificity, threshold, motivation, knowledge):
    """If deviating can cost a career, then nobody does it their own way.

    Source: Shang, Liu, Liu 2024 on non-performance [F4]; none at all assumed
    """
    return 0.0


@variant_of("volunteers")
def threshold_crowd(trust, ties, call):
    """If trust and call together pass a half, then all who are tied come; before it nobody does.

    Source: Granovetter 1978 on thresholds [M]; a half assumed
    """
    return ties if (trust + call) / 2 > 0.5 else 0.0


# --- using them -------------------------------------------------------------------------------------------------


def find(name: str) -> tuple[str, Callable]:
    """Slot and function of a variant.

    Raises:
        KeyError: no such variant.
    """
    for slot, rules in VARIANTS.items():
        if name in rules:
            return slot, rules[name]
    raise KeyError(name)


def names() -> list[str]:
    """All variants."""
    return [name for rules in VARIANTS.values() for name in rules]


def says(name: str) -> Text:
    """What a variant does, in a sentence.

    Raises:
        KeyError: no such variant.
    """
    return Text((inspect.getdoc(find(name)[1]) or "").partition("\n")[0])


def as_rules(name: str) -> str:
    """A variant as the text of a rules file, which names it like its slot.

    Raises:
        KeyError: no such variant.
    """
    slot, rule = find(name)
    code = inspect.getsource(rule).split("\n", 1)[1].replace(f"def {name}(", f"def {slot}(", 1)
    needs = "import numpy as np\n" if "np." in code else ""
    for module, known in ((attention, ("in_order", "water_fill")), (work, ("RELAY", "TIGHTEN", "TRANSLATE"))):
        used = [one for one in known if re.search(rf"\b{one}\b", code)]
        needs += f"from {module.__name__} import {', '.join(used)}\n" if used else ""
    return f"# {slot}: {name}, a variant of agents/variants.py\n{needs}\n\n{code}"
