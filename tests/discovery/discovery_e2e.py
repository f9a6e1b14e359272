#!/usr/bin/env python3
"""Two machines on one LAN: does the kiosk find the hub, whatever happens to Avahi?

  discovery_e2e.py HUB              HUB is a larder-edge: announced, found, and serving all the time
  discovery_e2e.py --announcer A    A is announce_hub: the announcer alone, where there is no hub to start
Prints a line per step, and at the end the figure. Exit code 0 when all hold, 1 when not, 77 when this machine cannot.
"""
import argparse
import pathlib
import shlex
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from mdns_lab import MdnsLab, Unable, wait_for  # noqa: E402

PORT = 7480
STORE = "lab-1"
NAME = "Lab Kitchen"
INSTANCE = f"Larder Hub - {NAME}"
CONFIG = """[store]
id = "{store}"
name = "{name}"
zone = "UTC"
[hub]
data_dir = "{home}/data"
web_root = "{home}/web"
[lan]
address = "0.0.0.0"
port = {port}
[mdns]
enabled = {mdns}
"""
HEALTH = ("import json,sys,urllib.request as u;"
          "print(json.load(u.urlopen(sys.argv[1], timeout=3))['hub'])")

# Asks for the TXT record as the wire has it (a one-shot query, RFC 6762 section 5.1) and prints its strings in order.
ASK_TXT = """
import socket, struct, sys
name = b"".join(bytes([len(part)]) + part for part in [sys.argv[1].encode(), b"_larder", b"_tcp", b"local"]) + bytes(1)
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(3)
asker.sendto(struct.pack(">6H", 7, 0, 1, 0, 0, 0) + name + struct.pack(">2H", 16, 1), ("224.0.0.251", 5353))
answer = asker.recv(9000)
at = answer.index(name) + len(name) + 4  # behind the question, which a one-shot answer repeats
at += 2 if answer[at] >= 0xC0 else len(name)
kind, _, _, length = struct.unpack(">2HIH", answer[at:at + 10])
assert kind == 16, answer
at += 10
end = at + length
while at < end:
    print(answer[at + 1:at + 1 + answer[at]].decode())
    at += 1 + answer[at]
"""


class RealHub:
    """larder-edge on the lab's hub machine."""

    serves = True

    def __init__(self, lab, program):
        self.lab, self.program, self.process = lab, program, None

    def start(self, mdns=True):
        home = self.lab.hub.home
        for folder in ("data", "web"):
            (home / folder).mkdir(exist_ok=True)
        config = home / "larder.toml"
        config.write_text(CONFIG.format(store=STORE, name=NAME, home=home, port=PORT, mdns=str(mdns).lower()))
        self.process = self.lab.hub.start(self.program, "--config", config)

        def answers():
            if self.process.poll() is not None:
                raise RuntimeError(f"the hub ended with {self.process.returncode}")
            return self.identity("127.0.0.1", PORT, self.lab.hub)
        return wait_for(answers, 20, "the hub's first answer")

    def identity(self, address, port, asked_from):
        """The hub id that /healthz says, or "" when it does not answer."""
        return asked_from.call(sys.executable, "-c", HEALTH, f"http://{address}:{port}/healthz").stdout.strip()

    def stop(self):
        return self.lab.hub.end(self.process)


class AnnouncerAlone:
    """announce_hub on the lab's hub machine: nothing to serve."""

    serves = False

    def __init__(self, lab, program):
        self.lab, self.program, self.process = lab, program, None

    def start(self):
        self.process = self.lab.hub.start(self.program, NAME, STORE, "h-alone", PORT)
        return "h-alone"

    def identity(self, *_):
        return "h-alone" if self.process.poll() is None else ""

    def stop(self):
        return self.lab.hub.end(self.process)


