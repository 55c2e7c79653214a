# SPDX-License-Identifier: Apache-2.0
"""How a learned model is kept: JSON and arrays in one npz, never pickled objects."""

import io
import json
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

HEAD = "head"


def pack(head: dict[str, Any], **arrays: NDArray[Any]) -> bytes:
    """`head` (JSON types) and arrays as compressed npz."""
    out = io.BytesIO()
    text = np.frombuffer(json.dumps(head, ensure_ascii=False, sort_keys=True).encode(), np.uint8)
    held: dict[str, Any] = {HEAD: text, **arrays}
    np.savez_compressed(out, **held)
    return out.getvalue()


def unpack(content: bytes, what: str = "") -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What `pack` wrote; raises ValueError for anything else, and for a head whose "what" is not the one given."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            arrays = dict(found)
        head: dict[str, Any] = json.loads(arrays.pop(HEAD).tobytes())
    except (KeyError, OSError, ValueError, EOFError, AttributeError, TypeError, BadZipFile) as error:
        raise ValueError("not a model that this library wrote") from error
    if what and head.get("what") != what:
        raise ValueError(f"not a {what} that this library wrote")
    return head, arrays
