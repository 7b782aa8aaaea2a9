"""The model is compiled for this machine once, in the background, while the page already answers."""

from __future__ import annotations

import threading

from agents.compiled import prepare, say_so
from model.governance import GovernanceModel


class Compiling:
    """Compiles the model, or loads what was compiled before, in a thread of its own, when first asked to."""

    def __init__(self) -> None:
        self.now: tuple[int, int] | None = None
        """Functions compiled so far, and all; None as long as none has to be."""
        self._ended, self._lock = threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin, unless somebody has."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True, name="compiling")
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait so long at most; whether the model is ready. If it cannot be compiled, the first run says why."""
        self.begin()
        return self._ended.wait(seconds)

    def _work(self) -> None:
        try:
            prepare(self._tell)
            GovernanceModel(streets=1, residents=10).run(1)  # and what is made on the way
        finally:
            self._ended.set()

    def _tell(self, done: int, all_: int) -> None:
        self.now = done, all_
        say_so(done, all_)


COMPILING = Compiling()
