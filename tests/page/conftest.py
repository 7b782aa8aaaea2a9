"""The page in a real browser: a server on a free port of this machine, and Chromium that may ask nobody else."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlparse

import pytest

from page.compiling import COMPILING

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]
PICTURES = Path(os.environ.get("CHUISHAO_PICTURES", "/tmp/chuishao-pictures"))
"""Where tests put what they saw; outside the project."""
PATIENCE = 90_000
"""Milliseconds until something is not there: long, for a busy machine is no error of the page."""


def pytest_collection_modifyitems(items):
    """Whatever needs the browser is marked so."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_server(*arguments: str, env: dict[str, str] | None = None) -> tuple[subprocess.Popen, str]:
    """`chuishao explore` in a process of its own; returns it and its address once it answers."""
    assert COMPILING.wait(600)  # here and not there: a page that waits for the compiler would outlast a browser's patience
    port = free_port()
    command = [sys.executable, "-m", "experiments", "explore", "--no-open", "--port", str(port), *arguments]
    # not a pipe, which nobody would empty: a full one stops who writes to it
    said = tempfile.TemporaryFile("w+")  # noqa: SIM115
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=said)
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


@pytest.fixture(scope="session")
def server():
    """Address of a running page; CHUISHAO_PAGE names one that runs already."""
    if running := os.environ.get("CHUISHAO_PAGE"):
        yield running
        return
    process, address = start_server()
    yield address
    process.terminate()
    process.wait(20)


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


@pytest.fixture
def visit(browser, server):
    """`visit(path, lang="en", width=1440, height=900, dark=False)`: a page open there.

    At the end the test fails on any answer ≥ 400, any failed request, any error in the page, any other host asked.
    """
    wrong: list[str] = []
    contexts = []

    def go(path: str = "/", *, lang: str = "en", width: int = 1440, height: int = 900, dark: bool = False, at: str = ""):
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN" if lang == "zh" else "en-GB",
                                      accept_downloads=True)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if dark:
            context.add_init_script("localStorage.setItem(':solara:theme.variant', '\"dark\"')")
        page = context.new_page()
        watch(page, wrong)
        page.goto((at or server) + path)
        page.wait_for_selector(".cs main")
        return page

    yield go
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


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
