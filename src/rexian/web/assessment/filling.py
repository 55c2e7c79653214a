# SPDX-License-Identifier: Apache-2.0
"""The questionnaire as its cities see it: by one link, by several people at once, saved as one goes."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms as fields
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from rexian.assessment import actions, answers, filling, forms, index, queries, questionnaire
from rexian.assessment.answers import Fault, RefusedError
from rexian.assessment.filling import Group
from rexian.assessment.models import Answer, Evidence, Invitation, Survey
from rexian.assessment.questionnaire import Question
from rexian.orders import attachments
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.web.assessment.links import Opened, by_link, remember_name, told_closed
from rexian.web.forms import style

LISTED = 8
"""Options of a single choice up to which they are shown as buttons; more are a list."""
SEPARATOR = "；"


class Name(fields.Form):
    name = fields.CharField(
        label=gettext_lazy("您的姓名"), max_length=40, help_text=gettext_lazy("与您填的每一题一起记录。")
    )


@dataclass(frozen=True, slots=True)
class Field:
    """A question as its page shows it: the answer that holds, what was chosen or typed, what is wrong, who wrote meanwhile."""

    question: Question
    row: Answer | None
    shown: bool
    typed: tuple[str, ...]
    why: str = ""
    theirs: str = ""

    @property
    def key(self) -> str:
        """The id of its element."""
        return self.question.id.replace(".", "-")

    @property
    def look(self) -> str:
        """How it is asked: list, buttons, boxes, number, lines."""
        kind = self.question.kind
        if kind in ("number", "text"):
            return {"number": "number", "text": "lines"}[kind]
        return "boxes" if kind == "several" else "list" if len(self.question.options) > LISTED else "buttons"

    @property
    def base(self) -> int:
        """The number of the answer that its writer sees."""
        return self.row.number if self.row else 0

    @property
    def limits(self) -> str:
        """What a number may be, in words."""
        return forms.allowed(self.question) if self.question.kind == "number" else ""


class Board:
    """All that a page of a questionnaire shows of its state: read once a request."""

    def __init__(self, invitation: Invitation) -> None:
        self.form, self.index, self.invitation = questionnaire.load(), index.load(), invitation
        self.rows: Mapping[str, Answer] = queries.current([invitation])[invitation.pk]
        self.sheet = queries.sheet(invitation, self.rows)
        self.progress = filling.progress(self.form, self.index, self.sheet)
        self.reasons = {question.id: why for question, why in self.progress.findings}

    def field(self, question: Question, **more: Any) -> Field:
        """A question with its answer; what must not be empty is told on the page of signing, not while one has not come to it."""
        row = self.rows.get(question.id)
        why = self.reasons.get(question.id, "") if question.id in self.sheet else ""
        told = {"typed": _typed(row.value) if row else (), "why": why} | more
        return Field(question, row, question.asked(self.sheet) is True, **told)

    def fields(self, questions: Iterable[Question]) -> list[Field]:
        return [self.field(one) for one in questions]

    def groups(self, part: str) -> list[tuple[Group, list[Field]]]:
        """The questions of a page by indicator."""
        return [(group, self.fields(group.questions)) for group in filling.groups(self.form, self.index, part)]


def _typed(value: object) -> tuple[str, ...]:
    """An answer as the inputs hold it."""
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, int | float):
        return (f"{value:.12g}",)
    return () if value is None else (str(value),)


def _page(request: HttpRequest, name: str, opened: Opened, status: int = 200, **more: Any) -> HttpResponse:
    board = more.pop("board", None) or Board(opened.invitation)
    context = {"opened": opened, "survey": opened.invitation.survey, "board": board, "closed": told_closed(opened)}
    return render(request, f"assessment/{name}.html", context | more, status=status)


@by_link
def start(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Who answers, how far it is, the way by file."""
    form = style(Name(request.POST or None, initial={"name": opened.by.name}))
    if request.method == "POST" and form.is_valid():
        response = redirect("assessment:fill", opened.token)
        remember_name(response, form.cleaned_data["name"])
        return response
    return _page(request, "start", opened, 422 if form.errors else 200, form=form)


