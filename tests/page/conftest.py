"""The page in a real browser: a server on a free port of this machine, and Chromium that may ask nobody else."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlparse

import pytest

from agents.compiled import prepare
from model import governance  # noqa: F401 what has to be compiled
from page import eye  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
PICTURES = Path(os.environ.get("CHUISHAO_PICTURES", "/tmp/chuishao-pictures"))
"""Where tests put what they saw; outside the project."""
PATIENCE = 90_000
"""Milliseconds until something is not there: long, for a busy machine is no error of the page."""
BREAKS = '''
def split_attention(weights, urgency, own, backlog, hours, kappa):
    raise ValueError("this rule breaks")
'''
"""Rules that the server offers beside the model's own."""


def pytest_collection_modifyitems(items):
    """Whatever needs the browser is marked so."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_server(*arguments: str) -> tuple[subprocess.Popen, str]:
    """`chuishao explore` in a process of its own; returns it and its address once it answers."""
    prepare()  # here and not there: a page that waits for the compiler would outlast a browser's patience
    port = free_port()
    command = [sys.executable, "-m", "experiments", "explore", "--no-open", "--port", str(port), *arguments]
    # not a pipe, which nobody would empty: a full one stops who writes to it
    said = tempfile.TemporaryFile("w+")  # noqa: SIM115
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=said)
    address = f"http://127.0.0.1:{port}"
    for _ in range(2400):
        if process.poll() is not None:
            said.seek(0)
            raise RuntimeError(f"the server ended: {said.read()}")
        try:
            urllib.request.urlopen(address + "/readyz", timeout=1)
            return process, address
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise RuntimeError("the server did not answer within four minutes")


@contextmanager
def kept(folder: Path) -> Iterator[dict]:
    """What all workers know together, which one of them at a time may change."""
    folder.mkdir(exist_ok=True)
    with open(folder / "known.json", "a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = json.loads(file.read() or "{}")
        yield known
        file.truncate(0)
        file.write(json.dumps(known))


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    """A folder that all workers have together; `results` in it is what the server shows."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "page-server"


@pytest.fixture(scope="session")
def server(folder):
    """Address of one page for all workers: the first starts it, the last stops it; CHUISHAO_PAGE names one that runs already."""
    if running := os.environ.get("CHUISHAO_PAGE"):
        yield running
        return
    with kept(folder) as known:
        if not known.get("users"):
            (folder / "breaks.py").write_text(BREAKS)
            (folder / "results").mkdir(exist_ok=True)
            process, address = start_server("--rules", str(folder / "breaks.py"), "--results", str(folder / "results"))
            known |= {"users": 0, "pid": process.pid, "address": address}
        known["users"] += 1
        address = known["address"]
    yield address
    with kept(folder) as known:
        known["users"] -= 1
        if not known["users"]:
            os.kill(known["pid"], signal.SIGTERM)


@pytest.fixture(scope="session")
def browser():
    """Chromium; where there is none these tests skip, but in CI they fail."""
    path = os.environ.get("CHUISHAO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") \
        or shutil.which("google-chrome")
    if not path:
        message = "no Chromium here: install Debian's `chromium`, or set CHUISHAO_CHROMIUM to a browser's path"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def profile(browser):
    """`profile(lang, width, height, dark)`: a browser as one person has it, which keeps what it has loaded before."""
    made = {}

    def of(lang: str, width: int, height: int, dark: bool):
        key = lang, width, height, dark
        if key not in made:
            context = made[key] = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True,
                                                      locale="zh-CN" if lang == "zh" else "en-GB",
                                                      color_scheme="dark" if dark else "light")
            context.set_default_timeout(PATIENCE)
        return made[key]

    yield of
    for context in made.values():
        context.close()


@pytest.fixture
def visit(profile, server):
    """`visit(path, lang="en", width=1440, height=900, dark=False)`: a page open there, of which nothing is left afterwards.

    At the end the test fails on any answer ≥ 400, any failed request, any error in the page, any other host asked.
    """
    wrong: list[str] = []
    pages = []

    def go(path: str = "/", *, lang: str = "en", width: int = 1440, height: int = 900, dark: bool = False):
        page = profile(lang, width, height, dark).new_page()
        pages.append(page)
        watch(page, wrong)
        page.goto(server + path)
        page.wait_for_selector(".cs main")
        return page

    yield go
    found = list(wrong)
    for page in pages:
        page.evaluate("localStorage.clear()")
        page.goto("about:blank")  # so that the server hears at once that the visitor has gone
        page.close()
    assert not found, "\n".join(found)


@pytest.fixture
def lab(visit):
    """`lab(query="", **how)`: the lab, once its first picture is there."""
    def go(query="", **how):
        page = visit("/lab" + (f"?{query}" if query else ""), **how)
        page.wait_for_selector("[data-test=stage][data-day='0'][data-ready='1']", state="attached")
        return page
    return go


def watch(page, wrong: list[str]) -> None:
    """Note in `wrong` whatever a good page does not do."""
    page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    page.on("requestfailed", lambda r: wrong.append(f"failed {r.url} {r.failure}") if "ERR_ABORTED" not in (r.failure or "") else None)
    page.on("request", lambda r: wrong.append(f"asked {r.url}") if urlparse(r.url).hostname not in ("127.0.0.1", None) else None)
    page.on("pageerror", lambda e: wrong.append(f"page error {e}"))
    page.on("console", lambda m: wrong.append(f"console {m.text}") if m.type == "error" else None)
