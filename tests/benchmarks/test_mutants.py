"""Mutants break a source in one place, the sample stays what it is, and what notices one is a test that fails."""

import ast

import pytest

from benchmarks.mutants import FILES, HERE, Mutant, mutants_of, noticed_by, sample

pytestmark = pytest.mark.slow

SOURCE = b'''"""Words."""
LIMIT = 3
def rule(a, b):
    """If 1, then 2."""
    self.seen += 1
    if a < b and b > 0.5:
        return max(a - b, 0.0)
    return a
'''
MADE = {("3", "4"), ("self.seen += 1", "pass"), ("1", "2"), ("a < b and b > 0.5", "a < b or b > 0.5"), ("a < b", "a <= b"),
        ("b > 0.5", "b >= 0.5"), ("0.5", "0.625"), ("max", "min"), ("a - b", "a + b"), ("0.0", "0.25")}


def test_every_operator_changes_what_it_is_meant_for_and_nothing_else():
    made = list(mutants_of("x.py", SOURCE))
    assert {(mutant.old, mutant.new) for mutant in made} == MADE
    assert len(made) == len(MADE)
    for mutant in made:
        before, after = (text.decode().splitlines() for text in (SOURCE, mutant.of(SOURCE)))
        assert [k + 1 for k, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [mutant.line]


@pytest.mark.parametrize("file", FILES[::4])
def test_every_mutant_of_the_model_is_python(file):
    source = (HERE / file).read_bytes()
    made, as_it_is = list(mutants_of(file, source)), ast.unparse(ast.parse(source))
    assert len(made) > 20
    for mutant in made[::20]:  # of all kinds, in all places
        assert ast.unparse(ast.parse(mutant.of(source))) != as_it_is


def test_a_sample_is_the_same_again_and_stays_when_something_else_is_edited(tmp_path):
    for file in FILES:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(b"# one line more\n" + (HERE / file).read_bytes())
    drawn, other, moved = sample(30, 1), sample(30, 2), sample(30, 1, tmp_path)
    assert drawn == sample(30, 1) and len(set(drawn) & set(other)) < 5  # of some thousand; a few may meet by chance
    assert [mutant._replace(line=0, start=0, end=0) for mutant in drawn] == [
        mutant._replace(line=0, start=0, end=0) for mutant in moved]
    assert {mutant.line + 1 for mutant in drawn} >= {mutant.line for mutant in moved[:1]}


@pytest.mark.parametrize(("body", "seen"), [("assert half(4) == 2", "test_half.py::test_half"), ("half(4)", ""),
                                            ("while half(4) != 2: pass", "no end"), ("__import__('os')._exit(7)", "pytest ended with 7")])
def test_what_notices_a_mutant_is_the_test_that_fails_and_the_source_comes_back(tmp_path, body, seen):
    root, warm = tmp_path / "checkout", tmp_path / "warm"
    for folder in (root, warm):
        folder.mkdir()
    source = b"def half(x):\n    return x / 2\n"
    (root / "halves.py").write_bytes(source)
    (root / "test_half.py").write_text(f"from halves import half\n\n\ndef test_half():\n    {body}\n")
    (mutant,) = (m for m in mutants_of("halves.py", source) if m.old == "x / 2")
    assert mutant == Mutant("halves.py", 2, 24, 29, "half", "x / 2", "x * 2")
    assert noticed_by(root, mutant, ("test_half.py",), warm, limit=6 if seen == "no end" else 60) == seen
    assert (root / "halves.py").read_bytes() == source
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkout", "warm"]
