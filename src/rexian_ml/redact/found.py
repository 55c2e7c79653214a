# SPDX-License-Identifier: Apache-2.0
"""What is found, and which of two finds that overlap is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

LABELS = {
    "email": "邮箱",
    "identity": "身份证",
    "card": "银行卡",
    "phone": "电话",
    "plate": "车牌",
    "document": "证件",
    "wechat": "微信",
    "qq": "QQ",
    "birthday": "生日",
    "door": "门牌",
    "name": "姓名",
}
"""The kinds with the word that a placeholder shows; the first wins where two overlap."""
STRUCTURED = tuple(kind for kind in LABELS if kind != "name")
_RANK = {kind: place for place, kind in enumerate(LABELS)}


@dataclass(frozen=True, slots=True)
class Found:
    """Personal data at text[start:end]; `key` is the same for every way of writing the same value; `reason` is for staff to read."""

    start: int
    end: int
    kind: str
    reason: str
    key: str

    def moved(self, by: int) -> "Found":
        """The same, `by` characters further on."""
        return replace(self, start=self.start + by, end=self.end + by)


def disjoint(found: Iterable[Found]) -> list[Found]:
    """The finds in the order of the text, without those that overlap a stronger kind or a longer find of the same kind."""
    kept: list[Found] = []
    taken = set[int]()
    for one in sorted(found, key=lambda one: (_RANK[one.kind], one.start - one.end, one.start)):
        place = range(one.start, one.end)
        if taken.isdisjoint(place):
            kept.append(one)
            taken.update(place)
    return sorted(kept, key=lambda one: one.start)
