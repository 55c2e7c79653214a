# SPDX-License-Identifier: Apache-2.0
"""The log: a line for people while trying, one JSON object a line in production; the request's id in each, and nothing of a person.

Code does not log personal data. Where a library puts a value into its message or traceback, `scrubbed` takes out what looks like one.
"""

import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from rexian.security.scrubbing import scrubbed
from rexian.web.operations.context import request_id

_ARGUMENTS = re.compile(r"(\[\d+\])\(.*\)", re.DOTALL)
"""What procrastinate writes of a job: `task[id](arguments)`; the arguments may be of a person."""


BASE = {"at", "level", "logger", "request", "message", "exc_info", "stack_info"}


class Context(logging.Filter):
    """Gives every record the id of the request that it belongs to, and takes the arguments out of what is said of a job."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_id.get() or None
        if record.name.startswith("procrastinate") and isinstance(record.msg, str):
            record.msg = _ARGUMENTS.sub(r"\1", record.msg)
        return True


class Line(logging.Formatter):
    """`2026-11-24 10:31:07 WARNING rexian.x [4f…]: text`."""

    def format(self, record: logging.LogRecord) -> str:
        record.where = f" [{request}]" if (request := getattr(record, "request", None)) else ""
        return scrubbed(super().format(record))

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}{where}: {message}", style="{")


class Json(JsonFormatter):
    """`{"at", "level", "logger", "request", "message", …}`; with what the caller gave as `extra` only where the caller is ours."""

    def __init__(self) -> None:
        names = {"asctime": "at", "levelname": "level", "name": "logger"}
        super().__init__(
            "{asctime}{levelname}{name}{request}{message}", style="{", rename_fields=names, json_ensure_ascii=False
        )

    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, message_dict)
        if not record.name.startswith("rexian"):
            for name in set(log_data) - BASE:
                del log_data[name]
