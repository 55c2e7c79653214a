# SPDX-License-Identifier: Apache-2.0
"""Pictures: one Vega or Vega-Lite specification each, drawn on the server, and the same data as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from typing import Any

import vl_convert

from rexian.assessment import fonts
from rexian.assessment.translation import gettext as _

Spec = dict[str, Any]
COLOURS = ("#1f5fa8", "#d9822b", "#3a8f5c", "#8a4fa3", "#b03a48", "#5b6b7a")
SCALE = ("#f7fbff", "#08306b")
SIDE = 640
"""Pixels: about the width of a page's text."""
RINGS = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture: `name` is its file's stem, `vega` tells raw Vega from Vega-Lite, `heading` and `rows` are its data as a table,
    `width` its share of the page's text width."""

    name: str
    title: str
    spec: Spec
    heading: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    vega: bool = False
    width: float = 1.0


def svg(chart: Chart, notes: Sequence[str] = ()) -> str:
    """The picture as SVG, with notes under it where it stands alone; raises NoChineseFontError."""
    spec = _with_font(chart.spec)
    if notes:
        spec["title"] = {
            "text": list(notes),
            "orient": "bottom",
            "anchor": "start",
            "fontSize": 10,
            "fontWeight": "normal",
            "color": "#9b1c1c",
        }
    return str(vl_convert.vega_to_svg(spec) if chart.vega else vl_convert.vegalite_to_svg(spec))


def png(chart: Chart) -> bytes:
    """The picture as PNG at 200 dots an inch; raises NoChineseFontError."""
    spec = _with_font(chart.spec)
    return vl_convert.vega_to_png(spec, ppi=200) if chart.vega else vl_convert.vegalite_to_png(spec, ppi=200)


def _with_font(spec: Spec) -> Spec:
    family = fonts.found()["picture"]
    text = {"labelFont": family, "titleFont": family, "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 260}
    config = {
        "font": family,
        "axis": text,
        "legend": text,
        "header": text,
        "text": {"font": family},
        "view": {"stroke": None},
    }
    return {**spec, "background": "white", "config": {**config, **spec.get("config", {})}}


def radar(name: str, title: str, axes: Sequence[str], series: Sequence[tuple[str, Sequence[float]]]) -> Chart:
    """A radar of values 0..1 (NaN is drawn as 0 and said in the table): each series a name and one value an axis."""
    rows = tuple(
        (label, axis, _number(value)) for label, values in series for axis, value in zip(axes, values, strict=True)
    )
    points = [
        {"series": label, "place": place, "value": 0.0 if value != value else float(value)}
        for label, values in series
        for place, value in enumerate(values)
    ]
    step = 2 * pi / len(axes)
    spec = {
        "$schema": "https://vega.github.io/schema/vega/v6.json",
        "width": 560,
        "height": 400,
        "padding": 5,
        "signals": [{"name": "radius", "update": "170"}],
        "data": [
            {"name": "points", "values": points},
            {"name": "axes", "values": [{"place": place, "label": axis} for place, axis in enumerate(axes)]},
            {"name": "rings", "values": [{"place": p, "ring": r} for r in RINGS for p in range(len(axes))]},
        ],
        "scales": [
            {"name": "colour", "type": "ordinal", "domain": [label for label, _ in series], "range": list(COLOURS)}
        ],
        "legends": [{"fill": "colour", "orient": "bottom", "direction": "horizontal", "symbolType": "circle"}],
        "marks": [*_web(step), *_polygons(step)],
    }
    return Chart(name, title, spec, (_("系列"), _("维度"), _("得分")), rows, vega=True, width=0.85)


def _x(value: str, step: float) -> Spec:
    return {"signal": f"280 + radius * {value} * sin(datum.place * {step})"}


def _y(value: str, step: float) -> Spec:
    return {"signal": f"200 - radius * {value} * cos(datum.place * {step})"}


def _web(step: float) -> list[Spec]:
    """Rings, spokes and the names of the axes."""
    ring = {
        "x": _x("datum.ring", step),
        "y": _y("datum.ring", step),
        "stroke": {"value": "#ccd3da"},
        "interpolate": {"value": "linear-closed"},
    }
    spoke = {
        "x": {"value": 280},
        "y": {"value": 200},
        "x2": _x("1", step),
        "y2": _y("1", step),
        "stroke": {"value": "#ccd3da"},
    }
    name = {
        "x": _x("1.1", step),
        "y": _y("1.1", step),
        "text": {"field": "label"},
        "align": {
            "signal": f"abs(sin(datum.place * {step})) < 0.1 ? 'center' : sin(datum.place * {step}) > 0 ? 'left' : 'right'"
        },
        "baseline": {"value": "middle"},
        "fontSize": {"value": 12},
        "fill": {"value": "#222"},
    }
    mark = {
        "x": {"value": 284},
        "y": _y("datum.ring", step),
        "text": {"signal": "format(datum.ring, '.1f')"},
        "fontSize": {"value": 10},
        "fill": {"value": "#777"},
    }
    facet = {"facet": {"data": "rings", "name": "ring", "groupby": ["ring"]}}
    return [
        {
            "type": "group",
            "from": facet,
            "marks": [{"type": "line", "from": {"data": "ring"}, "encode": {"enter": ring}}],
        },
        {"type": "rule", "from": {"data": "axes"}, "encode": {"enter": spoke}},
        {"type": "text", "from": {"data": "axes"}, "encode": {"enter": name}},
        {
            "type": "text",
            "from": {"data": "rings"},
            "encode": {"enter": {**mark, "opacity": {"signal": "datum.place == 0 ? 1 : 0"}}},
        },
    ]


def _polygons(step: float) -> list[Spec]:
    colour = {"scale": "colour", "field": "series"}
    line = {
        "x": _x("datum.value", step),
        "y": _y("datum.value", step),
        "stroke": colour,
        "fill": colour,
        "fillOpacity": {"value": 0.12},
        "strokeWidth": {"value": 2},
        "interpolate": {"value": "linear-closed"},
    }
    facet = {"facet": {"data": "points", "name": "line", "groupby": ["series"]}}
    return [
        {
            "type": "group",
            "from": facet,
            "marks": [{"type": "line", "from": {"data": "line"}, "encode": {"enter": line}}],
        }
    ]


def heat(
    name: str,
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float]],
    *,
    shown: int | None = None,
) -> Chart:
    """A map of values 0..1 by row and column, of the first `shown` rows; what is not scored stays white with a stroke."""
    table = tuple((row, *(_number(value) for value in line)) for row, line in zip(rows, values, strict=True))
    cells = [
        {"row": row, "column": column, "value": None if value != value else round(float(value), 4)}
        for row, line in zip(rows[:shown], values[:shown], strict=True)
        for column, value in zip(columns, line, strict=True)
    ]
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": SIDE,
        "height": {"step": 15 if len(rows[:shown]) > 20 else 24},
        "data": {"values": cells},
        "mark": {"type": "rect", "stroke": "#e3e8ee"},
        "encoding": {
            "x": {
                "field": "column",
                "type": "nominal",
                "sort": list(columns),
                "title": None,
                "axis": {"orient": "top", "labelAngle": -60},
            },
            "y": {"field": "row", "type": "nominal", "sort": list(rows[:shown]), "title": None},
            "color": {
                "condition": {"test": "datum.value === null", "value": "white"},
                "field": "value",
                "type": "quantitative",
                "scale": {"domain": [0, 1], "range": list(SCALE)},
                "legend": {"title": _("得分"), "orient": "right", "gradientLength": 120},
            },
        },
    }
    return Chart(name, title, spec, (_("名称"), *columns), table)


