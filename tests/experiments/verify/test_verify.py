"""The same checks as `chuishao verify`, quick; and that a check can fail and says so."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from experiments.__main__ import main
from experiments.verify import episodes, equal, facts, registry, theory
from experiments.verify.check import above, mean_near, near, told, within


@pytest.mark.parametrize("maker", [*theory.MAKERS, *equal.MAKERS, facts.escalation, episodes.landslide, episodes.statistics], ids=lambda m: m.__name__)
def test_the_model_passes(maker):
    checks = list(maker(True))
    assert [check for check in checks if check.ok is False] == []
    assert any(check.ok for check in checks)
    assert all(check.basis for check in checks)


def test_the_slotted_queue_has_the_queues_and_waits_of_theory_within_a_tenth():
    """At full length: four standard errors are then narrow enough to tell."""
    checks = list(theory.slotted_queue(False))
    assert len(checks) == 8 and all(check.ok for check in checks)
    assert all(check.tolerance < 0.4 * check.expected for check in checks)


def test_theory_is_not_passed_by_a_model_that_is_wrong(monkeypatch):
    """Each of these breaks one thing; the check on it must see that."""
    from agents.rules import Rules
    from model.queues import Queues

    def failed(maker):
        return any(check.ok is False for check in maker(True))

    with monkeypatch.context() as m:
        m.setattr(theory, "Rules", lambda: Rules(split_attention=lambda w, u, o, b, h, k: h[:, None] * w / w.sum(axis=1)[:, None]))
        assert failed(theory.attention)
    with monkeypatch.context() as m:
        m.setattr(theory, "Rules", lambda: Rules(data_hours=lambda i, h, n, r, e: i * h * (1 + n) / (1 - e)))
        assert failed(theory.redoing)
    with monkeypatch.context() as m:
        m.setattr(theory, "Rules", lambda: Rules(fit=lambda x, t, s, v, k: 1 - s * (x - t) ** 2 - (1 - s) * v * (1 - k)))
        assert failed(theory.delegation)
    with monkeypatch.context() as m:
        serve = Queues.serve
        m.setattr(Queues, "serve", lambda self, hours: serve(self, 0.9 * hours))
        assert failed(theory.slotted_queue)


def test_a_check_can_fail_and_say_how():
    assert near("n", 1.0, 1.1, 0.2, "b").ok and not near("n", 1.0, 1.3, 0.2, "b").ok
    assert near("n", 0, 0, 0, "b").ok
    noise = np.random.default_rng(1).normal(2.0, 1.0, 400)
    assert mean_near("n", 2.0, noise, "b").ok and not mean_near("n", 2.5, noise, "b").ok
    assert mean_near("n", 2.0, noise, "b").tolerance == pytest.approx(4 * noise.std(ddof=1) / 20)
    assert above("n", 1.5, noise, "b").ok and not above("n", 2.0, noise[:20], "b").ok
    assert above("n", 2.5, noise, "b", sign=-1).ok and not above("n", 1.5, noise, "b", sign=-1).ok
    assert within("n", 1, 3, 2, "b").ok and not within("n", 1, 3, 4, "b").ok
    assert told("n", "> 0", noise, "b").ok is None


def verify(*words):
    return CliRunner().invoke(main, ["verify", *words])


def test_json_has_the_keys_that_others_read():
    done = verify("--only", "theory.delegation", "--json")
    assert done.exit_code == 0
    (check,) = json.loads(done.stdout)["checks"]
    assert set(check) == {"name", "kind", "expected", "observed", "tolerance", "ok"}
    assert (check["kind"], check["ok"], check["observed"]) == ("theory", True, 0.0)


def test_a_failed_check_is_exit_code_1_and_a_wrong_name_2(monkeypatch):
    monkeypatch.setitem(registry.KINDS, "theory", (lambda quick: iter([near("wrong", 1, 2, 0, "b")]),))
    done = verify("--only", "theory")
    assert done.exit_code == 1
    assert "1 failed" in done.stdout
    assert "未通过" in verify("--only", "theory", "--lang", "zh").stdout
    wrong = verify("--only", "theorie")
    assert wrong.exit_code == 2
    assert "fact.formalism" in wrong.stderr
