# SPDX-License-Identifier: Apache-2.0


class CannotRun(Exception):  # noqa: N818  what a person reads, not a fault
    """What was asked for cannot be done; the message says what to do."""
