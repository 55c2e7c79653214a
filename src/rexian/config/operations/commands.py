# SPDX-License-Identifier: Apache-2.0
"""The operator's commands on the shell: their options, and what they print."""

import argparse
import os
import sys
from pathlib import Path

from rexian.config.errors import CannotRun
from rexian.config.operations import backups, keys, restoring
from rexian.config.operations import doctor as examination
from rexian.security.encryption import SUITES

WHERE_IT_IS = "口令文件；没有则看 REXIAN_BACKUP_PASSPHRASE_FILE，再看 REXIAN_BACKUP_PASSPHRASE"


def rotate_keys(words: list[str]) -> None:
    """`rexian rotate-keys`."""
    options = argparse.ArgumentParser("rexian rotate-keys", description="换数据密钥，不停机；中断后再运行即继续。")
    options.add_argument("--suite", default="", choices=list(SUITES), help="同时换算法")
    options.add_argument("--keep-old", action="store_true", help="旧密钥留在钥匙文件里")
    options.add_argument("--stage", action="store_true", help="只把下一把密钥放进钥匙文件，先分发到各台机器")
    options.add_argument("--finish", action="store_true", help="不换新密钥，只把余下的换完并清除旧密钥")
    given = options.parse_args(words)
    if given.stage:
        print(f"下一把密钥 {keys.stage()} 已放进钥匙文件，尚未使用。")
        return
    done = keys.rotate(suite=given.suite, keep_old=given.keep_old, new_key=not given.finish)
    print(f"当前密钥 {done.current}，共换 {done.renewed} 个值。")
    if done.removed:
        print(f"已清除旧密钥：{'、'.join(done.removed)}")
    if done.kept:
        print(f"保留旧密钥：{'、'.join(done.kept)}（归档文件或尚未换完的值还要用，或指定了 --keep-old）")
    if done.unreadable:
        sys.exit(f"{len(done.unreadable)} 个值解不开，旧密钥保留：{'；'.join(sorted(done.unreadable)[:20])}")


def backup(words: list[str]) -> None:
    """`rexian backup`."""
    options = argparse.ArgumentParser("rexian backup", description="加密备份：数据库、附件、密钥。")
    options.add_argument("folder", type=Path)
    options.add_argument("--passphrase-file", type=Path, help=WHERE_IT_IS)
    options.add_argument("--keep", type=_positive, help="只留最新的几份")
    options.add_argument("--verify", action="store_true", help="再恢复到临时数据库，核对行数和记录")
    given = options.parse_args(words)
    secret = _passphrase(given.passphrase_file)
    made = backups.make(given.folder, passphrase=secret, keep=given.keep)
    print(f"备份完成：{made}")
    if given.verify:
        backups.verify(made, passphrase=secret)
        print("备份已在临时数据库中恢复并核对。")


def restore(words: list[str]) -> None:
    """`rexian restore`."""
    options = argparse.ArgumentParser("rexian restore", description="从备份恢复；目录里有多份时取最新一份。")
    options.add_argument("folder", type=Path)
    options.add_argument("--passphrase-file", type=Path, help=WHERE_IT_IS)
    options.add_argument("--replace", action="store_true", help="替换库里已有的全部数据")
    options.add_argument("--missing-files", action="store_true", help="只补回现在缺的附件和档案文件，别的都不动")
    given = options.parse_args(words)
    secret = _passphrase(given.passphrase_file)
    if given.missing_files:
        restoring.bring_missing(given.folder, passphrase=secret)
        return
    restoring.restore(given.folder, passphrase=secret, replace=given.replace)
    print("恢复完成。")


def doctor(words: list[str]) -> None:
    """`rexian doctor`: exit status 1 when something needs mending."""
    options = argparse.ArgumentParser("rexian doctor", description="检查热线，说出哪里不对、用什么命令修。")
    options.add_argument("--json", action="store_true", help="给机器读")
    given = options.parse_args(words)
    done = examination.examine()
    print(examination.as_json(done) if given.json else examination.report(done))
    sys.exit(any(one.findings for one in done))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _passphrase(given: Path | None) -> str:
    file = given or os.environ.get("REXIAN_BACKUP_PASSPHRASE_FILE")
    try:
        if file:
            return Path(file).read_text(encoding="utf-8").strip()
        return os.environ.get("REXIAN_BACKUP_PASSPHRASE", "")
    except OSError as error:
        raise CannotRun(f"读不了口令文件 {file}：{error.strerror}。") from error
