# SPDX-License-Identifier: Apache-2.0
"""The last guard of logs and error texts: what looks like a telephone number, an identity number, an address of mail or the
token of a link goes out. Pure.

It does not replace care about what is written; it holds when a library puts a value into its message.
"""

import re

_PATTERNS = (
    (re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{9}[0-9Xx](?![0-9A-Za-z])"), "[身份证号]"),  # GB 11643-1999
    (re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9])"), "[电话]"),
    (re.compile(r"(?<![0-9-])0\d{2,3}[- ]\d{7,8}(?![0-9-])"), "[电话]"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[邮箱]"),
    (re.compile(r"(?<=/fill/)[\w-]{24,}"), "[链接]"),  # who has the link of a questionnaire may fill it in
)


def scrubbed(text: str) -> str:
    """`text` without what looks like personal data."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text
