# SPDX-License-Identifier: Apache-2.0
"""The settings under which the tests run: a throw-away folder and database, no pool, cheap passwords."""

import os
import tempfile
from pathlib import Path

if "REXIAN_TEST_VAR" not in os.environ:  # the first process of a run decides for all
    os.environ["REXIAN_TEST_VAR"] = tempfile.mkdtemp(prefix="rexian-test-")
    Path(os.environ["REXIAN_TEST_VAR"]).chmod(0o755)
os.environ["REXIAN_VAR"] = os.environ["REXIAN_TEST_VAR"]
os.environ["REXIAN_POOL"] = "0"
os.environ["REXIAN_NOTICES_URL"] = ""  # no stream beside the tests' server: pages ask
if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # keys rotate and files vanish in tests: no other worker's
    own = Path(os.environ["REXIAN_TEST_VAR"]) / worker
    os.environ |= {"REXIAN_KEYS": str(own / "secrets" / "keys.json"), "REXIAN_ATTACHMENTS": str(own / "attachments")}

from rexian.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