def unescape(text):
    """avahi-browse -p writes \\DDD for a byte."""
    out, i = bytearray(), 0
    raw = text.encode()
    while i < len(raw):
        if raw[i:i + 1] == b"\\" and raw[i + 1:i + 4].isdigit():
            out.append(int(raw[i + 1:i + 4]))
            i += 4
        elif raw[i:i + 1] == b"\\":
            out += raw[i + 1:i + 2]
            i += 2
        else:
            out += raw[i:i + 1]
            i += 1
    return out.decode()


def browse(lab, service="_larder._tcp"):
    """What the kiosk finds: {instance: (host, address, port, {txt})}."""
    found = {}
    for line in lab.kiosk.call("avahi-browse", "-rtp", service).stdout.splitlines():
        if line.startswith("=;"):
            _, _, _, name, _, _, host, address, port, txt = line.split(";", 9)
            pairs = dict(pair.split("=", 1) for pair in shlex.split(txt))
            found[unescape(name)] = (host, address, int(port), pairs)
    return found


def wait_found(lab, hub_id, what, seconds=30):
    def found():
        return [name for name, record in browse(lab).items() if record[3].get("id") == hub_id]
    return wait_for(found, seconds, what)


def wait_gone(lab, what):
    wait_for(lambda: not browse(lab), 20, what)


def must(condition, what):
    if not condition:
        raise AssertionError(what)


def forget_on_kiosk(lab):
    """The kiosk's responder starts with an empty cache: what it finds now is really announced now."""
    lab.kiosk.end(lab.kiosk.avahi, signal.SIGKILL)
    lab.kiosk.start_avahi()


class Steps:
    """Each step leaves the hub announced, with bus and daemon running, unless it says otherwise."""

    def __init__(self, lab, hub):
        self.lab, self.hub, self.id = lab, hub, ""

    def must_serve(self, what):
        must(self.hub.identity(self.lab.hub.address, PORT, self.lab.kiosk) == self.id, what)

    def a_kiosk_finds_host_port_and_txt(self):
        self.id = self.hub.start()
        wait_found(self.lab, self.id, "the hub in avahi-browse")
        found = browse(self.lab)
        must(set(found) == {INSTANCE}, f"one instance, {INSTANCE!r}, not {sorted(found)}")
        host, address, port, txt = found[INSTANCE]
        must(host == "hub-store.local" and address == self.lab.hub.address, f"{host} {address}")
        must(port == PORT, f"port {port}")
        expected = {"txtvers": "1", "proto": "1", "store": STORE, "id": self.id, "path": "/ws/v1", "tls": "0"}
        must(txt == expected, f"TXT {txt}")
        asked = self.lab.kiosk.call(sys.executable, "-c", ASK_TXT, INSTANCE)
        in_order = [f"{key}={value}" for key, value in expected.items()]
        must(asked.stdout.splitlines() == in_order, f"TXT on the wire: {asked.stdout!r} {asked.stderr[-500:]}")
        self.must_serve("the address that was found does not answer /healthz")

    def the_subtype_finds_it_too(self):
        must(INSTANCE in browse(self.lab, "_hub._sub._larder._tcp"), "not under _hub._sub._larder._tcp")

    def after_a_restart_of_avahi_it_is_announced_again(self):
        self.lab.hub.end(self.lab.hub.avahi)
        wait_gone(self.lab, "the goodbye of the hub's daemon")
        self.must_serve("the hub does not serve while its avahi-daemon is away")
        self.lab.hub.start_avahi()
        wait_found(self.lab, self.id, "the hub after its avahi-daemon was restarted")

    def after_kill_9_of_avahi_it_is_announced_again(self):
        for _ in range(3):
            self.lab.hub.end(self.lab.hub.avahi, signal.SIGKILL)
            forget_on_kiosk(self.lab)
            must(not browse(self.lab), "found although nobody announces it")
            self.must_serve("the hub does not serve after kill -9 of avahi-daemon")
            self.lab.hub.start_avahi()
            wait_found(self.lab, self.id, "the hub after kill -9 of its avahi-daemon")

    def after_the_death_of_the_bus_it_is_announced_again(self):
        self.lab.hub.end(self.lab.hub.bus, signal.SIGKILL)
        self.lab.hub.end(self.lab.hub.avahi)  # it ends by itself; if not, it is told to
        forget_on_kiosk(self.lab)
        must(not browse(self.lab), "found although nobody announces it")
        self.must_serve("the hub does not serve after the death of the system bus")
        self.lab.hub.start_bus()
        self.lab.hub.start_avahi()
        wait_found(self.lab, self.id, "the hub after the bus came back")

    def two_hubs_of_one_name_are_both_found(self):
        self.hub.stop()
        wait_gone(self.lab, "the goodbye of the hub")
        other = self.lab.kiosk.start("avahi-publish", "-s", INSTANCE, "_larder._tcp", "7481", "id=h-2")
        wait_found(self.lab, "h-2", "the hub that was first")
        self.id = self.hub.start()
        names = wait_found(self.lab, self.id, "the hub that came second")
        must(names == [INSTANCE + " #2"], f"the second name is {names}")
        must(browse(self.lab)[INSTANCE][3]["id"] == "h-2", "the first one lost its name")
        self.lab.kiosk.end(other)

    def a_hub_that_stops_says_goodbye(self):
        began = time.monotonic()
        must(self.hub.stop() == 0, "the exit code is not 0")
        wait_gone(self.lab, "the goodbye of the hub")
        must(time.monotonic() - began < 10, "the goodbye took longer than 10 s")

    def a_hub_without_bus_and_avahi_serves_and_is_announced_when_they_come(self):
        self.lab.hub.end(self.lab.hub.avahi)
        self.lab.hub.end(self.lab.hub.bus)
        self.id = self.hub.start()
        self.must_serve("the hub does not serve without a bus")
        must(not browse(self.lab), "found although nobody announces it")
        self.lab.hub.start_bus()
        self.must_serve("the hub does not serve with a bus and without avahi-daemon")
        self.lab.hub.start_avahi()
        wait_found(self.lab, self.id, "the hub when bus and daemon have come")
        must(self.hub.stop() == 0, "the exit code is not 0")

    def with_mdns_off_it_serves_and_is_not_announced(self):
        wait_gone(self.lab, "the hub before")
        self.id = self.hub.start(mdns=False)
        until = time.monotonic() + 3
        while time.monotonic() < until:
            must(not browse(self.lab), "found although mDNS is off")
        self.must_serve("the hub does not serve with mDNS off")
        must(self.hub.stop() == 0, "the exit code is not 0")


