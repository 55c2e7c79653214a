# SPDX-License-Identifier: Apache-2.0
"""What is heard on a telephone line, measured on sounds of our own making: keys in noise and through G.711, no keys in speech, where somebody speaks."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.shares import share
from rexian_ml.speech import Espeak, Sound, alaw, from_alaw, from_mulaw, keys, mulaw, resample, speech, tones

ALL = "123A456B789C*0#D"
RATE = 8000
ROUNDS = 20
NOISES = (20, 10, 5, 0)
"""Signal to noise in dB."""
TEXT = "您好，这里是政务服务热线。请问您要反映什么事情？您的诉求已经登记，将按规定转交承办单位。"
METHOD = (
    "Keys: tones of 70 ms with pauses of 70 ms at a quarter of full scale in white noise, coded in A-law; a sequence counts key by key. "
    "Speech: sentences of the synthesiser espeak-ng, where it is installed, at telephone rate; a key heard in them is false. "
    "Times are CPU times of one core."
)


def measure(data: Path) -> Section | None:
    """Keys heard, keys heard where none are, edges of speech, speed; needs no data."""
    figures = [*(_keys(noise) for noise in NOISES), *_coding(), _edges(), *_false_keys(), _speed()]
    return Section("speech", "电话语音", "made sounds", METHOD, tuple(figures))


def _noisy(sound: Sound, noise: float, seed: int) -> Sound:
    """With white noise `noise` dB below the mean power of the sound."""
    power = float(np.mean(sound.samples.astype(np.float64) ** 2)) * 10 ** (-noise / 10)
    drawn = np.random.default_rng(seed).normal(0, power**0.5, len(sound.samples))
    return Sound((sound.samples + drawn).astype(np.float32), sound.rate)


def _keys(noise: float) -> Figure:
    hits: list[bool] = []
    for seed in range(ROUNDS):
        line = Sound(from_alaw(alaw(_noisy(tones(ALL, RATE, tone=0.07, pause=0.07), noise, seed).samples)), RATE)
        heard = [(one.key, one.start) for one in keys(line)]
        hits += [
            any(key == one and abs(start - 0.14 * place) < 0.05 for one, start in heard)
            for place, key in enumerate(ALL)
        ]
    return share(f"keys heard at {noise} dB", hits, aim="≥ 1" if noise >= 10 else "")


def _coding() -> Iterator[Figure]:
    """Signal to coding noise of a tone of 1,004 Hz at -10 dB (ITU-T G.712 demands 33 dB)."""
    tone = (0.3 * np.sin(2 * np.pi * 1004 * np.arange(RATE) / RATE)).astype(np.float32)
    for name, back in (("A-law", from_alaw(alaw(tone))), ("mu-law", from_mulaw(mulaw(tone)))):
        noise = float(np.mean((back - tone).astype(np.float64) ** 2))
        yield Figure(
            f"{name} signal to noise",
            float(10 * np.log10(np.mean(tone.astype(np.float64) ** 2) / noise)),
            unit="dB",
            aim="≥ 33",
        )


def _edges() -> Figure:
    """How far off the edges of speech are: bursts of a tone in noise 20 dB below."""
    errors: list[float] = []
    for seed in range(ROUNDS):
        dice = np.random.default_rng(seed)
        start, length = dice.uniform(0.5, 1.5), dice.uniform(0.3, 2.0)
        clock = np.arange(4 * RATE) / RATE
        burst = np.where((clock >= start) & (clock < start + length), 0.3 * np.sin(2 * np.pi * 300 * clock), 0.0)
        found = speech(Sound((burst + dice.normal(0, 0.02, len(burst))).astype(np.float32), RATE))
        errors += [abs(found[0].start - start), abs(found[-1].end - start - length)] if found else [length, length]
    return Figure("edges of speech, mean error", float(np.mean(errors)), n=len(errors), unit="s", aim="≤ 0.02")


def _false_keys() -> Iterator[Figure]:
    if shutil.which("espeak-ng"):
        voices = [resample(Espeak(speed=speed).synthesise(TEXT), RATE) for speed in range(120, 240, 10)]
        heard = sum(len(keys(one)) for one in voices)
        hours = sum(one.seconds for one in voices) / 3600
        yield Figure(
            "false keys in speech",
            heard / hours,
            n=heard,
            unit="per hour",
            note=f"{hours * 3600:.0f} s of synthetic speech",
        )


def _speed() -> Figure:
    sound = _noisy(tones(ALL * 20, RATE), 20, 0)
    start = time.process_time()
    keys(sound)
    speech(sound)
    return Figure("speed of keys and speech", sound.seconds / (time.process_time() - start), unit="times real time")
