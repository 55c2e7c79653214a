# SPDX-License-Identifier: Apache-2.0
"""Sound as numbers: wav in and out, resampling, loudness, and where somebody speaks."""

import io
import wave
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter, resample_poly

Samples = NDArray[np.float32]
FULL = 32768.0
FRAME = 0.02
"""Seconds of one frame of the search for speech."""
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGHPASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""K-weighting at 48 kHz as numerator and denominator (ITU-R BS.1770-4, tables 1 and 2)."""
SILENT = -70.0
"""LUFS below which a block does not count, and of what has no louder block (ITU-R BS.1770-4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """One channel: `samples` of shape (n,) between -1 and 1, `rate` a second."""

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate

    def cut(self, start: float, end: float) -> "Sound":
        """The part between two times, in seconds."""
        return Sound(self.samples[round(start * self.rate) : round(end * self.rate)], self.rate)


@dataclass(frozen=True, slots=True)
class Segment:
    """Speech between two times, in seconds."""

    start: float
    end: float


def read_wav(content: bytes) -> Sound:
    """A wav file of 16-bit PCM; several channels are averaged. Raises ValueError for anything else."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            if file.getsampwidth() != 2:
                raise ValueError(f"wav of {8 * file.getsampwidth()} bits; 16 are needed")
            channels, rate, raw = file.getnchannels(), file.getframerate(), file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a wav file of PCM: {error}") from error
    return Sound(from_pcm(raw[: len(raw) // (2 * channels) * 2 * channels]).reshape(-1, channels).mean(axis=1), rate)


def write_wav(sound: Sound) -> bytes:
    """The sound as a wav file of 16-bit PCM, one channel."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(to_pcm(sound.samples))
    return out.getvalue()


def from_pcm(raw: bytes) -> Samples:
    """Little-endian 16-bit samples as numbers between -1 and 1."""
    return np.frombuffer(raw, "<i2").astype(np.float32) / np.float32(FULL)


def to_pcm(samples: Samples) -> bytes:
    """Numbers as little-endian 16-bit samples; what is louder than full scale is clipped."""
    return to_int16(samples).astype("<i2").tobytes()


def to_int16(samples: Samples) -> NDArray[np.int16]:
    """Numbers as 16-bit integers, clipped at full scale."""
    return np.clip(np.round(samples.astype(np.float64) * FULL), -FULL, FULL - 1).astype(np.int16)


def resample(sound: Sound, rate: int) -> Sound:
    """The sound at another rate, by a polyphase filter; raises ValueError for a rate below 1."""
    if rate < 1:
        raise ValueError(f"a rate of {rate}")
    if rate == sound.rate or not len(sound.samples):
        return Sound(sound.samples, rate)
    common = gcd(rate, sound.rate)
    return Sound(resample_poly(sound.samples, rate // common, sound.rate // common).astype(np.float32), rate)


def level(sound: Sound) -> float:
    """The root mean square in dB below full scale; -inf for silence."""
    power = float(np.mean(np.square(sound.samples, dtype=np.float64))) if len(sound.samples) else 0.0
    return float(10 * np.log10(power)) if power else -np.inf


def loudness(sound: Sound) -> float:
    """Integrated loudness in LUFS (ITU-R BS.1770-4, one channel): blocks of 400 ms every 100 ms, K-weighted, gated at -70 LUFS and 10 LU below the rest."""
    samples = resample(sound, 48_000).samples.astype(np.float64)
    for numerator, denominator in (_SHELF, _HIGHPASS):
        samples = lfilter(numerator, denominator, samples)
    powers = _blocks(samples, 19_200, 4_800)
    powers = powers[_lufs(powers) > SILENT]
    if not len(powers):
        return SILENT
    powers = powers[_lufs(powers) > _lufs(powers.mean()) - 10]
    return float(_lufs(powers.mean()))


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)))


def _blocks(samples: NDArray[np.float64], size: int, step: int) -> NDArray[np.float64]:
    """The mean square of each block; a sound shorter than one block is one block."""
    sums = np.concatenate(([0.0], np.cumsum(samples**2)))
    starts = np.arange(0, max(1, len(samples) - size + 1), step)
    ends = np.minimum(starts + size, len(samples))
    return np.asarray((sums[ends] - sums[starts]) / np.maximum(ends - starts, 1))


def speech(sound: Sound, *, above: float = 9.0, pause: float = 0.3, shortest: float = 0.1) -> list[Segment]:
    """Where somebody speaks: frames of 20 ms that are `above` dB over the noise floor (the 10th percentile, at least -60 dB).

    Pauses shorter than `pause` seconds are bridged; what is shorter than `shortest` is dropped. Speech is told by energy alone: music counts as speech.
    """
    size = round(FRAME * sound.rate)
    count = len(sound.samples) // size
    if not count:
        return []
    frames = sound.samples[: count * size].reshape(count, size).astype(np.float64)
    levels = 10 * np.log10(np.maximum(np.mean(frames**2, axis=1), 1e-10))
    floor = max(float(np.quantile(levels, 0.1)), -60.0)
    threshold = min(floor + above, float(levels.max()) - 3)  # no silence at all: the floor is speech itself
    return _runs(levels > max(threshold, -60.0 + above), pause, shortest)


def _runs(active: NDArray[np.bool_], pause: float, shortest: float) -> list[Segment]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], active.astype(np.int8), [0]))))
    found: list[Segment] = []
    for start, end in edges.reshape(-1, 2) * FRAME:
        if found and start - found[-1].end < pause:
            found[-1] = Segment(found[-1].start, float(end))
        else:
            found.append(Segment(float(start), float(end)))
    return [one for one in found if one.end - one.start >= shortest]
