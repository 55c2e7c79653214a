# SPDX-License-Identifier: Apache-2.0
"""Category trees written as one leaf a line, as standards print them: turned into one category a line. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

Cells = dict[str, str]
Path = tuple[str, ...]
SEPARATOR = " › "
TOP = "C"
"""Codes that are made, not given, begin with it: C01, C0103, C010312."""


class Misprint(Exception):  # noqa: N818  a finding about a line
    """A line that cannot be read as a leaf; `column` is the heading to blame."""

    def __init__(self, message: str, column: str) -> None:
        super().__init__(message)
        self.column = column


@dataclass(frozen=True, slots=True)
class Levels:
    """How a file writes a leaf: for each level the heading of its name and, if it has codes, of its code."""

    names: tuple[str, str, str]
    codes: tuple[str, str, str] | None = None

    def fits(self, heading: Sequence[str]) -> bool:
        return {*self.names, *(self.codes or ())} <= set(heading)


WRITTEN = (
    Levels(("level_1_name", "level_2_name", "level_3_name"), ("level_1_code", "level_2_code", "level_3_code")),
    Levels(("一级分类", "二级分类", "三级分类"), ("一级代码", "二级代码", "三级代码")),
    Levels(("一级分类", "二级分类", "三级分类")),
)


def written(heading: Sequence[str]) -> Levels | None:
    """How a file with these headings writes leaves, or None where it has a category a line."""
    return next((levels for levels in WRITTEN if levels.fits(heading)), None)


@dataclass
class Spreading:
    """Leaves to categories. `known` are codes by path of names, of the tree as it is: a category without a code keeps the one it has.

    A leaf without a name is its branch in general and bears its name. A code that another category of the file has already is
    a misprint (DB44/T 2479-2024 has one): the later one gets a code of its own branch, and `notes` says so.
    """

    levels: Levels
    known: Mapping[Path, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    codes: dict[Path, str] = field(default_factory=dict, init=False)
    taken: set[str] = field(default_factory=set, init=False)

    def spread(self, line: int, cells: Cells) -> Iterator[Cells]:
        """The categories that a line names for the first time, top down, the leaf with the line's other cells; raises Misprint."""
        path: Path = ()
        others = {
            name: text for name, text in cells.items() if name not in (*self.levels.names, *(self.levels.codes or ()))
        }
        for level, name in enumerate(self._names(cells), 1):
            above, path = path, (*path, name)
            if path not in self.codes:
                given = cells[self.levels.codes[level - 1]] if self.levels.codes else ""
                self.codes[path] = self._code(line, path, given)
                self.taken.add(self.codes[path])
                own = {"code": self.codes[path], "name": name, "level": str(level), "parent": self.codes.get(above, "")}
                yield others | own if level == len(self.levels.names) else own

    def _names(self, cells: Cells) -> Sequence[str]:
        first, second, third = (cells[name] for name in self.levels.names)
        for text, column in ((first, self.levels.names[0]), (second, self.levels.names[1])):
            if not text:
                raise Misprint(_("不能为空"), column)
        return first, second, third or second

    def _code(self, line: int, path: Path, given: str) -> str:
        if given and given not in self.taken:
            return given
        branch = self.codes.get(path[:-1], TOP)
        code = self.known.get(path) or self._free(branch, given[-2:])
        if given:
            told = {"line": line, "given": given, "name": path[-1], "code": code}
            self.notes.append(_("第 %(line)s 行：代码 %(given)s 已用于另一分类，“%(name)s”改用 %(code)s。") % told)
        return code

    def _free(self, branch: str, wished: str) -> str:
        """A code of the branch that no category has: with the wished last digits, else the next number."""
        used = {*self.taken, *self.known.values()}
        if wished and branch + wished not in used:
            return branch + wished
        last = [int(code[len(branch) :]) for code in used if re.fullmatch(re.escape(branch) + r"\d{2}", code)]
        return f"{branch}{max(last, default=0) + 1:02d}"


def paths(full_names: Iterable[tuple[str, str]]) -> dict[Path, str]:
    """Codes by path, from pairs of code and full name."""
    return {tuple(full_name.split(SEPARATOR)): code for code, full_name in full_names}
