# SPDX-License-Identifier: Apache-2.0
"""The operator's commands on the shell: their options, and what they print."""

import argparse
import sys
from collections.abc import Callable

import django

from rexian.config.operations import keys
from rexian.security.encryption import SUITES


def rotate_keys(words: list[str]) -> None:
    """`rexian rotate-keys`."""
    options = argparse.ArgumentParser("rexian rotate-keys", description="换数据密钥，不停机；中断后再运行即继续。")
    options.add_argument("--suite", default="", choices=list(SUITES), help="同时换算法")
    options.add_argument("--keep-old", action="store_true", help="旧密钥留在钥匙文件里")
    options.add_argument("--stage", action="store_true", help="只把下一把密钥放进钥匙文件，先分发到各台机器")
    options.add_argument("--finish", action="store_true", help="不换新密钥，只把余下的换完并清除旧密钥")
    given = options.parse_args(words)
    django.setup()
    if given.stage:
        print(f"下一把密钥 {keys.stage()} 已放进钥匙文件，尚未使用。")
        return
    done = keys.rotate(suite=given.suite, keep_old=given.keep_old, new_key=not given.finish)
    print(f"当前密钥 {done.current}，共换 {done.renewed} 个值。")
    if done.removed or done.kept:
        print(f"已清除旧密钥：{'、'.join(done.removed)}" if done.removed else f"保留旧密钥：{'、'.join(done.kept)}")
    if done.unreadable:
        sys.exit(f"{len(done.unreadable)} 个值解不开，旧密钥保留：{'；'.join(sorted(done.unreadable)[:20])}")


COMMANDS: dict[str, Callable[[list[str]], None]] = {"rotate-keys": rotate_keys}
