# SPDX-License-Identifier: Apache-2.0
"""For every estimator of the library what `test_contract.py` needs of it; made by small grammars of our own."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from rexian_ml.base import Estimator
from rexian_ml.classify import CategoryInfo, Classifier
from rexian_ml.classify import Example as Order
from rexian_ml.cluster import HotIssues, Message
from rexian_ml.forecast import Forecaster
from rexian_ml.panels import Panel
from rexian_ml.reply_quality import Exchange, ReplyScorer
from rexian_ml.retrieve import Passage, Retriever
from rexian_ml.route import CatalogueLine, Handled, Router
from rexian_ml.similar import Order as Filed
from rexian_ml.similar import SimilarOrders
from rexian_ml.warn import TrendWarner


@dataclass(frozen=True)
class Example:
    """How to make an estimator, rows to fit it on (`fit` takes them in any order), and a question whose answers compare with ==."""

    make: Callable[[], Estimator]
    rows: Sequence[Any]
    fit: Callable[[Any, Sequence[Any]], Any]
    ask: Callable[[Any], Any]


TROUBLES = {
    "A1": ("供水", "水务", "help", "停水 水管 爆裂 自来水 水压 漏水 水表 供水"),
    "A2": ("噪声", "环保", "complaint", "噪音 施工 夜间 扰民 广场舞 喇叭 太吵 装修"),
    "B1": ("公交", "交通", "suggestion", "公交 线路 站点 班次 末班车 换乘 司机 候车"),
    "B2": ("社保", "人社", "consult", "社保 医保 缴费 转移 养老金 断缴 报销 退休"),
}
PLACES = ("城东路", "人民街", "滨江花园", "学府小区", "解放巷", "东湖社区")


def orders(count: int, seed: int = 0) -> list[Order]:
    """Requests of four categories, four words of the category's and two places each."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        code, (_name, _department, kind, words) = draw.choice(list(TROUBLES.items()))
        told = "，".join(draw.sample(words.split(), 4))
        urgency = draw.choice(("urgent", "normal"))
        found.append(
            Order(f"{draw.choice(PLACES)}{draw.randrange(99)}号{told}，{draw.choice(PLACES)}", code, kind, urgency)
        )
    return found


def categories() -> list[CategoryInfo]:
    return [
        CategoryInfo(code, name, (code[0], code), tuple(words.split()[:3]), kind)
        for code, (name, _department, kind, words) in TROUBLES.items()
    ]


def dispatches(count: int, seed: int = 0) -> list[Handled]:
    """Dispatches to the category's department, one in eight to another; those mostly come back."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        code = draw.choice(list(TROUBLES))
        right = draw.random() > 0.125
        department = TROUBLES[code][1] if right else draw.choice(["城管", "街道"])
        area = draw.choice(("990101001", "990101", "990200", ""))
        found.append(Handled(code, area, department, draw.random() < (0.05 if right else 0.8)))
    return found


def filed(count: int) -> list[Filed]:
    """The orders with numbers, times, citizens and areas."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        Filed(key, order.text, start + timedelta(hours=key), f"c{key % 9}", f"9901{key % 4:02d}", 118 + key / 1e4, 32.0)
        for key, order in enumerate(orders(count))
    ]


def passages(count: int) -> list[Passage]:
    """Replies to the orders, under titles."""
    return [
        Passage(f"p{key:03d}", f"您好，{order.text}，已经处理。", f"{TROUBLES[order.category][0]}须知", f"a{key // 2}")
        for key, order in enumerate(orders(count))
    ]


START = datetime(2026, 1, 5)  # noqa: DTZ001  local and without a zone, as Forecaster takes them


def volumes(days: int) -> list[tuple[int, int]]:
    """(day, count): a level with a weekday and a little chance."""
    draw = random.Random(1)
    return [(day, 40 - 15 * (day % 7 > 4) + draw.randrange(9)) for day in range(days)]


def _forecast(model: Forecaster, rows: Sequence[tuple[int, int]]) -> Forecaster:
    return model.fit(START, [count for _day, count in sorted(rows)])


def _watch(model: TrendWarner, rows: Sequence[tuple[int, int]]) -> TrendWarner:
    told = sorted(rows)
    days = tuple(START.date() + timedelta(day) for day, _count in told)
    counts = np.array([[count, count // 9] for _day, count in told], np.int32)
    return model.fit(Panel(days, ("noise", "water"), counts))


def messages(count: int) -> list[Message]:
    """The orders as messages of different people, an hour apart."""
    start = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        Message(f"m{key:03d}", start + timedelta(hours=key), order.text, order.text[:12], f"p{key % 50}", key % 3)
        for key, order in enumerate(orders(count))
    ]


def exchanges(count: int) -> list[Exchange]:
    """Requests with replies that take up some of their words."""
    return [
        Exchange(order.text, f"您好，经核实，{order.text[:14]}已处理完毕，于1月9日恢复。感谢您的监督。", order.text[:8])
        for order in orders(count)
    ]


EXAMPLES: dict[str, Example] = {
    "Classifier": Example(
        make=lambda: Classifier(categories(), seed=3),
        rows=orders(150),
        fit=lambda model, rows: model.fit(rows),
        ask=lambda model: model.predict_many([order.text for order in orders(20, seed=1)]),
    ),
    "Router": Example(
        make=lambda: Router(
            [CatalogueLine(1, "A1", "", "水务"), CatalogueLine(2, "B", "9901", "交通", ("街道",))],
            {info.code: info.path for info in categories()},
        ),
        rows=dispatches(300),
        fit=lambda model, rows: model.fit(rows),
        ask=lambda model: [model.predict(code, "990101001", 0.9) for code in (*TROUBLES, "unknown")],
    ),
    "SimilarOrders": Example(
        make=lambda: SimilarOrders(metres=300.0),
        rows=filed(200),
        fit=lambda model, rows: model.fit(rows),
        ask=lambda model: [model.query(order) for order in filed(60)[::6]],
    ),
    "Retriever": Example(
        make=lambda: Retriever(title=3.0),
        rows=passages(120),
        fit=lambda model, rows: model.fit(rows),
        ask=lambda model: [model.query(order.text) for order in orders(10, seed=2)],
    ),
    "Forecaster": Example(
        make=lambda: Forecaster(hours=24, ridge=1e-2),
        rows=volumes(70),
        fit=_forecast,
        ask=lambda model: model.predict(14),
    ),
    "TrendWarner": Example(
        make=lambda: TrendWarner(rate=0.2, windows=(1, 3)),
        rows=volumes(70),
        fit=_watch,
        ask=lambda model: (model.chances(np.array([60, 5], np.int32)), model.look(np.array([160, 50], np.int32))),
    ),
    "HotIssues": Example(
        make=lambda: HotIssues(fewest=3),
        rows=messages(90),
        fit=lambda model, rows: model.fit(rows),
        ask=lambda model: model.issues(),
    ),
    "ReplyScorer": Example(
        make=lambda: ReplyScorer(terms=12),
        rows=exchanges(60),
        fit=lambda model, rows: model.fit(rows),
        ask=lambda model: [model.judge(one) for one in exchanges(5)],
    ),
}
