# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.work import repeats, views

app_name = "work"
urlpatterns = [
    path("", views.start, name="start"),
    path("board/", views.board, name="board"),
    path("dispatch-proposed/", views.batch, name="batch"),
    path("orders/<str:number>/", views.order, name="order"),
    path("orders/<str:number>/reveal/", views.reveal, name="reveal"),
    path("orders/<str:number>/adopt/", views.adopt, name="adopt"),
    path("orders/<str:number>/repeats/", repeats.repeats, name="repeats"),
    path("orders/<str:number>/repeats/merge/", repeats.merge_into, name="merge_into"),
    path("orders/<str:number>/files/<int:pk>/", views.attachment, name="attachment"),
    path("orders/<str:number>/<slug:edge>/", views.act, name="act"),
    path("<slug:slug>/", views.queue, name="list"),
]
