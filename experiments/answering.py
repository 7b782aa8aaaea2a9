"""How a command ends: whatever is wrong with its input becomes one sentence, in the language asked for, and a code."""

from __future__ import annotations

import gettext
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from model.errors import InputError, Text, text_of

WRONG, INTERRUPTED = 2, 130
NOTHING_WRITTEN = ("Interrupted; nothing was written.", "已中断；没有写入任何内容。")


class Answering(click.Command):
    """Turns every kind of wrong input into one sentence and exit code 2, a reader that is gone into a quiet 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command and hand over all it printed while click still hears that nobody reads."""
        code = super().invoke(ctx)
        sys.stdout.flush()
        return code

    def main(self, args: Sequence[str] | None = None, *more: Any, **kwargs: Any) -> Any:
        """Run a command and leave with its exit code."""
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace")  # an ASCII terminal gets ? instead of a traceback
        zh = _in_chinese(sys.argv[1:] if args is None else args)
        with _click_speaks(zh):
            try:
                code = super().main(args, *more, **{**kwargs, "standalone_mode": False})
            except click.UsageError as error:
                said, see = error.format_message().rstrip(".。"), f"`{_help_of(error)} --help`"
                code = _wrong((f"{said}; see {see}", f"{said}；见 {see}"), zh)
            except (click.ClickException, InputError) as error:
                code = _wrong(text_of(error), zh)
            except (click.Abort, KeyboardInterrupt) as error:
                click.echo(str(error.__cause__ or "") or NOTHING_WRITTEN[zh], err=True)
                code = INTERRUPTED
        sys.exit(code if isinstance(code, int) else 0)


def _in_chinese(words: Sequence[str]) -> bool:
    """Whether `--lang zh` was asked for; looked up in what was typed, since it may be typed wrongly elsewhere."""
    return re.search(r"(^|\n)--lang[=\n]zh(\n|$)", "\n".join(words)) is not None


@contextmanager
def _click_speaks(zh: bool) -> Iterator[None]:
    """Click takes its words from gettext's catalogue of the language in the environment."""
    if not zh:
        yield
        return
    where, language = gettext.bindtextdomain("messages"), os.environ.get("LANGUAGE")
    gettext.bindtextdomain("messages", str(Path(__file__).with_name("locale")))
    os.environ["LANGUAGE"] = "zh"
    try:
        yield
    finally:
        gettext.bindtextdomain("messages", where)
        os.environ.pop("LANGUAGE") if language is None else os.environ.update(LANGUAGE=language)


def _wrong(text: Text, zh: bool) -> int:
    click.echo(("错误：" if zh else "Error: ") + text[zh], err=True)
    return WRONG


def _help_of(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx else "chuishao"
