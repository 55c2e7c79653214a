# SPDX-License-Identifier: Apache-2.0
"""The only writes of work orders: one function an edge of the workflow, named as the edge.

Each takes `order` (any copy; it is read again under a lock), `by`, and the edge's data; raises Refusal or Forbidden and then has written nothing;
returns the order as it is now.
"""

from rexian.orders.actions.attaching import attach
from rexian.orders.actions.dispatching import accept_return, designate, dispatch, propose_again, refuse_return
from rexian.orders.actions.handling import (
    ask_extension,
    ask_return,
    contact,
    deny_extension,
    grant_extension,
    hand_on,
    opine,
    promise,
    reply,
    sign,
)
from rexian.orders.actions.listing import (
    ask_export,
    discard_exports,
    drop_view,
    record_export,
    save_view,
    write_export,
)
from rexian.orders.actions.merging import merge, unmerge
from rexian.orders.actions.receiving import (
    Request,
    accept,
    add,
    answer,
    appeal,
    ask_supplement,
    classify,
    enter,
    make_confidential,
    refuse,
    submit,
    supplement,
    transfer,
)
from rexian.orders.actions.reviewing import (
    approve,
    archive,
    close,
    end_visits,
    publish,
    rate,
    redo,
    reopen,
    send_back,
    visit,
    visit_missed,
    withdraw,
)
from rexian.orders.actions.ruling import set_rule_pack
from rexian.orders.actions.supervising import red, remind, supervise, urge, yellow
from rexian.orders.actions.texts import save_text

__all__ = [
    "Request",
    "accept",
    "accept_return",
    "add",
    "answer",
    "appeal",
    "approve",
    "archive",
    "ask_export",
    "ask_extension",
    "ask_return",
    "ask_supplement",
    "attach",
    "classify",
    "close",
    "contact",
    "deny_extension",
    "designate",
    "discard_exports",
    "dispatch",
    "drop_view",
    "end_visits",
    "enter",
    "grant_extension",
    "hand_on",
    "make_confidential",
    "merge",
    "opine",
    "promise",
    "propose_again",
    "publish",
    "rate",
    "record_export",
    "red",
    "redo",
    "refuse",
    "refuse_return",
    "remind",
    "reopen",
    "reply",
    "save_text",
    "save_view",
    "send_back",
    "set_rule_pack",
    "sign",
    "submit",
    "supervise",
    "supplement",
    "transfer",
    "unmerge",
    "urge",
    "visit",
    "visit_missed",
    "withdraw",
    "write_export",
    "yellow",
]
