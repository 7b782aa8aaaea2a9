"""Dask: its start, its end, and what it says of dead workers. Imported only when there is something to distribute."""

from __future__ import annotations

import logging
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import dask
from distributed import Client, KilledWorker, LocalCluster, Status

from languages.text import Text, _
from model.errors import InputError

from .console import said

QUIET = ("distributed", "distributed.core", "distributed.scheduler", "distributed.worker", "distributed.batched")
DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"  # Ctrl-C is the driver's; it ends the workers
LEAN = {
    "distributed.admin.low-level-log-length": 10,  # else scheduler and workers keep 30 kB a pair (measured)
    "distributed.worker.profile.enabled": False,  # it looks at the running rule every 10 ms: 8 % of the time (measured)
    "distributed.admin.tick.interval": "1s",
    # Dask's own value has every freed table go back to the system: 6 % of the time (measured; glibc only)
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}
PATIENCE = 10  # seconds a scheduler has to answer


class Deaths(logging.Handler):
    """Hears from Dask's nannies how each worker process died; a killed worker leaves no other trace.

    Args:
        patience: seconds to wait for what a nanny says; 0 where nannies are elsewhere and say nothing here.
    """

    def __init__(self, patience: float) -> None:
        super().__init__(logging.INFO)
        self.patience = patience
        self.by_pid: dict[int, str] = {}
        nanny = logging.getLogger("distributed.nanny")
        nanny.setLevel(logging.INFO)
        nanny.propagate = False
        nanny.handlers[:] = [self]

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what is said of a death, drop the rest."""
        if found := re.search(r"Worker process (\d+) (was killed by .+|exited with .+)", record.getMessage()):
            self.by_pid[int(found[1])] = found[2]

    def reason(self, error: KilledWorker) -> Text:
        """One sentence on the death behind an error; the nanny may hear of it a moment after the scheduler."""
        pid = getattr(error.last_worker, "pid", 0)
        end = time.monotonic() + self.patience
        while pid not in self.by_pid and time.monotonic() < end:
            time.sleep(0.05)
        return _end(self.by_pid.get(pid, "died"))


def _end(said: str) -> Text:
    """What Dask's nanny says of an end, as a sentence of ours."""
    if found := re.fullmatch(r"was killed by signal (\d+)", said):
        return _("its worker process was killed by signal {signal}", signal=found[1])
    if found := re.fullmatch(r"exited with status (-?\d+)", said):
        return _("its worker process exited with status {status}", status=found[1])
    if said == "was killed by unknown signal":
        return _("its worker process was killed by unknown signal")
    return _("its worker process died")


def connect(workers: int, scheduler: str | None) -> tuple[Client, Deaths, Callable[[], None]]:
    """Start local workers, or join a scheduler; also gives the function that ends it.

    Raises:
        InputError: no scheduler answers.
    """
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return _join(scheduler) if scheduler else _start(workers)


def _join(scheduler: str) -> tuple[Client, Deaths, Callable[[], None]]:
    if not re.fullmatch(r"((tcp|tls|wss?|ucx)://)?[^/:\s]+:\d+", scheduler):
        raise InputError(_("--scheduler {address!r} is not an address; give host and port, e.g. tcp://127.0.0.1:8786",
                           address=scheduler))
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(_("no Dask scheduler answers at {address!r} ({why}); start one with `dask scheduler` and give "
                           "its address, e.g. tcp://127.0.0.1:8786", address=scheduler,
                           why=type(error).__name__)) from None
    if not client.nthreads():
        print(said(_("The scheduler at {scheduler} has no workers yet; waiting for the first.", scheduler=scheduler)),
              file=sys.stderr)
    return client, Deaths(0.0), client.close


def _start(workers: int) -> tuple[Client, Deaths, Callable[[], None]]:
    # one death is enough to hand a pair back: we split it and try again ourselves
    dask.config.set({"distributed.scheduler.allowed-failures": 0, **LEAN})
    # Dask serves HTTP even without a dashboard: let it take any free port of this machine alone
    cluster = LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
                           dashboard_address="127.0.0.1:0", scheduler_kwargs={"dashboard": False}, memory_limit=None,
                           preload=[DEAF], silence_logs=logging.CRITICAL)
    deaths = Deaths(10.0)
    client = Client(cluster, set_as_default=False)

    def close() -> None:
        _end_runs(cluster)
        with suppress(Exception):
            client.close(timeout=2)
        with suppress(Exception):
            cluster.close(timeout=5)

    return client, deaths, close


def _end_runs(cluster: LocalCluster) -> None:
    # whatever runs now is unwanted (interrupted) and would not hear of a close before its end
    for nanny in cluster.workers.values():
        nanny.status = Status.closing_gracefully  # it shall not start another
        with suppress(OSError, TypeError):
            os.kill(nanny.pid, signal.SIGKILL)
