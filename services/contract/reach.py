"""Whether calls got through: an operation that answered everybody with an error was not tested."""

from __future__ import annotations

from typing import Any

from server import Services

# What takes something that only a mail, another site or a broken message brings; the services' own tests do that.
ELSEWHERE = {
    "GET /api/auth/oidc/{provider}": "no other site to sign in at is configured",
    "GET /api/auth/oidc/{provider}/callback": "no other site to sign in at is configured",
    "POST /api/auth/google": "no other site to sign in at is configured",
    "DELETE /api/auth/identities/{provider}": "no other site to sign in at is configured",
    "POST /api/auth/verify-email": "the token is in a mail",
    "POST /api/auth/password-reset/confirm": "the token is in a mail",
    "POST /internal/setup": "there is an admin already",
    "POST /internal/dead-letters/{id}/replay": "no message was left lying",
    "DELETE /internal/dead-letters/{id}": "no message was left lying",
    "GET /internal/redirects": "nothing was moved",
}


def unreached(services: Services, service: str, runs: list[dict[str, Any]]) -> list[str]:
    """Operations of the service that never answered anybody with a success."""
    document = services.call("GET", service, "/openapi.json").json()
    methods = {"get", "put", "post", "delete", "patch"}
    operations = [
        f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item if method in methods
    ]
    reached = {
        operation
        for run in runs
        if run["service"] == service
        for operation, statuses in run["statuses"].items()
        if any(int(status) < 400 for status in statuses)
    }
    return [f"{service} {name}" for name in operations if name not in reached and name not in ELSEWHERE]
