"""What keeps `chuishao explore` from starting is said in one sentence; the page itself is tested in tests/page."""

import socket
import subprocess

import pytest
from click.testing import CliRunner
from samples import told_in_chinese

from experiments import explore
from experiments.__main__ import main
from page.settings import language


def started(*words):
    return CliRunner().invoke(main, ["explore", "--no-open", *words])


@pytest.fixture
def busy():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield str(taken.getsockname()[1])


class Server:
    """Stands in for the server's process."""

    def __init__(self, command, env):
        self.command, self.env, self.killed = command, env, False
        Server.last = self

    def wait(self, timeout=None):
        raise KeyboardInterrupt if timeout is None else subprocess.TimeoutExpired("solara", timeout)

    def kill(self):
        self.killed = True


@pytest.mark.parametrize("words, said", [
    (["--rules", "missing.py"], "missing.py"), (["--rules", "nothing"], "variant 'nothing'"), (["--port", "0"], "--port"),
    (["--results", "nowhere"], "no folder 'nowhere'"), (["--results", __file__], "no folder"),
    (["--regime", "missing.toml"], "missing.toml"), (["--regime", "hotline"], "no TOML file"),
    (["--host", "999.1.1.1"], "999.1.1.1"), (["--host", "a" * 99 + ".b"], "--host")])
def test_wrong_input_is_one_sentence(words, said, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)  # nothing is started
    done = started(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_a_reform_of_ones_own_can_be_chosen_on_the_page(tmp_path, monkeypatch):
    from page import settings
    from page.answer import shown
    from page.lab.regimes import regime_bases

    (tmp_path / "mine.toml").write_text('[powers]\nwhistle_due = 3\n')
    monkeypatch.setenv(explore.REGIMES_VARIABLE, f'["{tmp_path / "mine.toml"}"]')
    settings.own_regimes.cache_clear()
    (name,) = settings.own_regimes()
    assert {"name": name, "label": "mine"} in shown.regimes("en")
    assert regime_bases("zh")[-1] == {"name": name, "label": "mine", "help": ""}
    settings.own_regimes.cache_clear()


def test_a_port_in_use_is_one_sentence(busy, monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    done = started("--port", busy)
    assert done.exit_code == 2 and done.stderr.count("\n") == 1
    assert f"127.0.0.1, port {busy}" in done.stderr and "another --port" in done.stderr


def test_a_server_that_does_not_end_on_ctrl_c_is_ended(busy, monkeypatch):
    monkeypatch.setattr(explore, "_can_be_had", lambda host, port: None)
    monkeypatch.setattr(subprocess, "Popen", Server)
    done = started("--port", busy)
    assert done.exit_code == 0 and Server.last.killed
    assert "--no-check-version" in Server.last.command


def test_chinese_on_request(busy, monkeypatch):
    told_in_chinese(started("--port", busy, "--lang", "zh"), busy)
    monkeypatch.setattr(explore, "_can_be_had", lambda host, port: None)
    monkeypatch.setattr(subprocess, "Popen", Server)
    begins_in = {}
    for lang in ("zh", "en"):
        started("--port", busy, "--lang", lang)
        monkeypatch.setenv(explore.LANGUAGE_VARIABLE, Server.last.env[explore.LANGUAGE_VARIABLE])
        begins_in[lang] = language()
    assert begins_in == {"zh": "zh", "en": "en"}
