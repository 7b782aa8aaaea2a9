"""How results are written: numbers, lines of a width, and the sentences that screen, report and page share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.table import Table

from languages.text import Listed, Text, _, _p, listed

from .analysis.worth import BreakEven, Worth
from .neutrality import Neutrality
from .words import Words

CJK = "\u2e80-\uffef"
PIECE = f"[（“]*(?:[^\\s“”{CJK}]+ *|[{CJK}] *)[，。、；：）！？”]* *"


def grid(heads: Iterable[str], rows: Iterable[Sequence[Any]], words: int | None = None) -> Table:
    """A table for the screen: so many first columns hold words (all if None), the others numbers, to the right."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    for n, head in enumerate(heads):
        table.add_column(head, overflow="fold", justify="left" if words is None or n < words else "right")
    for row in rows:
        table.add_row(*row)
    return table


def decimals(value: float, figures: int, most: int) -> int:
    """Digits after the point that show so many figures of a value, within reason."""
    return max(0, min(most, figures - 1 - math.floor(math.log10(abs(value))))) if value else 0


def digits_of(row: Mapping[str, Any]) -> int:
    """Digits that show three figures of a difference's means, and two of a small difference."""
    size = max(abs(row["base_mean"] or 0.0), abs(row["mean"] or 0.0))
    return max(decimals(size, 3, 3), decimals(row["difference"] or 0.0, 2, 4))


def two_figures(value: float) -> str:
    """A worth in two figures, never as a power of ten."""
    return f"{float(f'{value:.2g}'):,g}"


def or_none(value: Any) -> Any:
    """None for NaN."""
    return None if value is None or value != value else value


def ends(low: float, high: float) -> str:
    """A range in short; one number where both are the same."""
    return f"{low:.3g}" if low == high else f"{low:.2g}–{high:.2g}"


def number(value: float | None, digits: int, signed: bool = False) -> str:
    """A number with a typographic minus; – where there is none."""
    if value is None:
        return "–"
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else f"{0:.{digits}f}"


def signed(value: float) -> str:
    """Two figures, with the sign; – where there is no value."""
    return "–" if or_none(value) is None else number(value, decimals(value, 2, 4), True)


