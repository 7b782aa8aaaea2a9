"""Start the page: Solara's own server, on this machine only unless asked otherwise."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import click

from languages.text import _, say
from model.errors import InputError

from .guard import HOST_VARIABLE
from .installed import need

RULES_VARIABLE = "CHUISHAO_RULES"
"""Environment: JSON list of the rules files a server offers; a visitor never sends code."""
REGIMES_VARIABLE = "CHUISHAO_REGIMES"
"""Environment: JSON list of the regimes' files a server offers."""
RESULTS_VARIABLE = "CHUISHAO_RESULTS"
"""Environment: the folder whose results folders a server shows; a visitor never names a path."""
LANGUAGE_VARIABLE = "CHUISHAO_LANG"
"""Environment: the language a visitor's page begins in."""
RESULTS = Path("results")
"""Where results are looked for by default; it need not be there."""
SERVER = Path(__file__).resolve().parents[1] / "server.py"


def explore(*, host: str, port: int, open_browser: bool, rules: tuple[str, ...], results: Path,
            lang: str, regimes: tuple[str, ...] = ()) -> int:
    """Serve the page until Ctrl-C; returns the exit code.

    Raises:
        InputError: a library is missing, rules or regimes cannot be read, or an address or port cannot be had; found
            before anything starts.
    """
    need("page", _("the page"), "solara", "ipyvuetify", "altair", "vl_convert")
    files, reforms = [_checked(path) for path in rules], [_reform(path) for path in regimes]
    if not SERVER.is_file():
        raise InputError(_("there is no {file}; the page runs from a checkout installed with `pip install -e .`",
                           file=SERVER))
    if results != RESULTS and not results.is_dir():
        raise InputError(_("there is no folder {path!r}; give --results the folder in which your results folders are",
                           path=str(results)))
    _can_be_had(host, port)
    env = {**os.environ, RULES_VARIABLE: json.dumps(files), REGIMES_VARIABLE: json.dumps(reforms),
           RESULTS_VARIABLE: str(results.resolve()), LANGUAGE_VARIABLE: lang, HOST_VARIABLE: host,
           "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    command = [sys.executable, "-m", "experiments.guard", "run", str(SERVER), "--host", host, "--port", str(port),
               "--production", "--open" if open_browser else "--no-open", "--no-check-version",  # asks a registry
               "--log-level", "warning", "--log-level-uvicorn", "warning"]
    click.echo(f"http://{host}:{port}  {say(_('(Ctrl-C ends)'), lang)}", err=True)
    process = subprocess.Popen(command, env=env)
    before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # the server ends with this process
    try:
        return 0 if process.wait() in (0, -signal.SIGTERM) else 1
    except KeyboardInterrupt:
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()  # does nothing to one that has ended
        return 0
    finally:
        signal.signal(signal.SIGTERM, before)


def _can_be_had(host: str, port: int) -> None:
    try:
        family, *_names, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        socket.create_server(address[:2], family=family).close()
    except (OSError, UnicodeError) as error:
        raise InputError(_("cannot serve on {host}, port {port} ({error}); give another --port or --host", host=host,
                           port=port, error=getattr(error, "strerror", None) or error)) from None


def _checked(path: str) -> str:
    from model.rulebook import load_rules

    load_rules(path)
    return str(Path(path).resolve()) if Path(path).is_file() else path


def _reform(path: str) -> str:
    from model.regimes import parse_regime

    if not path.endswith(".toml"):
        raise InputError(_("--regime {path!r} is no TOML file; shipped regimes are on the page already", path=path))
    parse_regime(path)
    return str(Path(path).resolve())
