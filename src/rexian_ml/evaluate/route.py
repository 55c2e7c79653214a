# SPDX-License-Identifier: Apache-2.0
"""How well departments are told: Boston's 311 requests of 2011, earlier ones to learn from, later ones to tell."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rexian_ml.classify import Classifier, Example
from rexian_ml.evaluate.bootstrap import mean_interval
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.tables import calibration_error, read_rows, reliability
from rexian_ml.route import Handled, Router

FILE = "boston311_2011.csv.gz"
LEARNED = 0.8
MADE_UP = 20_000
METHOD = (
    "Requests in order of opening: the first four fifths are learned from, the last fifth is told. `department` is one of 9, `queue` the "
    "team within it (one of 87). From the type: category = type, area = district and ward. From the title: the type itself is told by the "
    "classifier first (learned on titles), and its four best types go into the router with their chances. The baseline always says the "
    "commonest. No catalogue is given: history alone. The data say nothing of returns, so the risk of a return is measured on a made-up city, "
    f"{MADE_UP:,} dispatches to learn from and as many to tell: odds drawn once for 12 departments, 40 categories and 5 districts, so that the true chance "
    "of each is known; `error` is the mean distance from it, beside that of one rate for all."
)


def _area(row: dict[str, str]) -> str:
    """District and ward as a code of four and six digits."""
    ward = "".join(filter(str.isdigit, row["ward"]))[-2:] or "0"
    return f"{row['pwd_district'].strip() or '0':>04}{ward:>02}"


def _handled(rows: Sequence[dict[str, str]], target: str) -> list[Handled]:
    return [Handled(row["type"], _area(row), row[target]) for row in rows]


def _figures(name: str, told: list[list[str]], truth: list[str], aim: str = "") -> list[Figure]:
    """Top 1 and top 3 of ranked answers."""
    found = []
    for most in (1, 3):
        right = np.array([one in ranked[:most] for one, ranked in zip(truth, told, strict=True)])
        between = mean_interval(right)
        found.append(
            Figure(f"{name}: top {most}", float(right.mean()), *between, len(right), aim=aim if most == 1 else "")
        )
    return found


def _by_title(past: Sequence[dict[str, str]], new: Sequence[dict[str, str]], router: Router) -> list[list[str]]:
    model = Classifier().fit([Example(row["case_title"], row["type"], "") for row in past])
    read = model.predict_many([row["case_title"] for row in new])
    chances = [{one.label: one.confidence for one in (told.category, *told.others)} for told in read]
    return [
        [route.department for route in router.predict_for(types, _area(row))]
        for types, row in zip(chances, new, strict=True)
    ]


def _common(past: Sequence[dict[str, str]], count: int, target: str) -> list[list[str]]:
    best = [name for name, _ in Counter(row[target] for row in past).most_common(3)]
    return [best] * count


def dispatches(count: int, seed: int) -> tuple[list[Handled], NDArray[np.float64]]:
    """Made-up dispatches, and the true chance of a return of each: by department, category and district, with odds drawn once."""
    truth, draw = np.random.default_rng(7), np.random.default_rng(seed)
    departments, categories, districts = truth.normal(0, 0.7, 12), truth.normal(0, 0.9, 40), truth.normal(0, 0.5, 5)
    category = draw.zipf(1.9, count) % 40
    district = draw.integers(0, 5, count)
    department = (category * 7 + (draw.random(count) < 0.2)) % 12
    chance = 1 / (1 + np.exp(2.2 - departments[department] - categories[category] - districts[district]))
    returned = draw.random(count) < chance
    rows = zip(category.tolist(), district.tolist(), department.tolist(), returned.tolist(), strict=True)
    return [Handled(f"{c % 6}{c:02d}", f"99{d:02d}", f"D{who}", back) for c, d, who, back in rows], chance


def _risk() -> tuple[list[Figure], dict[str, object]]:
    """How near the risk of a return comes to the true chance."""
    past, _ = dispatches(MADE_UP, 1)
    new, chance = dispatches(MADE_UP, 2)
    router = Router().fit(past)
    told = np.array([router.risk(one.department, one.category, one.area).value for one in new])
    came = np.array([one.returned for one in new])
    flat = np.abs(np.mean([one.returned for one in past]) - chance)
    away = np.abs(told - chance)
    figures = [
        Figure("risk: expected calibration error", calibration_error(told, came), n=len(new), aim="< 0.03"),
        Figure("risk: error", float(away.mean()), *mean_interval(away), len(new)),
        Figure("risk: error of one rate for all", float(flat.mean()), *mean_interval(flat), len(new)),
    ]
    return figures, reliability(told, came, "Risk of a return")


def measure(data: Path) -> Section | None:
    """None where the file is not there."""
    rows = sorted(read_rows(data / FILE), key=lambda row: (row["open_dt"], row["case_enquiry_id"]))
    if not rows:
        return None
    cut = int(len(rows) * LEARNED)
    past, new = rows[:cut], rows[cut:]
    figures: list[Figure] = []
    charts = {}
    for target in ("department", "queue"):
        router = Router().fit(_handled(past, target))
        truth = [row[target] for row in new]
        routes = [router.predict(row["type"], _area(row)) for row in new]
        figures += _figures(f"{target} from type", [[one.department for one in found] for found in routes], truth)
        figures += _figures(f"{target} from title", _by_title(past, new, router), truth)
        figures += _figures(f"{target}, always the commonest", _common(past, len(new), target), truth)
        sure = np.array([found[0].confidence if found else 0.0 for found in routes])
        right: NDArray[np.bool_] = np.array(
            [bool(found) and found[0].department == one for found, one in zip(routes, truth, strict=True)]
        )
        error = calibration_error(sure, right)
        figures.append(Figure(f"{target} from type: expected calibration error", error, n=len(new)))
        charts[f"{target}-calibration"] = reliability(sure, right, f"Confidence of the {target}")
    risk, charts["risk-calibration"] = _risk()
    figures += risk
    return Section("route", "department of a request", FILE, METHOD, tuple(figures), charts)
