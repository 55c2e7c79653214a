# SPDX-License-Identifier: Apache-2.0
"""What a process loads when it starts: every command, every worker and every web process waits for it and keeps it in memory."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("sklearn", "pandas", "scipy.stats", "scipy.optimize", "altair", "pyarrow")
"""Of use to training, reports and the archive alone: about half of a start's CPU time when all of them are loaded."""


@pytest.mark.slow
def test_a_start_loads_nothing_that_only_training_and_reports_need() -> None:
    code = f"import sys, rexian.config.wsgi; print(sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
