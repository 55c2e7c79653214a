# SPDX-License-Identifier: Apache-2.0
"""Speech on the telephone: sound in and out, where somebody speaks, keys, G.711, and plugs for recognition and synthesis."""

from rexian_ml.speech.sound import Segment, Sound, level, loudness, read_wav, resample, speech, write_wav
from rexian_ml.speech.telephone import Key, alaw, from_alaw, from_mulaw, keys, mulaw, tones
from rexian_ml.speech.voices import Espeak, Recogniser, Sherpa, SpeechError, Synthesiser

__all__ = [
    "Espeak",
    "Key",
    "Recogniser",
    "Segment",
    "Sherpa",
    "Sound",
    "SpeechError",
    "Synthesiser",
    "alaw",
    "from_alaw",
    "from_mulaw",
    "keys",
    "level",
    "loudness",
    "mulaw",
    "read_wav",
    "resample",
    "speech",
    "tones",
    "write_wav",
]
