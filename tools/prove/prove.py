#!/usr/bin/env python3
"""Every figure Larder claims is a command.

  prove.py            the claims: what, goal, how it is measured
  prove.py NAME       proves one on real parts; the figure is on the last line; exit 0 only if it holds
  prove.py --soak [NAME]   the long runs
"""
import importlib.util
import os
import pathlib
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# name, what, goal, how. The order is that of a day in the shop.
CLAIMS = [
    ("first-run", "clean clone: ./larder demo until a screen answers, first and second time", "< 10 min, < 15 s",
     "git clone into a temporary folder, empty compiler cache, wall clock"),
    ("shop-day", "a day of orders through 8 kiosks: each on the KDS once, in the journal once, totals equal to the cent",
     "0 differences", "larder-replay against the real hub, its journal read back line by line; the Chipotle day and a generated one"),
    ("hub-kill", "kill -9 of the hub under load: acknowledged commands present, none twice, screens back with `since`",
     "0 lost, 0 doubled", "larder-replay --through-crashes while the hub is killed at random instants and restarted"),
    ("order-latency", "from a kiosk's send to the KDS frame, 200 orders/s, 20 screens, loopback", "p99 < 10 ms",
     "larder-replay latency, steady clock of one process, fsync on this machine's disk"),
    ("hub-footprint", "the hub with 100 screens and 1,000 SKUs; CPU when idle", "RSS < 64 MB, CPU < 1 %",
     "/proc of the release hub, CPU over 20 s with the screens connected"),
    ("hub-start", "restart to the first answer with 1 M events in the journal", "< 2 s",
     "a journal of 1 M real events, kill -9, start to the first /healthz 200, median of 5"),
    ("replay-hash", "the day's journal replayed by g++ and clang, release and ASan builds", "equal state hashes",
     "larderctl verify of each build over the same store file"),
    ("screens", "kiosk, KDS and till in real Chromium: order, bump, recall, undo, 86, kill and recover", "all steps",
     "Playwright against the real hub"),
    ("discovery", "mDNS from a second network namespace; avahi restarted; no avahi at all", "all steps",
     "avahi-daemon and avahi-browse in two namespaces"),
    ("cloud-day", "a day at three hubs, one relay: every event, order and movement in the shards once, in order, books equal",
     "0 differences", "real mosquitto, relay and hubs; journals against SQLite shards row by row; the Chipotle day and a generated one"),
    ("cloud-chaos", "a day with broker, relay and a hub killed -9 five times each, cables pulled, one shop away for 72 h of events",
     "0 lost, 0 doubled", "as cloud-day, in network namespaces; 60,000 events queued while a cable is out, no waiting"),
    ("uplink-drain", "20,000 events queued offline: drain rate, and what another store's orders notice meanwhile", ">= 20,000/s, < 50 ms",
     "from the first batch to the last acknowledgement on the wire, loopback; the live store at 50 orders/s, p99 both kiosk to kitchen and event to ack"),
    ("uplink-lag", "from an event's time at the hub until the relay's ack of it is on the wire, 200 events/s", "p99 < 100 ms",
     "a listener at the broker, one clock; more than the time to the relay's commit, never less"),
    ("hq-to-shop", "HQ's API says sold out: until 20 screens of the store have the frame, until the ack is back at HQ", "p99 < 500 ms, < 1 s",
     "200 rounds, monotonic clock of one machine, the API's own answer with wait=applied"),
    ("eighty-six", "a till's 86: until 50 LAN screens have it, until the relay says sold out to an online client; two screens stand still, are killed",
     "p99 < 50 ms, < 500 ms, the two named", "200 rounds, monotonic clock of one machine, the client asks again as soon as it is answered; stock.unseen"),
    ("restore", "30,000 due times of sold-out items, next day and set, 6 zones over a year, crashes and jumps of the clock between: each exactly once",
     "30,000, < 5 s late", "the real Hub, clock rules and journal file under a wall of ours, due times by the C library; 20 more at the real hub, killed once"),
    ("outbox-all-shards", "messages in every one of the 1,024 buckets, a bus that fails nine times; the tenth failure is DEAD and re-sendable",
     "1,024 of 1,024", "real SQLite shards, the pump on a given clock"),
    ("relay-ingest", "events/s committed by the relay from 100 stores, against the broker's messages/s to a subscriber that does nothing",
     ">= 5 x (batched)", "cloud-load over real mosquitto, batches of 200 against one event a message, in the same run"),
    ("bad-input", "cases of docs/CASES.md (bad input, disk, network) that a test holds, out of those in scope", "all",
     "the tests that name a case, built and run now; a case with a failed test, or none that ran, does not count"),
    ("statement", "one event altered in the relay's copy, one missing, one order doubled: the day's statement names each", "3 of 3 named",
     "SQL on the stopped relay's shards, then HQ's API with the hub connected"),
    ("merge", "the estate's three examples of concurrent change and 100,000 random histories, against a plain model that keeps everything",
     "0 differences", "core/ledger with HQ's figures under way, core/stock's merge with replays in any order; a fixed and a fresh seed"),
    ("served-demand", "a month of orders on four channels, the link cut twice a day for 20 minutes: units refused because the right to sell them was at the other site",
     "<= 2 %", "the real ledger at the hub, the lease policy at the relay, a relay that asks and waits while the link is there; the worst of four months, against an allocator that knows everything"),
    ("production-faults", "the five faults that the estate has already paid for, each put back on purpose", "5 of 5 caught",
     "a copy of the tree with the fault in it, built; its room's tests must fail"),
    ("bench-reserve", "durable reserves/s over WebSocket, 1, 50 and 200 connections, against Redis EVALSHA with appendfsync always; against everysec; against PostgreSQL's and MariaDB's hot row; against both with 300 SKUs",
     ">= 0.8, 1.0, 1.0; 0.7; 8 and 2; 3", "bench/README.md: alternating rounds, a core each, books audited; medians of 5"),
    ("no-oversell", "hub and relay sell the same dishes on four channels, the link between them cut and healed at random 200 times",
     "0 oversold", "real hub, relay and mosquitto; what was acknowledged as sold against what was there, and the books equal to it to the unit"),
    ("hot-sku", "64 keep-alive HTTP clients on one SKU at the relay: exactly the stock sold; durable reserves/s against MariaDB and PostgreSQL doing the textbook conditional update",
     "0 oversold, >= 3 and 8", "real relay on SQLite shards with a lease from a real hub; alternating rounds in one run, a core each, books audited; medians of 5"),
    ("reserve-latency", "lock, confirm and release at the relay, 1,000 requests/s on SQLite shards (the estate's figures: 200, 300, 300 ms)", "p99 < 10 ms",
     "open loop over 16 keep-alive connections, a real relay with a lease from a real hub; median of 3 rounds"),
    ("bench-fanout", "one 86 to 200 screens until the last has it, and events/s of a flood, against mosquitto QoS 0 to 200 subscribers", ">= 2",
     "as bench-reserve; every screen has every event once"),
    ("bench-commit", "events/s through the journal's group commit, against the device's own write and fdatasync of the same bytes", ">= 0.7",
     "as bench-reserve; groups of 1, 16 and 128"),
    ("bench-start", "restart to the first acknowledged reserve with 1 M events, against Redis and an AOF of 1 M commands", "<= 1.0",
     "as bench-reserve; kill -9, start, one durable reserve"),
    ("steady", "1,000 commands/s for 10 minutes with checkpoints, backup and uplink: p99, p99.9, growth of resident memory",
     "<= 10 ms, <= 50 ms, < 5 MB", "open loop, real mosquitto and relay, /proc of the hub; --minutes N for a shorter try"),
    ("slow-screen", "a screen with a zero window, one at 1 byte/s, 300 sockets that never speak: p99 of the others", "within 10 %",
     "orders to the kitchen display with and without them, alternating rounds, medians of 11"),
    ("package", "clean root: install, answers, mDNS, reboot, upgrade with 10,000 orders open and closed, rollback refused, remove, purge",
     "all steps, exposure <= 2.0", "the .debs in a booted Debian 12 root of its own, the version before built from the history"),
    ("crash-images", "images of the store file from the faulty VFS, crash after every write of a busy minute: acknowledged present, chain whole, books equal",
     "20,000 images, 0 bad", "crash-images: un-synced writes torn, dropped, out of order, zeroed, neighbours damaged, a second cut in the recovery; 100,000 in soak"),
    ("identity", "clones online and offline, old backups with and without relay and screens, a new machine: found at first contact, the gap brought back",
     "all, 0 used twice", "real hub, relay and mosquitto; (epoch, seq) audited over every journal that ever was and the relay's rows; --only=NAME for one case"),
    ("kill-soak", "2,000 times kill -9 of the hub at random instants of 5 to 500 ms under load, some 25 min: acknowledged commands present, none twice",
     "0 lost, 0 doubled", "as hub-kill; the last line of its progress says how far it is"),
]
SOAKS = ("hub-kill", "steady", "kill-soak", "crash-images")
# `./larder soak kill` is the claim kill-soak.
SOAK_WORDS = {"kill": "kill-soak"}


