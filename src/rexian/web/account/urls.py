# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.account import views

app_name = "account"
urlpatterns = [
    path("", views.home, name="home"),
    path("in/", views.sign_in, name="sign_in"),
    path("out/", views.sign_out, name="sign_out"),
    path("out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("password/", views.password, name="password"),
]