@by_link
@require_GET
def part(request: HttpRequest, opened: Opened, slug: str) -> HttpResponse:
    """A page of questions."""
    names = filling.names(index.load())
    if slug not in names:
        raise Http404
    if not opened.by.name:
        return redirect("assessment:fill", opened.token)
    board = Board(opened.invitation)
    keys = list(names)
    after = keys[keys.index(slug) + 1] if slug != keys[-1] else ""
    files = queries.files(opened.invitation)
    return _page(
        request,
        "part",
        opened,
        board=board,
        slug=slug,
        title=names[slug],
        groups=board.groups(slug),
        after=after,
        files=files,
    )


@by_link
@require_POST
def answer(request: HttpRequest, opened: Opened, question: str) -> HttpResponse:
    """Keeps one answer, and says at the question what became of it; what hangs on it comes along."""
    one = questionnaire.load().by_id.get(question)
    if one is None or one.id == filling.GIVEN:
        raise Http404
    typed, base = tuple(filter(str.strip, request.POST.getlist("value"))), request.POST.get("base", "")
    more: dict[str, Any] = {}
    try:
        value = answers.parse(one, SEPARATOR.join(typed)) if typed else None
        actions.answer(
            by=opened.by,
            invitation=opened.invitation,
            question=one.id,
            value=value,
            base=int(base) if base.isdigit() else 0,
        )
    except actions.Overwritten as error:
        latest = filling.value_of(error.latest.value)
        more = {"why": error.message, "typed": typed, "theirs": one.text(latest) if latest is not None else _("（空）")}
    except (ValueError, Refusal) as error:
        more = {"why": error.message if isinstance(error, Refusal) else str(error), "typed": typed}
    return _answered(request, opened, one, more)


def _answered(request: HttpRequest, opened: Opened, one: Question, more: dict[str, Any]) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]  # a browser without scripts
        if more:
            messages.error(request, f"{one.title}：{more['why']}")
        page = reverse("assessment:part", args=[opened.token, filling.part_of(one)])
        return redirect(f"{page}#q-{one.id.replace('.', '-')}")
    board = Board(opened.invitation)
    context = {
        "field": board.field(one, **more),
        "depending": [] if more else board.fields(filling.depending(board.form, one.id)),
        "together": [] if more else board.fields(filling.together(board.form, one.id)),
    }
    return _page(request, "answered", opened, 422 if more else 200, board=board, slug=filling.part_of(one), **context)


@by_link
@require_POST
def attach(request: HttpRequest, opened: Opened, indicator: str) -> HttpResponse:
    """Attaches files of evidence to an indicator."""
    if indicator not in {one.id for one in index.load().indicators}:
        raise Http404
    why = ""
    try:
        for file in request.FILES.getlist("file"):
            if (file.size or 0) > attachments.LARGEST:
                raise Refusal(_("“%(name)s”超过 10 MB。") % {"name": file.name})
            actions.attach(
                by=opened.by,
                invitation=opened.invitation,
                indicator=indicator,
                name=file.name or "",
                content=file.read(),
            )
    except Refusal as error:
        why = error.message
    return _attached(request, opened, indicator, why)


