# SPDX-License-Identifier: Apache-2.0
"""Who, what and why: the persons and bodies of a request, the clause that says what is wrong, and the cause that it gives."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rexian_ml.extract.rules import any_of, table
from rexian_ml.redact import find as find_personal
from rexian_ml.redact.lexicon import lexicon

_WHO, _WHAT = table("who"), table("what")
_VAGUE = frozenset(_WHO["vague"])
_ROLE = re.compile(any_of(_WHO["roles"]))
_BODY = re.compile(rf"(?<![一-鿿A-Za-z])?[一-鿿A-Za-z]{{2,12}}?(?:{any_of(_WHO['bodies'])})")
_NOT_BODY = re.compile(r".*(?:[在的我是到被对向找和与,，称映诉报说问由给叫让把为得]|市民|业主|居民|该|本|这家|某)")
_PROBLEM = re.compile(any_of(_WHAT["problems"]))
_LEAD = re.compile(rf"(?:{any_of(_WHAT['lead'])}|[,，：: ])+")
MOST_STEPS = 12
"""Greetings, times, places and small words that are taken from the beginning of a clause."""
_CLAUSES = re.compile(r"[^,，。；;！!？?\s][^,，。；;！!？?\n]*")

_CAUSES = (
    re.compile(
        r"(?:由于|因为|原因是|起因是|源于)(?P<cause>[^,，。；;！!？?\n]+?)(?=导致|造成|致使|使得|引起|所以|,|，|。|；|！|？|\n|$)"
    ),
    re.compile(
        r"(?<![原])因(?!此|为|而|素)(?P<cause>[^,，。；;！!？?\n]{2,20}?)(?=导致|造成|致使|使得|而|,|，|。|；|\n|$)"
    ),
    re.compile(r"(?P<cause>[^,，。；;！!？?\n]{2,30}?)(?:，|,)?(?:导致|造成|致使|使得|引发)(?!的)"),
    re.compile(r"(?:是|由)(?P<cause>[^,，。；;！!？?\n]{2,20}?)(?:引起|造成|导致)的"),
    re.compile(r"(?:说是|理由是|解释是|解释说|借口是|称是)(?P<cause>[^。；;！!？?\n,，]{2,30})"),
)
_RESULTS = re.compile("导致|造成|致使|使得|引发|引起(?!的)")
_EXPLAINS = re.compile("^(?:由于|因为|因(?!此)|原因|理由|借口|解释|说是)|说是|解释说|称是")
ASKS = re.compile("吗|呢|怎么|如何|什么|多少|哪里|哪儿|能否|是否|能不能|可不可以|几点")


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end] is one element of a request."""

    start: int
    end: int
    text: str


def who(text: str) -> list[Span]:
    """Names of persons, bodies by name and by role, in the text's order; the vague ones (公司, 业主) only where nothing better is named."""
    found = [_entitled(one.start, one.end, text) for one in find_personal(text, ("name",))]
    found += [_body(one) for one in _BODY.finditer(text)]
    found += [Span(*one.span(), one[0]) for one in _ROLE.finditer(text)]
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    exact = [span for span in kept if span.text not in _VAGUE]
    return sorted(exact or kept, key=lambda one: one.start)


def _entitled(start: int, end: int, text: str) -> Span:
    """A name with the title behind it: 李老师."""
    title = lexicon().title.match(text, end)
    stop = title.end() if title else end
    return Span(start, stop, text[start:stop])


def _body(found: re.Match[str]) -> Span:
    """A body's name without the words before it."""
    before = _NOT_BODY.match(found[0][:-2])
    start = found.start() + (before.end() if before else 0)
    return Span(start, found.end(), found.string[start : found.end()])


def what(text: str, taken: Sequence[tuple[int, int]]) -> Span | None:
    """The clause with the most that is wrong in it, without its greeting and without what is known of it already (`taken`) at its edges."""
    clauses = [_effect(Span(*one.span(), one[0])) for one in _CLAUSES.finditer(text)]
    best = max(enumerate(clauses), key=lambda one: _weight(one[1].text) - 0.6 * one[0], default=None)
    return _trimmed(best[1], text, taken) if best else None


def _effect(clause: Span) -> Span:
    """Of 甲导致乙 only 乙: the cause is an element of its own."""
    found = _RESULTS.search(clause.text)
    if not found or found.end() == len(clause.text):
        return clause
    return Span(clause.start + found.end(), clause.end, clause.text[found.end() :])


def _weight(clause: str) -> float:
    """How much a clause tells: problems named, a question asked; a little for its length. What explains is not what is wrong."""
    if _EXPLAINS.search(clause):
        return -5.0
    problems = sum(len(one[0]) for one in _PROBLEM.finditer(clause))
    return min(problems, 5) + 2 * bool(ASKS.search(clause)) + min(len(clause), 20) / 20


def _trimmed(clause: Span, text: str, taken: Sequence[tuple[int, int]]) -> Span:
    start, end = clause.start, clause.end
    for _ in range(MOST_STEPS):
        start = _further(text, start, end, taken)
    end = next((first for first, last in taken if last == end and first > start), end)
    return Span(start, end, text[start:end])


def _further(text: str, start: int, end: int, taken: Sequence[tuple[int, int]]) -> int:
    """The start behind a greeting, a time, a place or a small word that stands there."""
    lead = _LEAD.match(text, start, end)
    if lead and lead.end() < end:
        return lead.end()
    inside = [last for first, last in taken if first <= start < last < end]
    if inside:
        return max(inside)
    return start + 1 if text[start : start + 1] in tuple("在从的到于位处，, ") and start + 1 < end else start


def causes(text: str, taken: Sequence[tuple[int, int]]) -> list[Span]:
    """What a text gives as the cause, by the words that announce one."""
    for pattern in _CAUSES:
        if found := list(_caused(pattern, text, taken)):
            return found
    return []


def _caused(pattern: re.Pattern[str], text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Span]:
    for one in pattern.finditer(text):
        span = Span(*one.span("cause"), one["cause"])
        if len(span.text) >= 2:
            trimmed = _trimmed(span, text, taken)
            yield replace(trimmed, text=text[trimmed.start : trimmed.end])
