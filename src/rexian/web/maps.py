# SPDX-License-Identifier: Apache-2.0
"""Maps on pages: outlines in the datum of the city's tiles, and the one foreign host that the content security policy lets in for them."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.http import HttpResponseBase

from rexian.directory.coordinates import Datum, from_wgs84, to_wgs84
from rexian.directory.models import Area
from rexian.directory.queries import area_at, city, outlines

R = TypeVar("R", bound=HttpResponseBase)


def allow_tiles(response: R) -> R:
    """Lets the page load the pictures of the city's map, if the city has one."""
    parts = urlsplit(city().tiles.replace("{s}", "*"))
    if parts.netloc:
        response._csp_update = {"img-src": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]  # django-csp's
    return response


def outlines_for_map() -> dict[str, Any]:
    """A GeoJSON feature collection (RFC 7946, but in the tiles' datum) of the areas that have an outline."""
    datum = Datum(city().tiles_datum)
    features = [
        {"type": "Feature", "properties": {"name": area.name}, "geometry": _moved(outline, datum)}
        for area, outline in outlines()
    ]
    return {"type": "FeatureCollection", "features": features}


def _moved(geometry: dict[str, Any], datum: Datum) -> dict[str, Any]:
    return geometry | {"coordinates": _move(geometry["coordinates"], datum)}


def _move(part: Any, datum: Datum) -> Any:
    if isinstance(part[0], int | float):
        return list(from_wgs84((part[0], part[1]), datum))
    return [_move(one, datum) for one in part]


def find_area(data: Mapping[str, str]) -> Area | None:
    """The area that is named, else the one at the point (in the tiles' datum); None where there is neither."""
    if name := data.get("area", "").strip():
        return Area.objects.filter(name=name).first()
    try:
        point = (float(data.get("longitude", "")), float(data.get("latitude", "")))
    except ValueError:
        return None
    return area_at(to_wgs84(point, Datum(city().tiles_datum)))
