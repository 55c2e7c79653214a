# SPDX-License-Identifier: Apache-2.0
"""The log: a line for people while trying, one JSON object a line in production; the request's id in each, and nothing of a person.

Code does not log personal data. Where a library puts a value into its message or traceback, `scrubbed` takes out what looks like one.
"""

import logging

from pythonjsonlogger.json import JsonFormatter

from rexian.security.scrubbing import scrubbed
from rexian.web.operations.context import request_id


class Context(logging.Filter):
    """Gives every record the id of the request that it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_id.get() or None
        return True


class Line(logging.Formatter):
    """`2026-11-24 10:31:07 WARNING rexian.x [4f…]: text`."""

    def format(self, record: logging.LogRecord) -> str:
        record.where = f" [{request}]" if (request := getattr(record, "request", None)) else ""
        return scrubbed(super().format(record))

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}{where}: {message}", style="{")


class Json(JsonFormatter):
    """`{"at", "level", "logger", "request", "message", …}`, with what the caller gave as `extra`."""

    def __init__(self) -> None:
        names = {"asctime": "at", "levelname": "level", "name": "logger"}
        super().__init__(
            "{asctime}{levelname}{name}{request}{message}", style="{", rename_fields=names, json_ensure_ascii=False
        )

    def format(self, record: logging.LogRecord) -> str:
        return scrubbed(super().format(record))
