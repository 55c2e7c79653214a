# SPDX-License-Identifier: Apache-2.0
"""What a telephone line carries: keys as pairs of tones (DTMF), and speech in 8 bits (G.711 A-law and mu-law)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rexian_ml.speech.sound import FULL, Samples, Sound, to_int16

ROWS, COLUMNS = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
KEYS = ("123A", "456B", "789C", "*0#D")
"""The frequencies in Hz and the keys at their crossings (ITU-T Q.23)."""
WINDOW, STEP = 0.0256, 0.01
"""Seconds of one analysis window (205 samples at 8 kHz) and between two."""
SHORTEST = 0.04
"""Seconds that a tone has to last (ITU-T Q.24: 40 ms must be taken, 23 ms must not)."""
QUIETEST, TWIST, PURITY = -40.0, 8.0, 0.7
"""dB below full scale; dB between the two tones; share of all power that is in the two tones (speech has less)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key pressed between two times, in seconds."""

    key: str
    start: float
    end: float


def tones(keys: str, rate: int = 8000, *, tone: float = 0.1, pause: float = 0.1, level: float = 0.25) -> Sound:
    """The sound of keys, each tone at `level` of full scale, with a pause behind each; raises ValueError for a key that there is not."""
    time = np.arange(round(tone * rate)) / rate
    parts: list[NDArray[np.float64]] = []
    for key in keys:
        row = next((place for place, line in enumerate(KEYS) if key in line), None)
        if row is None:
            raise ValueError(f"no such key: {key}")
        column = KEYS[row].index(key)
        parts += [
            level * (np.sin(2 * np.pi * ROWS[row] * time) + np.sin(2 * np.pi * COLUMNS[column] * time)),
            np.zeros(round(pause * rate)),
        ]
    return Sound(np.concatenate([np.zeros(0), *parts]).astype(np.float32), rate)


def keys(sound: Sound) -> list[Key]:
    """The keys that a sound holds."""
    found: list[Key] = []
    for place, key in enumerate(_heard(sound)):
        start, end = place * STEP, place * STEP + WINDOW
        if key and found and found[-1].key == key and start <= found[-1].end:
            found[-1] = Key(key, found[-1].start, end)
        elif key:
            found.append(Key(key, start, end))
    return [one for one in found if one.end - one.start >= SHORTEST]


def _heard(sound: Sound) -> Sequence[str]:
    """The key in each window, "" for none."""
    size, step = round(WINDOW * sound.rate), round(STEP * sound.rate)
    if len(sound.samples) < size:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(sound.samples.astype(np.float64), size)[::step]
    low, high = _powers(windows, ROWS, sound.rate), _powers(windows, COLUMNS, sound.rate)
    rows, columns = low.argmax(axis=1), high.argmax(axis=1)
    one, other = low.max(axis=1), high.max(axis=1)
    whole = np.mean(windows**2, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        clear = (one + other) >= PURITY * whole
        even = np.abs(10 * np.log10(one / other)) <= TWIST
        loud = 10 * np.log10(whole) >= QUIETEST
    taken = clear & even & loud
    return [KEYS[row][column] if ok else "" for row, column, ok in zip(rows, columns, taken, strict=True)]


def _powers(windows: NDArray[np.float64], frequencies: Sequence[float], rate: int) -> NDArray[np.float64]:
    """Goertzel's power at each frequency, of shape (windows, frequencies), as the mean square of a sine of that power; all windows in one product."""
    size = windows.shape[1]
    turns = np.exp(-2j * np.pi * np.outer(np.arange(size), frequencies) / rate)
    return np.asarray(2 * np.abs(windows @ turns) ** 2 / size**2)


# G.711 codes: a sign, an exponent of three bits and a mantissa of four. Decoding is a table of 256; encoding searches the nearest step as the standard does.


def _alaw_table() -> NDArray[np.int16]:
    code = np.arange(256) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 264) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, value, -value).astype(np.int16)


def _mulaw_table() -> NDArray[np.int16]:
    code = ~np.arange(256) & 0xFF
    exponent, mantissa = (code >> 4) & 7, code & 15
    value = (((mantissa << 3) + 132) << exponent) - 132
    return np.where(code & 0x80, -value, value).astype(np.int16)


_ALAW, _MULAW = _alaw_table(), _mulaw_table()


def alaw(samples: Samples) -> bytes:
    """Samples between -1 and 1 as G.711 A-law, a byte each."""
    value = to_int16(samples).astype(np.int32) >> 3  # 13 bits
    sign = np.where(value >= 0, 0xD5, 0x55)
    size = np.where(value >= 0, value, -value - 1)
    exponent = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(np.int32) - 4, 0)
    mantissa = np.where(exponent < 2, size >> 1, size >> exponent) & 15
    return ((exponent << 4 | mantissa) ^ sign).astype(np.uint8).tobytes()


def mulaw(samples: Samples) -> bytes:
    """Samples between -1 and 1 as G.711 mu-law, a byte each."""
    value = to_int16(samples).astype(np.int32) >> 2  # 14 bits
    size = np.minimum(np.abs(value), 8159) + 33
    exponent = np.floor(np.log2(size)).astype(np.int32) - 5
    code = np.where(exponent > 7, 0x7F, exponent << 4 | (size >> (exponent + 1)) & 15)
    return (code ^ np.where(value < 0, 0x7F, 0xFF)).astype(np.uint8).tobytes()


def from_alaw(content: bytes) -> Samples:
    """G.711 A-law as samples between -1 and 1."""
    return (_ALAW[np.frombuffer(content, np.uint8)] / FULL).astype(np.float32)


def from_mulaw(content: bytes) -> Samples:
    """G.711 mu-law as samples between -1 and 1."""
    return (_MULAW[np.frombuffer(content, np.uint8)] / FULL).astype(np.float32)
