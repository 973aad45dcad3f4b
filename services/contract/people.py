"""Accounts that calls are made with. Whatever a call does to one, the next call has one that can be used."""

from __future__ import annotations

import itertools
import time
from typing import Any

from server import Services

PASSWORD = "correct horse battery"
RENEW_AFTER = 120
"""Seconds; an access token lives five minutes."""

_numbers = itertools.count(1)


class Person:
    """An account with this role, made when it is first needed and again when it is no more."""

    def __init__(self, services: Services, role: str, name: str) -> None:
        self.services, self.role, self.name = services, role, name
        self._signed_in_at = 0.0
        self._tokens: dict[str, Any] | None = None
        self.email = ""

    def token(self) -> str:
        """An access token that is good now, as far as one can know."""
        return self.tokens()["access_token"]

    def tokens(self) -> dict[str, Any]:
        """Access and refresh token and the account, as sign-in answers them."""
        if self._tokens is None or time.monotonic() - self._signed_in_at > RENEW_AFTER:
            self._tokens = self._sign_in() if self.email else None
            if self._tokens is None:
                self._make()
                self._tokens = self._sign_in()
            if self._tokens is None:
                raise RuntimeError(f"{self.email} cannot sign in")
            self._signed_in_at = time.monotonic()
        return self._tokens

    def id(self) -> str:
        """Id of the account."""
        return self.tokens()["user"]["id"]

    def forget(self, for_ever: bool = False) -> None:
        """The token was refused: the next call signs in again, with a new account where that fails or must be."""
        self._tokens = None
        if for_ever:
            self.email = ""

    def _make(self) -> None:
        self.email = f"{self.name}-{next(_numbers)}-{time.time_ns()}@example.com"
        account = {"email": self.email, "name": f"{self.name} {next(_numbers)}", "password": PASSWORD, "role": self.role}
        self.services.call("POST", "auth", "/internal/users", json=account)

    def _sign_in(self) -> dict[str, Any] | None:
        login = {"email": self.email, "password": PASSWORD}
        answer = self.services.call("POST", "auth", "/api/auth/login", ok=False, json=login)
        return answer.json() if answer.ok else None


class People:
    """Who calls: guests show nothing, services their token, users and admins that of an account."""

    def __init__(self, services: Services, actor: str) -> None:
        self.services, self.actor = services, actor
        role = {"admin": "ADMIN", "user": "USER"}.get(actor)
        self.main = Person(services, role, actor) if role else None
        self._writer: Person | None = None
        self._written = 0

    def writer(self) -> Person | None:
        """Somebody who has hardly written yet: how much a member may write in a minute is limited."""
        if self.actor != "user":
            return self.main
        if self._writer is None or self._written == 2:
            self._writer, self._written = self.newcomer(), 0
        self._written += 1
        return self._writer

    def newcomer(self) -> Person | None:
        """Somebody whom nobody needs afterwards."""
        return Person(self.services, self.main.role, "newcomer") if self.main else None
