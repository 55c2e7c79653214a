# SPDX-License-Identifier: Apache-2.0
"""The published figures of 2020 as reference data (baseline.toml), what can stand behind them, and how a set of answers reproduces them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

from rexian.assessment import consistency
from rexian.assessment.consistency import Fit
from rexian.assessment.questionnaire import Questionnaire, Sheet
from rexian.assessment.translation import gettext as _

FILE = Path(__file__).with_name("baseline.toml")


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number: `value` as printed; `within` is how far a computed one may be (share: half the last place);
    `below`: it was printed as "under". `statistic` is share, mean or of_total (see baseline.toml)."""

    group: str
    indicator: str
    question: str
    value: str
    statistic: str = "share"
    options: tuple[str, ...] = ()
    within: float | None = None
    below: bool = False
    partition: bool = False

    @property
    def id(self) -> str:
        """Question, answers and statistic."""
        return ":".join([self.question, "+".join(self.options) or self.statistic])

    @property
    def tolerance(self) -> float:
        """Half a unit of the last printed place, unless `within` says otherwise."""
        return float(consistency.share(self.value).half) if self.within is None else self.within

    def title(self, questionnaire: Questionnaire) -> str:
        """What the figure is about, for a table."""
        question = questionnaire.by_id[self.question]
        names = "/".join(option.text for option in question.options if option.code in self.options)
        if self.statistic == "of_total":
            return _("%s占比") % question.title
        return f"{question.title}：{names}" if names and question.kind != "yesno" else question.title

    def agrees(self, computed: float) -> bool:
        """Whether a computed number rounds to the published one (ties either way)."""
        published = float(self.value)
        return computed < published if self.below else abs(computed - published) <= self.tolerance + 1e-9


@dataclass(frozen=True, slots=True)
class Computed:
    """A figure computed from answers: `value` in the figure's unit, out of `n` cities that answered."""

    figure: Figure
    value: float
    n: int

    @property
    def agrees(self) -> bool:
        """Whether it reproduces the published one."""
        return self.n > 0 and self.figure.agrees(self.value)


@dataclass(frozen=True, slots=True)
class Finding:
    """What can stand behind a group of shares: joint `fits`; where there are none, the largest subset (`figures`) with its fits."""

    group: str
    joint: bool
    figures: tuple[Figure, ...]
    fits: tuple[Fit, ...]
    left: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Baseline:
    """All published figures; `label` and `synthetic` are the words to show beside them and beside synthetic answers."""

    label: str
    synthetic: str
    source: str
    cities: int
    provinces: tuple[str, ...]
    figures: tuple[Figure, ...]

    @cached_property
    def groups(self) -> Mapping[str, tuple[Figure, ...]]:
        """The shares of each group, in the order of the file."""
        found: dict[str, list[Figure]] = {}
        for one in self.figures:
            if one.statistic == "share":
                found.setdefault(one.group, []).append(one)
        return {group: tuple(figures) for group, figures in found.items()}


@cache
def load(file: Path = FILE) -> Baseline:
    """The figures of a file of the form of baseline.toml."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    figures = tuple(Figure(**{**one, "options": tuple(one.get("options", ()))}) for one in table.pop("figure"))
    return Baseline(**{**table, "provinces": tuple(table["provinces"])}, figures=figures)


def find(group: str, figures: Sequence[Figure], most: int) -> Finding:
    """Which n of at most `most` gives all the figures; if none does, the largest subset that one n gives."""
    shares = [consistency.share(one.value) for one in figures]
    joint = consistency.fits(shares, most, partition=figures[0].partition)
    if joint:
        return Finding(group, True, tuple(figures), tuple(joint))
    places, fits = consistency.largest_joint(shares, most)
    kept = tuple(figures[place] for place in places)
    return Finding(group, False, kept, tuple(fits), tuple(one for one in figures if one not in kept))


def reproduce(baseline: Baseline, sheets: Sequence[Sheet]) -> list[Computed]:
    """Every published figure computed from the sheets, each over the cities that answered its question."""
    return [compute(figure, sheets) for figure in baseline.figures]


def compute(figure: Figure, sheets: Sequence[Sheet]) -> Computed:
    """One figure from the sheets; the value is NaN when nobody answered."""
    if figure.statistic == "of_total":
        pairs = [
            (part, total)
            for sheet in sheets
            if isinstance(part := sheet.get(figure.question), float)
            and isinstance(total := sheet.get("volume_total"), float)
        ]
        whole = sum(total for _, total in pairs)
        return Computed(figure, 100 * sum(part for part, _ in pairs) / whole if whole else float("nan"), len(pairs))
    answers = [sheet[figure.question] for sheet in sheets if figure.question in sheet]
    numbers = (
        [value for value in answers if isinstance(value, float)]
        if figure.statistic == "mean"
        else [100.0 * _among(value, figure.options) for value in answers]
    )
    return Computed(figure, sum(numbers) / len(numbers) if numbers else float("nan"), len(numbers))


def _among(value: object, options: tuple[str, ...]) -> bool:
    if isinstance(value, frozenset):
        return not value.isdisjoint(options)
    return (f"{value:g}" if isinstance(value, float) else value) in options


def difference(one: Computed) -> Decimal:
    """Computed minus published, in the figure's unit, to two places."""
    return (Decimal(one.value) - Decimal(one.figure.value)).quantize(Decimal("0.01"))
