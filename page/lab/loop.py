"""The run loop of one visitor: days at the pace he asked for, pictures at the pace his browser takes them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

FRAMES_A_SECOND = 10
CHARTS_A_SECOND = 2
IN_FLIGHT = 2
"""Pictures sent and not yet acknowledged by the browser; with more than these the next ones are skipped."""
SILENCE = 30.0
"""Seconds without an acknowledgement after which nobody is there any more and the run pauses."""
SHARE = 0.25
"""Of the loop's time that pictures may take, and charts too: on a busy server the days go first."""
WINDOW = 3.0
"""Seconds over which the true pace is measured."""
LATE = 0.25
"""Seconds behind the pace that are caught up; what is more is let go."""


class Run(Protocol):
    """What a loop needs of a session."""

    day: int
    ended: bool

    def step(self, n: int = 1) -> int:
        """Run n days; how many were done."""

    def snapshot(self) -> dict[str, Any]:
        """The picture of today."""


class Loop:
    """Steps a session in a thread of its own.

    Args:
        show: takes a picture: the session's snapshot with `n` (its number) and `rate` (true days a second).
        chart: told now and then that curves and tables have become old.
        stopped: told that a run has stopped, and whether nobody was there ("silence"), or "pause", or "end".
        closed: set when the visitor has left.
    """

    def __init__(self, show: Callable[[dict], None], chart: Callable[[], None], stopped: Callable[[str], None],
                 closed: threading.Event) -> None:
        self.show, self.chart, self.stopped, self.closed = show, chart, stopped, closed
        self.rate = 8.0
        self.session: Run | None = None
        self._turn = self._sent = self._seen = 0
        self._heard = 0.0
        self._days: deque[tuple[float, int]] = deque()
        self._wake, self._lock = threading.Event(), threading.Lock()
        self._left = 0
        """Days still to be run at once."""

    # --- what others call ---------------------------------------------------------------------------------------

    def play(self, days: int | None = None, after: threading.Event | None = None) -> threading.Thread | None:
        """Run at `rate`, or `days` days at once; wait first for `after`: a click's own render would starve the loop.

        Days asked for while others still run at once are added to them; None is returned then.
        """
        with self._lock:
            if days and self._left:
                self._left += days
                return None
            self._turn += 1
            self._left = days or 0
        self._wake.clear()
        thread = threading.Thread(target=self._run, args=(self._turn, self.session, days, after), daemon=True)
        thread.start()
        return thread

    def pause(self) -> None:
        """End whatever runs, at its next day."""
        with self._lock:
            self._turn += 1
            self._left = 0
        self._wake.set()

    def seen(self, n: int) -> None:
        """The browser has drawn picture n."""
        self._seen, self._heard = max(self._seen, n), time.monotonic()

    def draw(self, force: bool = True) -> bool:
        """Send a picture of today, unless the browser is behind; True if sent."""
        session = self.session
        if session is None or (not force and self._sent - self._seen > IN_FLIGHT):
            return False
        self._sent += 1
        self.show({**session.snapshot(), "n": self._sent, "rate": round(self.pace(), 1)})
        return True

    def pace(self) -> float:
        """True days a second over the last seconds."""
        if len(self._days) < 2:
            return 0.0
        (t0, d0), (t1, d1) = self._days[0], self._days[-1]
        return (d1 - d0) / (t1 - t0) if t1 > t0 else 0.0

    # --- the thread -----------------------------------------------------------------------------------------------

    def _run(self, turn: int, session: Run, days: int | None, after: threading.Event | None) -> None:
        if after is not None:
            after.wait(2.0)
        self._heard = time.monotonic()
        self._days.clear()
        self._days.append((self._heard, session.day))
        silent = self._days_at_once(turn, session) if days else self._days_in_time(turn, session)
        self._days.clear()
        if self.closed.is_set() or self.session is not session:
            return
        self.draw()
        self.chart()
        if self._turn == turn:
            self._left = 0
            self.stopped("silence" if silent else "end" if session.ended else "pause")

    def _days_at_once(self, turn: int, session: Run) -> bool:
        while not self._over(turn, session):
            session.step()
            with self._lock:
                if self._turn != turn:
                    break
                self._left -= 1
                if self._left <= 0:
                    return False
        return False

    def _days_in_time(self, turn: int, session: Run) -> bool:
        """True if it ended since nobody was there."""
        due = draw_at = chart_at = time.monotonic()
        while not self._over(turn, session):
            session.step()
            now = time.monotonic()
            self._note(now, session.day)
            if now >= draw_at:
                draw_at = self._timed(lambda: self.draw(force=False), FRAMES_A_SECOND)
            if now >= chart_at and self._sent - self._seen <= IN_FLIGHT:
                chart_at = self._timed(self.chart, CHARTS_A_SECOND)
            if self._sent > self._seen and now - self._heard > SILENCE:
                return True
            due = max(due + 1 / self.rate, time.monotonic() - LATE)
            self._wake.wait(max(0.0, due - time.monotonic()))
        return False

    def _timed(self, act: Callable[[], Any], most: int) -> float:
        """Do something that may be done so often a second; returns when next, so that days keep most of the time."""
        began = time.monotonic()
        act()
        return began + max(1 / most, (time.monotonic() - began) / SHARE)

    def _over(self, turn: int, session: Run) -> bool:
        return self._turn != turn or session.ended or self.closed.is_set() or self.session is not session

    def _note(self, now: float, day: int) -> None:
        self._days.append((now, day))
        while now - self._days[0][0] > WINDOW:
            self._days.popleft()
