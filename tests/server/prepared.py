# SPDX-License-Identifier: Apache-2.0
"""The city that tests of real processes begin with, made once a run: a stopped cluster, its keys and the static files, copied for each of them."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rexian.config.postgres import EmbeddedPostgres

BESIDE = ("secrets", "static")
"""Folders of `var` that belong to the city beside its database."""


def prepared(folder: Path, database: EmbeddedPostgres, make: Callable[[], str]) -> str:
    """Fills the empty `folder`, whose cluster is `database`, with the city, and starts it; returns the token of its API client.

    The first test of a run makes the city by `make`; it is kept below REXIAN_TEST_VAR, where every worker of the run finds it.
    """
    kept = Path(os.environ["REXIAN_TEST_VAR"]) / "prepared"
    with _alone(kept):
        if not (kept / "token").exists():
            _keep(kept, folder, database, make())
    if not database.data.exists():
        _copy(kept, folder, database)
    database.start()
    return (kept / "token").read_text(encoding="utf-8")


@contextmanager
def _alone(kept: Path) -> Iterator[None]:
    """One process of the run at a time."""
    kept.mkdir(exist_ok=True)
    with (kept / "lock").open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _keep(kept: Path, folder: Path, database: EmbeddedPostgres, token: str) -> None:
    database.stop()
    _cp(database.data, kept / "data")
    for name in BESIDE:
        _cp(folder / name, kept / name)
    (kept / "token").write_text(token, encoding="utf-8")  # last: the sign that all is there


def _copy(kept: Path, folder: Path, database: EmbeddedPostgres) -> None:
    database.home.mkdir(parents=True, exist_ok=True)
    _cp(kept / "data", database.data)
    settings = database.data / "postgresql.conf"
    with settings.open("a", encoding="utf-8") as file:  # the last line of a setting holds
        file.write(f"unix_socket_directories = '{database.socket_folder}'\n")
    for name in BESIDE:
        _cp(kept / name, folder / name)


def _cp(source: Path, target: Path) -> None:
    """A folder as it is, with its owners, which shutil would not keep."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)