def wrapped(text: str, width: int) -> str:
    """The text in lines of a width: English breaks at spaces, Chinese between any two characters but at no mark."""
    lines = [""]
    for piece in re.findall(PIECE, text):
        if cell_len((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is; a name with an underscore stays as it is spelt."""
    return text if re.match(r"\w*_", text) else text[:1].upper() + text[1:]


def clauses(parts: Iterable[str]) -> Listed:
    """Parts of a sentence one after the other."""
    return Listed(parts, _p("between clauses", "; "))


def waiting_rows(waits: Mapping[str, Mapping[str, float | None]], words: Words) -> list[list[str]]:
    """Waiting times: a label and a number for the log and each regime."""
    return [[words(_("{q} % wait at most", q=key[1:]) if key.startswith("p") else _("share closed")),
             *(number(w.get(key), 2 if key == "share_closed" else 1) for w in waits.values())] for key in waits["log"]]


def worth_words(found: Worth, base: str, words: Words) -> str:
    """At which worth of a core job the answer turns, and under which share of all worths the regime wins."""
    first, *at_hours = found.break_even
    parts = [_("{where} if a directive is worth one", where=even_words(first))]
    if found.hours:
        parts += [_("{where} if it is worth its paid hours, {y:.3g} (a core job's: {x:.2g})", where=even_words(b),
                    y=b.at_policy, x=found.hours[2] / found.hours[0]) for b in at_hours]
    shares = [_("{won:.0%} of all weights given to an item (loses under {lost:.0%})", won=found.won["per_item"],
                lost=found.lost["per_item"])]
    if found.won["per_hour"] is not None:
        shares.append(_("{won:.0%} of those given to a paid hour ({lost:.0%})", won=found.won["per_hour"],
                        lost=found.lost["per_hour"]))
    return words(_("{region}: {b} beats {a} {parts}. It wins under {shares}.", parts=clauses(parts),
                       region=capital(words.region(found.region)), a=words.regime(base), b=words.regime(found.regime),
                       shares=listed(shares)))


def even_words(b: BreakEven) -> Text:
    """While, or from when on, a regime wins, as the worth of a core job goes."""
    value = "" if b.value is None else two_figures(b.value)
    said = {"below": _("while a core job is worth less than {value} cases", value=value),
            "above": _("once a core job is worth more than {value} cases", value=value),
            "always": _("whatever a core job is worth"), "never": _("at no worth of a core job")}[b.side]
    if b.value is None or b.low is None:
        return said
    return _("{said} ({span})", said=said, span=two_figures(b.low) + "–"
             + ("∞" if b.high is None else two_figures(b.high)))


def state_words(found: Neutrality, words: Words) -> list[str]:
    """That hooks set state, where they do."""
    return [words(_("{arms} sets the model's state directly, so this is not a comparison of powers alone.",
                        arms=words.list(map(words.regime, found.set_state))))] * bool(found.set_state)


def neutral_words(found: Neutrality, burn_in: int, words: Words) -> str:
    """Whether only the regime differed, with the numbers that show it."""
    return " ".join([_proved(found, burn_in, words), *state_words(found, words)])


def _proved(found: Neutrality, burn_in: int, words: Words) -> str:
    values = {"pairs": found.pairs, "gap": found.gap, "error": found.error}
    if found.neutral:
        transfers = "".join(" " + moved_words(name, *span, words) for name, span in found.moved.items())
        return words(_(
            "Neutral: yes. In {pairs} of {pairs} pairs needs, hazards and luck are identical, the {burn_in} common "
            "days are identical, paid hours per class are equal (largest gap {gap:.0g}) and hours spent + idle = hours "
            "paid (within {error:.0g} h).", burn_in=burn_in, **values)) + transfers
    if found.neutral is None:
        return words(_("Neutral: not shown, no pair of runs finished."))
    reasons = [_broken(name, n=n, **values) for name, n in sorted(found.broken.items())]
    if found.more_hours:
        reasons.insert(0, _("{arms} adds paid hours", arms=words.list(map(words.regime, found.more_hours))))
    return words(_("Neutral: NO. {reasons}. Do not read the difference as the reform's effect.",
                       reasons=clauses(reasons)))


def moved_words(regime: str, low: float, high: float, words: Words) -> str:
    """What a regime that moves hours between classes moves, as its levels declare."""
    span = f"{low:.1%}" if f"{low:.1%}" == f"{high:.1%}" else f"{low:.1%}–{high:.1%}"
    return words(_("{regime} moves {span} of departments' hours to the streets, as it declares; all hours together "
                       "are equal, and those of a class but for these.",
                       regime=words.regime(regime), span=span))


def _broken(proof: str, **values: Any) -> Text:
    return {"world": _("needs or luck drawn beforehand differ in {n} of {pairs} pairs", **values),
            "burn_in": _("the common days differ in {n} of {pairs} pairs", **values),
            "paid_hours": _("paid hours per class differ in {n} of {pairs} pairs (up to {gap:.1%})", **values),
            "spent": _("hours spent and idle do not add up to hours paid in {n} of {pairs} pairs", **values)}[proof]


def failed_sentences(failures: list[dict[str, Any]], runs: int, words: Words, most: int = 5) -> list[str]:
    """How many of so many runs failed, the first of them, and how to do those again; nothing if none failed."""
    if not failures:
        return []
    said = [words(_("{failed} of {runs} runs failed; a pair without both runs is left out.", failed=len(failures),
                    runs=runs))]
    for row in failures[:most]:
        said.append(words(_("{region}, {regime}, seed {seed}: {error}", region=words.region(row["region"]),
                                regime=words.regime(row["regime"]), seed=row["seed"], error=words.why(row))))
        said.append(words(_("again: {command}", command=row["replay"])))
    more = len(failures) - most
    return said + [words(_("… and {n} more; --out DIR keeps them all with their tracebacks.", n=more))] * (more > 0)
