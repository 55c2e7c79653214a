# SPDX-License-Identifier: Apache-2.0
"""What several parts measure with: reading the public files, folds, calibration, times."""

import csv
import gzip
import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rexian_ml.evaluate.section import Figure

BINS = 15


def read_rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV (gzip or plain) as dictionaries; [] where the file is not there."""
    if not file.exists():
        return []
    content = file.read_bytes()
    text = (gzip.decompress(content) if file.suffix == ".gz" else content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def calibration_error(sure: NDArray[np.float64], right: NDArray[np.bool_], bins: int = BINS) -> float:
    """Expected calibration error over bins of equal mass (Nguyen and O'Connor 2015): mean gap of confidence and share right."""
    parts = np.array_split(np.argsort(sure, kind="stable"), min(bins, len(sure)))
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts) / len(sure))


def reliability(sure: NDArray[np.float64], right: NDArray[np.bool_], title: str) -> dict[str, object]:
    """A Vega-Lite picture: what was said against what came, by bins of equal mass."""
    parts = np.array_split(np.argsort(sure, kind="stable"), min(BINS, len(sure)))
    points = [{"said": float(sure[part].mean()), "came": float(right[part].mean())} for part in parts]
    axes = {
        "x": {"field": "said", "type": "quantitative", "title": "said"},
        "y": {"field": "came", "type": "quantitative", "title": "came"},
    }
    line = {
        "data": {"values": [{"said": 0, "came": 0}, {"said": 1, "came": 1}]},
        "mark": {"type": "line", "color": "#bbb"},
    }
    dots = {"data": {"values": points}, "mark": {"type": "point", "filled": True, "size": 60}}
    return {"title": title, "width": 260, "height": 260, "encoding": axes, "layer": [line, dots]}


def dots(figures: Sequence[Figure], title: str) -> dict[str, object]:
    """A Vega-Lite picture: each figure as a dot on its interval, one under the other in their order."""
    fields = ("name", "value", "low", "high")
    y = {"field": "name", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 320}}
    x = {"field": "low", "type": "quantitative", "title": None}
    rule = {"mark": {"type": "rule", "color": "#888"}, "encoding": {"x": x, "x2": {"field": "high"}}}
    dot = {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": {"x": x | {"field": "value"}}}
    values = [{field: getattr(one, field) for field in fields} for one in figures]
    return {"title": title, "width": 360, "data": {"values": values}, "encoding": {"y": y}, "layer": [rule, dot]}


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """The least CPU time of several runs, in seconds: others on the machine only ever add."""
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def milliseconds(queries: Sequence[Callable[[], object]]) -> NDArray[np.float64]:
    """The CPU time of each query, in milliseconds."""
    spent = np.empty(len(queries))
    for place, query in enumerate(queries):
        start = time.process_time_ns()
        query()
        spent[place] = (time.process_time_ns() - start) / 1e6
    return spent
