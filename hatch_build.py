# SPDX-License-Identifier: Apache-2.0
"""At each build and install: compiles the message catalogue, which Django reads in its binary form only."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))
from catalogue import compile_catalogue


class Messages(BuildHookInterface):  # type: ignore[misc]  # hatchling comes without types
    """Puts django.mo into what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_data["artifacts"].append(str(compile_catalogue().relative_to(self.root)))
