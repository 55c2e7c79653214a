# SPDX-License-Identifier: Apache-2.0
"""Who opens the administrator's pages, and how an action's refusal reaches its form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model
from django.http import Http404

from rexian.security import access
from rexian.security.errors import Refusal
from rexian.security.posts import Post

keeper = access.staff(Post.ADMINISTRATOR, Post.STEWARD)
administrator = access.staff(Post.ADMINISTRATOR)


def found(model: type[Any], pk: int, *joined: str) -> Any:
    """The row, or 404."""
    row: Model | None = model.objects.select_related(*joined).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def done(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether an action went through; a refusal stands at the field that it names."""
    try:
        act()
    except Refusal as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True
