# SPDX-License-Identifier: Apache-2.0
"""Places on the earth: the datums that maps in China are drawn in, told apart at the edge and kept as WGS 84; and points inside outlines. Pure.

CGCS2000 (GB 22021-2008) differs from WGS 84 by centimetres and is taken as the same. GCJ-02 is the shifted datum that public maps must use
(GB 20263-2006): a fixed function of the place, worked out again from many published pairs; its inverse is found by iteration, to under a centimetre.
BD-09 is Baidu's shift on top of GCJ-02.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Any

AXIS, FLATNESS = 6378245.0, 0.00669342162296594323
"""The ellipsoid of Krassovsky 1940, in metres, on which the shift is computed."""
BAIDU = pi * 3000 / 180


class Datum(StrEnum):
    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


Point = tuple[float, float]
"""Longitude and latitude, in degrees."""


def to_wgs84(point: Point, datum: Datum) -> Point:
    """A point of any datum in WGS 84."""
    if datum is Datum.BD09:
        return to_wgs84(_from_baidu(point), Datum.GCJ02)
    if datum is not Datum.GCJ02:
        return point
    longitude, latitude = point
    for _ in range(8):
        east, north = _shift((longitude, latitude))
        longitude, latitude = point[0] - east, point[1] - north
    return longitude, latitude


def from_wgs84(point: Point, datum: Datum) -> Point:
    """A point of WGS 84 in another datum, to be drawn on a map of that one."""
    if datum not in (Datum.GCJ02, Datum.BD09):
        return point
    east, north = _shift(point)
    shifted = (point[0] + east, point[1] + north)
    return _to_baidu(shifted) if datum is Datum.BD09 else shifted


def _shift(point: Point) -> Point:
    """How far GCJ-02 moves a point, in degrees; nowhere outside China's frame."""
    longitude, latitude = point
    if not (72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271):
        return 0.0, 0.0
    x, y = longitude - 105.0, latitude - 35.0
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    magic = 1 - FLATNESS * sin(latitude / 180 * pi) ** 2
    per_north = AXIS * (1 - FLATNESS) / (magic * sqrt(magic)) * pi / 180
    per_east = AXIS / sqrt(magic) * cos(latitude / 180 * pi) * pi / 180
    return east / per_east, north / per_north


def _to_baidu(point: Point) -> Point:
    x, y = point
    radius, angle = hypot(x, y) + 0.00002 * sin(y * BAIDU), atan2(y, x) + 0.000003 * cos(x * BAIDU)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def _from_baidu(point: Point) -> Point:
    x, y = point[0] - 0.0065, point[1] - 0.006
    radius, angle = hypot(x, y) - 0.00002 * sin(y * BAIDU), atan2(y, x) - 0.000003 * cos(x * BAIDU)
    return radius * cos(angle), radius * sin(angle)


def inside(point: Point, outline: dict[str, Any]) -> bool:
    """Whether a point lies in a GeoJSON Polygon or MultiPolygon (RFC 7946), by the even-odd rule over all of its rings."""
    coordinates = outline.get("coordinates", ())
    polygons = coordinates if outline.get("type") == "MultiPolygon" else [coordinates]
    return any(sum(_within(point, ring) for ring in polygon) % 2 for polygon in polygons)


def _within(point: Point, ring: Sequence[Sequence[float]]) -> bool:
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1
