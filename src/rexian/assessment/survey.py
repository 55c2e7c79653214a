# SPDX-License-Identifier: Apache-2.0
"""Filled-in questionnaires with all that is reckoned from them, each thing once and only when asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rexian.assessment import baseline, clusters, comparison, index, questionnaire, scores, synthetic, weights
from rexian.assessment.clusters import Types
from rexian.assessment.comparison import FEWEST, Association, CrossTest, Gap, GroupMean
from rexian.assessment.index import Index
from rexian.assessment.questionnaire import Questionnaire, Sheet
from rexian.assessment.scores import Matrix, Scores
from rexian.assessment.weights import Ranks


@dataclass(frozen=True)
class Survey:
    """Cities in the order of their sheets. `own_weights` are global weights other than the index's, shape (29,)."""

    sheets: Sequence[Sheet]
    own_weights: Matrix | None = None
    weighting: str = "equal"

    @property
    def index(self) -> Index:
        """The index of this package."""
        return index.load()

    @property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire of this package."""
        return questionnaire.load()

    @cached_property
    def names(self) -> list[str]:
        """The cities' names."""
        return [str(sheet["city"]) for sheet in self.sheets]

    @cached_property
    def label(self) -> str:
        """The warning that belongs to synthetic answers, empty for real ones."""
        made = any(name.startswith(synthetic.PREFIX) for name in self.names)
        return baseline.load().synthetic if made else ""

    @cached_property
    def scores(self) -> Scores:
        """All levels of the index for all cities."""
        return scores.score(self.sheets, self.index, self.questionnaire, self.own_weights)

    @cached_property
    def rankable(self) -> bool:
        """Whether there are enough scored cities to rank at all."""
        return int((~np.isnan(self.scores.overall)).sum()) >= FEWEST

    @cached_property
    def ranks(self) -> Ranks:
        """Ranks with what the weights leave open."""
        return weights.ranks(self.scores)

    @cached_property
    def order(self) -> list[int]:
        """Places of the scored cities, best first, ties by name."""
        scored = np.flatnonzero(~np.isnan(self.scores.overall))
        return sorted(
            (int(place) for place in scored), key=lambda place: (-self.scores.overall[place], self.names[place])
        )

    @cached_property
    def types(self) -> Types | None:
        """Types of cities, None where they cannot be told."""
        return clusters.types(self.scores)

    @cached_property
    def gaps(self) -> list[Gap]:
        """Differences between the dimensions."""
        return comparison.gaps(self.scores)

    @cached_property
    def associations(self) -> list[Association]:
        """Indicators that go together."""
        return comparison.associations(self.scores)

    def groups(self, by: str) -> list[str]:
        """Each city's region or level."""
        return comparison.grouping(self.questionnaire, self.sheets, by)

    def group_means(self, by: str) -> list[GroupMean]:
        """Groups with their means."""
        return comparison.group_means(self.scores.overall, self.groups(by))

    def cross(self, by: str) -> list[CrossTest]:
        """Answers against region or level."""
        return comparison.cross(self.questionnaire, self.sheets, self.groups(by))
