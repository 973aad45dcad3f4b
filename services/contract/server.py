"""The services under test, and a little HTTP to speak to them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import requests

PATIENCE = 60
"""Seconds after which an answer counts as never given."""


@dataclass(frozen=True)
class Services:
    """Where each service answers, and the token that services show each other."""

    urls: dict[str, str]
    token: str

    def call(
        self, method: str, service: str, path: str, token: str | None = None, ok: bool = True, **more: Any
    ) -> requests.Response:
        """Sends a request: as a service when no user's token is given. With `ok` an error is an exception."""
        headers = {"authorization": f"Bearer {token}" if token else f"Service {self.token}"} | more.pop("headers", {})
        url = self.urls[service] + path
        answer = requests.request(method, url, headers=headers, timeout=PATIENCE, allow_redirects=False, **more)
        if ok and not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer


class Server:
    """A process with all six services; ends with the `with` block."""

    def __init__(self, program: Path, log: Path, on_postgres: bool) -> None:
        command = [str(program)] + (["--postgres"] if on_postgres else [])
        self._log: BinaryIO = log.open("wb")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True
        )

    def __enter__(self) -> Services:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the services did not start; {self._log.name} says why")
        told = json.loads(line)
        return Services(urls=told["services"], token=told["token"])

    def __exit__(self, *_: object) -> None:
        # The end of its input is its signal.
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
