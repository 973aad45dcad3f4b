"""Calls every service with schemathesis, as its OpenAPI document says and as it does not, as everybody who may call.

`run.py --program SERVICES --work FOLDER [--long] [--postgres]`; `cargo xtask test --only contract` and
`cargo xtask prove contract` start it. Writes FOLDER/report.json and ends with how many runs passed and failed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from reach import unreached
from server import Server, Services

HERE = Path(__file__).parent
# Whoever may call; guests and users first, since admins change what others may do. Storage by itself and last: a
# restore brings back everything.
SERVICES = ["auth", "blog", "content", "page", "analytics", "storage"]
ACTORS = ["guest", "user", "admin", "service"]
INTERNAL = "^/internal/"


def plan(service: str, actor: str, long: bool) -> list[str]:
    """What schemathesis is told of this run alone."""
    options = ["--max-examples", "60" if long else "8", "--continue-on-failure"]
    if actor in ("user", "admin"):
        # To services only, which the run of guests sees.
        options += ["--exclude-path-regex", INTERNAL]
    if actor == "service":
        options += ["--include-path-regex", f"{INTERNAL}|^/api/backups"]
    if not long and actor in ("guest", "user"):
        options += ["--phases", "coverage,fuzzing"]
    return options


def call(services: Services, service: str, actor: str, work: Path, long: bool) -> dict[str, Any]:
    """One run: what came of it."""
    name = f"{service}-{actor}"
    told, statuses, report = (work / f"{name}.{kind}.json" for kind in ("told", "statuses", "schemathesis"))
    told.write_text(
        json.dumps({"urls": services.urls, "token": services.token, "actor": actor, "statuses": str(statuses)})
    )
    url = services.urls[service]
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [f"{url}/openapi.json", "--url", url, *plan(service, actor, long)]
    command += ["--report", "json", "--report-json-path", str(report)]
    environment = os.environ | {
        "MARU_CONTRACT": str(told),
        "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
        "PYTHONPATH": str(HERE),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    begun = time.monotonic()
    output = work / f"{name}.txt"
    with output.open("wb") as file:
        code = subprocess.run(command, env=environment, cwd=work, stdout=file, stderr=subprocess.STDOUT).returncode
    seconds = time.monotonic() - begun
    document = json.loads(report.read_text()) if report.exists() else {}
    passed = code == 0 and bool(document.get("complete"))
    print(f"   {name}: {'ok' if passed else 'FAILED'} ({seconds:.0f} s)", flush=True)
    if not passed:
        print(output.read_text(errors="replace"), flush=True)
    return {
        "service": service,
        "actor": actor,
        "passed": passed,
        "seconds": seconds,
        "operations": (document.get("operations") or {}).get("tested", 0),
        "calls": (document.get("test_cases") or {}).get("generated", 0),
        "statuses": json.loads(statuses.read_text()) if statuses.exists() else {},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, required=True, help="the example `services` of the crate `maru`")
    parser.add_argument("--work", type=Path, required=True, help="folder for what the runs leave")
    parser.add_argument("--long", action="store_true", help="many examples, and sequences of calls as everybody")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL rather than SQLite")
    parser.add_argument("--only", action="append", help="these services alone")
    arguments = parser.parse_args()
    work = arguments.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    for old in work.iterdir():
        if old.is_file():
            old.unlink()

    chosen = [service for service in SERVICES if service in (arguments.only or SERVICES)]
    with Server(arguments.program, work / "services.log", arguments.postgres) as services:

        def of(service: str) -> list[dict[str, Any]]:
            return [call(services, service, actor, work, arguments.long) for actor in ACTORS]

        with ThreadPoolExecutor(2) as pool:
            together = list(pool.map(of, [service for service in chosen if service != "storage"]))
        runs = [run for several in together for run in several]
        runs += of("storage") if "storage" in chosen else []
        missing = [line for service in chosen for line in unreached(services, service, runs)]
    (work / "report.json").write_text(json.dumps({"runs": runs, "unreached": missing}))
    for line in missing:
        print(f"   no call got through: {line}")
    failed = sum(not run["passed"] for run in runs) + bool(missing)
    passed = sum(run["passed"] for run in runs) + (not missing)
    print(f"{passed} passed")
    if failed:
        print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
