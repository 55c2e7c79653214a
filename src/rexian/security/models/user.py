# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from rexian.security.posts import Post

POST_LABELS = {
    Post.AGENT: _("话务员"),
    Post.DISPATCHER: _("派单员"),
    Post.CLERK: _("承办人"),
    Post.HEAD: _("承办单位负责人"),
    Post.SUPERVISOR: _("督办员"),
    Post.VISITOR: _("回访员"),
    Post.EDITOR: _("知识编辑"),
    Post.INSPECTOR: _("质检员"),
    Post.ANALYST: _("分析员"),
    Post.STEWARD: _("数据管理员"),
    Post.LEADER: _("领导"),
    Post.ADMINISTRATOR: _("管理员"),
}


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A staff account. It holds exactly one post; what of the city it sees stands in directory.Staff."""

    username = models.CharField(_("账号"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    number = models.CharField(_("工号"), max_length=16, unique=True)
    post = models.CharField(_("岗位"), max_length=16, choices=[(p.value, POST_LABELS[p]) for p in Post])
    is_active = models.BooleanField(_("启用"), default=True)
    sessions_since = models.PositiveIntegerField(default=0)
    must_change_password = models.BooleanField(_("须改密码"), default=False)

    USERNAME_FIELD = "username"
    objects = UserManager()

    class Meta:
        verbose_name = _("账号")
        constraints = [
            models.CheckConstraint(condition=models.Q(post__in=[p.value for p in Post]), name="user_post_known")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"

    def get_session_auth_hash(self) -> str:
        """Changes with the password and with `sessions_since`: raising that one signs the person out everywhere."""
        return salted_hmac(
            "rexian.security.user", f"{self.password}:{self.sessions_since}", algorithm="sha256"
        ).hexdigest()

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())
