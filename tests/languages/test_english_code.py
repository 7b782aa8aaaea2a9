"""English stands in the code; what other languages say stands in the catalogues."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = [path for folder in ("agents", "benchmarks", "docs", "experiments", "languages", "model", "page")
           for path in (ROOT / folder).rglob("*.py")] + [ROOT / "server.py"]
CHINESE = "[\u4e00-\u9fff]"


def sentences(source):
    """Chinese literals of a source that are no docstring, no citation of the essay, and no word beside English."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [node.value for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
            and not node.value.startswith("essay §")
            and len(re.findall(CHINESE, node.value)) > len(re.findall("[A-Za-z]", node.value))]


def test_no_chinese_sentence_stands_in_the_code():
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in SOURCES}
    assert len(texts) > 200
    assert {name: found for name, text in texts.items() if re.search(CHINESE, text) and (found := sentences(text))} == {}


def test_a_chinese_sentence_would_be_found():
    assert sentences('"""吹哨报到"""\nf("no such file", f"没有文件 {x}")\ny = "essay §2: 合成谬误", "all relay 照转"') == ["没有文件 "]
