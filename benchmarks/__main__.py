"""`python -m benchmarks`: race the model against its limits and its baseline, and print ratios."""

from __future__ import annotations

import json
from dataclasses import asdict

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option("--quick", is_flag=True, help="Small sizes and few rounds: about a minute.")
@click.option("--runs", default=20, show_default=True, help="Runs of the sweep; the baseline does a fifth of them.")
@click.option("--only", help="Only benchmarks whose name contains this: single_runs, growth, limits, sweeps, start_up.")
def main(as_json: bool, quick: bool, runs: int, only: str | None) -> None:
    """Race the model against a per-agent Mesa version of itself, a compiled loop and the memory.

    Both sides of every ratio take turns on this machine; a ratio is the median of its rounds, with the lowest and
    highest. Seconds depend on the machine and are given for orientation.
    """
    from . import suite
    from .limit import triad

    parts = {"single_runs": lambda: suite.single_runs(quick), "growth": lambda: suite.growth(quick),
             "limits": lambda: suite.limits(quick), "sweeps": lambda: suite.sweeps(quick, runs),
             "start_up": suite.start_up}
    found = []
    for name, measure in parts.items():
        for ratio in measure() if not only or only in name else ():
            found.append(asdict(ratio))
            if not as_json:
                click.echo(str(ratio))
    facts = {} if only else {"bytes_per_resident": suite.bytes_per_resident(),
                             "triad_GB_per_s": dict(zip(("compiled", "numpy"), triad(), strict=True))}
    if as_json:
        click.echo(json.dumps({"ratios": found, **facts}, ensure_ascii=False, indent=1))
    else:
        for name, values in facts.items():
            click.echo(f"{name}: " + ", ".join(f"{k} {v:.3g}" for k, v in values.items()))


if __name__ == "__main__":
    main()
