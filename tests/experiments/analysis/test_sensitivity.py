"""Indices of functions whose answer is known, and refusal of designs with holes."""


import numpy as np
import pytest
from samples import sweep_plan, swept
from told import in_chinese

from experiments.analysis.sensitivity import indices, sensitivity
from experiments.plan import load_plan
from experiments.store import Store, open_results
from model.errors import InputError, text_of

pytest.importorskip("SALib")
VARY = "[vary]\nreach = [0.2, 1.0]\nload = [0.5, 1.5]\npsi = [0.0, 0.5]"


def plan(kind, points):
    return sweep_plan(kind, VARY, points=points)


def unit(p):
    """Points of a plan scaled to 0–1."""
    low, high = np.array([[0.2, 0.5, 0.0], [1.0, 1.5, 0.5]])
    return (np.array([list(v.values()) for v in p.points()]) - low) / (high - low)


def test_morris_of_a_linear_function_is_its_slopes():
    p = plan("morris", 6)
    x = unit(p)
    table = indices(p, 3 * x[:, 0] - 7 * x[:, 1]).set_index("parameter")
    assert list(table.index) == ["load", "reach", "psi"]
    assert table["mu"].tolist() == pytest.approx([-7, 3, 0]) and table["sigma"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)


@pytest.mark.parametrize("given, instead", [("[2, 6]", "[2, 8]"), ("[2.5, 8.5]", "[3, 9]"), ("[9, 60]", None)])
def test_a_whole_number_is_moved_over_whole_levels_or_not_at_all(tmp_path, given, instead):
    """SALib divides by the step it meant: rounded to [2, 3, 5, 6] a slope of 10 over [2, 6] was 45 instead of 40."""
    text = f'name = "whole"\n[design]\nkind = "morris"\npoints = 6\n[vary]\nstreets = {given}\nreach = [0.2, 1.0]\n'
    path = tmp_path / "whole.toml"
    path.write_text(text, encoding="utf-8")
    if instead:
        with pytest.raises(InputError, match="multiple of 3 apart") as refused:
            load_plan(path)
        in_chinese(text_of(refused.value))
        assert "whole.toml, line 6" in str(refused.value)
        path.write_text(text.replace(given, instead), encoding="utf-8")
    p = load_plan(path)
    low, high = p.vary["streets"]
    slopes = indices(p, np.array([10.0 * point["streets"] for point in p.points()])).set_index("parameter")
    assert slopes.loc["streets", "mu_star"] == pytest.approx(10 * (high - low))


def test_indices_of_a_folder_with_rounded_points_are_refused_and_the_shipped_plan_is_taken():
    p = sweep_plan("morris", "[vary]\ncase_due = [5, 10]\nreach = [0.2, 1.0]")
    with pytest.raises(InputError, match=r"case_due = \[5, 10\] has no whole levels"):
        indices(p, np.zeros(len(p.points())))
    assert load_plan("sensitivity").design.kind == "morris"


def test_sobol_of_an_additive_function_is_its_shares_of_variance():
    """Var of c·U is c²/12: shares 4/5 and 1/5. 1,024 base samples of a quasi-random design are good to about 1 %."""
    p = plan("sobol", 1024)
    x = unit(p)
    table = indices(p, 2 * x[:, 0] + x[:, 1]).set_index("parameter")
    for column in ("ST", "S1"):
        assert table.loc[["reach", "load", "psi"], column].tolist() == pytest.approx([0.8, 0.2, 0], abs=0.02)


def test_a_hole_in_the_design_is_refused(tmp_path):
    swept(tmp_path / "out", "morris", VARY, points=2, seeds=2)
    table = sensitivity(open_results(tmp_path / "out"), "served_need")
    assert set(table["parameter"]) == {"reach", "load", "psi"} and np.isfinite(table["mu_star"]).all()
    with Store(tmp_path / "out", write=True) as store:
        store.db.execute("delete from runs where point = 3 and regime = 'whistle' and seed = 20260101")
    with pytest.raises(InputError, match="1 of 8 points lack a run"):
        sensitivity(open_results(tmp_path / "out"), "served_need")
    values = np.zeros(8)
    values[2] = np.nan
    with pytest.raises(InputError, match="not finite"):
        indices(plan("morris", 2), values)


def test_other_designs_are_refused(tmp_path):
    swept(tmp_path / "out", "lhs", VARY, points=2, seeds=2)
    with pytest.raises(InputError, match="holds a lhs design"):
        sensitivity(open_results(tmp_path / "out"), "served_need")
