"""For each operation something real to do it to, so that calls get past `404`.

What a call ends, trashes or changes is made for that call alone: nothing else misses it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from people import PASSWORD, People, Person
from things import Things, picture, unique


@dataclass
class Target:
    """Parameters of a call that are known to be right.

    None takes a parameter or a field away; a body that is no object is replaced as a whole.
    """

    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    person: Person | None = None


@dataclass
class Scene:
    """Who calls, and what there is."""

    people: People
    things: Things

    @property
    def caller(self) -> Person:
        """Whose things are to be called about: the caller's, or an admin's where there is no account."""
        return self.people.main or self.things.root


def path(**names: Any) -> Target:
    return Target(path=names)


def _with_version(thing: dict[str, Any], parameter: str, body: dict[str, Any]) -> Target:
    """A change of the thing as it is now."""
    key = "slug" if parameter == "slug" else "id"
    return Target(path={parameter: thing[key]}, body=body | {"version": thing["version"]})


def _login(scene: Scene) -> Target:
    person = scene.things.stranger()
    return Target(body={"email": person.email, "password": PASSWORD, "audience": None})


def _refresh(scene: Scene) -> Target:
    return Target(body={"refresh_token": scene.things.stranger().tokens()["refresh_token"]})


def _end_session(scene: Scene) -> Target:
    person = scene.people.newcomer()
    if person is None:
        return Target()
    return Target(path={"id": scene.things.other_session(person)}, person=person)


def _newcomer(scene: Scene, **body: Any) -> Target:
    return Target(body=body or None, person=scene.people.newcomer())


def _setting(scene: Scene, service: str, where: str) -> Target:
    """Settings as they are, which change nothing but their version."""
    return Target(body=scene.things.read(service, where))


def _restored_revision(scene: Scene) -> Target:
    post = scene.things.changed_post()
    names = {"slug": post["slug"], "id": scene.things.revisions(post)[0]}
    return Target(path=names, body={"version": post["version"]})


def _revision(scene: Scene) -> Target:
    post = scene.things.once(scene.things.changed_post)
    return path(slug=post["slug"], id=scene.things.revisions(post)[0])


def _difference(scene: Scene) -> Target:
    post = scene.things.once(scene.things.changed_post)
    newest, oldest = scene.things.revisions(post)[:2]
    return Target(path={"slug": post["slug"]}, query={"from": oldest, "to": newest})


def _merge(kind: str) -> Callable[[Scene], Target]:
    def target(scene: Scene) -> Target:
        gone, kept = scene.things.term(kind), scene.things.term(kind)
        return Target(path={"slug": gone["slug"]}, body={"into": kept["slug"]})

    return target


def _terms(kind: str) -> dict[str, Callable[[Scene], Target]]:
    one = f"/api/{kind}/{{slug}}"
    return {
        f"POST /api/{kind}": lambda scene: Target(body={"name": unique("Term"), "slug": None}),
        f"GET {one}": lambda scene: path(slug=scene.things.term(kind)["slug"]),
        f"PUT {one}": lambda scene: _with_version(
            scene.things.term(kind), "slug", {"name": unique("Term"), "slug": None}
        ),
        f"DELETE {one}": lambda scene: Target(path={"slug": scene.things.term(kind)["slug"]}, query={"version": 1}),
        f"POST {one}/merge": _merge(kind),
        f"GET /{kind}/{{slug}}/{{file}}": lambda scene: path(slug=scene.things.term(kind)["slug"], file="feed.xml"),
    }


def _import(scene: Scene, **more: Any) -> Target:
    times = {"published_at": "2026-01-31T09:00:00Z", "updated_at": None}
    author = {"author_id": scene.things.root.id(), "author_name": "Root", "author_avatar": None}
    return Target(body=author | times | {"source": unique("contract"), "status": "DRAFT", "locale": "en"} | more)


def _imported_comment(scene: Scene) -> Target:
    post = scene.things.once(scene.things.post)
    body = {"source": unique("contract"), "post_id": post["id"], "parent_source": None, "state": "VISIBLE"}
    return Target(body=body | {"author_id": None, "author_name": "Guest", "created_at": "2026-01-31T09:00:00Z"})


def _new_comment(scene: Scene) -> Target:
    body = {"post_id": scene.things.once(scene.things.post)["id"], "parent_id": None, "website": None}
    guest = {"guest_name": unique("Guest"), "guest_password": PASSWORD}
    return Target(body=body | guest | {"content": unique("Text")}, person=scene.people.writer())


def _own_comment(scene: Scene, **body: Any) -> Target:
    comment = scene.things.comment(scene.caller)
    return Target(path={"id": comment["id"]}, body=body or None)


def _changed_comment(scene: Scene) -> Target:
    person = scene.people.writer() or scene.things.root
    comment = scene.things.comment(person)
    change = {"content": unique("Text"), "version": comment["version"], "is_private": None}
    return Target(path={"id": comment["id"]}, body=change, person=person)


def _someone_elses_comment(scene: Scene) -> Target:
    return Target(path={"id": scene.things.comment()["id"]}, person=scene.people.writer())


def _post_id(scene: Scene) -> str:
    return scene.things.once(scene.things.post)["id"]


AUTH: dict[str, Callable[[Scene], Target]] = {
    "POST /api/auth/login": _login,
    "POST /api/auth/refresh-token": _refresh,
    "POST /api/auth/logout": _refresh,
    "POST /api/auth/register": lambda scene: Target(
        body={"email": f"{unique('r').replace(' ', '-')}@example.com", "name": unique("R"), "password": PASSWORD,
              "invitation": None, "locale": "ko"}
    ),
    "DELETE /api/auth/me": lambda scene: _newcomer(scene, password=PASSWORD),
    "PUT /api/auth/profile": lambda scene: Target(body={"name": unique("P"), "avatar": None, "locale": "ko"}),
    "PUT /api/auth/password": lambda scene: _newcomer(scene, current=PASSWORD, password=PASSWORD + "!"),
    "PUT /api/auth/email": lambda scene: _newcomer(
        scene, email=f"{unique('e').replace(' ', '-')}@example.com", password=PASSWORD
    ),
    "POST /api/auth/password-reset": lambda scene: Target(
        body={"email": f"{unique('e').replace(' ', '-')}@example.com", "locale": "en"}
    ),
    "POST /api/auth/verify-email/resend": lambda scene: Target(
        body={"email": f"{unique('e').replace(' ', '-')}@example.com"}
    ),
    "DELETE /api/auth/sessions": _newcomer,
    "DELETE /api/auth/sessions/{id}": _end_session,
    "POST /api/auth/reauthenticate": lambda scene: _newcomer(scene, password=PASSWORD),
    "PUT /api/auth/settings": lambda scene: _setting(scene, "auth", "/api/auth/settings"),
    "POST /api/auth/invitations": lambda scene: Target(body={"email": None, "days": 3, "locale": "ko"}),
    "DELETE /api/auth/invitations/{id}": lambda scene: path(id=scene.things.invitation()["invitation"]["id"]),
    "GET /api/author": lambda scene: Target(query={"id": scene.things.root.id()}),
    "GET /api/users": lambda scene: Target(query={"ids": scene.things.root.id()}),
    "GET /api/users/{id}": lambda scene: path(id=scene.things.root.id()),
    "PUT /api/users/{id}/status": lambda scene: path(id=scene.things.stranger().id()),
    "PUT /api/users/{id}/role": lambda scene: path(id=scene.things.stranger().id()),
    "POST /internal/users": lambda scene: Target(
        body={"email": f"{unique('u').replace(' ', '-')}@example.com", "name": unique("U"), "password": PASSWORD}
    ),
}

BLOG: dict[str, Callable[[Scene], Target]] = {
    "GET /api/posts/{slug}": lambda scene: path(slug=scene.things.once(scene.things.post)["slug"]),
    "GET /api/posts/{slug}/adjacent": lambda scene: path(slug=scene.things.once(scene.things.post)["slug"]),
    "GET /api/posts/{slug}/related": lambda scene: path(slug=scene.things.once(scene.things.post)["slug"]),
    "POST /api/posts": lambda scene: Target(body=_FINE_POST | {"title": unique("Post"), "version": None}),
    "PUT /api/posts/{slug}": lambda scene: _with_version(scene.things.post(), "slug", _FINE_POST),
    "DELETE /api/posts/{slug}": lambda scene: Target(
        path={"slug": scene.things.post()["slug"]}, query={"version": 1, "purge": None, "id": None}
    ),
    "POST /api/posts/{slug}/restore": lambda scene: Target(
        path={"slug": scene.things.trashed_post()["slug"]}, query={"id": None}
    ),
    "POST /api/posts/bulk": lambda scene: Target(body={"ids": [scene.things.post()["id"]], "category": None}),
    "POST /api/posts/preview": lambda scene: Target(body={"locale": "ko"}),
    "GET /api/posts/{slug}/revisions": lambda scene: path(
        slug=scene.things.once(scene.things.changed_post)["slug"]
    ),
    "GET /api/posts/{slug}/revisions/diff": _difference,
    "GET /api/posts/{slug}/revisions/{id}": _revision,
    "POST /api/posts/{slug}/revisions/{id}/restore": _restored_revision,
    "GET /api/drafts/{id}": lambda scene: path(id=scene.things.once(scene.things.draft)["id"]),
    "POST /api/drafts": lambda scene: Target(body=_FINE_DRAFT | {"post": None, "version": None}),
    "PUT /api/drafts/{id}": lambda scene: _with_version(scene.things.draft(), "id", _FINE_DRAFT | {"post": None}),
    "DELETE /api/drafts/{id}": lambda scene: Target(path={"id": scene.things.draft()["id"]}, query={"version": 1}),
    "POST /api/drafts/{id}/publish": lambda scene: Target(
        path={"id": scene.things.draft()["id"]}, body={"at": None, "status": "PUBLIC", "version": 1, "post_version": None}
    ),
    **_terms("categories"),
    **_terms("tags"),
    "GET /authors/{id}/{file}": lambda scene: path(
        id=scene.things.once(scene.things.post)["author_id"], file="atom.xml"
    ),
    "GET /sitemaps/{file}": lambda scene: path(file="1.xml"),
    "GET /internal/posts/{id}": lambda scene: path(id=_post_id(scene)),
    "GET /internal/posts/{id}/whole": lambda scene: path(id=_post_id(scene)),
    "GET /internal/posts/{id}/exists": lambda scene: path(id=_post_id(scene)),
    "GET /internal/posts/{id}/visibility": lambda scene: path(id=_post_id(scene)),
    "PUT /internal/import/posts": lambda scene: _import(scene, scheduled_at=None, category=None, title=unique("Post")),
    "PUT /internal/import/categories": lambda scene: Target(body={"name": unique("Term")}),
}

_FINE_DRAFT = {"locale": "en", "cover": None, "canonical": None, "translation_group": None, "slug": None, "tags": []}
_FINE_POST = _FINE_DRAFT | {"category": None, "status": "PUBLIC", "scheduled_at": None}

CONTENT: dict[str, Callable[[Scene], Target]] = {
    "GET /api/comments/post/{post}": lambda scene: path(post=_post_id(scene)),
    "POST /api/comments": _new_comment,
    "GET /api/comments/{id}": lambda scene: path(id=scene.things.once(scene.things.comment)["id"]),
    "PUT /api/comments/{id}": _changed_comment,
    "DELETE /api/comments/{id}": lambda scene: Target(
        path={"id": scene.things.comment(person := scene.people.writer())["id"]}, person=person
    ),
    "POST /api/comments/{id}/restore": lambda scene: Target(
        path={"id": scene.things.trashed_comment(person := scene.people.writer())["id"]}, person=person
    ),
    "POST /api/comments/{id}/like": lambda scene: path(id=scene.things.once(scene.things.comment)["id"]),
    "POST /api/comments/{id}/report": _someone_elses_comment,
    "POST /api/comments/preview": lambda scene: Target(person=scene.people.writer()),
    "POST /api/comments/bulk": lambda scene: Target(body={"ids": [scene.things.comment()["id"]]}),
    "POST /api/comments/{id}/approve": lambda scene: path(id=scene.things.comment()["id"]),
    "POST /api/comments/{id}/hide": lambda scene: path(id=scene.things.comment()["id"]),
    "POST /api/comments/{id}/purge": lambda scene: path(id=scene.things.trashed_comment()["id"]),
    "POST /api/comments/{id}/ban": lambda scene: path(id=scene.things.guest_comment()["id"]),
    "DELETE /api/comments/bans/{id}": lambda scene: path(id=scene.things.ban()["id"]),
    "PUT /api/comments/settings": lambda scene: _setting(scene, "content", "/api/comments/settings"),
    "POST /api/likes/{post}/toggle": lambda scene: path(post=_post_id(scene)),
    "GET /api/likes/{post}/status": lambda scene: path(post=_post_id(scene)),
    "POST /api/bookmarks/{post}": lambda scene: path(post=_post_id(scene)),
    "DELETE /api/bookmarks/{post}": lambda scene: path(post=_post_id(scene)),
    "GET /api/bookmarks/{post}/status": lambda scene: path(post=_post_id(scene)),
    "GET /internal/comments": lambda scene: Target(query={"post": _post_id(scene)}),
    "PUT /internal/import/comments": _imported_comment,
}

PAGE: dict[str, Callable[[Scene], Target]] = {
    "GET /api/pages/{page}": lambda scene: path(page=scene.things.once(scene.things.page)["slug"]),
    "POST /api/pages": lambda scene: Target(body={"title": unique("Page"), "slug": None, "status": "PUBLISHED"}),
    "PUT /api/pages/{page}": lambda scene: _with_version(
        scene.things.page(), "page", {"slug": None, "status": "DRAFT"}
    ),
    "DELETE /api/pages/{page}": lambda scene: Target(
        path={"page": scene.things.page()["id"]}, query={"version": 1}
    ),
    "POST /api/pages/{page}/restore": lambda scene: path(page=scene.things.trashed_page()["id"]),
    "POST /api/pages/{page}/purge": lambda scene: path(page=scene.things.trashed_page()["id"]),
    "GET /internal/pages/{id}": lambda scene: path(id=scene.things.once(scene.things.page)["id"]),
    "PUT /internal/import/pages": lambda scene: _import(scene, title=unique("Page")),
}

ANALYTICS: dict[str, Callable[[Scene], Target]] = {
    "POST /api/views/post/{id}": lambda scene: path(id=_post_id(scene)),
    "POST /api/views/page/{id}": lambda scene: path(id=scene.things.once(scene.things.page)["id"]),
    "GET /api/analytics/pageviews": lambda scene: Target(
        query={"from": "2026-01-01", "to": "2026-01-31", "post": _post_id(scene)}
    ),
    "POST /api/bug-reports": lambda scene: Target(
        body={"title": unique("A bug"), "screenshot": None, "page": "/posts"}, person=scene.people.writer()
    ),
    "GET /api/bug-reports/{id}": lambda scene: path(id=scene.things.bug_report_of(scene.caller)["id"]),
    "PUT /api/bug-reports/{id}/response": lambda scene: Target(
        path={"id": scene.things.once(scene.things.bug_report)["id"]}, body={"version": None}
    ),
}

STORAGE: dict[str, Callable[[Scene], Target]] = {
    "POST /api/upload": lambda scene: Target(body={"file": [picture()]}, query={"folder": "contract"}),
    "GET /media/{name}": lambda scene: path(name=scene.things.once(scene.things.image)["url"].rsplit("/", 1)[1]),
    "DELETE /api/images/{id}": lambda scene: path(id=scene.things.image()["id"]),
    "GET /api/backups/{id}": lambda scene: path(id=scene.things.once(scene.things.backup)["id"]),
    "DELETE /api/backups/{id}": lambda scene: path(id=scene.things.backup()["id"]),
    "GET /api/backups/{id}/download": lambda scene: path(id=scene.things.once(scene.things.backup)["id"]),
    "POST /api/backups/{id}/verify": lambda scene: path(id=scene.things.once(scene.things.backup)["id"]),
    # Of the moment before, so that nothing is lost but what other calls make meanwhile.
    "POST /api/backups/{id}/restore": lambda scene: path(id=scene.things.backup()["id"]),
    "PUT /api/backups": lambda scene: Target(body=scene.things.once(scene.things.archive)),
    "PUT /internal/images": lambda scene: Target(body=picture()),
}

TARGETS = AUTH | BLOG | CONTENT | PAGE | ANALYTICS | STORAGE