def _attached(request: HttpRequest, opened: Opened, indicator: str, why: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        if why:
            messages.error(request, why)
        return redirect(
            reverse("assessment:part", args=[opened.token, indicator[0]]) + f"#files-{indicator.replace('.', '-')}"
        )
    files = queries.files(opened.invitation).get(indicator, [])
    return _page(request, "files", opened, 422 if why else 200, indicator=indicator, files=files, why=why)


def _evidence(opened: Opened, pk: int) -> Evidence:
    found = queries.evidence(opened.invitation).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@by_link
@require_POST
def remove(request: HttpRequest, opened: Opened, pk: int) -> HttpResponse:
    """Takes a file back."""
    one, why = _evidence(opened, pk), ""
    try:
        actions.remove_evidence(by=opened.by, invitation=opened.invitation, evidence=one)
    except Refusal as error:
        why = error.message
    return _attached(request, opened, one.indicator, why)


@by_link
@require_GET
def file(request: HttpRequest, opened: Opened, pk: int) -> FileResponse:
    """A file of one's own city."""
    return served(_evidence(opened, pk))


def served(one: Evidence) -> FileResponse:
    """A file of evidence, to be saved and never shown in the page's name."""
    path = attachments.path(one.file)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=one.name, content_type=one.media_type)


@by_link
@require_GET
def blank(request: HttpRequest, opened: Opened, slug: str) -> HttpResponse:
    """The empty questionnaire as a file."""
    return template(slug)


def template(slug: str) -> HttpResponse:
    """The empty questionnaire as `xlsx` or `csv`."""
    kinds = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
    if slug not in kinds:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"questionnaire.{slug}"
        forms.write(path, questionnaire.load(), index.load())
        response = HttpResponse(path.read_bytes(), content_type=kinds[slug])
    response["Content-Disposition"] = f'attachment; filename="questionnaire.{slug}"'
    return response


@by_link
@require_POST
def upload(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The answers of one's city as a file: all of it or nothing, with what is wrong where."""
    faults, why = taken(request, opened.by, opened.invitation.survey, opened.invitation)
    if not faults and not why:
        messages.success(request, _("文件里的回答都已存好。"))
        return redirect("assessment:fill", opened.token)
    form = style(Name(initial={"name": opened.by.name}))
    return _page(request, "start", opened, 422, form=form, faults=faults, why=why)


def taken(
    request: HttpRequest, by: By, survey: Survey, only: Invitation | None = None
) -> tuple[tuple[Fault, ...], str]:
    """Takes the uploaded file; what is wrong with it, line by line, or why it cannot be taken at all."""
    given = request.FILES.get("file")
    if given is None:
        return (), _("请选择文件。")
    if (given.size or 0) > attachments.LARGEST:
        return (), _("“%(name)s”超过 10 MB。") % {"name": given.name}
    with tempfile.NamedTemporaryFile(suffix=Path(given.name or "").suffix[:6]) as kept:
        for chunk in given.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            actions.import_file(by=by, survey=survey, file=Path(kept.name), only=only)
        except RefusedError as refused:
            return refused.faults, ""
        except Refusal as error:
            return (), error.message
    return (), ""


@by_link
def check(request: HttpRequest, opened: Opened) -> HttpResponse:
    """All answers on one page, what is open, what does not fit; with the head's link, the signature."""
    board, form, why = Board(opened.invitation), style(Name(request.POST or None, initial={"name": opened.by.name})), ""
    if request.method == "POST" and opened.signs and form.is_valid():
        by = opened.by if opened.by.user_id else By(role=opened.by.role, name=form.cleaned_data["name"])
        try:
            actions.sign(by=by, invitation=opened.invitation, seen=request.POST.get("seen", ""))
        except Refusal as error:
            why = error.message
        else:
            return redirect("assessment:check", opened.token)
    context = {
        "form": form,
        "why": why,
        "seen": queries.digest(opened.invitation),
        "signoff": queries.standing_signoff(opened.invitation),
        "parts": [(name, board.groups(slug)) for slug, name in filling.names(board.index).items()],
        "files": queries.files(opened.invitation),
        "open": [(one, filling.part_of(one), one.id.replace(".", "-")) for one in board.progress.open],
        "wrong": [(one, filling.part_of(one), one.id.replace(".", "-"), told) for one, told in board.progress.findings],
    }
    wrong = bool(why or form.errors or (request.method == "POST" and not opened.signs))
    return _page(request, "check", opened, 422 if wrong else 200, board=board, **context)
