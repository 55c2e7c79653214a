# SPDX-License-Identifier: Apache-2.0
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from rexian.directory.models import Kind
from rexian.orders.labels import STATES
from rexian.orders.workflow import AT_DEPARTMENT, OPEN, State
from rexian.security.fields import EncryptedTextField


class Week(models.Func):
    """The number of a day's week since the first one, in an array of one: so a GIN index takes it beside words without an extension.
    `orders.similar` asks by it."""

    first = date(2000, 1, 3)
    template = f"(ARRAY[(%(expressions)s - '{first}'::date) / 7])"
    output_field = ArrayField(models.IntegerField())


class Urgency(models.TextChoices):
    NORMAL = "normal", _("一般")
    URGENT = "urgent", _("紧急")
    DANGER = "danger", _("危险")


class Card(models.IntegerChoices):
    NONE = 0, _("无")
    YELLOW = 1, _("黄牌")
    RED = 2, _("红牌")
    SUPERVISED = 3, _("督办单")


class Facts(models.TextChoices):
    TRUE = "true", _("属实")
    PARTLY = "partly", _("部分属实")
    FALSE = "false", _("不属实")
    UNKNOWN = "unknown", _("无法核实")


class Grade(models.IntegerChoices):
    """The five grades of 好差评 (国办发〔2019〕51号)."""

    VERY_GOOD = 5, _("非常满意")
    GOOD = 4, _("满意")
    FAIR = 3, _("基本满意")
    BAD = 2, _("不满意")
    VERY_BAD = 1, _("非常不满意")


CALM = Case(When(urgency="danger", then=Value(0)), default=Value(1), output_field=models.IntegerField())
"""0 for danger, 1 for the rest: lists of the hotline's own work are sorted by it first."""


def _values(states: frozenset[State]) -> list[str]:
    return sorted(state.value for state in states)


DISPUTED = Q(state__in=_values(AT_DEPARTMENT | {State.ACCEPTED}), dispatches__gte=1) & (
    Q(dispatches__gte=2) | Q(state="accepted") | Q(state="returning")
)
"""Open orders that a department gave back, or asks to: those that go back and forth."""


