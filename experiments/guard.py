"""What the page's server refuses before Solara sees it: other hosts, other sites' scripts, messages beyond a bound.

A server on this machine alone can still be asked by any site that a browser has open: by a name that is made to lead
here, or by a websocket, which browsers let through from anywhere. Solara checks neither.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
HOST_VARIABLE = "CHUISHAO_HOST"
"""Environment: the address that the server was told to serve on."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
MOST = 1_000_000
"""Bytes of one message from a browser; the largest is a scenario file that a visitor brings along, of 200,000."""
TOO_LARGE, NOT_HERE = 1009, 4403
"""Codes with which a websocket is closed: the protocol's, and one of ours."""


class Guard:
    """An ASGI application in front of another.

    Args:
        app: what is guarded.
        host: the address served on. On this machine alone only its own names are answered; on others any name is, as
            the server cannot know what it is called there.
        most: bytes of one message or request.
    """

    def __init__(self, app: App, host: str, most: int = MOST) -> None:
        self.app, self.most = app, most
        self.names = LOCAL if is_local(host) else None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif self.welcome(scope):
            await self.app(scope, self.bounded(receive), send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": NOT_HERE})
        else:
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"not from here"})

    def welcome(self, scope: Message) -> bool:
        """Whether a request names this server, and comes from its own page where a browser says whence it comes."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin")
        if self.names is not None and _name(f"//{host}") not in self.names:
            return False
        reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD", "OPTIONS")  # which browsers keep to one
        return reads or origin is None or urlsplit(origin).netloc.lower() == host.lower()

    def bounded(self, receive: Receive) -> Receive:
        """Messages up to the bound; a longer one, or a body that has become longer, ends the connection."""
        had = 0

        async def next_message() -> Message:
            nonlocal had
            message = await receive()
            if message["type"] == "websocket.receive":
                if max(len(message.get("bytes") or b""), len(message.get("text") or "")) > self.most:
                    return {"type": "websocket.disconnect", "code": TOO_LARGE}
            elif message["type"] == "http.request":
                had += len(message.get("body", b""))
                if had > self.most:
                    return {"type": "http.disconnect"}
            return message

        return next_message


def is_local(host: str) -> bool:
    """Whether an address is reached from this machine only."""
    try:
        return host in LOCAL or ip_address(host).is_loopback
    except ValueError:  # a name
        return False


def _name(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:  # no address at all
        return ""


def main() -> None:
    """Solara's own command, behind the guard."""
    import solara.__main__
    import uvicorn

    class Guarded(uvicorn.Config):
        """A server whose application is guarded once it is loaded: Solara loads ours while it imports its own."""

        def load(self) -> None:
            super().load()
            self.loaded_app = Guard(self.loaded_app, os.environ.get(HOST_VARIABLE, "127.0.0.1"))

    vars(uvicorn)["Config"] = Guarded  # which Solara's command makes one of
    solara.__main__.cli(sys.argv[1:])


if __name__ == "__main__":
    main()
