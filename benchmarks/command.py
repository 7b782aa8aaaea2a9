"""What the benchmarks' commands share: wrong input is refused in one sentence, with exit code 2."""

from __future__ import annotations

import sys
from typing import Any

import click

from model.errors import InputError

AtLeastOne = click.IntRange(min=1)


class Command(click.Command):
    """A command that refuses wrong input in one sentence."""

    def main(self, *args: Any, **kwargs: Any) -> None:
        """Run and leave with the exit code."""
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.UsageError as error:
            _leave(f"{error.format_message().rstrip('.')}; see --help.", 2)
        except InputError as error:
            _leave(str(error), 2)
        except click.ClickException as error:
            _leave(error.format_message(), error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            _leave("Interrupted.", 130)
        sys.exit(code if isinstance(code, int) else 0)


def _leave(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)
