# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.admin import catalogue, days, learning, packs, staff, tables, texts, views

app_name = "admin"
urlpatterns = [
    path("", views.index, name="index"),
    path("staff/", staff.index, name="staff"),
    path("staff/new/", staff.new, name="new_person"),
    path("staff/<int:pk>/", staff.person, name="person"),
    path("staff/<int:pk>/password/", staff.password, name="password"),
    path("staff/<int:pk>/leave/", staff.leave, name="leave"),
    path("staff/<int:pk>/second/", staff.end_second, name="end_second"),
    path("staff/<int:pk>/use/", staff.use, name="use"),
    path("tables/<slug:slug>/", tables.index, name="table"),
    path("tables/<slug:slug>/new/", tables.new, name="new_row"),
    path("tables/<slug:slug>/import/", tables.take, name="import"),
    path("tables/<slug:slug>/export/", tables.give, name="export"),
    path("tables/<slug:slug>/<int:pk>/", tables.row, name="row"),
    path("catalogue/", catalogue.index, name="catalogue"),
    path("catalogue/new/", catalogue.new, name="new_line"),
    path("catalogue/<int:pk>/", catalogue.line, name="line"),
    path("catalogue/<int:pk>/end/", catalogue.end, name="end_line"),
    path("packs/", packs.index, name="packs"),
    path("packs/compare/", packs.compare, name="compare"),
    path("packs/trial/", packs.trial, name="trial"),
    path("packs/live/", packs.set_live, name="set_live"),
    path("calendar/", days.index, name="calendar"),
    path("calendar/day/", days.save, name="day"),
    path("calendar/notice/", days.take_notice, name="notice"),
    path("learning/", learning.index, name="learning"),
    path("learning/threshold/", learning.threshold, name="threshold"),
    path("learning/train/", learning.train, name="train"),
    path("learning/versions/<int:pk>/", learning.use, name="use_version"),
    path("learning/training/", learning.training, name="training"),
    path("texts/", texts.index, name="texts"),
    path("texts/new/", texts.new, name="new_text"),
    path("texts/<int:pk>/", texts.text, name="text"),
]
