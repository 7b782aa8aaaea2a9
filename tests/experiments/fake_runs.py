"""Runs that take no time, raise or kill their worker; worker processes import them from here."""

import os
import signal
import threading
import time
from dataclasses import dataclass

OUT_OF_ORDER = 7


@dataclass(frozen=True)
class Ours:
    """A task as those of shipped rules, which run on threads."""

    x: float
    pair: int = 0
    ours: bool = True


def where(task):
    """The thread and process that ran a task."""
    time.sleep(0.002)
    return threading.get_ident(), os.getpid()


def square_of_ours(task):
    if task.x == 3:
        raise ValueError("three is refused")
    return square(task.x)


def napping(task):
    """Sleeps in short naps, as a run does between two phases."""
    for _ in range(int(task.x * 1000)):
        time.sleep(0.001)
    return "slept"


def square(x):
    time.sleep(0.002 * ((x * OUT_OF_ORDER) % 5))  # tasks finish in another order than they start
    return x * x


def raise_on_three(x):
    if x == 3:
        raise ValueError("three is refused")
    return x * x


def exit_on_three(x):
    if x == 3:
        raise SystemExit(5)
    return x * x


def kill_on_three(x):
    if x == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return square(x)


def die_once(path):
    """Kill the worker the first time, work the second."""
    if path and not os.path.exists(path):
        with open(path, "w"):
            os.kill(os.getpid(), signal.SIGKILL)
    return "done"
