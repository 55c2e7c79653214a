# SPDX-License-Identifier: Apache-2.0
"""What of personal data each post sees on screen and in exports, before it asks for more with a reason."""

import re
from enum import Enum

from rexian.security.identity import By
from rexian.security.posts import Outsider, Post


class Sight(Enum):
    FULL = "full"
    MASKED = "masked"
    HIDDEN = "hidden"


SORTS = ("name", "telephone", "id_number", "address")
M, H = Sight.MASKED, Sight.HIDDEN
POLICY: dict[Post | Outsider, dict[str, Sight]] = {
    Post.AGENT: {"name": Sight.FULL, "telephone": M, "id_number": M, "address": Sight.FULL},
    Post.DISPATCHER: {"name": M, "telephone": M, "id_number": H, "address": Sight.FULL},
    Post.CLERK: {"name": M, "telephone": M, "id_number": H, "address": Sight.FULL},
    Post.HEAD: {"name": M, "telephone": M, "id_number": H, "address": Sight.FULL},
    Post.SUPERVISOR: {"name": M, "telephone": M, "id_number": H, "address": M},
    Post.VISITOR: {"name": Sight.FULL, "telephone": M, "id_number": H, "address": M},
    Post.INSPECTOR: {"name": M, "telephone": M, "id_number": H, "address": M},
    Post.ANALYST: {"name": H, "telephone": H, "id_number": H, "address": M},
    Post.LEADER: {"name": M, "telephone": H, "id_number": H, "address": M},
}
"""A post or sort that is not named sees nothing."""

_DOOR = re.compile(r"[0-9０-９A-Za-z一二三四五六七八九十百]+\s*(号楼|栋|幢|座|单元|号|室|层|楼|户).*$")


def show(sort: str, value: str, by: By | None) -> str:
    """`value` as `by` may see it: whole, masked, or "" when hidden."""
    sight = POLICY.get(by.role, {}).get(sort, H) if by else H
    if sight is Sight.FULL:
        return value
    return mask(sort, value) if sight is Sight.MASKED else ""


def mask(sort: str, value: str) -> str:
    """`value` with what identifies the person starred out."""
    if not value:
        return ""
    if sort == "name":
        return value[0] + "*" * max(1, len(value) - 1)
    if sort == "telephone":
        return value[:3] + "****" + value[-4:] if len(value) >= 11 else "*" * max(0, len(value) - 4) + value[-2:]
    if sort == "id_number":
        return value[:1] + "*" * (len(value) - 2) + value[-1:]
    return _DOOR.sub("***", value) if _DOOR.search(value) else value[: len(value) // 2] + "***"
