#!/usr/bin/env python3
"""What a service manager hears from the real daemons, and what it may rely on: READY, STATUS, WATCHDOG, STOPPING, the end in time.

  notify_e2e.py HUB RELAY
Prints a line per case; exit code 0 when all hold.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

HUB = """[store]
id = "s1"
name = "Sample store"
zone = "Europe/Berlin"
[hub]
data_dir = "{home}/data"
web_root = "{home}/web"
force_filesystem = true
[lan]
address = "127.0.0.1"
[mdns]
enabled = false
"""
RELAY = """[relay]
id = "relay-1"
data_dir = "{home}/data"
[broker]
port = 1
[http]
web_root = ""
"""
WATCHDOG_S = 2.0


def must(condition, what):
    if not condition:
        raise AssertionError(what)


class Watched:
    """A daemon under a service manager that listens on a socket of its own."""

    def __init__(self, program, home, config, more="", **environment):
        self.program, self.home = program, home
        (home / "web").mkdir(exist_ok=True)
        self.config = home / "config.toml"
        self.config.write_text(config.format(home=home) + more)
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(str(home / "notify"))
        self.manager.settimeout(20)
        self.log = open(home / "log", "wb")
        self.process = subprocess.Popen(
            [program, "--config", self.config, "--port", "0"], stdout=self.log, stderr=self.log,
            env={**os.environ, "NOTIFY_SOCKET": str(home / "notify"), "WATCHDOG_USEC": str(int(WATCHDOG_S * 1e6)), **environment})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
        self.manager.close()
        self.log.close()

    def hear(self, wanted, seconds=20):
        """Reads on until a message begins with `wanted`; it, and what came before."""
        heard, deadline = [], time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.manager.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                heard.append(self.manager.recv(2000).decode())
            except TimeoutError:
                break
            if heard[-1].startswith(wanted):
                return heard
        raise AssertionError(f"{wanted} was not heard within {seconds} s, but {heard}")

    def fall_silent(self):
        """What is already in the socket is read away."""
        self.manager.setblocking(False)
        try:
            while True:
                self.manager.recv(2000)
        except BlockingIOError:
            pass


def says_ready_status_and_signs_of_life(watched):
    before = watched.hear("READY=1")
    must(not any(message.startswith("WATCHDOG") for message in before[:-1]), f"a sign of life before READY: {before}")
    status = watched.hear("STATUS=")[-1]
    must("Store s1: 0 open orders; without a cloud." in status or "0 of 0 stores live" in status, status)
    began = time.monotonic()
    for _ in range(4):
        watched.hear("WATCHDOG=1", WATCHDOG_S)
    took = time.monotonic() - began
    must(took > 0.9, f"four signs of life in {took:.2f} s are too many for a patience of {WATCHDOG_S} s")


def case_124_a_process_that_hangs_gives_no_sign_of_life(watched):
    watched.hear("WATCHDOG=1")
    watched.process.send_signal(signal.SIGSTOP)
    while pathlib.Path(f"/proc/{watched.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "T":
        time.sleep(0.01)
    watched.fall_silent()
    watched.manager.settimeout(WATCHDOG_S)
    try:
        heard = watched.manager.recv(2000)
        raise AssertionError(f"a stopped process said {heard}")
    except TimeoutError:
        pass
    watched.process.send_signal(signal.SIGCONT)
    watched.hear("WATCHDOG=1", WATCHDOG_S)


def case_124_sigterm_is_told_and_drained_within_two_seconds(watched):
    watched.hear("READY=1")
    began = time.monotonic()
    watched.process.send_signal(signal.SIGTERM)
    watched.hear("STOPPING=1", 2)
    watched.hear("STATUS=Stopping", 2)
    code = watched.process.wait(10)
    took = time.monotonic() - began
    must(code == 0, f"exit code {code}")
    must(took < 2.0, f"{took:.2f} s")


def case_91_a_credential_that_was_not_given_is_missed_at_the_start(program, home, config):
    """The config names one, the service manager gave none: 78, and its name in the sentence."""
    more = '[uplink]\naddress = "127.0.0.1"\nca_file = "$CREDENTIALS_DIRECTORY/gone.ca"\n'
    if config is RELAY:
        config, more = config.replace("port = 1", 'port = 1\nuser = "relay"\npassword_file = "$CREDENTIALS_DIRECTORY/gone.ca"'), ""
    with Watched(program, home, config, more) as watched:
        must(watched.process.wait(20) == 78, f"exit code {watched.process.returncode}")
        must("gone.ca" in (home / "log").read_text(), (home / "log").read_text())


def under_watch(case):
    def run(program, home, config):
        with Watched(program, home, config) as watched:
            case(watched)
    return run


CASES = {
    "says_ready_status_and_signs_of_life": under_watch(says_ready_status_and_signs_of_life),
    "case_124_a_process_that_hangs_gives_no_sign_of_life": under_watch(case_124_a_process_that_hangs_gives_no_sign_of_life),
    "case_124_sigterm_is_told_and_drained_within_two_seconds": under_watch(case_124_sigterm_is_told_and_drained_within_two_seconds),
    "case_91_a_credential_that_was_not_given_is_missed_at_the_start":
        case_91_a_credential_that_was_not_given_is_missed_at_the_start,
}


def main():
    daemons = [(pathlib.Path(word).resolve(), config) for word, config in zip(sys.argv[1:3], (HUB, RELAY))]
    failed = 0
    for name, case in CASES.items():
        try:
            for program, config in daemons:
                with tempfile.TemporaryDirectory(prefix="larder-notify.") as home:
                    case(program, pathlib.Path(home), config)
            print(f"ok     {name.replace('_', ' ')}", flush=True)
        except (AssertionError, OSError, subprocess.TimeoutExpired) as why:
            failed += 1
            print(f"FAILED {name.replace('_', ' ')}: {program.name}: {why}", flush=True)
    print(f"notify: {len(CASES) - failed} of {len(CASES)} cases")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
