# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.account import views

app_name = "account"
urlpatterns = [
    path("", views.home, name="home"),
    path("in/", views.sign_in, name="sign_in"),
    path("second/", views.second, name="second"),
    path("second/set-up/", views.second_setup, name="second_setup"),
    path("second/end/", views.second_end, name="second_end"),
    path("out/", views.sign_out, name="sign_out"),
    path("out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("password/", views.password, name="password"),
]
