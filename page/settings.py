"""How the server behaves: nothing is sent off this machine, and visitors who left are forgotten."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

from solara.server import settings as server

from experiments.explore import LANGUAGE_VARIABLE, REGIMES_VARIABLE, RESULTS_VARIABLE, RULES_VARIABLE
from languages.text import ENGLISH, LANGUAGES
from model.regimes import parse_regime

from . import bundle, static

FORGET_AFTER = "15m"
"""A visitor's kernel, and the runs in it, are closed so long after his browser has gone (Solara's default: a day)."""


def apply() -> None:
    """Set what Solara would otherwise decide by itself."""
    server.telemetry.mixpanel_enable = False
    if "SOLARA_KERNEL_CULL_TIMEOUT" not in os.environ:
        server.kernel.cull_timeout = FORGET_AFTER
    server.theme.title = "Chuishao 吹哨"
    server.theme.loader = "plain"
    server.assets.fontawesome_enabled = False  # no view has an icon of it
    server.assets.extra_locations += [str(bundle.folder()), str(static.FOLDER)]


def rules_files() -> list[str]:
    """Paths of the rules files this server offers."""
    return json.loads(os.environ.get(RULES_VARIABLE, "[]"))


@cache
def own_regimes() -> tuple[str, ...]:
    """Spellings of the regimes whose files this server was given."""
    return tuple(parse_regime(path).name for path in json.loads(os.environ.get(REGIMES_VARIABLE, "[]")))


def language() -> str:
    """The language a visitor's page begins in."""
    asked = os.environ.get(LANGUAGE_VARIABLE)
    return asked if asked in LANGUAGES else ENGLISH


def results_root() -> Path:
    """The folder whose results folders the page shows."""
    return Path(os.environ.get(RESULTS_VARIABLE, "results"))
