"""What is said of wrong input, held to one standard: both languages, one line each, the same names and values."""

import re

from languages.text import say

FACTS = r"(?<!\w)'[^']*'|`[^`]*`|\b\w+_\w+\b|\d[\d.,]*\d|\d(?! or more)"
"""What a person wrote or must write: quoted texts, commands, names with an underscore, numbers."""
UNIT = r"(?<=in that range) \([^()]*\)"
"""What only the English says."""
OF_OTHERS = r"'[^']*'|`[^`]*`|\w+Error: [^（]*|\(at [^)]*\)"
"""What stays as it is in Chinese: what a person wrote, and Python's own words."""


def in_chinese(text, others="$^"):
    """The Chinese of a sentence: it must name all that the English names, and hold no English sentence.

    `others` is a pattern of what Python says in it besides.
    """
    en, zh = str(text), say(text, "zh")
    assert en and zh and "\n" not in en + zh
    assert [fact for fact in re.findall(FACTS, re.sub(UNIT, "", en)) if fact not in zh] == [], zh
    ours = re.sub(f"{others}|{OF_OTHERS}", "", zh)
    assert not re.search(r"\bline \d", ours), zh
    all_chinese(re.sub("（[^（）]*）", "", ours))
    return zh


def all_chinese(zh):
    """It is Chinese, and no English sentence is left in it."""
    assert re.search("[\u4e00-\u9fff]", zh), zh
    assert not re.search("[A-Za-z]{3,} [A-Za-z]{2,} [a-z]{2,}", zh), zh
