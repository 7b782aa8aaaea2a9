"""Bring the catalogues up to date with the code: `python -m languages.update`; `--check` only says what is wrong.

Finds every sentence in the code, keeps what is translated, drops what the code no longer says, and compiles. A
sentence without its translation is listed with its place, and the command ends with 1.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from .text import DOMAIN, FOLDER, Text, unit

ROOT = FOLDER.parent
PACKAGES = ("agents", "model", "experiments", "page", "languages", "benchmarks")
CLICK = "messages.po"
"""What Click says of wrong options: written by hand, nothing is extracted for it."""
KEYWORDS = {"_": 1, "_p": 2}
"""Functions that say something, and how many literals each begins with: the message, after its context."""


def of_code() -> Catalog:
    """Every sentence of the code, with the files that say it (no line numbers, which would change with each edit)."""
    found = Catalog(project="chuishao", charset="utf-8", fuzzy=False)
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for context, message in sentences(path.read_text(encoding="utf-8")):
                found.add(message, locations=[(str(path.relative_to(ROOT)), 0)], context=context)
    for place, text in texts():
        found.add(text.message, locations=[(place, 0)], context=text.context or None)
    return found


def sentences(source: str) -> list[tuple[str | None, str]]:
    """Context and message of each `_` and `_p` of a source; Babel's own finder misses some inside others."""
    calls = [node for node in ast.walk(ast.parse(source))
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KEYWORDS]
    found = []
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        words = [arg.value for arg in call.args[:KEYWORDS[call.func.id]] if isinstance(arg, ast.Constant)]
        if len(words) == KEYWORDS[call.func.id]:
            found.append((words[0] if len(words) == 2 else None, words[-1]))
    return found


def texts() -> Iterator[tuple[str, Text]]:
    """What users read of ours that is no literal in the code, with its file: rules, units, figures, files."""
    from agents.arguments import ARGUMENTS
    from agents.rules import SLOTS, contract
    from agents.variants import names, says
    from experiments.calibration.published import published
    from experiments.lists import description
    from experiments.plan import PLANS, load_plan
    from model.levels import LEVELS
    from model.measures import MEASURES
    from model.regimes import CONTROLS, REFORMS
    from model.scenario import PARAMETERS, SCENARIOS

    contracts = [contract(slot) for slot in SLOTS]
    yield from (("agents/rules.py", one.says) for one in contracts)
    yield from (("agents/variants.py", says(name)) for name in names())
    units = {one.unit for one in (*contracts, *ARGUMENTS.values(), *PARAMETERS.values(), *MEASURES.values(),
                                  *LEVELS.values())}
    yield from (("model/scenario.py", unit(name)) for name in sorted(units - {""}))
    yield from (("experiments/calibration/published.toml", figure.label) for figure in published().values())
    for one in REFORMS.values():
        yield from ((f"model/reforms/{one.name}.toml", text) for text in (one.label, one.text))
    yield from (("model/regimes.py", label) for label, _says in CONTROLS.values())
    for path in sorted(SCENARIOS.glob("*.toml")):
        yield f"experiments/scenarios/{path.name}", description(path)
    for path in sorted(PLANS.glob("*.toml")):
        yield f"experiments/plans/{path.name}", Text(load_plan(path).about)


def languages() -> Iterator[tuple[str, Path]]:
    """Code and catalogue of each language that has one."""
    for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield path.parent.parent.name, path


def updated(lang: str, path: Path, wanted: Catalog) -> Catalog:
    """A language's catalogue with exactly the sentences of the code, in the order of the code."""
    old = said_by(path, lang)
    new = Catalog(locale=lang, project="chuishao", version="", header_comment="# Made by python -m languages.update",
                  creation_date=old.creation_date, revision_date=old.revision_date, fuzzy=False)
    for message in wanted:
        if message.id:
            known = old.get(message.id, context=message.context)
            new.add(message.id, known.string if known else "", locations=sorted(set(message.locations)),
                    auto_comments=message.auto_comments, user_comments=known.user_comments if known else (),
                    context=message.context)
    return new


def said_by(path: Path, lang: str) -> Catalog:
    """A catalogue as its file has it."""
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def untranslated(words: Catalog) -> list[str]:
    """Sentences without a translation, each with its first file."""
    return [f"{message.locations[0][0]}: {message.id!r}" for message in words if message.id and not message.string]


def entries(words: Catalog) -> dict[str, str]:
    """What a catalogue says, as gettext keeps it."""
    return {f"{m.context}\x04{m.id}" if m.context else m.id: m.string for m in words if m.id and m.string}


def out_of_date(path: Path, words: Catalog) -> list[str]:
    """Which of a language's two files say anything else than the code and its translations."""
    with path.with_suffix(".mo").open("rb") as file:
        compiled = {k: v for k, v in GNUTranslations(file)._catalog.items() if k}
    written = entries(said_by(path, str(words.locale)))
    fresh = {path: written == entries(words), path.with_suffix(".mo"): compiled == entries(words)}
    return [f"{file.relative_to(ROOT)} is out of date; run python -m languages.update"
            for file, same in fresh.items() if not same]


def write(path: Path, words: Catalog) -> None:
    """Write a language's .po, and the .mo made of it."""
    with path.open("wb") as file:
        write_po(file, words, width=110, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, words)


def compile_by_hand(path: Path, check: bool) -> list[str]:
    """Compile a catalogue that is written by hand; on request only say whether its .mo is out of date."""
    made, mo = BytesIO(), path.with_suffix(".mo")
    write_mo(made, said_by(path, path.parent.parent.name))
    made.seek(0)
    if not check:
        mo.write_bytes(made.getvalue())
        return []
    with mo.open("rb") as file:
        old, new = (GNUTranslations(one)._catalog for one in (file, made))
    same = {k: v for k, v in old.items() if k} == {k: v for k, v in new.items() if k}
    return [] if same else [f"{mo.relative_to(ROOT)} is out of date; run python -m languages.update"]


def main(arguments: list[str]) -> int:
    """Bring the catalogues up to date, or only check them.

    Returns:
        1 if a sentence has no translation, or a checked file is out of date.
    """
    check, wrong, wanted = "--check" in arguments, [], of_code()
    for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{CLICK}")):
        wrong += compile_by_hand(path, check)
    for lang, path in languages():
        words = updated(lang, path, wanted)
        wrong += [f"{lang}: no translation: {what}" for what in untranslated(words)]
        wrong += out_of_date(path, words) if check else []
        if not check:
            write(path, words)
    print("\n".join(wrong) or "Catalogues are complete.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
