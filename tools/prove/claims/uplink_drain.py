"""Claim `uplink-drain`: a store with 20,000 events queued comes back while another one sells; how fast it drains, and what the other's orders notice."""
import json
import subprocess
import time

from cloud import PROGRAMS, Broker, CloudHub, Relay
from estate import skus_of
from parts import ROOT, build, wait_for

QUEUED = 20_000
GOAL_RATE, GOAL_MS = 20_000, 50.0


def filled(hub, bin_dir):
    """A journal of real events made while nobody was connected: the store was away."""
    hub.data.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([bin_dir / "fill-journal", hub.data, ROOT / "web/sample/menu.json", str(QUEUED)], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)


def acked(hub):
    behind = hub.behind()
    return behind is not None and behind == 0


def prove(soak=False):
    bin_dir = build("release", *PROGRAMS, "fill-journal")
    with Broker() as broker, Relay(broker) as relay, CloudHub(broker, "proof") as away, CloudHub(broker, "live") as live:
        broker.start()
        relay.start()
        filled(away, bin_dir)
        live.start()
        live.ctl("menu", "import", ROOT / "web/sample/menu.json")
        live.ctl("stock", "limit", skus_of(ROOT / "web/sample/menu.json")[0], 9_000)
        wait_for(lambda: acked(live), 30, "the live store's link")
        watch = subprocess.Popen([bin_dir / "cloud-load", "watch", broker.address, "live"], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True)
        watch.stdout.readline()
        report = live.home / "report.json"
        selling = subprocess.Popen([str(word) for word in live.replay_command(
            "latency", "--rate", 50, "--seconds", 12, "--screens", 4, "--finish", "--report", report)], stdout=subprocess.DEVNULL)
        time.sleep(3)  # the live store sells before, while and after the other drains
        rates = []
        away.start()
        drain = drain_seconds(away)
        rates.append(QUEUED / drain)
        selling.wait(120)
        out, _ = watch.communicate(timeout=30)
        lag = json.loads(out.strip().splitlines()[-1])
        kiosk = json.loads(report.read_text())["kitchen_ms"]
        live.stop()
        away.stop()
        relay.stop()
    print(f"live store: {lag}, kiosk to kitchen {kiosk}", flush=True)
    rate = rates[0]
    return (f"{rate:,.0f} events/s drained ({QUEUED} in {drain:.2f} s, from the hub's first hello); live orders meanwhile p99 "
            f"{lag['p99_ms']:.1f} ms to the relay's ack, {kiosk['p99']:.1f} ms to the kitchen"), \
        rate >= GOAL_RATE and kiosk["p99"] < GOAL_MS


def drain_seconds(hub):
    """From the first acknowledgement that leaves something to be sent to the last, by the hub's own log of its link."""
    began = time.monotonic()
    wait_for(lambda: hub.behind() is not None and hub.behind() < QUEUED, 60, "the first events acknowledged")
    first, left = time.monotonic(), hub.behind()
    wait_for(lambda: hub.behind() == 0, 120, "the queue empty")
    print(f"first acknowledged after {first - began:.2f} s with {left} left, all after {time.monotonic() - began:.2f} s", flush=True)
    return time.monotonic() - began
