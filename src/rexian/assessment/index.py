# SPDX-License-Identifier: Apache-2.0
"""The index as data: 3 dimensions, 10 sub-dimensions, 29 indicators (index.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("index.toml")


@dataclass(frozen=True, slots=True)
class Node:
    """A dimension (`N`) or sub-dimension (`N1`); `weight` is relative among its siblings; `loop` is the dimension's closed loop."""

    id: str
    name: str
    english: str
    weight: float = 1.0
    loop: str = ""

    @property
    def parent(self) -> str:
        """The dimension of a sub-dimension, empty for a dimension."""
        return self.id[:-1]


@dataclass(frozen=True, slots=True)
class Part:
    """One function of `scoring` on the answers to `questions` (and `total`), with its parameters; see `scoring.FUNCTIONS`."""

    function: str
    questions: tuple[str, ...]
    total: tuple[str, ...] = ()
    full: float = 1.0
    floor: float = 0.0
    options: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its id begins with its sub-dimension's (`N1.1`); `source` says what published result it is reconstructed from;
    `version` rises when its definition or measure changes: scores of different versions are not compared."""

    id: str
    name: str
    english: str
    definition: str
    measure: str
    unit: str
    evidence: str
    source: str
    parts: tuple[Part, ...]
    weight: float = 1.0
    version: int = 1

    @property
    def parent(self) -> str:
        """The sub-dimension."""
        return self.id.split(".")[0]


@dataclass(frozen=True)
class Index:
    """The whole index in its order; `notice` must be shown wherever the indicators are."""

    version: str
    name: str
    notice: str
    dimensions: tuple[Node, ...]
    subdimensions: tuple[Node, ...]
    indicators: tuple[Indicator, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Node | Indicator]:
        """Dimensions, sub-dimensions and indicators by their ids."""
        nodes: list[Node | Indicator] = [*self.dimensions, *self.subdimensions, *self.indicators]
        return {one.id: one for one in nodes}

    def under(self, parent: str) -> tuple[Indicator, ...]:
        """The indicators of a dimension or sub-dimension."""
        return tuple(one for one in self.indicators if one.parent == parent or one.parent[:-1] == parent)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The index's own global weights of the indicators, shape (29,), sum 1: at each level the relative weights, normalised."""
        dimensions = _shares(self.dimensions, lambda _: "")
        subdimensions = _shares(self.subdimensions, lambda one: one.parent)
        indicators = _shares(self.indicators, lambda one: one.parent)
        return np.array(
            [indicators[i.id] * subdimensions[i.parent] * dimensions[i.parent[:-1]] for i in self.indicators]
        )


def _shares(siblings: tuple[Any, ...], parent: Any) -> dict[str, float]:
    totals: dict[str, float] = {}
    for one in siblings:
        totals[parent(one)] = totals.get(parent(one), 0.0) + one.weight
    return {one.id: one.weight / totals[parent(one)] for one in siblings}


@cache
def load(file: Path = FILE) -> Index:
    """The index of a file of the form of index.toml; raises ValueError for a child without its parent or an id given twice."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    index = Index(
        version=table["version"],
        name=table["name"],
        notice=table["notice"],
        dimensions=tuple(Node(**one) for one in table["dimension"]),
        subdimensions=tuple(Node(**one) for one in table["subdimension"]),
        indicators=tuple(_indicator(one) for one in table["indicator"]),
    )
    _check(index)
    return index


def _indicator(table: dict[str, Any]) -> Indicator:
    lists: list[dict[str, Any]] = [
        {key: tuple(value) if isinstance(value, list) else value for key, value in part.items()}
        for part in table["parts"]
    ]
    parts = tuple(Part(**one) for one in lists)
    return Indicator(**{**table, "parts": parts})


def _check(index: Index) -> None:
    children: list[Node | Indicator] = [*index.subdimensions, *index.indicators]
    orphans = [one.id for one in children if one.parent not in index.by_id]
    count = len(index.dimensions) + len(children)
    if len(index.by_id) != count or orphans:
        raise ValueError(f"index: {count - len(index.by_id)} ids given twice, without parent {orphans}")
