# SPDX-License-Identifier: Apache-2.0
"""Everything that a page says goes through gettext and has its English."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))
import messages  # noqa: E402
from catalogue import catalogue  # noqa: E402

CHINESE = re.compile(r"[㐀-鿿]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
WEB = ROOT / "src" / "rexian" / "web"


def test_every_message_has_its_english() -> None:
    assert messages.missing() == []


def test_the_english_has_the_same_placeholders_and_no_chinese() -> None:
    wrong = []
    for message in catalogue():
        pairs = zip(message.id, message.string, strict=True) if message.pluralizable else [(message.id, message.string)]
        for chinese, english in pairs:
            if chinese and sorted(PLACEHOLDER.findall(chinese)) != sorted(PLACEHOLDER.findall(english)):
                wrong.append((chinese, english))
            if chinese and (found := CHINESE.search(re.sub(r"“[^”]*”|\([^)]*\)", "", english))):
                wrong.append((english, found.group()))
    assert wrong == []


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.html")), ids=lambda path: str(path.relative_to(WEB)))
def test_templates_say_nothing_without_gettext(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for pattern in (
        r"\{#.*?#\}",
        r"\{% comment %\}.*?\{% endcomment %\}",
        r"\{% blocktranslate.*?endblocktranslate %\}",
    ):
        text = re.sub(pattern, "", text, flags=re.DOTALL)
    text = re.sub(r"\{% translate .*?%\}|_\(\"[^\"]*\"\)", "", text)
    bare = [line.strip() for line in text.splitlines() if CHINESE.search(line) and 'lang="zh-hans"' not in line]
    assert bare == []


def _bare(tree: ast.AST) -> Iterator[str]:
    """Chinese strings that are neither docstrings nor inside a call of gettext."""
    said = {"_", "gettext", "gettext_lazy", "ngettext", "gettext_noop"}
    inside = {
        id(part)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and getattr(node.func, "id", "") in said)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in inside:
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value):
            yield node.value


@pytest.mark.parametrize("folder", ["web", "intake", "orders/actions"])
def test_code_says_nothing_without_gettext(folder: str) -> None:
    bare = {}
    for path in (ROOT / "src" / "rexian" / folder).rglob("*.py"):
        found = list(_bare(ast.parse(path.read_text(encoding="utf-8"))))
        if found and "/migrations/" not in str(path) and "/management/" not in str(path):
            bare[path.name] = found
    assert bare == {}
