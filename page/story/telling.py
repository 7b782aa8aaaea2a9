"""Runs the story's scenes in the background, once per server: they are the same for everybody."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field

from model.governance import GovernanceModel

from .scenes import SCENES, Arm, Scene, Told, Values


@dataclass
class Progress:
    """How far a scene is."""

    done: float = 0.0
    told: Told | None = None
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)


class Teller:
    """One worker thread for all visitors; a scene that was told is never run again."""

    def __init__(self) -> None:
        self._wanted: queue.PriorityQueue[tuple[int, int, str]] = queue.PriorityQueue()
        self._scenes: dict[str, Progress] = {}
        self._runs: dict[tuple, Values] = {}
        self._common: tuple[tuple, GovernanceModel] | None = None
        self._lock, self._count, self._worker = threading.Lock(), 0, None

    def ask(self, key: str, soon: bool = True) -> Progress:
        """Have a scene run, before others if a person waits (`soon`); returns its progress."""
        with self._lock:
            progress = self._scenes.setdefault(key, Progress())
            if not progress.ended.is_set():
                self._count += 1
                self._wanted.put((not soon, self._count, key))
                if self._worker is None:
                    self._worker = threading.Thread(target=self._work, daemon=True, name="story")
                    self._worker.start()
        return progress

    def _work(self) -> None:
        while True:
            key = self._wanted.get()[2]
            progress = self._scenes[key]
            if progress.ended.is_set():
                continue
            try:
                progress.told = self._tell(SCENES[key], progress)
            except Exception as error:  # whatever a model raises becomes words on the page
                progress.error = f"{type(error).__name__}: {error}"
            progress.ended.set()

    def _tell(self, scene: Scene, progress: Progress) -> Told:
        runs: dict[str, list[Values]] = {arm: [] for arm in scene.arms}
        tasks = [(name, arm, seed) for seed in scene.seeds for name, arm in scene.arms.items()]
        for n, (name, arm, seed) in enumerate(tasks):
            runs[name].append(self._run(scene, arm, seed))
            progress.done = (n + 1) / len(tasks)
        return scene.tell(runs)

    def _run(self, scene: Scene, arm: Arm, seed: int) -> Values:
        key = (scene.get, arm.scenario, arm.regime, arm.rules, seed)
        if key not in self._runs:
            self._runs[key] = scene.get(self._start(arm, seed).fork(arm.regime).run())
        return self._runs[key]

    def _start(self, arm: Arm, seed: int) -> GovernanceModel:
        """A run on the day of the switch; the next arm often starts from the same."""
        key = (arm.scenario, arm.rules, seed)
        if self._common is None or self._common[0] != key:
            start = GovernanceModel(arm.scenario, "layered", rng=seed, rules=arm.rules)
            self._common = key, start.run(arm.scenario.burn_in)
        return self._common[1]


TELLER = Teller()
