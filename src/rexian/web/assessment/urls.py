# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.assessment import cities, filling, report, surveys

app_name = "assessment"
urlpatterns = [
    path("", surveys.index, name="surveys"),
    path("blank/<slug:slug>/", surveys.blank, name="template"),
    path("surveys/<int:pk>/", surveys.survey, name="survey"),
    path("surveys/<int:pk>/table/", surveys.table, name="table"),
    path("surveys/<int:pk>/invite/", surveys.invite, name="invite"),
    path("surveys/<int:pk>/send/", surveys.send, name="send"),
    path("surveys/<int:pk>/closes/", surveys.postpone, name="postpone"),
    path("surveys/<int:pk>/judges/", surveys.judges, name="judges"),
    path("surveys/<int:pk>/links/", surveys.links, name="links"),
    path("surveys/<int:pk>/file/", surveys.upload, name="import"),
    path("surveys/<int:pk>/own/", surveys.own, name="own"),
    path("surveys/<int:pk>/report/", report.read, name="report"),
    path("surveys/<int:pk>/report/article/", report.article, name="article"),
    path("surveys/<int:pk>/report/<slug:slug>.svg", report.picture, name="picture"),
    path("surveys/<int:pk>/report/<slug:slug>.csv", report.data, name="data"),
    path("surveys/<int:pk>/reports/", report.ask, name="ask"),
    path("reports/<int:pk>/", report.progress, name="progress"),
    path("reports/<int:pk>/file/", report.download, name="download"),
    path("cities/<int:pk>/", cities.city, name="city"),
    path("cities/<int:pk>/<slug:edge>/", cities.act, name="act"),
    path("evidence/<int:pk>/", cities.evidence, name="evidence"),
    path("fill/<str:token>/", filling.start, name="fill"),
    path("fill/<str:token>/part/<slug:slug>/", filling.part, name="part"),
    path("fill/<str:token>/answer/<str:question>/", filling.answer, name="answer"),
    path("fill/<str:token>/attach/<str:indicator>/", filling.attach, name="attach"),
    path("fill/<str:token>/evidence/<int:pk>/", filling.file, name="own_evidence"),
    path("fill/<str:token>/evidence/<int:pk>/remove/", filling.remove, name="remove"),
    path("fill/<str:token>/blank/<slug:slug>/", filling.blank, name="blank"),
    path("fill/<str:token>/file/", filling.upload, name="upload"),
    path("fill/<str:token>/check/", filling.check, name="check"),
]
