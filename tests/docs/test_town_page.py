"""docs/town.md: its file is read, its code runs, its table names every key."""

import re
import shlex
from pathlib import Path

from experiments.__main__ import main
from model.scenario import load_scenario
from model.town import PARAMETER

TEXT = (Path(__file__).parents[2] / "docs" / "town.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.S | re.M)


def test_the_town_that_is_shown_is_one(tmp_path):
    (shown,) = blocks("toml")
    (tmp_path / "town.toml").write_text(shown, encoding="utf-8")
    town = load_scenario(tmp_path / "town.toml")
    assert town.by_street("cadres") == (20, 12) and town.by_street("residents") == (700, 180)
    assert town.by_department("staff") == (6, 2) and town.street_name(1).into("zh") == "山"


def test_the_table_names_every_key_and_what_holds_without_it():
    rows = re.findall(r"^\| (street|department) \| `(\w+)` \| `(\w+)` \|", TEXT, re.M)
    assert sorted(rows) == sorted((kind, key, name) for kind, keys in PARAMETER.items() for key, name in keys.items())


def test_its_code_runs(capsys):
    (code,) = blocks("python")
    exec(compile(code, "docs/town.md", "exec"), {})
    told = capsys.readouterr().out
    assert "Old Town" in told and "North Hills" in told and len(told.splitlines()) == 6


def test_its_commands_have_these_options():
    for line in blocks("sh")[0].splitlines():
        _name, command, *words = shlex.split(line)
        known = {option for param in main.commands[command].params for option in param.opts}
        assert {word for word in words if word.startswith("--")} <= known
