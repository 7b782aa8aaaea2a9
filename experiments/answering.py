"""How a command ends: whatever is wrong with its input becomes one sentence, in the language asked for, and a code."""

from __future__ import annotations

import gettext
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from languages.text import ENGLISH, FOLDER, LANGUAGES, Text, _, say
from model.errors import InputError, text_of

WRONG, INTERRUPTED = 2, 130


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
        lang = _language(sys.argv[1:] if args is None else args)
        with _click_speaks(lang):
            try:
                code = super().main(args, *more, **{**kwargs, "standalone_mode": False})
            except click.UsageError as error:
                code = _wrong(_("{said}; see `{command} --help`", said=error.format_message().rstrip(".。"),
                                command=error.ctx.command_path if error.ctx else "chuishao"), lang)
            except (click.ClickException, InputError) as error:
                code = _wrong(text_of(error), lang)
            except (click.Abort, KeyboardInterrupt) as error:
                nothing = say(_("Interrupted; nothing was written."), lang)
                click.echo(str(error.__cause__ or "") or nothing, err=True)
                code = INTERRUPTED
        sys.exit(code if isinstance(code, int) else 0)


def _language(words: Sequence[str]) -> str:
    """The language asked for by `--lang`; looked up in what was typed, since it may be typed wrongly elsewhere."""
    found = re.search(rf"(^|\n)--lang[=\n]({'|'.join(LANGUAGES)})(\n|$)", "\n".join(words))
    return found[2] if found else ENGLISH


@contextmanager
def _click_speaks(lang: str) -> Iterator[None]:
    """Click takes its words from gettext's catalogue of the language in the environment."""
    if lang == ENGLISH:
        yield
        return
    where, language = gettext.bindtextdomain("messages"), os.environ.get("LANGUAGE")
    gettext.bindtextdomain("messages", str(FOLDER))
    os.environ["LANGUAGE"] = lang
    try:
        yield
    finally:
        gettext.bindtextdomain("messages", where)
        os.environ.pop("LANGUAGE") if language is None else os.environ.update(LANGUAGE=language)


def _wrong(text: Text, lang: str) -> int:
    click.echo(say(_("Error: {text}", text=text), lang), err=True)
    return WRONG