def run(steps):
    names = [name for name, value in vars(Steps).items() if callable(value) and name[0] != "_" and name != "must_serve"]
    if not steps.hub.serves:
        names.remove("with_mdns_off_it_serves_and_is_not_announced")
    done = 0
    for name in names:
        began = time.monotonic()
        try:
            getattr(steps, name)()
        except (AssertionError, TimeoutError, RuntimeError) as why:
            print(f"FAILED {name.replace('_', ' ')}: {why}", flush=True)
            break  # later steps stand on earlier ones
        done += 1
        print(f"ok     {name.replace('_', ' ')} ({time.monotonic() - began:.1f} s)", flush=True)
    print(f"discovery: {done} of {len(names)} steps")
    return done == len(names)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hub", nargs="?", type=pathlib.Path)
    parser.add_argument("--announcer", type=pathlib.Path)
    options = parser.parse_args()
    program = options.hub or options.announcer
    if program is None or not program.exists():
        parser.error("a larder-edge, or --announcer with an announce_hub, that exists")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the lab is taken down
    try:
        with MdnsLab() as lab:
            for machine in (lab.hub, lab.kiosk):
                machine.start_bus()
                machine.start_avahi()
            hub = RealHub(lab, program.resolve()) if options.hub else AnnouncerAlone(lab, program.resolve())
            good = run(Steps(lab, hub))
            if not good:
                sys.stderr.write((lab.hub.home / "log").read_text(errors="replace")[-4000:])
            return 0 if good else 1
    except Unable as why:
        print(f"discovery: skipped, {why}")
        return 77


if __name__ == "__main__":
    sys.exit(main())
