"""`kiosk worker speech`: text in, speech out, by espeak-ng as an external program (a placeholder for recorded clips).

One request a line on standard input: {"text": …, "language": "vi" | "en"}. The answer on standard output: four bytes
of length (big-endian), then a WAV; length 0 when there is no voice. Ends with its standard input. The text never
stands on a command line, where other programs could read it.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

VOICES = {"vi": "vi", "en": "en"}
WORDS_A_MINUTE = {"vi": 150, "en": 150}
"""About a tenth slower than news."""
SECONDS = 5.0


def speak(program: str | None, text: str, language: str) -> bytes:
    """A WAV of `text`; empty when there is no program, no such voice, or it does not end."""
    if program is None or language not in VOICES or not text.strip():
        return b""
    command = [program, "-v", VOICES[language], "-s", str(WORDS_A_MINUTE[language]), "--stdin", "--stdout", "-b", "1"]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, the text goes in by standard input
            command, input=text.encode("utf-8"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def main(argv: Sequence[str] = ()) -> int:
    """Serve until standard input ends. An unreadable request is answered with silence."""
    del argv
    # Ctrl-C in a terminal reaches the whole group; the kiosk ends this worker by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = shutil.which("espeak-ng")
    for line in sys.stdin.buffer:
        try:
            request = json.loads(line)
            text, language = str(request["text"]), str(request["language"])
        except (ValueError, KeyError, TypeError):
            text, language = "", ""
        wav = speak(program, text, language)
        sys.stdout.buffer.write(len(wav).to_bytes(4, "big") + wav)
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
