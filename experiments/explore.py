"""Start the page: Solara's own server, on this machine only unless asked otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click

from model.errors import InputError

RULES_VARIABLE = "CHUISHAO_RULES"
"""Environment: JSON list of the rules files a server offers; a visitor never sends code."""
RESULTS_VARIABLE = "CHUISHAO_RESULTS"
"""Environment: the folder whose results folders a server shows; a visitor never names a path."""
SERVER = Path(__file__).resolve().parents[1] / "server.py"


def explore(*, host: str, port: int, open_browser: bool, rules: tuple[str, ...], results: Path) -> int:
    """Serve the page until Ctrl-C; returns the exit code."""
    files = [_checked(path) for path in rules]
    if not SERVER.is_file():
        raise InputError(f"there is no {SERVER}; the page runs from a checkout installed with `pip install -e .`")
    env = {**os.environ, RULES_VARIABLE: json.dumps(files), RESULTS_VARIABLE: str(results.resolve()),
           "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    command = [sys.executable, "-m", "solara", "run", str(SERVER), "--host", host, "--port", str(port), "--production",
               "--open" if open_browser else "--no-open", "--log-level", "warning", "--log-level-uvicorn", "warning"]
    click.echo(f"http://{host}:{port}  (Ctrl-C ends)", err=True)
    process = subprocess.Popen(command, env=env)
    try:
        return 1 if process.wait() else 0
    except KeyboardInterrupt:
        process.wait(20)
        return 0


def _checked(path: str) -> str:
    from model.rulebook import load_rules

    load_rules(path)
    return str(Path(path).resolve()) if Path(path).is_file() else path
