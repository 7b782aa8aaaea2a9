"""What `chuishao verify` does and prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain

import click
from rich import box
from rich.table import Table
from rich.text import Text

from languages.text import Listed, _, _p, say
from model.errors import InputError

from ..console import console
from ..engine import usable_cores
from ..progress import get_ready
from ..threads import MOST, in_threads
from .check import Check, Maker
from .registry import SLOWEST, chosen, made

KEYS = ("name", "kind", "expected", "observed", "tolerance", "ok")
KINDS = {"theory": _("Theory"), "neutrality": _("Neutrality"), "conservation": _("Conservation"),
         "fact": _("Stylised facts"), "episode": _("Episodes"), "mechanism": _("Mechanisms")}
SIGNS = {True: ("✓", "green"), False: ("✗", "red"), None: ("·", "dim")}


def verify(*, only: str | None, quick: bool, full: bool, as_json: bool, lang: str) -> int:
    """Run the checks and print them; 1 if one failed."""
    if quick and full:
        raise InputError(_("--quick and --full exclude each other; give one of them"))
    wanted = chosen(only, full)
    get_ready()
    checks = list(_run(wanted, quick, lang))
    failed = sum(check.ok is False for check in checks)
    if as_json:
        click.echo(json.dumps({"checks": [{key: getattr(check, key) for key in KEYS} for check in checks]},
                              ensure_ascii=False, allow_nan=False))
        return int(failed > 0)
    console().print(_table(checks, lang))
    asserted = sum(check.ok is not None for check in checks)
    click.echo(say(_("{asserted} checks asserted, {failed} failed; {told} only reported (·).", asserted=asserted,
                     failed=failed, told=len(checks) - asserted), lang))
    for said in dict.fromkeys(check.says for check in checks if check.ok is False and check.says):
        names = [check.name for check in checks if check.ok is False and check.says == said]
        click.echo(say(_("✗ {names}: {said}", names=Listed(names, _("; ")), said=said), lang))
    return int(failed > 0)


def _run(wanted: list[tuple[str, Maker]], quick: bool, lang: str) -> Iterator[Check]:
    """All checks in their order; groups of them run beside each other, as many as there are cores."""
    def run(one: tuple[str, Maker]) -> list[Check]:
        return list(made(*one, quick))

    found: dict[str, list[Check]] = {}
    first = sorted(wanted, key=lambda one: SLOWEST.index(one[1]) if one[1] in SLOWEST else len(SLOWEST))
    for outcome in in_threads(first, run, min(MOST, usable_cores())):
        kind, maker = first[outcome.index]
        if not outcome.ok:
            raise RuntimeError(f"{kind}.{maker.__name__}: {outcome.error}\n{outcome.trace}")
        found[f"{kind}.{maker.__name__}"] = outcome.result
        print(say(_("checked {kind}: {name}", kind=KINDS[kind], name=maker.__name__.replace("_", " ")), lang),
              file=sys.stderr)
    return chain.from_iterable(found[f"{kind}.{maker.__name__}"] for kind, maker in wanted)


def _table(checks: list[Check], lang: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    table.add_column("")
    table.add_column(say(_("check"), lang), overflow="fold", min_width=36)
    for head in (_("expected"), _("observed"), _("tolerance")):
        table.add_column(say(head, lang), justify="right", no_wrap=True)
    table.add_column(say(_p("check", "from"), lang), overflow="fold", style="dim")
    last = None
    for check in checks:
        if check.kind != last:
            table.add_row("", Text(say(KINDS[check.kind], lang), style="bold"))
            last = check.kind
        sign, style = SIGNS[check.ok]
        table.add_row(Text(sign, style=style), say(check.name, lang), _number(check.expected), _number(check.observed),
                      _number(check.tolerance), check.basis)
    return table


def _number(value: str | float | None) -> str:
    return "–" if value is None else value if isinstance(value, str) else f"{value:.4g}"
