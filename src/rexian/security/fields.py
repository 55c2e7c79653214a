# SPDX-License-Identifier: Apache-2.0
"""Model fields for personal data."""

from typing import Any

from django.db import models

from rexian.security import encryption


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]  # Django itself cannot be subscripted
    """Text that is encrypted in the database and plain in Python; None stays NULL, "" is stored as NULL.

    The ciphertext is bound to `model.column`, so that a value moved to another column does not decrypt.
    It cannot be searched: keep a blind index (`encryption.blind_index`) beside it for exact matches.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "editable": kwargs.get("editable", True), "null": True, "blank": True})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {k: v for k, v in kwargs.items() if k not in ("null", "blank")}

    @property
    def context(self) -> str:
        return f"{self.model._meta.label_lower}.{self.column}"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(
            encryption.encrypt(value, self.context) if value else None, connection, prepared
        )

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return encryption.decrypt(bytes(value), self.context) if value is not None else ""

    def to_python(self, value: Any) -> Any:
        return value
