"""`python -m benchmarks.page`: how fast the page feels, in Chromium, from a server of its own, as rows of Markdown.

The bytes are those that come from the server, counted on their way to the browser.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from experiments.answering import Answering
from languages.text import _
from model.errors import InputError

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE = 180_000
"""Milliseconds until something is given up."""
VISITORS = 5
READY = "[data-test=stage][data-ready='1'] canvas[data-painted]"
SAYS = "[data-test=headline]:not(.an-grey) b"
FRAMES = """async (seconds) => {
  let n = 0;
  const end = performance.now() + 1000 * seconds;
  await new Promise((done) => {
    const step = (now) => { n += 1; if (now < end) requestAnimationFrame(step); else done(); };
    requestAnimationFrame(step);
  });
  return n / seconds;
}"""


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """A server of this checkout on a free port: its address and its process's number."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "experiments", "explore", "--no-open", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(20)


class Wire:
    """Passes everything on between the browser and the server, and counts what the server sends."""

    def __init__(self, address: str) -> None:
        self.bytes = 0
        self._to = ("127.0.0.1", int(address.rsplit(":", 1)[1]))
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        while True:
            browser, server = self._door.accept()[0], socket.create_connection(self._to)
            for ends in ((browser, server), (server, browser)):
                threading.Thread(target=self._pass_on, args=(*ends, ends[0] is server), daemon=True).start()

    def _pass_on(self, here: socket.socket, there: socket.socket, counted: bool) -> None:
        with suppress(OSError):
            while data := here.recv(1 << 16):
                self.bytes += len(data) if counted else 0
                there.sendall(data)
            there.shutdown(socket.SHUT_WR)


def memory(pid: int) -> float:
    """Megabytes that a process and those it started hold."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(own[1]) / 1024 + sum(memory(int(child)) for child in children) if own else 0.0


class Visit:
    """One browser's visit, and what came for it by requests."""

    def __init__(self, context: Any, address: str) -> None:
        self.page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.bytes: Counter[str] = Counter()
        urls: dict[str, str] = {}
        wire = context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.responseReceived", lambda e: urls.update({e["requestId"]: e["response"]["url"]}))
        wire.on("Network.loadingFinished", lambda e: self.bytes.update(
            {urls.get(e["requestId"], "?"): int(e["encodedDataLength"])}))
        self.began = time.perf_counter()
        self.page.goto(address)

    def until(self, selector: str, after: float | None = None) -> float:
        """Seconds until something is there."""
        self.page.wait_for_selector(selector, state="attached")
        return time.perf_counter() - (self.began if after is None else after)

    def pairs(self, least: int, after: float) -> float:
        """Seconds until so many pairs are known of what was asked last."""
        self.page.wait_for_function(f"Number(document.querySelector('[data-test=under]').dataset.pairs) >= {least}"
                                    " && document.querySelector('[data-test=under]').dataset.origin === 'live'")
        return time.perf_counter() - after

    def turn(self, slider: str, to: int) -> float:
        """Let a slider go at a place; the moment of it."""
        began = time.perf_counter()
        self.page.eval_on_selector(f"[data-test=slider-{slider}]", "(e, v) => { e.value = v; for (const name of "
                                   "['input', 'change']) e.dispatchEvent(new Event(name)); }", to)
        return began


def rows(browser: Any, address: str, pid: int, quick: bool, tell: Callable[[str, str], None]) -> Counter[str]:
    """Measure, telling every row; returns the bytes of the first load by what they are."""
    Visit(browser.new_context(), address).until(READY)  # the model is compiled, and what was made beforehand is read
    cold, wire = browser.new_context(viewport={"width": 1440, "height": 900}), Wire(address)
    first = Visit(cold, wire.address)
    words, ready = first.until(SAYS), first.until(READY)
    first.page.wait_for_load_state("networkidle")
    first.page.wait_for_timeout(2000)
    loaded, sent = Counter(first.bytes), wire.bytes
    loaded["the page's socket"] = sent - sum(loaded.values())
    tell("first words · the picture, first visit", f"{words:.1f} · {ready:.1f} s")
    later = Visit(cold, wire.address)
    tell("first words · the picture, later visit", f"{later.until(SAYS):.1f} · {later.until(READY):.1f} s")
    later.page.close()
    told = loaded["the page's socket"]
    tell("first load over the wire: files · the page's socket", f"{(sent - told) / 1000:.0f} · {told / 1000:.0f} KB")
    first.page.click("[data-test=play]")
    tell("pictures a second while the year plays", f"{first.page.evaluate(FRAMES, 2 if quick else 5):.0f}")
    first.page.click("[data-test=play]")
    began = first.turn("reach", 431)
    tell("slider let go → 1 pair · 8 pairs", f"{first.pairs(1, began):.2f} · {first.pairs(8, began):.1f} s")
    if not quick:
        tell("… → 40 pairs", f"{first.pairs(40, began):.1f} s")
    before = memory(pid)
    visits = [Visit(browser.new_context(), address) for _ in range(VISITORS)]
    slowest = max(visit.until(SAYS) for visit in visits)
    tell(f"{VISITORS} visitors at once: the last one's first words", f"{slowest:.1f} s")
    tell("memory: one visitor · each further one",
         f"{before:.0f} · {(memory(pid) - before) / VISITORS:.0f} MB")
    return loaded


@click.command(cls=Answering)
@click.option("--quick", is_flag=True, help="No 40 pairs, shorter play.")
@click.option("--wire", is_flag=True, help="And of what the first load is made.")
def main(quick: bool, wire: bool) -> None:
    """Time the page in Chromium and print a table's rows. Nothing else should run; the first start compiles."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        raise InputError(_("there is no Chromium here; install Debian's `chromium`"))
    from playwright.sync_api import sync_playwright

    click.echo("| what | measured |\n|---|---|")
    with serving() as (address, pid), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        loaded = rows(browser, address, pid, quick, lambda what, value: click.echo(f"| {what} | {value} |"))
        browser.close()
    for what, size in loaded.most_common() if wire else ():
        click.echo(f"{size:>9,}  {re.sub('^http://[^/]+', '', what)[:100]}")


if __name__ == "__main__":
    main()