@dataclass(frozen=True, slots=True)
class Span:
    """A value with its interval (NaN: unknown) under a name."""

    name: str
    value: float
    low: float
    high: float


def spans(
    name: str,
    title: str,
    axis: str,
    marks: Sequence[Span],
    *,
    least: float = 0.0,
    most: float = 1.0,
    shown: int | None = None,
) -> Chart:
    """Values as points with their intervals as lines, in the given order, of the first `shown`."""
    values = [
        {"name": one.name, "value": _number(one.value), "low": _number(one.low), "high": _number(one.high)}
        for one in marks[:shown]
    ]
    scale = {"domain": [least, most], "nice": False}
    y = {"field": "name", "type": "nominal", "sort": [one.name for one in marks[:shown]], "title": None}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": SIDE - 50,
        "height": {"step": 13 if len(marks[:shown]) > 20 else 24},
        "data": {"values": values},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 5, "color": "#a9c3df"},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative", "scale": scale, "title": axis},
                    "x2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 55, "color": COLOURS[0], "opacity": 1},
                "encoding": {"x": {"field": "value", "type": "quantitative", "scale": scale}},
            },
        ],
    }
    rows = tuple((one.name, _number(one.value), _number(one.low), _number(one.high)) for one in marks)
    return Chart(name, title, spec, (_("名称"), axis, _("区间下限"), _("区间上限")), rows)


def _number(value: float) -> float | None:
    return None if value != value else round(float(value), 4)


def dots(
    name: str,
    title: str,
    rows: Sequence[str],
    series: Sequence[str],
    values: Sequence[Sequence[float]],
    axis: str,
    *,
    shown: int | None = None,
) -> Chart:
    """One row a name with a dot for each series, joined by a line, of the first `shown`; shape and colour tell the series."""
    points = [
        {"row": row, "series": label, "value": _number(value)}
        for row, line in zip(rows[:shown], values[:shown], strict=True)
        for label, value in zip(series, line, strict=True)
    ]
    y = {"field": "row", "type": "nominal", "sort": list(rows[:shown]), "title": None}
    x = {"field": "value", "type": "quantitative", "scale": {"zero": False}, "title": axis}
    told = {"type": "nominal", "sort": list(series), "title": None, "legend": {"orient": "bottom"}}
    colour = {"field": "series", **told, "scale": {"domain": list(series), "range": list(COLOURS[: len(series)])}}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": SIDE - 50,
        "height": {"step": 15 if len(rows[:shown]) > 20 else 24},
        "data": {"values": points},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "line", "color": "#a9b4bf"}, "encoding": {"detail": {"field": "row"}}},
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {"color": colour, "shape": {"field": "series", **told, "scale": {"domain": list(series)}}},
            },
        ],
    }
    table = tuple((row, *(_number(value) for value in line)) for row, line in zip(rows, values, strict=True))
    return Chart(name, title, spec, (_("名称"), *series), table)
