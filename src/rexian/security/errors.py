# SPDX-License-Identifier: Apache-2.0
"""The one error that people meet."""


class Refusal(Exception):  # noqa: N818  a refusal is an answer, not a fault
    """What was asked for cannot be done; says why in the user's language, and at which field.

    `message` is a whole sentence for the page; `field` names the input that it belongs to, or is empty for the act as a whole.
    An action that raises it has written nothing.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Forbidden(Refusal):
    """The post, the department or the state of the order does not allow the act."""
