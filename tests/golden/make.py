"""Write down the results of all golden configurations: `PYTHONPATH=<checkout> python tests/golden/make.py OUT.json`.

`second_edition.json` beside this file was made when the second edition was put together. It is a golden value, not a
theory: it tells that a later engine does the same, not that either is right. Make it anew only where the model itself
is meant to change, each time with a step in docs/changes.md.
"""

import json
import sys
from pathlib import Path

from configurations import CONFIGURATIONS

import model


def main(out: str) -> None:
    """Run all and write one line a configuration, so that a difference can be read."""
    print("model:", Path(model.__file__).parent)
    lines = []
    for configuration in sorted(CONFIGURATIONS, key=lambda c: c.name):
        text = json.dumps(configuration.results(), sort_keys=True, allow_nan=False, separators=(",", ":"))
        lines.append(f"{json.dumps(configuration.name)}:{text}")
    Path(out).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
