# SPDX-License-Identifier: Apache-2.0
"""Rule packs: read, compared clause by clause, tried on last month's orders, set live."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from rexian.directory.models import Kind
from rexian.orders import actions, deadlines, limits, trying
from rexian.orders.deadlines import Clause, RulePack
from rexian.orders.models import Urgency
from rexian.security.access import StaffRequest
from rexian.web.admin import changes
from rexian.web.admin.forms import PackForm
from rexian.web.admin.guards import done, keeper

PHASES = {
    "accept": gettext_lazy("受理"),
    "supplement": gettext_lazy("等补充"),
    "dispatch": gettext_lazy("派单"),
    "sign": gettext_lazy("签收"),
    "return": gettext_lazy("退回"),
    "silence": gettext_lazy("退回无人审即同意"),
    "handle": gettext_lazy("办理"),
    "extension": gettext_lazy("延期"),
    "promise": gettext_lazy("承诺办理"),
    "visit": gettext_lazy("回访"),
    "reopen": gettext_lazy("再次提出"),
}
When = tuple[tuple[str, tuple[str, ...]], ...]
WORDS = {
    "kind": dict(Kind.choices),
    "urgency": dict(Urgency.choices),
    "service": {"utility": gettext_lazy("水电气热")},
    "complex": {"true": gettext_lazy("复杂"), "false": gettext_lazy("不复杂")},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case of one phase, with the clause of either pack; None where a pack has no clause of its own for it."""

    phase: str
    case: str
    left: Clause | None
    right: Clause | None
    differs: bool


def _case(when: When) -> str:
    """A case in words."""
    told = [WORDS.get(name, {}).get(value, value) for name, values in when for value in values]
    return "、".join(map(str, told)) or _("其余")


def _rows(left: RulePack, right: RulePack) -> list[Row]:
    """The cases of both packs, by phase; the first clause of a case counts, as it does for orders."""
    sides = [{(one.phase, one.when): one for one in reversed(pack.clauses)} for pack in (left, right)]
    cases = dict.fromkeys((one.phase, one.when) for one in chain(left.clauses, right.clauses))
    ordered = sorted(cases, key=lambda key: (deadlines.PHASES.index(key[0]), not key[1]))
    return [_row(phase, when, sides) for phase, when in ordered]


def _row(phase: str, when: When, sides: list[dict[tuple[str, When], Clause]]) -> Row:
    """A case as either pack has it; a pack that has none times it by the rest of the phase, and that is what is compared."""
    left, right = (side.get((phase, when)) for side in sides)
    times = {(one.amount, one.unit) for one in (side.get((phase, when), side[phase, ()]) for side in sides)}
    return Row(str(PHASES[phase]), _case(when), left, right, len(times) > 1)


def _pack(key: str) -> RulePack:
    """A shipped pack, or the live one, by its key; 404 for any other."""
    found = next((pack for pack in (*deadlines.shipped(), limits.pack_of()) if pack.key == key), None)
    if found is None:
        raise Http404
    return found


@keeper
def index(request: StaffRequest) -> HttpResponse:
    """The shipped packs, the live one, and when it was changed."""
    context = {"packs": deadlines.shipped(), "live": limits.pack_of(), "changes": changes.of("city")}
    return render(request, "admin/packs.html", context)


@keeper
def compare(request: StaffRequest) -> HttpResponse:
    """One pack's clauses with their sources, or two side by side."""
    live = limits.pack_of()
    left = _pack(request.GET.get("left") or live.key)
    right = _pack(request.GET.get("right") or left.key)
    rows = _rows(left, right)
    context = {"left": left, "right": right, "rows": rows, "packs": deadlines.shipped(), "live": live}
    return render(request, "admin/compare.html", context | {"differing": sum(one.differs for one in rows)})


@keeper
def trial(request: StaffRequest) -> HttpResponse:
    """A pack tried on last month's orders; from here it is set live."""
    return _trial(request, _pack(request.GET.get("pack") or limits.pack_of().key))


def _trial(request: StaffRequest, pack: RulePack, form: PackForm | None = None) -> HttpResponse:
    found = trying.try_pack(pack)
    kinds: dict[str, Any] = dict(Kind.choices)
    rows = [(_("合计"), found.all), *((str(kinds.get(one.kind, one.kind)), one) for one in found.kinds)]
    context = {"pack": pack, "live": limits.pack_of(), "found": found, "rows": rows, "most": trying.MOST}
    return render(request, "admin/trial.html", context | {"form": form or PackForm(initial={"key": pack.key})})


@keeper
@require_POST
def set_live(request: StaffRequest) -> HttpResponse:
    """Makes a pack the city's, with the reason."""
    form = PackForm(request.POST)
    if form.is_valid() and done(form, lambda: actions.set_rule_pack(by=request.by, **form.cleaned_data)):
        messages.success(request, _("已启用，此后派出的工单按它计时；已派出的不变。"))
        return redirect("admin:packs")
    return _trial(request, _pack(request.POST.get("key", "")), form)
