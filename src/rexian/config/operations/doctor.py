# SPDX-License-Identifier: Apache-2.0
"""`rexian doctor`: finds what is wrong and names the command that mends it. It changes nothing and starts nothing.

Each check is a function that yields what it finds; one that yields nothing is well.
"""

import json
import os
import random
import shutil
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from rexian.config import supervisor
from rexian.config.operations import statics
from rexian.config.postgres import EmbeddedPostgres, connect
from rexian.directory import clock
from rexian.directory.queries import working_calendar
from rexian.jobs import queries as jobs
from rexian.orders import attachments, chain, clocks
from rexian.orders.actions.archiving import exports
from rexian.orders.archive import Part
from rexian.orders.models import OrderEvent, Seal
from rexian.security import encryption
from rexian.security.declarations import declared

OLDEST_SERVER = 15
LEAST_FREE = 0.1
"""Share of a disk that must be free."""
CLOCK_OFF = 5.0
"""Seconds between this machine's clock and the database server's."""
LONGEST_QUEUE = 1000
LATE = timedelta(minutes=10)
SAMPLE = 50
NAMED = 3
"""Files that a finding names."""
BACKUP_EVERY = timedelta(hours=25)
FONTS = ("cjk", "wqy", "sourcehan", "notosanssc", "notoserifsc", "uming", "ukai", "simsun", "simhei", "fallback")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, and what mends it."""

    what: str
    mend: str


Check = Callable[[], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Examined:
    """A check and what it found; `skipped` where the database that it asks does not answer."""

    check: str
    findings: tuple[Finding, ...]
    skipped: bool = False


def examine() -> list[Examined]:
    """All checks in their order; those that ask the database only where it answers."""
    done = [_run(name, check) for name, check in ALONE.items()]
    reachable = not done[0].findings
    return done + [_run(name, check) if reachable else Examined(name, (), True) for name, check in ASKING.items()]


def _run(name: str, check: Check) -> Examined:
    try:
        return Examined(name, tuple(check()))
    except Exception as error:  # a check that breaks is a finding too, and the others still run
        return Examined(name, (Finding(f"检查本身出错：{type(error).__name__} {error}", "把这一行报告给开发者"),))


def report(done: list[Examined]) -> str:
    """For people: a line a check, and under it what is wrong and what mends it."""
    lines = []
    for one in done:
        sign = "—" if one.skipped else "✗" if one.findings else "✓"
        lines.append(f"{sign} {one.check}" + ("（数据库连不上，没有检查）" if one.skipped else ""))
        lines += [f"    {finding.what}\n    → {finding.mend}" for finding in one.findings]
    return "\n".join(lines)


def as_json(done: list[Examined]) -> str:
    return json.dumps([asdict(one) for one in done], ensure_ascii=False, indent=1)


# Checks that need no database ---------------------------------------------------------------------------------------------------------------


def _database() -> Iterator[Finding]:
    try:
        with connect() as there:
            version = there.info.server_version // 10000
    except psycopg.OperationalError as error:
        own = bool(os.environ.get("DATABASE_URL"))
        mend = "检查 DATABASE_URL 和数据库服务器" if own else "rexian run，或 rexian db start"
        yield Finding(f"数据库连不上：{str(error).strip().splitlines()[-1]}", mend)
        return
    if version < OLDEST_SERVER:
        yield Finding(f"PostgreSQL {version} 太旧", f"升级到 {OLDEST_SERVER} 或更新")


def _disk() -> Iterator[Finding]:
    folders = {settings.VAR, settings.MEDIA_ROOT}
    if not os.environ.get("DATABASE_URL"):
        folders.add(EmbeddedPostgres(settings.VAR).data)
    seen = set()
    for folder in sorted(path for path in folders if path.exists()):
        device, usage = folder.stat().st_dev, shutil.disk_usage(folder)
        if device not in seen and usage.free < LEAST_FREE * usage.total:
            yield Finding(
                f"{folder} 所在磁盘只剩 {usage.free / usage.total:.0%}（{usage.free >> 20} MB）",
                "清理或扩容；旧备份用 rexian backup --keep N 限制份数",
            )
        seen.add(device)


def _keys() -> Iterator[Finding]:
    file = settings.SECRETS.key_file
    if not file.exists():
        yield Finding(
            f"密钥文件 {file} 不在", "从备份恢复（rexian restore），或检查 REXIAN_KEYS；没有它读不出任何个人信息"
        )
        return
    if not os.access(file, os.R_OK):
        yield Finding(f"密钥文件 {file} 读不了", f"chown 给运行热线的用户：chown rexian {file}")
        return
    yield from _closed(file)
    try:
        encryption.KeyRing.parse(settings.SECRETS.key_ring)
    except (ValueError, KeyError) as error:
        yield Finding(f"密钥文件 {file} 损坏：{error}", "从备份恢复：rexian restore")
        return
    if "rotating" in settings.SECRETS.key_ring:
        yield Finding("换密钥没有完成", "rexian rotate-keys（接着做完）")


def _closed(file: Path) -> Iterator[Finding]:
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding(f"{file} 别的用户也能读", f"chmod 600 {file}")


def _exposure() -> Iterator[Finding]:
    session = settings.VAR / "secrets/session-key"
    if session.exists():
        yield from _closed(session)
    if settings.PRODUCTION:
        return
    try:
        inside = ip_address(supervisor.HOST).is_loopback
    except ValueError:
        inside = supervisor.HOST == "localhost"
    if not inside:
        yield Finding(
            f"试用模式（公开的演示账号、没有 HTTPS）监听在 {supervisor.HOST}",
            "设 REXIAN_MODE=production 和正式的密钥，见 docs/howto/production.md；或去掉 REXIAN_HOST",
        )


def _static() -> Iterator[Finding]:
    if statics.stale():
        yield Finding("页面的样式和脚本不是这个版本的", "重新启动 rexian run，启动时会收集")


def _font() -> Iterator[Finding]:
    for folder in FONT_FOLDERS:
        for path in Path(folder).expanduser().rglob("*.[tTo][tT][cCfF]"):
            if any(name in path.name.lower().replace("-", "") for name in FONTS):
                return
    yield Finding("没有中文字体，图表和 PDF 里会是方框", "apt-get install fonts-noto-cjk（或 fonts-wqy-microhei）")


def _backup() -> Iterator[Finding]:
    note = settings.VAR / "last-backup.json"
    command = "rexian backup /srv/backups --verify，并排进每晚的定时任务（docs/howto/backup.md）"
    if not note.exists():
        if settings.PRODUCTION:
            yield Finding("从未备份", command)
        return
    made = json.loads(note.read_text(encoding="utf-8"))
    age = datetime.now(UTC) - datetime.fromisoformat(made["at"])
    if age > BACKUP_EVERY:
        yield Finding(f"最近一次备份在 {age.total_seconds() / 3600:.0f} 小时之前", command)
    elif not Path(made["folder"]).exists():
        yield Finding(f"最近的备份 {made['folder']} 已不在原处", command)


def _store() -> Iterator[Finding]:
    folder = Path(settings.MEDIA_ROOT)
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(f"附件目录 {folder} 不能读写", f"检查挂载；chown -R rexian {folder}")


# Checks that ask the database ---------------------------------------------------------------------------------------------------------------


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        names = "、".join(f"{migration.app_label}.{migration.name}" for migration, _back in plan[:3])
        yield Finding(f"数据库结构差 {len(plan)} 步（{names} 等）", "rexian migrate（rexian run 启动时也会做）")


def _clock() -> Iterator[Finding]:
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        off = (before + time.time()) / 2 - cursor.fetchone()[0]
    if abs(off) > CLOCK_OFF:
        yield Finding(
            f"本机时钟比数据库{'快' if off > 0 else '慢'} {abs(off):.0f} 秒", "timedatectl set-ntp true（两台机器都要）"
        )


def _worker() -> Iterator[Finding]:
    start = "rexian run，或 systemctl start rexian-worker"
    if not jobs.workers_alive():
        last = jobs.last_heartbeat()
        yield Finding(f"后台任务没有运行（{f'最后心跳 {last:%m-%d %H:%M} UTC' if last else '没有心跳'}）", start)
    if late := jobs.late_periodic():
        names = "、".join(name.removeprefix("rexian.") for name, _turn in late[:5])
        yield Finding(f"{len(late)} 个定时任务误点：{names}", f"{start}；恢复后各补一次")
    oldest = clocks.oldest_due(clock.now())
    if late_moves := {name: clock.now() - since for name, since in oldest.items() if clock.now() - since > LATE}:
        longest = max(late_moves.values())
        yield Finding(f"到期的自动流转晚了 {longest.total_seconds() / 60:.0f} 分钟（{'、'.join(late_moves)}）", start)


def _queue() -> Iterator[Finding]:
    if count := jobs.failed_count():
        yield Finding(f"{count} 个后台任务失败", "以管理员登录，打开 /operations/jobs/ 看原因并重新运行")
    now = datetime.now(UTC)
    for queue in jobs.queues():
        waited = now - queue.oldest if queue.oldest else timedelta(0)
        if queue.waiting > LONGEST_QUEUE or waited > LATE:
            told = f"队列 {queue.name} 有 {queue.waiting} 个任务在等，最早的等了 {waited.total_seconds() / 60:.0f} 分钟"
            yield Finding(told, "多开一台工作进程（docs/howto/production.md），或看 /operations/jobs/")


def _files() -> Iterator[Finding]:
    """Of every table that keeps files in the store a sample, the newest and others at random; of the archive every part."""
    looked: dict[Path, str] = {}
    for dataset in declared():
        for name in dataset.files:
            looked |= {attachments.path(file): str(dataset.title) for file in _sample(dataset.model, name)}
    for record in exports():
        folder = Part(record.month, record.part).folder
        looked |= {folder / told["file"]: "档案" for told in record.manifest["tables"].values()}
    gone = {path: title for path, title in looked.items() if not path.exists()}
    shut = {path: title for path, title in looked.items() if path not in gone and not os.access(path, os.R_OK)}
    bring = "检查挂载；丢了的从备份取回（只补缺的文件，别的不动）：rexian restore /srv/backups --missing-files"
    yield from _of_files(gone, len(looked), "不在", bring)
    owner = f"chown -R rexian {settings.MEDIA_ROOT} {settings.DATA_FOLDERS['archive']}"
    yield from _of_files(shut, len(looked), "读不了", f"{owner}，再 chmod -R u+rwX 这两个目录")


def _sample(model: type[Model], name: str) -> set[str]:
    """The files that a column names in the newest row and in SAMPLE others."""
    newest = model._default_manager.order_by("-pk").first()
    if newest is None:
        return set()
    picked = {random.randint(1, newest.pk) for _ in range(SAMPLE)}  # noqa: S311  a sample, not a secret
    return set(model._default_manager.filter(pk__in=picked | {newest.pk}).values_list(name, flat=True))


def _of_files(wrong: dict[Path, str], looked: int, what: str, mend: str) -> Iterator[Finding]:
    if wrong:
        sorts = "、".join(f"{title} {count}" for title, count in Counter(wrong.values()).items())
        named = "、".join(map(str, sorted(wrong)[:NAMED]))
        yield Finding(f"抽查 {looked} 个文件，{len(wrong)} 个{what}（{sorts}）：{named}", mend)


def _seals() -> Iterator[Finding]:
    last = Seal.objects.order_by("-hour").first()
    first_open = (
        last.hour + chain.HOUR if last else OrderEvent.objects.order_by("at").values_list("at", flat=True).first()
    )
    if first_open is not None and clock.now() - first_open > 3 * chain.HOUR:
        hours = int((clock.now() - first_open) / chain.HOUR)
        yield Finding(f"封存落后 {hours} 小时", "启动后台任务（rexian run），每小时第 7 分钟自动补齐")


def _calendar() -> Iterator[Finding]:
    today, calendar = clock.today(), working_calendar()
    wanted = today.year + (today.month == 12)
    if not calendar.known(wanted):
        told = f"不知道 {wanted} 年的放假安排，期限只按周末和法定节日算"
        yield Finding(told, "国务院通知发布后导入：rexian manage directory_import calendar FILE")


ALONE: dict[str, Check] = {
    "数据库": _database,
    "磁盘": _disk,
    "密钥": _keys,
    "对外暴露": _exposure,
    "附件目录": _store,
    "静态文件": _static,
    "中文字体": _font,
    "备份": _backup,
}
ASKING: dict[str, Check] = {
    "数据库结构": _migrations,
    "时钟": _clock,
    "后台任务": _worker,
    "任务队列": _queue,
    "附件和档案": _files,
    "封存": _seals,
    "工作日历": _calendar,
}
