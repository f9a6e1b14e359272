#!/usr/bin/env python3
"""The OpenAPI file against the relay: it validates, and schemathesis finds nothing that the relay does otherwise.

  tests/api/run.py [PROGRAM]   PROGRAM: a fake-relay; without it the first of the builds that has one

Both tools come pinned from PyPI into build/api-venv. The relay is the real HTTP side over a relay in memory, seeded, on a port of the
kernel's choice; examples are drawn from a fixed seed. The last line is `N passed, N failed`.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "api"
OPENAPI = ROOT / "schemas" / "openapi" / "larder-relay.yaml"
VENV = ROOT / "build" / "api-venv"
PRESETS = [os.environ["LARDER_PRESET"]] if "LARDER_PRESET" in os.environ else ["release", "dev", "asan", "clang"]
SEED, EXAMPLES = 7, 6
# What changes the accounts runs by itself, since it may well drop the token it came with.
ACCOUNTS = ("putToken", "deleteToken", "putUser", "deleteUser")
# The session cookie is tried by test_api; with two ways in at once a tool cannot tell which one opened.
COOKIE_WAY = "  - session: []\n"


def tools():
    """The pinned tools, installed when their list has changed."""
    wanted = hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()
    stamp = VENV / ".from"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(VENV, with_pip=True, clear=True)
        subprocess.run([VENV / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", HERE / "requirements.txt"],
                       check=True)
        stamp.write_text(wanted)
    return VENV / "bin"


def find_program():
    if len(sys.argv) > 1:
        return pathlib.Path(sys.argv[1])
    for preset in PRESETS:
        program = ROOT / "build" / preset / "bin" / "fake-relay"
        if program.exists():
            return program
    sys.exit("no fake-relay is built: ./larder build first")


def wait_for(path, child, seconds=30):
    until = time.monotonic() + seconds
    while not path.exists():
        if child.poll() is not None or time.monotonic() > until:
            sys.exit("the relay did not start")
        time.sleep(0.02)
    return path.read_text().strip()


def ask(origin, method, path, body, cookie=""):
    request = urllib.request.Request(origin + path, method=method, data=json.dumps(body).encode(), headers={
        "Content-Type": "application/json", "Origin": origin, "Cookie": cookie})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers.get("Set-Cookie", "").split(";")[0], json.load(answer)["data"]


def choose(flag):
    return [word for operation in ACCOUNTS for word in (flag, operation)]


def validates(bin_dir):
    done = subprocess.run([bin_dir / "openapi-spec-validator", OPENAPI], capture_output=True, text=True)
    print(done.stdout + done.stderr, end="")
    return done.returncode == 0


def conforms(bin_dir, origin, cookie, home, config, count, *more):
    """One run of schemathesis with a token of its own; `count` operations must have been tried."""
    token = ask(origin, "PUT", "/api/v1/hq/tokens/api-test", {"role": "ADMIN"}, cookie)[1]["token"]
    description = home / "larder-relay.yaml"
    text = OPENAPI.read_text()
    assert COOKIE_WAY in text
    description.write_text(text.replace(COOKIE_WAY, ""))
    done = subprocess.run(
        [bin_dir / "st", "--config-file", HERE / config, "run", description, "--url", origin, "-H", f"Authorization: Bearer {token}",
         "--seed", str(SEED), "--max-examples", str(EXAMPLES), "--no-shrink", "--generation-database", "none",
         "--request-timeout", "10", "--suppress-health-check", "all", *more],
        cwd=home, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(done.stdout)
    tested = re.search(r"Tested: (\d+)", done.stdout)
    return done.returncode == 0 and tested is not None and int(tested.group(1)) == count


def main():
    bin_dir = tools()
    passed = [validates(bin_dir)]
    with tempfile.TemporaryDirectory(prefix="larder-api.") as folder:
        home = pathlib.Path(folder)
        child = subprocess.Popen([find_program(), folder, "", "40"])
        try:
            origin = wait_for(home / "address", child)
            login = {"name": "admin", "password": (home / "admin.password").read_text().strip()}
            cookie, _ = ask(origin, "POST", "/login", login)
            others = OPENAPI.read_text().count("operationId:") - len(ACCOUNTS)
            every = ("--phases", "coverage,fuzzing")
            passed.append(conforms(bin_dir, origin, cookie, home, "schemathesis.toml", others, *every,
                                   *choose("--exclude-operation-id")))
            passed.append(conforms(bin_dir, origin, cookie, home, "schemathesis-accounts.toml", len(ACCOUNTS), *every,
                                   *choose("--include-operation-id")))
            ask(origin, "PUT", "/api/v1/poi/stock", {"poiId": "s1", "object_id": "soup", "stock_status": 1}, cookie)
            passed.append(conforms(bin_dir, origin, cookie, home, "schemathesis-there.toml", others, "--phases", "fuzzing",
                                   "--mode", "positive", "--exclude-checks", "positive_data_acceptance",
                                   *choose("--exclude-operation-id")))
            with urllib.request.urlopen(origin + "/healthz", timeout=10) as answer:
                passed.append(answer.status == 200 and child.poll() is None)
        finally:
            child.terminate()
            child.wait(timeout=20)
    print(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
