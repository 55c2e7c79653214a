# SPDX-License-Identifier: Apache-2.0
"""What turns speech into text and text into speech: two protocols, and what of them runs on this machine alone."""

import shutil
import subprocess
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from rexian_ml.speech.sound import Sound, read_wav, resample


class SpeechError(RuntimeError):
    """Recognition or synthesis is not there, or failed; the message says what to do."""


class Recogniser(Protocol):
    """Speech to text."""

    def recognise(self, sound: Sound) -> str:
        """The words spoken; "" for none. Raises SpeechError."""


class Synthesiser(Protocol):
    """Text to speech."""

    def synthesise(self, text: str) -> Sound:
        """The text spoken. Raises SpeechError."""


@dataclass(frozen=True, slots=True)
class Espeak:
    """The program espeak-ng as a synthesiser: no model, any machine, a mechanical voice. `voice` cmn is Mandarin; `speed` in words a minute."""

    voice: str = "cmn"
    speed: int = 170
    timeout: float = 30.0
    program: str = "espeak-ng"

    def synthesise(self, text: str) -> Sound:
        """The text spoken, at 22,050 samples a second; the text goes in by standard input, so it is never an option."""
        path = shutil.which(self.program)
        if path is None:
            raise SpeechError(f"{self.program} is not installed: apt-get install espeak-ng")
        if not text.strip():
            return Sound(np.zeros(0, np.float32), 22_050)
        command = [path, "-v", self.voice, "-s", str(self.speed), "-b", "1", "--stdin", "--stdout"]
        try:
            done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=self.timeout, check=False)  # noqa: S603 - own arguments
        except subprocess.TimeoutExpired as error:
            raise SpeechError(f"{self.program} took more than {self.timeout:g} s") from error
        if done.returncode or not done.stdout:  # a voice that is not there ends with 0 and silence
            raise SpeechError(f"{self.program} failed: {done.stderr.decode(errors='replace').strip()}")
        return read_wav(_sized(done.stdout))


def _sized(content: bytes) -> bytes:
    """A wav file written to a pipe, with the sizes that its writer could not know yet."""
    size = len(content)
    return (
        content[:4]
        + (size - 8).to_bytes(4, "little")
        + content[8:40]
        + (size - 44).to_bytes(4, "little")
        + content[44:]
    )


@dataclass
class Sherpa:
    """sherpa-onnx as a recogniser, with a Paraformer model in `folder` (model.onnx or model.int8.onnx, and tokens.txt) that the operator provides."""

    folder: Path
    threads: int = 1
    recogniser_: Any = field(default=None, init=False, repr=False)

    def recognise(self, sound: Sound) -> str:
        """The words spoken; the sound is brought to 16 kHz."""
        self.recogniser_ = self.recogniser_ or self._load()
        stream = self.recogniser_.create_stream()
        heard = resample(sound, 16_000)
        stream.accept_waveform(heard.rate, heard.samples)
        self.recogniser_.decode_stream(stream)
        return str(stream.result.text).strip()

    def _load(self) -> Any:
        try:
            library = import_module("sherpa_onnx")
        except ImportError as error:
            raise SpeechError("sherpa-onnx is not installed: pip install sherpa-onnx") from error
        model = next(
            (path for name in ("model.int8.onnx", "model.onnx") if (path := self.folder / name).is_file()), None
        )
        tokens = self.folder / "tokens.txt"
        if model is None or not tokens.is_file():
            raise SpeechError(f"no model.onnx with tokens.txt in {self.folder}")
        return library.OfflineRecognizer.from_paraformer(
            paraformer=str(model), tokens=str(tokens), num_threads=self.threads
        )
