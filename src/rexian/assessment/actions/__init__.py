# SPDX-License-Identifier: Apache-2.0
"""The only writes of surveys."""

from rexian.assessment.actions.filling import Overwritten, answer, attach, import_file, remove_evidence
from rexian.assessment.actions.reporting import ask_report, discard_reports, file_of, write_report
from rexian.assessment.actions.signing import reopen, sign
from rexian.assessment.actions.surveying import (
    create_survey,
    deliver,
    invite,
    keep_judges,
    postpone,
    record_links,
    remind_due,
    renew,
    revoke,
    send,
)

__all__ = [
    "Overwritten",
    "answer",
    "ask_report",
    "attach",
    "create_survey",
    "deliver",
    "discard_reports",
    "file_of",
    "import_file",
    "invite",
    "keep_judges",
    "postpone",
    "record_links",
    "remind_due",
    "remove_evidence",
    "renew",
    "reopen",
    "revoke",
    "send",
    "sign",
    "write_report",
]
