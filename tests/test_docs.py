# SPDX-License-Identifier: Apache-2.0
"""The docs say what the code does."""

import re
from pathlib import Path

from rexian.config import cli
from rexian.orders import diagram

DOCS = Path(__file__).parent.parent / "docs"
SOURCE = DOCS.parent / "src"


def test_the_workflow_page_is_the_table() -> None:
    assert (DOCS / "reference/workflow.md").read_text(encoding="utf-8") == diagram.page()


def test_every_setting_is_documented() -> None:
    documented = (DOCS / "reference/settings.md").read_text(encoding="utf-8")
    read = {
        name
        for file in SOURCE.rglob("*.py")
        for name in re.findall(r'"(REXIAN_[A-Z_]+)"', file.read_text(encoding="utf-8"))
    }
    assert {name for name in read if f"`{name}`" not in documented} == set()


def test_every_command_is_documented() -> None:
    documented = (DOCS / "reference/commands.md").read_text(encoding="utf-8")
    for command in re.findall(r"rexian ([a-z]+)", cli.HELP):
        assert f"`rexian {command}" in documented, command
    for file in SOURCE.rglob("management/commands/[a-z]*.py"):
        name = file.stem.replace("_", " ") if file.stem == "audit_verify" else file.stem
        assert name in documented, file.stem


def test_every_source_file_names_its_licence() -> None:
    files = [
        file
        for file in SOURCE.rglob("*")
        if file.suffix in (".py", ".css", ".js", ".toml") and "migrations/0001" not in str(file)
    ]
    bare = [
        file
        for file in files
        if file.stat().st_size and "SPDX-License-Identifier: Apache-2.0" not in file.read_text(encoding="utf-8")[:200]
    ]
    assert bare == []
