# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.work import boards, repeats, views

app_name = "work"
urlpatterns = [
    path("", views.start, name="start"),
    path("board/", boards.board, name="board"),
    path("board/near/", boards.near, name="near"),
    path("board/near/urge/", boards.urge, name="urge"),
    path("board/chains/", boards.chains, name="chains"),
    path("board/cards/", boards.cards, name="cards"),
    path("board/people/", boards.people, name="people"),
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
