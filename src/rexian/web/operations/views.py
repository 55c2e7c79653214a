# SPDX-License-Identifier: Apache-2.0
"""The administrator's page of failed jobs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rexian.jobs import actions, queries
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.posts import Post


@access.staff(Post.ADMINISTRATOR)
def jobs(request: StaffRequest) -> HttpResponse:
    """What failed and why, what waits, and whether a worker lives."""
    context = {
        "failed": queries.failed(),
        "count": queries.failed_count(),
        "queues": queries.queues(),
        "alive": queries.workers_alive(),
        "heartbeat": queries.last_heartbeat(),
        "late": queries.late_periodic(),
    }
    return render(request, "operations/jobs.html", context)


@access.staff(Post.ADMINISTRATOR)
@require_POST
def run_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts a failed job back into its queue."""
    try:
        actions.run_again(job=pk, by=request.by)
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("任务 %(pk)s 已重新排队。") % {"pk": pk})
    return redirect("operations:jobs")
