# SPDX-License-Identifier: Apache-2.0
"""Sound, keys and G.711 against known values and, where Python still has it, its own G.711; voices where their programs are."""

import shutil
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rexian_ml import speech
from rexian_ml.evaluate.speech import measure
from rexian_ml.speech import Espeak, Sherpa, Sound, SpeechError

RATE = 8000


def _sine(frequency: float, seconds: float, level: float = 0.5, rate: int = RATE) -> Sound:
    time = np.arange(round(seconds * rate)) / rate
    return Sound((level * np.sin(2 * np.pi * frequency * time)).astype(np.float32), rate)


def _silence(seconds: float, rate: int = RATE) -> Sound:
    return Sound(np.zeros(round(seconds * rate), np.float32), rate)


def _together(*sounds: Sound) -> Sound:
    return Sound(np.concatenate([one.samples for one in sounds]), sounds[0].rate)


def _noisy(sound: Sound, level: float, seed: int = 0) -> Sound:
    noise = np.random.default_rng(seed).normal(0, level, len(sound.samples))
    return Sound((sound.samples + noise).astype(np.float32), sound.rate)


def test_wav_goes_out_and_in_again() -> None:
    sound = _sine(440, 0.5)
    again = speech.read_wav(speech.write_wav(sound))
    assert again.rate == RATE
    assert np.abs(again.samples - sound.samples).max() <= 1 / 32768


def test_what_is_too_loud_is_clipped() -> None:
    again = speech.read_wav(speech.write_wav(Sound(np.array([2.0, -2.0], np.float32), RATE)))
    assert again.samples.tolist() == [32767 / 32768, -1.0]


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no wav at all" * 10])
def test_what_is_no_wav_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a wav"):
        speech.read_wav(content)


def test_resampling_keeps_the_tone_and_takes_out_what_the_lower_rate_cannot_hold() -> None:
    both = Sound(_sine(1000, 1, 0.4, 48_000).samples + _sine(9000, 1, 0.4, 48_000).samples, 48_000)
    low = speech.resample(both, 16_000)
    spectrum = np.abs(np.fft.rfft(low.samples)) / len(low.samples) * 2
    assert len(low.samples) == 16_000
    assert spectrum[1000] == pytest.approx(0.4, abs=0.02)
    assert np.delete(spectrum, range(990, 1011)).max() < 0.02
    with pytest.raises(ValueError, match="rate"):
        speech.resample(both, 0)


def test_level_and_loudness_of_a_tone_that_the_standard_gives() -> None:
    assert speech.level(_sine(997, 1, 1.0)) == pytest.approx(-3.01, abs=0.02)
    assert speech.loudness(_sine(997, 5, 1.0, 48_000)) == pytest.approx(
        -3.01, abs=0.1
    )  # BS.1770-4: 0 dBFS, one channel
    assert speech.loudness(_together(_sine(997, 5, 0.1, 48_000), _silence(20, 48_000))) == pytest.approx(
        -23.01, abs=0.3
    )
    assert speech.loudness(_silence(1)) == -70
    assert speech.level(_silence(0)) == -np.inf


def test_where_somebody_speaks() -> None:
    sound = _noisy(
        _together(
            _silence(0.6),
            _sine(300, 1.0),
            _silence(0.2),
            _sine(200, 0.5),
            _silence(1.0),
            _sine(250, 0.7),
            _silence(0.5),
        ),
        0.002,
    )
    first, second = speech.speech(sound)
    assert (first.start, first.end) == pytest.approx((0.6, 2.3), abs=0.04)
    assert (second.start, second.end) == pytest.approx((3.3, 4.0), abs=0.04)
    assert sound.cut(first.start, first.end).seconds == pytest.approx(1.7, abs=0.08)
    assert speech.speech(_noisy(_silence(2), 0.0005)) == []
    assert speech.speech(_silence(0)) == []
    assert len(speech.speech(_sine(300, 2))) == 1


ALL_KEYS = "123A456B789C*0#D"


@pytest.mark.parametrize("rate", [8000, 16_000])
@pytest.mark.parametrize(
    ("tone", "pause", "level", "noise"),
    [(0.1, 0.1, 0.25, 0.0), (0.06, 0.06, 0.25, 0.01), (0.1, 0.05, 0.05, 0.005), (0.5, 0.1, 0.4, 0.05)],
)
def test_keys_are_heard(rate: int, tone: float, pause: float, level: float, noise: float) -> None:
    sound = _noisy(speech.tones(ALL_KEYS, rate, tone=tone, pause=pause, level=level), noise)
    assert "".join(one.key for one in speech.keys(sound)) == ALL_KEYS


