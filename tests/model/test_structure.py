"""How streets are cut: equal people, no desk without a cadre, and what layered means."""

from dataclasses import astuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.governance import GovernanceModel
from model.regimes import LAYERED, WHISTLE
from model.scenario import Scenario
from model.structure import cut, cut_streets


def town(departments, cadres):
    """Streets with so many cadres each."""
    return Scenario(departments=departments, street=[{"cadres": n} for n in cadres])


sizes = st.builds(town, st.integers(1, 60), st.lists(st.integers(1, 80), min_size=1, max_size=4))
offices_ = st.integers(1, 60)


def first_desks(made, cadres):
    """The first desk of every street, and behind them the number of all desks."""
    return np.append(0, np.cumsum([min(made.offices, n) for n in cadres]))


def contiguous(block):
    """Numbered 0, 1, … along the line, none left out."""
    return block[0] == 0 and set(np.diff(block).tolist()) <= {0, 1}


@settings(max_examples=100)
@given(sizes, offices_)
def test_every_desk_is_staffed_and_has_domains(scenario, offices):
    made, cadres = cut(scenario, offices), scenario.by_street("cadres")
    assert made.offices == min(offices, scenario.departments)
    desks = range(first_desks(made, cadres)[-1])
    assert set(made.desk_of_site.tolist()) == set(made.desk_of_cadre.tolist()) == set(desks)


@settings(max_examples=100)
@given(sizes, offices_)
def test_people_stay_on_their_street_however_it_is_cut(scenario, offices):
    made, cadres = cut(scenario, offices), scenario.by_street("cadres")
    street_of_desk = np.repeat(np.arange(scenario.streets), np.diff(first_desks(made, cadres)))
    assert (street_of_desk[made.desk_of_cadre] == np.repeat(np.arange(scenario.streets), cadres)).all()


@settings(max_examples=100)
@given(sizes, offices_)
def test_offices_and_desks_are_contiguous_blocks_and_streets_with_as_many_cadres_alike(scenario, offices):
    made, cadres = cut(scenario, offices), scenario.by_street("cadres")
    assert contiguous(made.office_of_domain)
    assert made.office_of_domain[-1] == made.offices - 1
    assert contiguous(made.desk_of_cadre)
    sites = made.desk_of_site.reshape(scenario.streets, -1) - first_desks(made, cadres)[:-1, None]
    shares = made.own_share.reshape(scenario.streets, -1)
    for street, desk_of_domain in enumerate(sites):
        assert contiguous(desk_of_domain)
        alike = cadres.index(cadres[street])
        assert (desk_of_domain == sites[alike]).all() and (shares[street] == shares[alike]).all()


@settings(max_examples=100)
@given(sizes)
def test_layered_gives_every_domain_its_own_cadre(scenario):
    made = cut(scenario, LAYERED.powers(scenario).offices)
    d, c = scenario.departments, scenario.by_street("cadres")[0]
    first = made.desk_of_site[:d].tolist()
    assert made.office_of_domain.tolist() == list(range(d))
    assert (made.own_share == 1).all()
    if c <= d:  # DESIGN §3: domain d belongs to cadre ⌊cadres·d/departments⌋
        assert made.desk_of_cadre[:c].tolist() == list(range(c))
        assert first == [c * domain // d for domain in range(d)]
    else:  # each cadre has one domain
        assert first == list(range(d))


@settings(max_examples=100)
@given(sizes, offices_)
def test_own_share_is_a_share_of_the_desk(scenario, offices):
    made = cut(scenario, offices)
    staff = np.bincount(made.desk_of_cadre)[made.desk_of_site]
    assert ((made.own_share >= 0) & (made.own_share <= 1)).all()
    np.testing.assert_allclose(made.own_share * staff, np.round(made.own_share * staff), atol=1e-9)  # whole cadres


@settings(max_examples=100)
@given(st.integers(1, 3), st.integers(1, 60), offices_)
def test_as_many_cadres_as_departments_are_one_expert_a_domain(streets, people, offices):
    made = cut(Scenario(streets=streets, departments=people, cadres=people), offices)
    np.testing.assert_allclose(made.own_share, 1 / np.bincount(made.desk_of_cadre)[made.desk_of_site])


@settings(max_examples=100)
@given(sizes, offices_)
def test_a_domains_own_cadre_sits_at_its_desk(scenario, offices):
    assert (cut(scenario, offices).own_share > 0).all()


def test_slimming_leaves_every_domain_its_own_cadre_in_the_difficult_region():
    scenario = Scenario(region="difficult")
    assert (cut(scenario, WHISTLE.powers(scenario).offices).own_share > 0).all()


def test_slimming_the_essays_street():
    scenario = Scenario()  # 25 offices into 6, 25 cadres
    made = cut(scenario, WHISTLE.powers(scenario).offices)
    assert made.offices == 6
    assert np.bincount(made.office_of_domain).tolist() == [5, 4, 4, 4, 4, 4]
    assert np.bincount(made.desk_of_cadre)[:6].tolist() == [5, 4, 4, 4, 4, 4]
    assert made.own_share[:25].tolist() == [1 / 5] * 5 + [1 / 4] * 20


def test_more_offices_than_domains_are_as_many_as_domains():
    scenario = Scenario(departments=5)
    for one, other in zip(astuple(cut(scenario, 40)), astuple(cut(scenario, 5)), strict=True):
        np.testing.assert_array_equal(one, other)


# --- in a district ----------------------------------------------------------------------------------------------

SMALL = dict(streets=3, departments=7, cadres=5, residents=10, days=35, burn_in=0)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=4))
def test_a_district_cut_again_and_again_is_as_if_cut_once(offices):
    d, scenario = GovernanceModel(**SMALL, rng=1).district, Scenario(**SMALL)
    for number in offices:
        cut_streets(d, scenario, number)
    made = cut(scenario, offices[-1])
    for name in ("office_of_domain", "own_share", "desk_of_site"):
        np.testing.assert_array_equal(getattr(d.structure, name), getattr(made, name))
    staff = np.bincount(made.desk_of_cadre)
    held = d.desks[:len(staff)]
    np.testing.assert_array_equal(held.cadres, staff)
    np.testing.assert_array_equal(d.cadres.desk, made.desk_of_cadre)
    for row, cadre in enumerate(d.cadres):
        desk = d.desks[cadre.desk]
        assert desk.first_cadre <= row < desk.first_cadre + desk.cadres
    assert not d.desks[len(held):].cadres.any()


def test_an_offices_register_holds_what_those_merged_into_it_held():
    m = GovernanceModel(**SMALL, rng=1)
    held = m.district.register.held.reshape(-1, m.scenario.item_pool)
    held[:7, 0] = [5, 1, 9, 2, 3, 8, 4]  # days on which each office last collected an item
    held[7:] = np.arange(7)[:, None]  # domains' own registers
    cut_streets(m.district, m.scenario, 3)
    assert m.district.structure.office_of_domain.tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert held[:3, 0].tolist() == [9, 3, 8]
    assert (held[7:] == np.arange(7)[:, None]).all()
    cut_streets(m.district, m.scenario, 1)
    assert held[0, 0] == 9
