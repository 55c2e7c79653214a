# SPDX-License-Identifier: Apache-2.0
"""A hotline of real processes for tests: its own durable PostgreSQL, Granian, and the commands of an operator."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from rexian.config.postgres import EmbeddedPostgres
from tests.server.prepared import prepared

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Hotline:
    """Processes below a folder of their own; `close` ends and removes everything."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rexian-server-"))
        self.folder.chmod(0o755)
        self.database = EmbeddedPostgres(self.folder)
        self.web: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        plain = {
            name: value for name, value in os.environ.items() if not name.startswith(("REXIAN", "DJANGO", "DATABASE"))
        }
        return plain | {
            "REXIAN_VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "rexian.config.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }

    def manage(self, *words: str, stdin: str = "") -> str:
        """A management command's output; fails on an error."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *words: str, **environment: str) -> "subprocess.Popen[str]":
        """The operator's command `rexian`, running; its output is one pipe."""
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("rexian")), *words],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def rexian(self, *words: str, status: int = 0, **environment: str) -> str:
        """What the operator's command says, once it has ended with this status."""
        process = self.start(*words, **environment)
        said, _nothing = process.communicate(timeout=300)
        assert process.returncode == status, said
        return said

    def prepare(self) -> str:
        """A city and an API client; returns its token. Made once a run, copied for every further hotline."""
        return prepared(self.folder, self.database, self._make)

    def _make(self) -> str:
        self.database.start()
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--verbosity", "0", "--no-input")
        self.manage("load_city", "yucheng")
        code = (
            "from rexian.intake.actions import register_client; print(register_client(name='test', channel='app')[1])"
        )
        return self.manage("shell", "--no-imports", "--command", code).strip().splitlines()[-1]

    def dress(self, other: "Hotline") -> None:
        """The static files, which are the same everywhere, from another one."""
        shutil.copytree(other.folder / "static", self.folder / "static")

    def serve(self) -> None:
        """Starts the web server and waits until it answers."""
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        command += [
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--backpressure",
            "256",
            "--log-level",
            "warning",
            "--no-ws",
        ]
        self.web = subprocess.Popen(
            [*command, "rexian.config.wsgi:application"], env=self.environment, start_new_session=True
        )
        for _ in range(150):
            try:
                if httpx.get(f"{self.url}/healthz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.2)
        raise AssertionError("the web server did not start")

    def kill(self) -> None:
        """SIGKILL for the web server with its workers and for the database with its sessions, as when the power fails."""
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        postmaster = int((self.database.data / "postmaster.pid").read_text().splitlines()[0])
        os.killpg(postmaster, signal.SIGKILL)
        while (
            Path(f"/proc/{postmaster}").exists() and "Z" not in Path(f"/proc/{postmaster}/stat").read_text().split()[2]
        ):
            time.sleep(0.05)

    def close(self) -> None:
        if self.web is not None and self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGTERM)
            self.web.wait()
        self.database.stop()
        for path in (self.database.home, self.database.socket_folder, self.folder):
            shutil.rmtree(path, ignore_errors=True)