def load(name):
    path = HERE / "claims" / f"{name.replace('-', '_')}.py"
    spec = importlib.util.spec_from_file_location(f"claim_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def show():
    for name, what, goal, how in CLAIMS:
        print(f"{name:17} {goal:22} {what}\n{'':40} measured: {how}")
    return 0


def prove(name, soak=False):
    try:
        figure, holds = load(name).prove(soak=soak)
    except Exception as broken:  # a claim that cannot be measured does not hold
        figure, holds = f"not measured: {type(broken).__name__}: {broken}", False
    print(f"{name}: {figure} ({'holds' if holds else 'DOES NOT HOLD'})")
    return 0 if holds else 1


def children():
    """The processes this one has started and not waited for."""
    for thread in pathlib.Path("/proc/self/task").iterdir():
        yield from map(int, (thread / "children").read_text().split())


def end_what_was_started():
    """Servers have sessions of their own, so nobody else would end them. What a claim has cleaned up is not there any more."""
    for child in children():
        own_group = os.getpgid(child) == child
        (os.killpg if own_group else os.kill)(child, signal.SIGKILL)


def leave(number, _):
    """SIGTERM leaves as an exception does: each claim stops its servers and removes their files."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


def main():
    args = sys.argv[1:]
    soak = "--soak" in args
    # A claim reads its own options, such as steady's --minutes N.
    names = [a for a in args if not a.startswith("--") and not a.replace(".", "").isdigit()]
    known = [claim[0] for claim in CLAIMS]
    names = [SOAK_WORDS.get(name, name) for name in names] if soak else names
    if soak:
        names = names or list(SOAKS)
    if not names:
        return show()
    for name in names:
        if name not in known:
            print(f"prove: there is no claim {name}; ./larder prove lists them", file=sys.stderr)
            return 64
    signal.signal(signal.SIGTERM, leave)
    try:
        return max(prove(name, soak) for name in names)
    finally:
        end_what_was_started()


if __name__ == "__main__":
    sys.exit(main())
