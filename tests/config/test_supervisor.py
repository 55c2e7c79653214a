# SPDX-License-Identifier: Apache-2.0
"""What must run is kept running; what was prepared is not prepared again."""

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.db import connection

from rexian.config import preparing, supervisor
from rexian.config.errors import CannotRun
from rexian.config.postgres import EmbeddedPostgres
from rexian.config.supervisor import Child

ENDS = [sys.executable, "-S", "-c", ""]
STAYS = ["sleep", "60"]


def _run(child: Child, times: int) -> None:
    for _ in range(times):
        child.keep()
        if child.process is not None:
            child.process.wait()


def test_what_ends_is_started_again() -> None:
    child = Child("x", ENDS)
    child.start()
    assert child.process is not None
    first = child.process
    first.wait()
    child.command = STAYS
    child.keep()
    assert child.process is not first
    child.keep()
    assert child.process.poll() is None
    child.stop()
    assert child.process.poll() is not None


def test_what_never_runs_is_given_up() -> None:
    child = Child("后台任务", ENDS)
    child.start()
    with pytest.raises(CannotRun, match="一分钟内停了 5 次"):
        _run(child, supervisor.STORM + 2)


def test_what_has_run_well_is_started_for_ever_but_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the worker while the database is away."""
    child = Child("后台任务", ENDS, proven=True)
    child.start()
    _run(child, 20)
    assert len(child.started) == supervisor.STORM + 1
    monkeypatch.setattr(supervisor, "SLOWLY", 0.0)
    _run(child, 1)
    assert len(child.started) == supervisor.STORM + 2


def test_the_embedded_server_is_seen_to_live() -> None:
    assert EmbeddedPostgres(Path(real.VAR)).alive() or connection.settings_dict["HOST"] == "localhost"
    assert not EmbeddedPostgres(Path("/nowhere")).alive()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_prepared_twice(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR, settings.STATIC_ROOT, settings.PRODUCTION = tmp_path, tmp_path / "static", True
    done: list[str] = []
    monkeypatch.setattr(preparing, "migrate", lambda: done.append("migrate"))
    preparing.prepare()
    assert done == ["migrate"]
    assert (tmp_path / "static").exists()
    begun = time.process_time()
    preparing.prepare()
    assert done == ["migrate"]
    assert time.process_time() - begun < 0.5
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())")
    preparing.prepare()
    assert done == ["migrate", "migrate"], "another state of the database"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'x'")
    preparing.prepare()
    monkeypatch.setattr(preparing, "code", lambda: "another version")
    preparing.prepare()
    assert len(done) == 4
    monkeypatch.setattr(preparing, "APPLIED", "SELECT nothing")
    assert not preparing._known()
