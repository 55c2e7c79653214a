# SPDX-License-Identifier: Apache-2.0
"""What departments do with an order: assignments, extensions, contacts, opinions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Assignment(models.Model):
    """An order in the hands of a department, as lead (主办) or assisting (协办), for one dispatch.

    `round` is the dispatch it belongs to; `section` the part inside the department that it was handed on to.
    It ends when the order is returned, replied to, merged or dispatched anew.
    """

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        ASSIST = "assist", _("协办")

    order = models.ForeignKey("orders.WorkOrder", models.CASCADE, related_name="assignments")
    department = models.ForeignKey("directory.Department", models.PROTECT, related_name="assignments")
    section = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    part = models.CharField(max_length=8, choices=Part.choices)
    round = models.PositiveSmallIntegerField()
    since = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    returned = models.BooleanField(default=False)
    return_reason = models.TextField(blank=True)
    suggested = models.ForeignKey("directory.Department", models.PROTECT, null=True, related_name="+")
    opinion = models.TextField(blank=True)

    class Meta:
        verbose_name = _("承办")
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(part="lead", ended_at=None), name="assignment_one_lead"
            ),
            models.UniqueConstraint(fields=["order", "department", "round"], name="assignment_once_a_round"),
        ]
        indexes = [models.Index(fields=["department", "order"], name="assignment_open", condition=Q(ended_at=None))]


class Extension(models.Model):
    """More time asked for (延期), and what was decided."""

    order = models.ForeignKey("orders.WorkOrder", models.CASCADE, related_name="extension_requests")
    asked_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField(_("工作日"))
    reason = models.TextField(_("理由"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision = models.TextField(blank=True)

    class Meta:
        verbose_name = _("延期申请")
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(decided_at=None), name="extension_one_open"),
            models.CheckConstraint(condition=Q(days__gte=1), name="extension_days"),
        ]
        indexes = [models.Index(fields=["asked_at"], name="extension_open", condition=Q(decided_at=None))]


class Visit(models.Model):
    """One return visit (回访): a call to the citizen after the reply, reached or not; or the citizen's own rating."""

    order = models.ForeignKey("orders.WorkOrder", models.CASCADE, related_name="visits")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField()
    reached = models.BooleanField()
    solved = models.BooleanField(null=True)
    grade = models.PositiveSmallIntegerField(null=True)
    remark = models.TextField(blank=True)

    class Meta:
        verbose_name = _("回访")
        constraints = [
            models.CheckConstraint(condition=Q(grade=None) | Q(grade__gte=1, grade__lte=5), name="visit_grade"),
            models.CheckConstraint(condition=Q(reached=True) | Q(grade=None), name="visit_missed_has_no_grade"),
        ]
        indexes = [models.Index(fields=["at"], name="visit_by_time")]


class Correction(models.Model):
    """A dispatcher's choice where it differs from the proposal: kept for training."""

    order = models.ForeignKey("orders.WorkOrder", models.CASCADE, related_name="corrections")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=16)
    proposed = models.CharField(max_length=32, blank=True)
    chosen = models.CharField(max_length=32)
    confidence = models.FloatField(null=True)
    model = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("更正")
        indexes = [models.Index(fields=["at"], name="correction_by_time")]
