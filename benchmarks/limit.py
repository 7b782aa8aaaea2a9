"""The limits: a compiled loop of the reduced rules, and the memory's bandwidth. Both need a C compiler (`cc`)."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from model.errors import InputError
from model.needs import NEVER, draw_world
from model.scenario import Scenario

WHOLE = ("days", "streets", "departments", "cadres", "residents", "due", "patience", "problems", "ideas", "jobs",
         "core_due", "directive_due")
REAL = ("staff", "h_int", "h_exec", "h_item", "items", "h_report", "voice_base", "voice_gain", "reach", "psi", "v_err",
        "threshold", "alpha")
RENAMED = {"due": "case_due", "days": "horizon", "voice_gain": "voice_expectation", "threshold": "fit_threshold"}


class Numbers(ctypes.Structure):
    """The struct of the same name in limit.c."""

    _fields_ = [*((name, ctypes.c_int) for name in WHOLE), *((name, ctypes.c_double) for name in REAL)]


@lru_cache(maxsize=1)
def compiled() -> ctypes.CDLL:
    """The compiled loop.

    Raises:
        InputError: no C compiler, or it fails.
    """
    if not shutil.which("cc"):
        raise InputError("the compiled limit needs a C compiler `cc`; install one, e.g. apt install gcc",
                         "编译的极限需要 C 编译器 `cc`；请安装，如 apt install gcc")
    target = Path(tempfile.mkdtemp()) / "limit.so"
    source = Path(__file__).with_name("limit.c")
    done = subprocess.run(["cc", "-O3", "-march=native", "-fPIC", "-shared", str(source), "-o", str(target), "-lm"],
                          capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.splitlines()[0]
        raise InputError(f"cc cannot compile {source}: {said}; mend or update the compiler",
                         f"cc 无法编译 {source}（{said}）；请修复或更新编译器")
    return ctypes.CDLL(str(target))


class Limit:
    """The reduced rules on the needs, ideas and core jobs of a scenario and seed; these are drawn before `run`."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, world = scenario, draw_world(scenario, seed)
        p, d, j = world.problems, world.directives, world.jobs
        needs, ideas = np.flatnonzero(p.born[:p.arrivals] < NEVER), np.flatnonzero(d.born < NEVER)
        sizes = {"problems": len(needs), "ideas": len(ideas), "jobs": len(j.born)}
        self.numbers = Numbers(**{n: sizes.get(n, getattr(scenario, RENAMED.get(n, n), None)) for n in WHOLE + REAL})
        of_needs = (p.born, p.street, p.resident, p.domains[:, 0], p.hours, p.tacit, p.voice_luck, p.authority)
        of_ideas = (d.born, d.domain, d.x0)
        self.columns = [_plain(column[needs]) for column in of_needs] + [_plain(column[ideas]) for column in of_ideas]
        self.columns += [_plain(column) for column in (world.theta, j.born, j.department, j.hours)]

    def run(self) -> tuple[int, np.ndarray]:
        """Run; returns how many problems were solved, and the residents' trust."""
        people = [np.full(self.scenario.streets * self.scenario.residents, 0.5, np.float32) for _ in range(2)]
        solved = compiled().run(ctypes.byref(self.numbers), *(_pointer(c) for c in (*self.columns, *people)))
        return solved, people[0]


def triad(megabytes: int = 64) -> tuple[float, float]:
    """Bandwidth in GB/s of a = b + s·c: compiled, and by numpy (two passes, 5/3 of the traffic).

    Args:
        megabytes: size of each of the three arrays; well above the cache.
    """
    from time import perf_counter

    n = megabytes * 2**17
    a, b, c = np.zeros(n), np.ones(n), np.ones(n)
    best = {"compiled": np.inf, "numpy": np.inf}
    for _ in range(5):
        start = perf_counter()
        compiled().triad(_pointer(a), _pointer(b), _pointer(c), ctypes.c_double(3.0), ctypes.c_long(n))
        between = perf_counter()
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)
        end = perf_counter()
        best = {"compiled": min(best["compiled"], between - start), "numpy": min(best["numpy"], end - between)}
    return 24e-9 * n / best["compiled"], 40e-9 * n / best["numpy"]


def _plain(column: np.ndarray) -> np.ndarray:
    kind = {"b": np.uint8, "i": np.int32, "f": np.float64}[column.dtype.kind]
    return np.ascontiguousarray(column, kind)


def _pointer(column: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(column.ctypes.data)
