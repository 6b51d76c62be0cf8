"""The embedded Valkey starts, answers, survives, and goes."""

import os
import subprocess
import sys

import pytest
from redis import Redis

from gateway.errors import SettingsError, StoreUnreachable
from gateway.settings import LONGEST_SOCKET, Settings
from gateway.valkey import Valkey


def test_it_listens_on_its_socket_alone_and_keeps_a_file(own_valkey):
    with Redis.from_url(own_valkey.url) as client:
        assert client.config_get("port")["port"] == "0"
        assert client.config_get("appendonly")["appendonly"] == "yes"
        assert own_valkey.socket.stat().st_mode & 0o077 == 0
    assert own_valkey.running


def test_what_was_stored_is_there_after_a_stop_and_a_start(own_valkey):
    with Redis.from_url(own_valkey.url) as client:
        client.set("kept", "1")
    own_valkey.stop()
    assert not own_valkey.running
    own_valkey.stop()
    own_valkey.start()
    with Redis.from_url(own_valkey.url) as client:
        assert client.get("kept") == b"1"


def test_it_comes_back_after_a_kill(own_valkey):
    os.kill(own_valkey.pid, 9)
    own_valkey._gone(5)
    assert not own_valkey.running
    own_valkey.start()
    assert own_valkey.running


def test_a_second_gateway_on_the_same_folder_is_refused(own_valkey):
    with pytest.raises(SettingsError, match="another gateway"):
        Valkey(own_valkey.folder, own_valkey.socket).start()
    assert own_valkey.running


def test_what_a_killed_gateway_left_is_taken_over(tmp_path):
    folder, socket = tmp_path / "v", tmp_path / "v.sock"
    code = "import os, pathlib, sys; from gateway.valkey import Valkey\nv = Valkey(*map(pathlib.Path, sys.argv[1:]))\nv.start(); print(v.pid); sys.stdout.flush(); os.kill(os.getpid(), 9)"
    left = subprocess.run(
        [sys.executable, "-c", code, folder, socket], capture_output=True, check=False, timeout=60
    )
    with Valkey(folder, socket) as server:
        assert str(server.pid) in left.stdout.decode()
        assert server.running
        orphan = server.pid
    with pytest.raises(ProcessLookupError):
        os.kill(orphan, 0)


def test_a_long_path_moves_the_socket_and_the_setting_agrees(tmp_path):
    data = tmp_path / ("long" * 25) / "data"
    settings = Settings(data_dir=data)
    assert len(os.fsencode(settings.valkey_socket)) <= LONGEST_SOCKET
    assert settings.valkey_socket != Settings(data_dir=data / "other").valkey_socket
    with Valkey(data / "valkey", settings.valkey_socket) as server:
        assert server.url == settings.store_url
        with Redis.from_url(settings.store_url) as client:
            assert client.ping()
        assert settings.valkey_socket.parent.stat().st_mode & 0o077 == 0
    settings.valkey_socket.parent.rmdir()


def test_a_path_with_odd_characters_works(tmp_path):
    settings = Settings(data_dir=tmp_path / "my data % \u0627 #1")
    with (
        Valkey(settings.data_dir / "valkey", settings.valkey_socket),
        Redis.from_url(settings.store_url) as client,
    ):
        assert client.ping()


def test_a_server_that_cannot_start_is_named_with_its_log(tmp_path):
    folder = tmp_path / "v"
    (folder / "appendonlydir").mkdir(parents=True)
    (folder / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(StoreUnreachable, match=r"valkey\.log"):
        Valkey(folder, tmp_path / "v.sock").start()
