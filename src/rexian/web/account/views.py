# SPDX-License-Identifier: Apache-2.0
"""Signing in and out."""

from typing import Any

from axes.decorators import axes_dispatch
from django import forms
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from rexian.security import access, actions
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.posts import Post
from rexian.web.navigation import landing


class SignIn(forms.Form):
    username = forms.CharField(label=gettext_lazy("账号"), max_length=64)
    password = forms.CharField(label=gettext_lazy("密码"), widget=forms.PasswordInput, max_length=128)


class Password(forms.Form):
    old = forms.CharField(label=gettext_lazy("原密码"), widget=forms.PasswordInput, max_length=128)
    new = forms.CharField(label=gettext_lazy("新密码"), widget=forms.PasswordInput, max_length=128)


def style(form: forms.Form) -> forms.Form:
    """Gives every input of a form the look of the page."""
    for one in form.fields.values():
        if not isinstance(one.widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            one.widget.attrs.setdefault("class", "input")
    return form


@access.public
@sensitive_post_parameters("password")
@axes_dispatch  # type: ignore[untyped-decorator]
def sign_in(request: HttpRequest) -> HttpResponse:
    form = style(SignIn(request.POST or None))
    if request.method == "POST" and form.is_valid():
        user = auth.authenticate(request, **form.cleaned_data)
        if user is not None:
            auth.login(request, user)
            return redirect(_next(request) or landing(Post(user.post)))
        form.add_error(None, _("账号或密码不对。"))
    return render(request, "account/sign_in.html", {"form": form, "next": _next(request)}, status=200)


def _next(request: HttpRequest) -> str:
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()) else ""


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """What a person sees after too many wrong passwords (django-axes calls it)."""
    return render(request, "account/locked.html", status=429)


@access.staff()
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


@access.staff()
def home(request: StaffRequest) -> HttpResponse:
    return render(request, "account/home.html")
