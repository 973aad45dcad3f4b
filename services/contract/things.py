"""What calls are about: posts, comments, pages, images, made as a user of the site would make them."""

from __future__ import annotations

import itertools
import struct
import time
import zlib
from collections.abc import Callable
from typing import Any

from people import PASSWORD, Person
from server import Services

_numbers = itertools.count(1)


def unique(word: str) -> str:
    """The word with a number that nothing else has."""
    return f"{word} {time.time_ns():x} {next(_numbers)}"


def address() -> str:
    """An address that nothing else comes from."""
    number = time.time_ns() // 1000 % 2**48 * 2**16 + next(_numbers) % 2**16
    groups = [f"{number >> shift & 0xFFFF:x}" for shift in (48, 32, 16, 0)]
    return "2001:" + ":".join(groups) + "::1"


def picture() -> bytes:
    """A small PNG that no other is like."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"\0" + time.time_ns().to_bytes(12, "big")
    head = struct.pack(">IIBBBBB", 4, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Things:
    """Makes things as an admin; those that calls only read are made once."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.root = Person(services, "ADMIN", "root")
        self._kept: dict[str, Any] = {}

    def once(self, make: Callable[[], Any]) -> Any:
        """What `make` made the first time."""
        name = make.__name__
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]

    def _send(self, method: str, service: str, path: str, person: Person | None = None, **more: Any) -> Any:
        person = person or self.root
        for _ in range(3):
            answer = self.services.call(method, service, path, person.token(), ok=False, **more)
            deposed = answer.status_code == 403 and person is self.root
            if answer.status_code != 401 and not deposed:
                break
            # Somebody else rotated the keys, brought back a backup from before this account, or deposed its admin.
            person.forget(for_ever=deposed)
        if not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def read(self, service: str, path: str) -> Any:
        """What an admin gets there."""
        return self._send("GET", service, path)

    # auth

    def stranger(self) -> Person:
        """Somebody with an account."""
        person = Person(self.services, "USER", "stranger")
        person.tokens()
        return person

    def invitation(self) -> dict[str, Any]:
        return self._send("POST", "auth", "/api/auth/invitations", json={})

    def other_session(self, person: Person) -> str:
        """Id of another session of the same person."""
        login = {"email": person.email or person.tokens()["user"]["email"], "password": PASSWORD}
        self.services.call("POST", "auth", "/api/auth/login", json=login)
        sessions = self._send("GET", "auth", "/api/auth/sessions", person)
        return next(session["id"] for session in sessions["items"] if not session["current"])

    # blog

    def post(self) -> dict[str, Any]:
        """A public post."""
        post = {"title": unique("Post"), "content": "## A heading\n\nA text.", "status": "PUBLIC", "tags": ["Contract"]}
        return self._send("POST", "blog", "/api/posts", json=post)

    def trashed_post(self) -> dict[str, Any]:
        post = self.post()
        self._send("DELETE", "blog", f"/api/posts/{post['slug']}")
        return post

    def changed_post(self) -> dict[str, Any]:
        """A post with two revisions."""
        post = self.post()
        for text in ("Another text.", "A third text."):
            change = {"title": post["title"], "content": text, "version": post["version"]}
            post = self._send("PUT", "blog", f"/api/posts/{post['slug']}", json=change)
        return post

    def revisions(self, post: dict[str, Any]) -> list[str]:
        """Ids of what the post was before."""
        items = self._send("GET", "blog", f"/api/posts/{post['slug']}/revisions")["items"]
        return [item["id"] for item in items]

    def draft(self) -> dict[str, Any]:
        draft = {"title": unique("Draft"), "content": "A text."}
        return self._send("POST", "blog", "/api/drafts", json=draft)

    def term(self, kind: str) -> dict[str, Any]:
        """A category or a tag."""
        return self._send("POST", "blog", f"/api/{kind}", json={"name": unique("Term")})

    def category(self) -> dict[str, Any]:
        return self.term("categories")

    def tag(self) -> dict[str, Any]:
        return self.term("tags")

    # content

    def comment(self, person: Person | None = None) -> dict[str, Any]:
        """A comment of this person, by default the admin's own."""
        comment = {"post_id": self.once(self.post)["id"], "content": unique("A comment")}
        # How much is written from one address is limited.
        headers = {"x-client-address": address()}
        return self._send("POST", "content", "/api/comments", person, json=comment, headers=headers)["comment"]

    def trashed_comment(self, person: Person | None = None) -> dict[str, Any]:
        comment = self.comment(person)
        self._send("DELETE", "content", f"/api/comments/{comment['id']}", person)
        return comment

    def guest_comment(self) -> dict[str, Any]:
        """A comment of somebody without an account, from an address that can be banned."""
        comment = {
            "post_id": self.once(self.post)["id"],
            "content": unique("A guest's comment"),
            "guest_name": unique("Guest"),
            "guest_password": PASSWORD,
        }
        headers = {"authorization": "", "x-client-address": address()}
        answer = self.services.call("POST", "content", "/api/comments", headers=headers, json=comment)
        return answer.json()["comment"]

    def ban(self) -> dict[str, Any]:
        comment = self.guest_comment()
        return self._send("POST", "content", f"/api/comments/{comment['id']}/ban", json={"days": 1})

    # page

    def page(self) -> dict[str, Any]:
        page = {"title": unique("Page"), "content": "A text.", "status": "PUBLISHED"}
        return self._send("POST", "page", "/api/pages", json=page)

    def trashed_page(self) -> dict[str, Any]:
        page = self.page()
        self._send("DELETE", "page", f"/api/pages/{page['id']}")
        return page

    # analytics

    def bug_report_of(self, person: Person) -> dict[str, Any]:
        """One for each account: how many somebody may make in a day is limited."""
        name = f"bug report of {person.id()}"
        if name not in self._kept:
            self._kept[name] = self.bug_report(person)
        return self._kept[name]

    def bug_report(self, person: Person | None = None) -> dict[str, Any]:
        report = {"title": unique("A bug"), "description": "It does not do what it should."}
        return self._send("POST", "analytics", "/api/bug-reports", person, json=report)

    # storage

    def image(self) -> dict[str, Any]:
        files = {"file": ("picture.png", picture(), "image/png")}
        return self._send("POST", "storage", "/api/upload", files=files)["items"][0]

    def backup(self) -> dict[str, Any]:
        """A whole backup, once nothing else is under way."""
        deadline = time.monotonic() + 60
        started = None
        while time.monotonic() < deadline:
            if started is None:
                answer = self.services.call("POST", "storage", "/api/backups", ok=False)
                started = answer.json()["id"] if answer.ok else None
            else:
                backup = self.services.call("GET", "storage", f"/api/backups/{started}").json()
                if backup["status"] == "READY":
                    return backup
                if backup["status"] == "FAILED":
                    raise RuntimeError(f"the backup failed: {backup}")
            time.sleep(0.05)
        raise RuntimeError("no backup within a minute")

    def archive(self) -> bytes:
        """A backup as it is downloaded."""
        path = f"/api/backups/{self.once(self.backup)['id']}/download"
        return self.services.call("GET", "storage", path).content
