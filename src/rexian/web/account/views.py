# SPDX-License-Identifier: Apache-2.0
"""Signing in and out."""

import time
from typing import Any

import segno
from axes.decorators import axes_dispatch
from axes.models import AccessAttempt, AccessLog
from django import forms
from django.conf import settings
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from rexian.directory.queries import city
from rexian.security import access, actions
from rexian.security import second as second_factor
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.models import SecondFactor, User
from rexian.security.posts import Post
from rexian.web.forms import style
from rexian.web.navigation import landing

PENDING = "second_step"
PATIENCE = 300
"""Seconds between the password and the second step."""


class SignIn(forms.Form):
    username = forms.CharField(label=gettext_lazy("账号"), max_length=64)
    password = forms.CharField(label=gettext_lazy("密码"), widget=forms.PasswordInput, max_length=128)


class Code(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=16,
        help_text=gettext_lazy("验证器里的 6 位数字，或一个恢复码"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class Password(forms.Form):
    old = forms.CharField(label=gettext_lazy("原密码"), widget=forms.PasswordInput, max_length=128)
    new = forms.CharField(label=gettext_lazy("新密码"), widget=forms.PasswordInput, max_length=128)


@access.public
@sensitive_post_parameters("password")
@axes_dispatch  # type: ignore[untyped-decorator]
def sign_in(request: HttpRequest) -> HttpResponse:
    form = style(SignIn(request.POST or None))
    if request.method == "POST" and form.is_valid():
        user = auth.authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return _admit(request, user)
        form.add_error(None, _("账号或密码不对。"))
    return render(request, "account/sign_in.html", {"form": form, "next": _next(request)}, status=200)


def _admit(request: HttpRequest, user: User) -> HttpResponse:
    """After the right password: in, or on to the second factor."""
    if second_factor.confirmed(user):
        request.session[PENDING] = {"user": user.pk, "next": _next(request), "until": time.time() + PATIENCE}
        return redirect("account:second")
    return _enter(request, user, _next(request))


def _enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    auth.login(request, user, "django.contrib.auth.backends.ModelBackend")
    if second_factor.required(user.post, settings.SECOND_FACTOR_POSTS) and not second_factor.confirmed(user):
        request.session[access.MUST_SET_UP] = True
        return redirect("account:second_setup")
    return redirect(target or landing(Post(user.post)))


@access.public
def second(request: HttpRequest) -> HttpResponse:
    """The second step of signing in: a code of the authenticator app, or a recovery code."""
    pending = request.session.get(PENDING, {})
    user = User.objects.filter(pk=pending.get("user"), is_active=True).first()
    if user is None or pending["until"] < time.time():
        request.session.pop(PENDING, None)
        return redirect("account:sign_in")
    form = style(Code(request.POST or None))
    if request.method == "POST" and form.is_valid():
        try:
            second_factor.check(user=user, code=form.cleaned_data["code"])
        except Refusal as error:
            form.add_error("code", error.message)
        else:
            request.session.pop(PENDING)
            return _enter(request, user, pending["next"])
    return render(request, "account/second.html", {"form": form})


@access.staff(unfinished=True)
def second_setup(request: StaffRequest) -> HttpResponse:
    """Sets the second factor up: the QR code, a first code to confirm, then the recovery codes, once."""
    form = style(Code(request.POST or None))
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.confirm(user=request.user, by=request.by, code=form.cleaned_data["code"])
        except Refusal as error:
            form.add_error("code", error.message)
        else:
            request.session.pop(access.MUST_SET_UP, None)
            return render(request, "account/recovery.html", {"codes": codes})
    known = SecondFactor.objects.filter(user=request.user).first()
    if known is not None and known.confirmed_at is not None:
        return redirect("account:home")
    factor = known if known is not None and request.method == "POST" else second_factor.begin(user=request.user)
    picture = segno.make(second_factor.address(factor, city().hotline)).svg_data_uri(scale=5)
    return render(request, "account/second_setup.html", {"form": form, "picture": picture, "secret": factor.secret})


@access.staff()
@require_POST
@sensitive_post_parameters("password")
def second_end(request: StaffRequest) -> HttpResponse:
    """Gives one's own second factor up."""
    try:
        second_factor.give_up(user=request.user, by=request.by, password=request.POST.get("password", ""))
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("两步验证已关闭。"))
    return redirect("account:home")


def _next(request: HttpRequest) -> str:
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else ""


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What a person sees after too many wrong passwords (django-axes calls it)."""
    return render(request, "account/locked.html", status=429)


@access.staff(unfinished=True)
@require_POST
def sign_out(request: StaffRequest) -> HttpResponse:
    auth.logout(request)
    return redirect("account:sign_in")


@access.staff()
@require_POST
def sign_out_everywhere(request: StaffRequest) -> HttpResponse:
    actions.sign_out_everywhere(user=request.user, by=request.by, address=request.META.get("REMOTE_ADDR"))
    auth.logout(request)
    return redirect("account:sign_in")


@access.staff()
@sensitive_post_parameters("old", "new")
def password(request: StaffRequest) -> HttpResponse:
    form = style(Password(request.POST or None))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(user=request.user, by=request.by, **form.cleaned_data)
        except Refusal as error:
            form.add_error(error.field or None, error.message)
        else:
            auth.update_session_auth_hash(request, request.user)
            messages.success(request, _("密码已修改，其他设备已退出。"))
            return redirect("account:home")
    return render(request, "account/password.html", {"form": form})


@access.staff(unfinished=True)
def home(request: StaffRequest) -> HttpResponse:
    """One's account: its second factor, and where and when it signed in."""
    signed_in = AccessLog.objects.filter(username=request.user.username).order_by("-attempt_time")[:20]
    failed = AccessAttempt.objects.filter(username=request.user.username).order_by("-attempt_time")[:5]
    context = {"signed_in": signed_in, "failed": failed, "second": second_factor.confirmed(request.user)}
    return render(request, "account/home.html", context)
