# SPDX-License-Identifier: Apache-2.0
"""Files that come with orders."""

import io

import pytest
from PIL import Image

from rexian.orders import actions, attachments
from rexian.orders.attachments import cleaned, media_type, path
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import CITIZEN
from tests.factories import Town, closed, received
from tests.web.test_pages import signed_in

GPS, MAKE, ORIENTATION = 0x8825, 0x010F, 0x0112


def photo(form: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that tells where and with what it was taken, lying on its side."""
    picture, exif = Image.new("RGB", size, (200, 30, 30)), Image.Exif()
    exif[MAKE], exif[ORIENTATION] = "Secret Phone", 6
    exif.get_ifd(GPS)[1] = "N"
    out = io.BytesIO()
    picture.save(out, form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_picture_leaves_without_place_and_device_and_upright(form: str, kind: str) -> None:
    content = photo(form)
    assert media_type(content, "a.exe") == kind, "the name says nothing"
    clean = cleaned(content, kind, "a.jpg")
    with Image.open(io.BytesIO(clean)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == (40, 60)
    assert b"Secret" not in clean


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "空文件"), (b"MZ\x90\x00", "不是照片"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是照片")],
)
def test_what_is_not_taken(content: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says) as found:
        media_type(content, "a.jpg")
    assert found.value.field == "attachments"


def test_a_broken_picture_is_refused() -> None:
    with pytest.raises(Refusal, match="打不开"):
        cleaned(photo()[:200], "image/jpeg", "a.jpg")


@pytest.mark.django_db
def test_attached_once_served_clean_and_only_to_those_who_may(town: Town) -> None:
    order = received(town).order
    one = actions.attach(order=order, by=CITIZEN, name="a.jpg", content=photo())
    assert actions.attach(order=order, by=CITIZEN, name="b.jpg", content=photo()) == one
    assert path(one.original).read_bytes() == photo()
    served = signed_in("dispatcher").get(f"/work/orders/{order.number}/files/{one.pk}/")
    assert b"".join(served.streaming_content) == path(one.cleaned).read_bytes()
    assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert signed_in("stranger").get(f"/work/orders/{order.number}/files/{one.pk}/").status_code == 404
    with pytest.raises(Forbidden):
        actions.attach(order=closed(town), by=CITIZEN, name="a.jpg", content=photo())


@pytest.mark.django_db
def test_not_more_than_nine(town: Town) -> None:
    order = received(town).order
    for number in range(attachments.MOST):
        actions.attach(order=order, by=CITIZEN, name="a.png", content=photo("PNG", (10 + number, 10)))
    with pytest.raises(Refusal, match="最多 9 个"):
        actions.attach(order=order, by=CITIZEN, name="a.png", content=photo("PNG", (50, 50)))