class WorkOrder(models.Model):
    """A work order (工单): one request, from any channel, through its whole way.

    Its row is the present; its past is the chain of events. Three clocks drive the time-driven moves: `due_at` (the handling limit, with
    `warn_at` for the yellow card) and `stage_due_at` (the limit of the present state, where it has one).
    """

    # What it is called
    number = models.CharField(_("工单号"), max_length=32)
    serial = models.BigIntegerField(unique=True)
    day = models.DateField()
    query_code = models.BinaryField(max_length=16, null=True)

    # What it says: the five elements and what is wanted
    channel = models.CharField(_("渠道"), max_length=16)
    kind = models.CharField(_("性质"), max_length=16, choices=Kind.choices)
    urgency = models.CharField(_("紧急程度"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    title = models.CharField(_("标题"), max_length=80)
    text = models.TextField(_("诉求内容"))
    who = EncryptedTextField(_("何人"))
    telephone = EncryptedTextField(_("联系电话"))
    address = EncryptedTextField(_("何地"))
    happened = models.CharField(_("何时"), max_length=100, blank=True)
    cause = models.CharField(_("何因"), max_length=200, blank=True)
    area = models.ForeignKey(
        "directory.Area", models.PROTECT, null=True, blank=True, verbose_name=_("区域"), db_index=False
    )
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    category = models.ForeignKey(
        "directory.Category", models.PROTECT, null=True, blank=True, verbose_name=_("分类"), db_index=False
    )
    citizen = models.ForeignKey(
        "directory.Citizen",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("诉求人"),
        db_index=False,
    )
    confidential = models.BooleanField(_("保密"), default=False)
    named = models.ManyToManyField("security.User", blank=True, related_name="+", verbose_name=_("保密知情人"))
    danger = models.CharField(_("危险"), max_length=32, blank=True)

    # Where it stands
    state = models.CharField(_("状态"), max_length=16, choices=[(s.value, STATES[s]) for s in State])
    lead = models.ForeignKey(
        "directory.Department", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("主办单位")
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats", db_index=False)
    dispatches = models.PositiveSmallIntegerField(_("派单次数"), default=0)
    rounds = models.PositiveSmallIntegerField(default=0)
    redos = models.PositiveSmallIntegerField(_("重办次数"), default=0)
    extensions = models.PositiveSmallIntegerField(_("延期次数"), default=0)
    reopens = models.PositiveSmallIntegerField(_("再提次数"), default=0)
    designated = models.BooleanField(_("指定承办"), default=False)
    card = models.PositiveSmallIntegerField(_("牌"), choices=Card.choices, default=Card.NONE)

    # When
    received_at = models.DateTimeField(_("收到"))
    accepted_at = models.DateTimeField(_("受理"), null=True)
    dispatched_at = models.DateTimeField(_("派单"), null=True)
    signed_at = models.DateTimeField(_("签收"), null=True)
    contacted_at = models.DateTimeField(_("首次联系"), null=True)
    replied_at = models.DateTimeField(_("答复"), null=True)
    closed_at = models.DateTimeField(_("办结"), null=True)
    pack = models.CharField(_("规则包"), max_length=48, blank=True)
    clause = models.CharField(_("时限条款"), max_length=48, blank=True)
    due_at = models.DateTimeField(_("办理期限"), null=True)
    warn_at = models.DateTimeField(_("黄牌时间"), null=True)
    stage_due_at = models.DateTimeField(_("本环节期限"), null=True)
    stage_reminded = models.BooleanField(default=False)

    # What came of it
    reply_citizen = models.TextField(_("给诉求人的答复"), blank=True)
    reply_public = models.TextField(_("公开的答复"), blank=True)
    published = models.BooleanField(_("已公开"), default=False)
    facts = models.CharField(_("是否属实"), max_length=8, choices=Facts.choices, blank=True)
    outside_duty = models.BooleanField(_("超出职责"), null=True)
    solved = models.BooleanField(_("已解决"), null=True)
    why_unsolved = models.CharField(_("未解决原因"), max_length=200, blank=True)
    grade = models.PositiveSmallIntegerField(_("评价"), choices=Grade.choices, null=True)
    outcome = models.CharField(_("结果"), max_length=16, blank=True)

    # The end of its chain of events
    last_seq = models.PositiveIntegerField(default=0)
    last_hash = models.BinaryField(max_length=32, default=b"")

    # What the machines said and search by
    proposal = models.JSONField(_("系统建议"), null=True)
    fingerprint = models.BinaryField(max_length=16, null=True)
    search = SearchVectorField(null=True)

    class Meta:
        verbose_name = _("工单")
        constraints = [
            # Not `unique=True`, which makes a second index, for prefixes, that every intake would pay for and nobody reads.
            models.UniqueConstraint(fields=["number"], name="order_number_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="order_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="order_kind_known"),
            models.CheckConstraint(condition=Q(urgency__in=Urgency.values), name="order_urgency_known"),
            models.CheckConstraint(condition=~Q(text=""), name="order_has_text"),
            models.CheckConstraint(
                condition=~Q(state__in=_values(AT_DEPARTMENT)) | Q(lead__isnull=False, due_at__isnull=False),
                name="order_at_department_has_lead_and_limit",
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(parent__isnull=False), name="order_merged_has_parent"
            ),
            models.CheckConstraint(condition=Q(grade=None) | Q(grade__gte=1, grade__lte=5), name="order_grade_range"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="order_point_range",
            ),
            models.CheckConstraint(
                condition=Q(published=False) | Q(confidential=False), name="order_secret_not_public"
            ),
        ]
        indexes = [
            # The open work is a few hundredths of all orders: what it is found by leaves the past out (ADR 4).
            models.Index(fields=["state", "due_at", "id"], name="order_by_state", condition=Q(state__in=_values(OPEN))),
            models.Index(
                fields=["lead", "state", "due_at", "id"],
                name="order_by_lead",
                condition=Q(state__in=_values(AT_DEPARTMENT)),
            ),
            models.Index(fields=["due_at", "id"], name="order_in_hand", condition=Q(state__in=_values(AT_DEPARTMENT))),
            models.Index(
                CALM, "stage_due_at", "id", name="order_to_dispatch", condition=Q(state__in=["accepted", "submitted"])
            ),
            models.Index(fields=["replied_at", "id"], name="order_to_review", condition=Q(state="reviewing")),
            models.Index(
                fields=["stage_due_at", "id"], name="order_to_visit", condition=Q(state__in=["closing", "visiting"])
            ),
            models.Index(fields=["dispatches", "id"], name="order_disputed", condition=DISPUTED),
            models.Index(fields=["area", "received_at"], name="order_by_area"),
            models.Index(fields=["citizen", "-received_at"], name="order_by_citizen"),
            models.Index(fields=["received_at"], name="order_by_received"),
            models.Index(fields=["category", "area", "received_at"], name="order_by_category_area"),
            models.Index(fields=["parent"], name="order_by_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["fingerprint"], name="order_by_fingerprint"),
            models.Index(
                fields=["stage_due_at"],
                name="order_stage_clock",
                condition=Q(stage_due_at__isnull=False, stage_reminded=False),
            ),
            models.Index(
                fields=["warn_at"], name="order_yellow_clock", condition=Q(card=0, state__in=_values(AT_DEPARTMENT))
            ),
            models.Index(
                fields=["due_at"], name="order_red_clock", condition=Q(card__lt=2, state__in=_values(AT_DEPARTMENT))
            ),
            models.Index(fields=["-closed_at"], name="order_published", condition=Q(published=True)),
            models.Index(fields=["-closed_at"], name="order_by_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["due_at"], name="order_by_due", condition=Q(due_at__isnull=False)),
            models.Index(
                fields=["-received_at"], name="order_danger", condition=Q(state__in=_values(OPEN), urgency="danger")
            ),
            GinIndex("search", Week("day"), name="order_search"),
        ]

    def __str__(self) -> str:
        return self.number
