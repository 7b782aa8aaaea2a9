"""The page's server answers its own page only: host, origin and size of what comes are looked at before anything else."""

import asyncio
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from experiments.guard import NOT_HERE, TOO_LARGE, Guard, is_local


async def app(scope, receive, send):
    """Echoes what it is sent until it is told to stop."""
    while not (message := await receive())["type"].endswith("disconnect"):
        await send({"type": "seen", "size": len(message.get("text") or message.get("bytes") or message.get("body", b""))})
    await send({"type": "end", "code": message.get("code")})


def asked(host="127.0.0.1", said="127.0.0.1:8765", origin=None, kind="websocket", method="GET", sizes=(), most=100):
    headers = [(b"host", said.encode())] + ([(b"origin", origin.encode())] if origin else [])
    key = "text" if kind == "websocket" else "body"
    body = [{"type": "websocket.receive" if key == "text" else "http.request", key: ("x" if key == "text" else b"x") * n}
            for n in sizes]
    coming, sent = iter([*body, {"type": f"{kind}.disconnect", "code": 1000}]), []

    async def receive():
        return next(coming)

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(app, host, most)({"type": kind, "method": method, "headers": headers}, receive, send))
    return sent


OURS = "http://127.0.0.1:8765"


@pytest.mark.parametrize("given", [
    {"origin": OURS}, {}, {"said": "localhost:8765", "origin": "http://localhost:8765"},
    {"said": "[::1]:8765", "origin": "http://[::1]:8765"}, {"kind": "http", "method": "POST", "origin": OURS},
    {"kind": "http", "origin": "https://elsewhere.example"},  # a link to the page may stand anywhere
    {"host": "0.0.0.0", "said": "lab.example", "origin": "https://lab.example"}])
def test_the_page_s_own_requests_are_answered(given):
    assert [message["type"] for message in asked(**given)] == ["end"]


@pytest.mark.parametrize("given", [
    {"origin": "https://elsewhere.example"}, {"origin": "null"}, {"origin": "http://127.0.0.1:8766"},
    {"said": "elsewhere.example", "origin": "http://elsewhere.example"}, {"said": "", "origin": OURS},
    {"said": "127.0.0.1.elsewhere.example:8765"}, {"said": "[::1"},
    {"host": "0.0.0.0", "said": "lab.example", "origin": "https://elsewhere.example"}])
def test_a_websocket_from_elsewhere_is_closed(given):
    assert asked(**given) == [{"type": "websocket.close", "code": NOT_HERE}]


@pytest.mark.parametrize("given", [{"said": "elsewhere.example"}, {"method": "POST", "origin": "https://elsewhere.example"}])
def test_a_request_from_elsewhere_is_refused(given):
    assert asked(kind="http", **given)[0]["status"] == 403


def test_messages_are_bounded_each_and_bodies_in_all():
    assert [m.get("size", m.get("code")) for m in asked(origin=OURS, sizes=(100, 100))] == [100, 100, 1000]
    assert [m.get("size", m.get("code")) for m in asked(origin=OURS, sizes=(100, 101, 1))] == [100, TOO_LARGE]
    assert [m.get("size") for m in asked(kind="http", method="POST", origin=OURS, sizes=(60, 60))] == [60, None]


@pytest.mark.parametrize(("host", "local"), [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True),
                                             ("0.0.0.0", False), ("192.168.1.2", False), ("lab.example", False)])
def test_what_is_this_machine_only(host, local):
    assert is_local(host) is local


@pytest.fixture
def explored():
    """A port, and `chuishao explore` that answers at it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
    command = [sys.executable, "-m", "experiments", "explore", "--no-open", "--port", str(number)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", number), 1).close()
            break
        except OSError:
            time.sleep(0.2)
    try:
        yield number, server
    finally:
        server.kill()


@pytest.mark.slow
def test_the_server_of_explore_is_guarded_and_ends_with_its_command(explored):
    port, command = explored

    def status(host, path="readyz"):
        try:
            return urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Host": host})).status
        except urllib.error.HTTPError as error:
            return error.code

    assert [status(f"127.0.0.1:{port}"), status("elsewhere.example")] == [200, 403]
    assert status(f"127.0.0.1:{port}", path="") == 200  # the page itself, not only the server
    for origin in ("https://elsewhere.example", f"http://127.0.0.1:{port + 1}"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://127.0.0.1:{port}/jupyter/api/kernels/0/channels", origin=origin)
    command.terminate()
    assert command.wait(30) == 0
    deadline = time.monotonic() + 60
    with pytest.raises(ConnectionError):
        while time.monotonic() < deadline:
            socket.create_connection(("127.0.0.1", port), 1).close()
            time.sleep(0.1)
