#!/usr/bin/env python3
"""The OpenAPI file against the relay: it validates, and schemathesis finds nothing that the relay does otherwise.

  tests/api/run.py [FOLDER]   FOLDER: with larder-relay and fake-relay; without it the first build that has them

Both tools come pinned from PyPI into build/api-venv. Everything wrong, missing or odd is tried on larder-relay with a mosquitto of its
own; good requests about things that are there on fake-relay, the same HTTP side over a seeded relay in memory. Ports are of the kernel's
choice, examples are drawn from a fixed seed. The last line is `N passed, N failed`.
"""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
import socket
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


def find_programs():
    folders = [pathlib.Path(sys.argv[1])] if len(sys.argv) > 1 else [ROOT / "build" / preset / "bin" for preset in PRESETS]
    for folder in folders:
        if (folder / "larder-relay").exists() and (folder / "fake-relay").exists():
            return folder
    sys.exit("no larder-relay and fake-relay are built: ./larder build first")


def wait_until(what, holds, seconds=30):
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            sys.exit(f"not in {seconds} s: {what}")
        time.sleep(0.02)


@contextlib.contextmanager
def running(*command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(timeout=20)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def is_ready(origin):
    with contextlib.suppress(OSError):
        return urllib.request.urlopen(origin + "/readyz", timeout=10).status == 200
    return False


@contextlib.contextmanager
def real_relay(programs, home):
    """larder-relay and its broker; gives its origin and its data directory."""
    data, broker = home / "data", free_port()
    data.mkdir()
    (home / "mosquitto.conf").write_text(f"listener {broker} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    (home / "relay.toml").write_text(f'[relay]\nid = "relay-1"\ndata_dir = "{data}"\n[broker]\nport = {broker}\n'
                                     '[http]\nweb_root = ""\n')
    mosquitto = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
    with running(mosquitto, "-c", home / "mosquitto.conf"), \
            running(programs / "larder-relay", "--config", home / "relay.toml", "--port", "0") as child:
        wait_until("larder-relay listens", (data / "relay.address").exists)
        origin = "http://" + (data / "relay.address").read_text().strip()
        wait_until("larder-relay is ready", lambda: is_ready(origin))
        yield origin, data, child


@contextlib.contextmanager
def fake_relay(programs, home):
    with running(programs / "fake-relay", home, "", "40") as child:
        wait_until("fake-relay listens", (home / "address").exists)
        yield (home / "address").read_text().strip(), home, child


def ask(origin, method, path, body, cookie=""):
    request = urllib.request.Request(origin + path, method=method, data=json.dumps(body).encode(), headers={
        "Content-Type": "application/json", "Origin": origin, "Cookie": cookie})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.headers.get("Set-Cookie", "").split(";")[0], json.load(answer)["data"]


def log_in(origin, data):
    login = {"name": "admin", "password": (data / "admin.password").read_text().strip()}
    return ask(origin, "POST", "/login", login)[0]


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
    bin_dir, programs = tools(), find_programs()
    passed = [validates(bin_dir)]
    others = OPENAPI.read_text().count("operationId:") - len(ACCOUNTS)
    every = ("--phases", "coverage,fuzzing")
    with tempfile.TemporaryDirectory(prefix="larder-api.") as folder:
        home = pathlib.Path(folder)
        with real_relay(programs, home) as (origin, data, child):
            cookie = log_in(origin, data)
            passed.append(conforms(bin_dir, origin, cookie, home, "schemathesis.toml", others, *every,
                                   *choose("--exclude-operation-id")))
            passed.append(conforms(bin_dir, origin, cookie, home, "schemathesis-accounts.toml", len(ACCOUNTS), *every,
                                   *choose("--include-operation-id")))
            passed.append(is_ready(origin) and child.poll() is None)
        with fake_relay(programs, home) as (origin, data, child):
            cookie = log_in(origin, data)
            ask(origin, "PUT", "/api/v1/poi/stock", {"poiId": "s1", "object_id": "soup", "stock_status": 1}, cookie)
            passed.append(conforms(bin_dir, origin, cookie, home, "schemathesis-there.toml", others - 1, "--phases", "fuzzing",
                                   "--mode", "positive", "--exclude-checks", "positive_data_acceptance",
                                   "--exclude-operation-id", "logIn",  # its drawn passwords are wrong ones
                                   *choose("--exclude-operation-id")))
            passed.append(is_ready(origin) and child.poll() is None)
    print(f"{sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
