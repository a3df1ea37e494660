"""Printing in a child process that is kept, and replaced now and then.

typst keeps what it has set in memory as long as its process lives; a child that ends after some hundreds of
documents gives it back. Parent and child speak in frames: a length of four bytes, then the bytes.

    python -m quanheng.adapters.certificate_pdf.press
"""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
from typing import IO

from quanheng.adapters.certificate_pdf.document import Paper, compiled

DOCUMENTS_OF_A_CHILD = 400
LENGTH = struct.Struct(">I")
MOMENT = struct.Struct(">Q")


class Press:
    """One child that prints certificates one after the other; safe to share between threads."""

    def __init__(self, documents_of_a_child: int = DOCUMENTS_OF_A_CHILD) -> None:
        self._most = documents_of_a_child
        self._printed = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def pdf(self, paper: Paper) -> bytes:
        """Return the PDF of one version: the same bytes every time.

        Raises:
            OSError: the child died; the next call starts another.
        """
        job = MOMENT.pack(int(paper.issued_at.timestamp())) + paper.to_json().encode()
        with self._lock:
            try:
                return self._ask(job)
            except OSError:
                self._end()
                raise

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ask(self, job: bytes) -> bytes:
        child = self._child
        if child is None or self._printed >= self._most:
            self._end()
            child = self._child = subprocess.Popen(  # noqa: S603 our own module
                [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._printed = 0
        if child.stdin is None or child.stdout is None:
            raise OSError("the press has no pipes")
        write_frame(child.stdin, job)
        self._printed += 1
        answer = read_frame(child.stdout)
        if not answer:
            raise OSError("the press printed nothing")
        return answer

    def _end(self) -> None:
        if self._child is None:
            return
        child, self._child = self._child, None
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.kill()
        child.wait()


def write_frame(pipe: IO[bytes], data: bytes) -> None:
    """Send one message."""
    pipe.write(LENGTH.pack(len(data)) + data)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> bytes:
    """Receive one message; empty when the other side is gone."""
    head = pipe.read(LENGTH.size)
    return pipe.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""


def main() -> None:
    """Print what comes in until nothing comes any more."""
    while job := read_frame(sys.stdin.buffer):
        moment = MOMENT.unpack_from(job)[0]
        write_frame(sys.stdout.buffer, compiled(job[MOMENT.size :].decode(), moment))


if __name__ == "__main__":
    main()