def test_keys_are_heard_through_g711() -> None:
    sound = speech.tones("110#", RATE)
    for coded in (speech.from_alaw(speech.alaw(sound.samples)), speech.from_mulaw(speech.mulaw(sound.samples))):
        assert [one.key for one in speech.keys(Sound(coded, RATE))] == list("110#")


def test_no_keys_in_noise_single_tones_and_short_tones() -> None:
    assert speech.keys(_noisy(_silence(10), 0.2)) == []
    assert speech.keys(_sine(697, 2)) == []
    assert speech.keys(speech.tones("5", RATE, tone=0.02)) == []
    assert speech.keys(_silence(0)) == []
    with pytest.raises(ValueError, match="no such key"):
        speech.tones("E")


def test_times_of_keys() -> None:
    (one,) = speech.keys(_together(_silence(0.5), speech.tones("7", RATE, tone=0.2)))
    assert (one.start, one.end) == pytest.approx((0.5, 0.7), abs=0.03)


EVERY = np.arange(-32768, 32768)


def test_g711_is_that_of_the_standard_library() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        audioop = pytest.importorskip("audioop", reason="this Python has no audioop to compare with")
    raw, samples = EVERY.astype("<i2").tobytes(), (EVERY / 32768).astype(np.float32)
    assert speech.alaw(samples) == audioop.lin2alaw(raw, 2)
    assert speech.mulaw(samples) == audioop.lin2ulaw(raw, 2)
    codes = bytes(range(256))
    assert (speech.from_alaw(codes) * 32768).astype("<i2").tobytes() == audioop.alaw2lin(codes, 2)
    assert (speech.from_mulaw(codes) * 32768).astype("<i2").tobytes() == audioop.ulaw2lin(codes, 2)


def test_g711_loses_little() -> None:
    tone = _sine(1004, 1, 0.3).samples
    for back in (speech.from_alaw(speech.alaw(tone)), speech.from_mulaw(speech.mulaw(tone))):
        noise = 10 * np.log10(np.mean(tone**2) / np.mean((back - tone) ** 2))
        assert noise > 35  # dB; ITU-T G.712 demands 33 at this level


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_g711_codes_survive(code: bytes) -> None:
    assert speech.alaw(speech.from_alaw(code)) == code
    assert speech.mulaw(speech.from_mulaw(code)) == code.replace(b"\x7f", b"\xff")  # the two zeros are one


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed: apt-get install espeak-ng")
def test_espeak_speaks() -> None:
    short, long = Espeak().synthesise("您好"), Espeak().synthesise("您好，这里是政务服务热线，请问有什么可以帮您？")
    assert short.rate == 22_050
    assert 0.3 < short.seconds < long.seconds
    assert speech.speech(long)
    assert Espeak().synthesise("").seconds < 0.5
    assert Espeak().synthesise("--voices").seconds > 0.3  # words, not an option


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed: apt-get install espeak-ng")
def test_espeak_tells_what_failed() -> None:
    with pytest.raises(SpeechError, match="failed"):
        Espeak(voice="xx").synthesise("您好")
    with pytest.raises(SpeechError, match="took more than"):
        Espeak(timeout=0.0001).synthesise("您好" * 500)


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(SpeechError, match="apt-get install espeak-ng"):
        Espeak(program="espeak-ng-that-is-not-there").synthesise("您好")


def test_sherpa_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sherpa_onnx", None)
    with pytest.raises(SpeechError, match="pip install sherpa-onnx"):
        Sherpa(tmp_path).recognise(_sine(300, 0.1))


def test_sherpa_without_a_model_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "sherpa_onnx", types.ModuleType("sherpa_onnx"))
    with pytest.raises(SpeechError, match=r"no model\.onnx with tokens\.txt"):
        Sherpa(tmp_path).recognise(_sine(300, 0.1))


@pytest.mark.slow
def test_what_is_measured(tmp_path: Path) -> None:
    section = measure(tmp_path)
    assert section is not None
    figures = {one.name: one.value for one in section.figures}
    assert figures["keys heard at 20 dB"] == figures["keys heard at 10 dB"] == 1
    assert figures["edges of speech, mean error"] <= 0.02
    assert figures.get("false keys in speech", 0) <= 30
