# SPDX-License-Identifier: Apache-2.0
"""The id of the request that is being answered. By itself, so that the log can be set up before anything else is imported."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("rexian_request_id", default="")
