# SPDX-License-Identifier: Apache-2.0
"""Every estimator of the library keeps to `rexian_ml.base`: found by walking the package, so that a new one cannot be forgotten."""

import copy
import importlib
import pkgutil
import random
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from scipy.sparse import issparse

import rexian_ml
from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.storage import pack
from tests.rexian_ml.examples import EXAMPLES, Example


def _below(one: type[Estimator]) -> set[type[Estimator]]:
    return {one}.union(*(_below(sub) for sub in one.__subclasses__()))


def _estimators() -> dict[str, type[Estimator]]:
    for found in pkgutil.walk_packages(rexian_ml.__path__, "rexian_ml."):
        importlib.import_module(found.name)
    all_of_them = _below(Estimator) - {Estimator}
    return {one.__name__: one for one in all_of_them if one.__module__.startswith("rexian_ml.")}


ESTIMATORS = _estimators()


@pytest.fixture(params=sorted(ESTIMATORS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def example(name: str) -> Example:
    assert name in EXAMPLES, f"{name} has no example in tests/rexian_ml/examples.py"
    return EXAMPLES[name]


def same(one: Any, other: Any) -> bool:
    """Equality that also holds for arrays, inside of anything."""
    if isinstance(one, np.ndarray) or issparse(one):
        return type(one) is type(other) and one.shape == other.shape and not (one != other).sum()
    if hasattr(one, "__dataclass_fields__"):
        held = [field.name for field in fields(one)]
        return type(one) is type(other) and all(same(getattr(one, key), getattr(other, key)) for key in held)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


def test_every_example_belongs_to_an_estimator() -> None:
    assert set(EXAMPLES) <= set(ESTIMATORS)


def test_init_stores_and_learns_nothing(name: str, example: Example) -> None:
    model, another = example.make(), example.make()
    assert type(model) is ESTIMATORS[name]
    assert set(vars(model)) <= {field.name for field in fields(model)}, "init sets what is no field"
    assert same(model, another)
    given = ESTIMATORS[name](**model.parameters())
    assert all(getattr(given, key) is value for key, value in model.parameters().items()), (
        "init changes what it is given"
    )


def test_what_is_learned_ends_in_an_underscore(example: Example) -> None:
    model = example.make()
    before = model.parameters()
    kept = copy.deepcopy(before)
    example.fit(model, list(example.rows))
    assert all(getattr(model, key) is value for key, value in before.items())
    assert same(before, kept), "fit changes a parameter"
    assert all(field.name.endswith("_") for field in fields(model) if not field.init)
    assert all(key in before or key.endswith("_") for key in vars(model))


def test_fit_returns_self(example: Example) -> None:
    model = example.make()
    assert example.fit(model, list(example.rows)) is model


def test_asked_before_fit(example: Example) -> None:
    with pytest.raises(NotFittedError):
        example.ask(example.make())
    with pytest.raises(NotFittedError):
        example.make().to_bytes()


def test_the_order_of_rows_decides_nothing(example: Example) -> None:
    rows = list(example.rows)
    mixed = random.Random(5).sample(rows, len(rows))
    assert rows != mixed or len(rows) < 2
    one, other = example.make(), example.make()
    example.fit(one, rows)
    example.fit(other, mixed)
    assert same(example.ask(one), example.ask(other))


def test_input_stays_as_it_was(example: Example) -> None:
    rows = copy.deepcopy(list(example.rows))
    example.fit(example.make(), rows)
    assert same(rows, list(example.rows))


def test_fit_starts_over(example: Example) -> None:
    model, fresh = example.make(), example.make()
    example.fit(model, list(example.rows)[: len(example.rows) // 2])
    example.fit(model, list(example.rows))
    example.fit(fresh, list(example.rows))
    assert same(example.ask(model), example.ask(fresh))


def test_kept_as_bytes(name: str, example: Example) -> None:
    model = example.make()
    example.fit(model, list(example.rows))
    again = ESTIMATORS[name].from_bytes(model.to_bytes())
    assert same(example.ask(model), example.ask(again))
    assert same(model.parameters(), again.parameters())
    assert again.to_bytes() == model.to_bytes()


@pytest.mark.parametrize(
    "content", [b"", b"no model", b"PK\x03\x04 broken", pack({"what": "something else"}, other=np.zeros(1))]
)
def test_other_bytes_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(ValueError):
        ESTIMATORS[name].from_bytes(content)
