# SPDX-License-Identifier: Apache-2.0
"""Chinese fonts of the system: none is shipped, so one must be installed."""

from collections.abc import Collection, Mapping
from functools import cache

import typst

from rexian.assessment.translation import gettext as _

ANY = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "SimHei",
    "SimSun",
    "Droid Sans Fallback",
)
"""Families with Chinese characters, the first found serves what has no better one."""
ROLES: Mapping[str, tuple[str, ...]] = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun"),
    "black": ("SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"),
    "script": ("KaiTi", "KaiTi_GB2312", "AR PL UKai CN", "Noto Serif CJK SC", "Source Han Serif SC"),
    "body": ("FangSong", "FangSong_GB2312", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun"),
    "picture": ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei"),
}
"""What GB/T 9704-2012 asks for (title 小标宋, headings 黑体 and 楷体, body 仿宋), then the nearest free families."""


class NoChineseFontError(Exception):
    """No font with Chinese characters was found; the message says what to install."""


def choose(families: Collection[str]) -> dict[str, str]:
    """The family for each role from those at hand; raises NoChineseFontError."""
    default = next((name for name in ANY if name in families), None)
    if default is None:
        raise NoChineseFontError(
            _("没有找到中文字体。请安装其中之一后重试：apt install fonts-noto-cjk 或 apt install fonts-wqy-microhei")
        )
    return {role: next((name for name in names if name in families), default) for role, names in ROLES.items()}


@cache
def found() -> Mapping[str, str]:
    """The family for each role on this system."""
    return choose(frozenset(typst.Fonts().families()))
