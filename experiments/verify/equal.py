"""Neutrality and conservation (DESIGN §6): what no regime may change, and what may not vanish."""

from __future__ import annotations

from collections.abc import Iterator

from languages.text import _
from model.governance import GovernanceModel
from model.regimes import REFORMS, parse_regime
from model.scenario import Scenario

from ..neutrality import prove
from ..plan import EVERY_SUBSET
from .check import Check, near, where

SILENT = "+sigma_street=0-sigma_department-call_back"
"""Takes what is assessed from below, and call-back, out of a regime."""
NULL = dict(
    alpha=1, rework=0, delta=0, tighten_step=0,  # nothing is lost or added on the way down
    effort_sd=0.1, spot=0, patience_sd=0, campaign_size=1,  # no one comes by a piece or a wave that others do not
    whim_sd=0, theta_sd=0, theta_mean=0.5, idea_spread=0, translate_share=0,  # x = θ; beliefs do not pull it away
    v_err=0, tacit=0, psi=0, gaming=0, reach=1, misgroup=0, inflation=0, cause_share=0, unreasonable=0,
    accept_base=1, accept_crowd=0, voice_cost=0, civic_hours=40, civic_sd=0, ties=0, load=0.15,
    core_due=60,  # the longest jobs take one person ten days
    streets=2, days=60, burn_in=20)
"""Nothing can go wrong and hours suffice at every single desk: no regime may then have an edge. (At load .3 a desk of
one cadre is sometimes short in the difficult region while its neighbours are idle; slimming, which pools them, then
has an edge of .001, which is its mechanism.)"""
BUSY = {"streets": 2, "days": 60, "burn_in": 20, "residents": 120}


def neutrality(quick: bool) -> Iterator[Check]:
    """Every arm against layered: same world, same burn-in, same paid hours; a tie where there is nothing to do."""
    reforms = [name for name in REFORMS if name != "more_staff"]
    arms = (*(EVERY_SUBSET[1::8] if quick else EVERY_SUBSET[1:]), *reforms)
    names = list(dict.fromkeys(parse_regime(arm).name for arm in arms))
    for region in ("rich", "difficult"):
        base = GovernanceModel(Scenario(region=region, **BUSY), rng=3).run().neutrality()
        pairs = [(base, GovernanceModel(Scenario(region=region, **BUSY), name, rng=3).run().neutrality())
                 for name in names]
        found = prove(pairs, ["layered", *names])
        yield near(_("{region}: arms whose world, burn-in or hours differ", region=where(region)),
                   0, sum(found.broken.values()), 0,
                   f"{found.pairs} arms against layered, to the bit")
        yield near(_("{region}: paid hours per class, largest relative gap", region=where(region)),
                   0, found.gap, 1e-9, "rounding")
        served = [GovernanceModel(Scenario(region=region, **NULL), parse_regime(name), rng=3).run().measures()
                  for name in ("layered", "layered+slim", "layered+triage", *(name + SILENT for name in reforms))]
        yield near(_("{region}: need served where nothing can go wrong, least of arms", region=where(region)), 1.0,
                   min(m["served_need"] for m in served), 1e-9, "no arm has an edge of its own; rounding")
    silent = [GovernanceModel(Scenario(authority_share=0, **BUSY), arm, rng=4).run().measures()
              for arm in ("layered", "layered+direct_due=5")]
    yield near(_("direct calls where no case requires departments: measures that differ"), 0,
               sum(silent[0][k] != silent[1][k] for k in silent[0]), 0, "to the bit")


def conservation(quick: bool) -> Iterator[Check]:
    """Hours, needs, ideas and core jobs: all that begins is found again."""
    for region, arm in (("rich", "whistle"), ("difficult", "layered"), ("difficult", "whistle+merge_tasks")):
        m = GovernanceModel(Scenario(region=region, **BUSY), arm, rng=8).run()
        yield near(_("{region}, {arm}: hours spent + idle − paid", region=where(region), arm=arm), 0,
                   m.neutrality()["spent_plus_idle_error"], 1e-6, "each day and class; rounding")
        told = m.accounts()
        for what, begun in told["begun"].items():
            yield near(_("{region}, {arm}: {what} begun and accounted for", region=where(region), arm=arm, what=what),
                       begun,
                       sum(told[what].values()), 0, "each in one place")


MAKERS = (neutrality, conservation)
