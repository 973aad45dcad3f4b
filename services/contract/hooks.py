"""What schemathesis is told while it runs: who calls, about what, and to count what is answered.

Loaded by schemathesis itself, once for each service and actor; `MARU_CONTRACT` names the file that says which.
"""

from __future__ import annotations

import atexit
import itertools
import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import schemathesis  # noqa: E402
from schemathesis.core.failures import AcceptedNegativeData  # noqa: E402

from people import People, Person  # noqa: E402
from server import Services  # noqa: E402
from targets import TARGETS, Scene  # noqa: E402
from things import Things, address  # noqa: E402

TOLD = json.loads(Path(os.environ["MARU_CONTRACT"]).read_text())
SERVICES = Services(urls=TOLD["urls"], token=TOLD["token"])
ACTOR: str = TOLD["actor"]
SCENE = Scene(People(SERVICES, ACTOR), Things(SERVICES))

statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
_calls: defaultdict[str, itertools.count[int]] = defaultdict(itertools.count)


@atexit.register
def tell() -> None:
    """Leaves how often each operation answered what."""
    Path(TOLD["statuses"]).write_text(json.dumps(statuses))


@schemathesis.auth(refresh_interval=None, retry_on=[])
class Caller:
    """The token of whoever calls."""

    def get(self, case: Any, context: Any) -> str | None:
        if ACTOR == "service":
            return f"Service {SERVICES.token}"
        return f"Bearer {SCENE.people.main.token()}" if SCENE.people.main else None

    def set(self, case: Any, data: str | None, context: Any) -> None:
        if data:
            case.headers["Authorization"] = data


@schemathesis.serializer("application/gzip")
def gzip(context: Any, value: Any) -> bytes:
    """Archives are bytes, whatever was made up for them."""
    return value if isinstance(value, bytes) else bytes(getattr(value, "data", b""))


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Each call comes from an address of its own, and every other good one is about something that is there."""
    case.headers["x-client-address"] = case.headers["x-forwarded-for"] = address()
    label = case.operation.label
    make = TARGETS.get(label)
    if make is None or not _is_good(case) or next(_calls[label]) % 2:
        return
    target = make(SCENE)
    case.path_parameters.update(target.path)
    case.query.update({name: value for name, value in target.query.items() if value is not None})
    for name in (name for name, value in target.query.items() if value is None):
        case.query.pop(name, None)
    if isinstance(case.body, dict) and isinstance(target.body, dict):
        case.body.update({name: value for name, value in target.body.items() if value is not None})
        for name in (name for name, value in target.body.items() if value is None):
            case.body.pop(name, None)
    elif target.body is not None and not isinstance(target.body, dict):
        case.body = target.body
    main = SCENE.people.main
    if target.person and main and case.headers.get("Authorization") == f"Bearer {main.token()}":
        case.headers["Authorization"] = f"Bearer {target.person.token()}"


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Counts; and whoever was refused signs in again before the next call."""
    statuses[case.operation.label][response.status_code] += 1
    shown = case.headers.get("Authorization")
    main: Person | None = SCENE.people.main
    if response.status_code == 401 and main and shown:
        main.forget()


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Texts are tidied before they are measured: one that is too long for its blanks alone may be taken."""
    too_long = isinstance(failure, AcceptedNegativeData) and "violates `maxLength`" in str(failure.message)
    return not (too_long and _has_blanks(case.body))


def _has_blanks(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_blanks(member) for member in value.values())
    if isinstance(value, list):
        return any(_has_blanks(member) for member in value)
    return isinstance(value, str) and any(not letter.isprintable() or letter.isspace() for letter in value)


def _is_good(case: Any) -> bool:
    """Whether all of the call is as the document says, and its parameters are not those of an earlier answer."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or meta.phase.name.value == "stateful":
        return False
    return not any(component.mode.is_negative for component in meta.components.values())
