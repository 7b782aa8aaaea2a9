"""One run in a process of its own: CPU seconds, or peak memory and how much work waited.

`python -m benchmarks.alone time|memory '{"residents": 1000}'` prints JSON; `measure` starts it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

from model.errors import InputError
from model.governance import GovernanceModel
from model.scenario import Scenario

REGIME, SEED = "whistle", 1
STATUS = Path("/proc/self/status")


def measure(what: str, scenario: Scenario) -> dict[str, float]:
    """What a fresh process finds; `what` is "time" (`timed`) or "memory" (`weighed`).

    Raises:
        InputError: the process failed, e.g. for want of memory.
    """
    words = [sys.executable, "-m", "benchmarks.alone", what, json.dumps(scenario.changed())]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        why = (done.stderr.splitlines() or [f"exit code {done.returncode}"])[-1]
        people = scenario.streets * scenario.residents
        raise InputError(f"a run of {people:,} residents failed: {why}; free some memory",
                         f"{people:,} 名居民的运行失败（{why}）；请腾出内存")
    return json.loads(done.stdout)


def timed(scenario: Scenario) -> dict[str, float | None]:
    """CPU seconds of building and of the days, and the process's peak resident memory, imports included.

    It is in MB, None where /proc does not tell it.
    """
    start = time.process_time()
    model = GovernanceModel(scenario, REGIME, rng=SEED)
    built = time.process_time()
    model.run()
    return {"build_s": built - start, "days_s": time.process_time() - built, "resident_MB": _peak()}


def weighed(scenario: Scenario) -> dict[str, float]:
    """Peak MB that Python and numpy allocated for the run (tracemalloc), and mean items that waited in queues."""
    tracemalloc.start()
    model, waiting = GovernanceModel(scenario, REGIME, rng=SEED), 0
    while model.day < scenario.horizon:
        model.step()
        waiting += sum(len(work.peek()[0]) for work in (model.cadre_work, model.department_work))
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return {"peak_MB": peak, "waiting": waiting / scenario.horizon}


def _peak() -> float | None:
    # not getrusage: there a child inherits the peak of the process it was started from
    lines = STATUS.read_text().splitlines() if STATUS.exists() else []
    return next((int(line.split()[1]) * 1024e-6 for line in lines if line.startswith("VmHWM:")), None)


MEASURES = {"time": timed, "memory": weighed}

if __name__ == "__main__":
    print(json.dumps(MEASURES[sys.argv[1]](Scenario(**json.loads(sys.argv[2])))))
