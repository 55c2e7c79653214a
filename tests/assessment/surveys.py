# SPDX-License-Identifier: Apache-2.0
"""A small survey for tests, and its answers."""

from datetime import timedelta
from typing import Any

from rexian.assessment import actions, index, queries, questionnaire
from rexian.assessment.actions.surveying import Guest
from rexian.assessment.models import Invitation, SignOff, Survey
from rexian.assessment.questionnaire import Sheet
from rexian.directory import clock
from rexian.security.identity import By
from rexian.security.posts import Outsider
from tests.factories import Town

FORM, INDEX = questionnaire.load(), index.load()
LI = By(role=Outsider.RESPONDENT, name="李四")
WANG = By(role=Outsider.RESPONDENT, name="王五")
HEAD = By(role=Outsider.RESPONDENT, name="赵主任")


def made(town: Town, *cities: str, **values: Any) -> Survey:
    """A survey that the steward runs, open since yesterday for ten more days, with these cities."""
    now = clock.now()
    told = {"title": "2026 年评估", "opens": now - timedelta(days=1), "closes": now + timedelta(days=10)}
    survey = actions.create_survey(
        by=town.by("steward"), address="https://a.example/assessment/fill/", **(told | values)
    )
    guests = [Guest(city, "贵州", f"office{n}@example.org") for n, city in enumerate(cities)]
    if guests:
        actions.invite(by=town.by("steward"), survey=survey, guests=guests)
    return survey


def answered(invitation: Invitation, by: By = LI, **given: Any) -> None:
    """Answers the required questions and the given ones."""
    for question, value in ({"level": "prefecture"} | given).items():
        actions.answer(by=by, invitation=invitation, question=question, value=value, base=99)


def signed(invitation: Invitation, by: By = HEAD, **given: Any) -> SignOff:
    answered(invitation, **given)
    return actions.sign(by=by, invitation=invitation, seen=queries.digest(invitation))


def filled(invitation: Invitation, sheet: Sheet) -> None:
    """A whole sheet, and its sign-off."""
    given = {one: value for one, value in sheet.items() if one not in ("city", "level")}
    signed(invitation, **given)
