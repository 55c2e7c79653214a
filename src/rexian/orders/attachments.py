# SPDX-License-Identifier: Apache-2.0
"""Files that come with orders: what they are by content, and a copy that is safe to let out."""

import hashlib
import io
import logging
import os
from contextlib import suppress
from pathlib import Path

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from rexian.security.errors import Refusal

log = logging.getLogger(__name__)
LARGEST = 10 * 1024 * 1024
MOST = 9
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
DOCUMENTS = {
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "audio/mpeg",
    "audio/wav",
    "audio/x-wav",
    "video/mp4",
}
PIXELS = 50_000_000


def media_type(content: bytes, name: str) -> str:
    """The type of a file by its content; raises Refusal for what the hotline does not take."""
    if not content:
        raise Refusal(_("“%(name)s”是空文件。") % {"name": name}, field="attachments")
    if len(content) > LARGEST:
        raise Refusal(_("“%(name)s”超过 10 MB。") % {"name": name}, field="attachments")
    try:
        found = {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        found = set()
    for kind in (*PICTURES, *sorted(DOCUMENTS)):
        if kind in found:
            return kind
    raise Refusal(_("“%(name)s”不是照片、PDF、Word、Excel、录音或视频。") % {"name": name}, field="attachments")


def cleaned(content: bytes, kind: str, name: str) -> bytes:
    """What may leave the hotline: pictures written anew, upright, without place, device or any other metadata."""
    if kind not in PICTURES:
        return content
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refusal(_("“%(name)s”的尺寸太大。") % {"name": name}, field="attachments")
            upright = ImageOps.exif_transpose(picture)
            plain = Image.frombytes(upright.mode, upright.size, upright.tobytes())
            if upright.mode == "P" and (palette := upright.getpalette()):
                plain.putpalette(palette)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Refusal(_("“%(name)s”打不开，可能已损坏。") % {"name": name}, field="attachments") from error
    out = io.BytesIO()
    plain.save(out, PICTURES[kind], **({"quality": 88} if kind in ("image/jpeg", "image/webp") else {}))
    return out.getvalue()


def store(content: bytes) -> str:
    """Writes a file under its own digest, synced to disk; returns the path below MEDIA_ROOT. The same content is written once.

    Raises Refusal where the store takes nothing (full, closed, gone); nothing is left of the file then.
    """
    digest = hashlib.sha256(content).hexdigest()
    relative = f"{digest[:2]}/{digest}"
    target = path(relative)
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        if not target.exists():
            _write(part, target, content)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        log.exception("the attachment store takes nothing")
        raise Refusal(_("现在存不下附件，没有提交。请去掉附件先提交，附件稍后再补。"), field="attachments") from error
    return relative


def _write(part: Path, target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def path(relative: str) -> Path:
    """Where a stored file lies."""
    return Path(settings.MEDIA_ROOT) / relative
