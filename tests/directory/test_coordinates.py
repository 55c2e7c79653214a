# SPDX-License-Identifier: Apache-2.0
"""Datums and outlines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.directory.coordinates import Datum, from_wgs84, inside, to_wgs84

PLACES = st.tuples(st.floats(75, 134), st.floats(18, 53))
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]],
}


@given(PLACES, st.sampled_from(Datum))
def test_there_and_back_is_within_a_metre(point: tuple[float, float], datum: Datum) -> None:
    back = to_wgs84(from_wgs84(point, datum), datum)
    assert max(abs(a - b) for a, b in zip(point, back, strict=True)) < 1e-5


@pytest.mark.parametrize(
    ("datum", "moved"),
    [(Datum.WGS84, (0, 0)), (Datum.CGCS2000, (0, 0)), (Datum.GCJ02, (300, 800)), (Datum.BD09, (800, 1600))],
)
def test_how_far_each_datum_lies_from_wgs84(datum: Datum, moved: tuple[int, int]) -> None:
    """In Beijing GCJ-02 is off by about 500 m and BD-09 by about another kilometre."""
    longitude, latitude = from_wgs84((116.3913, 39.9075), datum)
    metres = ((longitude - 116.3913) * 85_390) ** 2 + ((latitude - 39.9075) * 111_320) ** 2
    assert moved[0] <= metres**0.5 <= moved[1]


def test_the_shift_stops_at_chinas_frame() -> None:
    assert from_wgs84((-71.06, 42.36), Datum.GCJ02) == (-71.06, 42.36)


@pytest.mark.parametrize(("point", "lies"), [((1, 1), True), ((5, 5), False), ((11, 5), False), ((3.9, 5), True)])
def test_inside_knows_holes(point: tuple[float, float], lies: bool) -> None:
    assert inside(point, SQUARE) is lies
    assert inside(point, {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]}) is lies
