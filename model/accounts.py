"""Nothing vanishes: every problem, idea, copy and core job of a run, by where it stands."""

from __future__ import annotations

import numpy as np

from agents.work import COURSES, FATES, Course, Pushed

from .run import Run


def accounts(m: Run) -> dict[str, dict[str, int]]:
    """Every problem, idea, copy and core job that has begun, by where it stands."""
    jobs, begun, born = m.jobs, m.problems.born < m.day, m.ideas.born < m.day
    ideas, done = _course_of_ideas(m)[born], jobs.course == Course.DONE
    down = jobs.pushed == Pushed.DOWN
    return {
        "problems": {name.lower(): int((m.problems.fate[begun] == f).sum()) for f, name in enumerate(FATES)},
        "ideas": {name.lower(): int((ideas == c).sum()) for c, name in enumerate(COURSES)},
        "jobs": {"done_by_department": int((done & ~down).sum()), "done_by_cadres": int((done & down).sum()),
                 "late": int((jobs.course == Course.OVERDUE).sum()),
                 "open": int((jobs.course == Course.WAITING).sum())},
        "begun": {"problems": int(begun.sum()), "ideas": int(born.sum()), "jobs": int((jobs.born < m.day).sum())},
    }


def _course_of_ideas(m: Run) -> np.ndarray:
    """An idea is done when all its copies are, overdue when they have ended otherwise."""
    course, copies = m.ideas.course.copy(), m.copies.course.reshape(len(m.ideas), -1)
    ended = (copies == Course.DONE) | (copies == Course.OVERDUE)
    over = (course == Course.LIVE) & ended.all(axis=1)
    course[over] = np.where((copies[over] == Course.DONE).all(axis=1), Course.DONE, Course.OVERDUE)
    return course
