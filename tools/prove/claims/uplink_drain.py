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


def watching(bin_dir, broker, store):
    watch = subprocess.Popen([bin_dir / "cloud-load", "watch", broker.address, store], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    watch.stdout.readline()
    return watch


def prove(soak=False):
    bin_dir = build("release", *PROGRAMS, "fill-journal")
    with Broker() as broker, Relay(broker) as relay, CloudHub(broker, "proof") as away, CloudHub(broker, "live") as live:
        broker.start()
        relay.start()
        filled(away, bin_dir)
        live.start()
        live.ctl("menu", "import", ROOT / "web/sample/menu.json")
        live.ctl("stock", "limit", skus_of(ROOT / "web/sample/menu.json")[0], 9_000)
        wait_for(lambda: live.behind() == 0, 30, "the live store's link")
        watches = {store: watching(bin_dir, broker, store) for store in ("live", "proof")}
        report = live.home / "report.json"
        selling = subprocess.Popen([str(word) for word in live.replay_command(
            "latency", "--rate", 50, "--seconds", 12, "--screens", 4, "--finish", "--report", report)], stdout=subprocess.DEVNULL)
        time.sleep(3)  # the live store sells before, while and after the other drains
        away.start()
        away.wait_until_sent(120)
        selling.wait(120)
        seen = {store: json.loads(watch.communicate(timeout=30)[0].strip().splitlines()[-1]) for store, watch in watches.items()}
        kiosk = json.loads(report.read_text())["kitchen_ms"]
        live.stop()
        away.stop()
        relay.stop()
    lag, drain = seen["live"], seen["proof"]["span_s"]
    print(f"{seen['proof']}; live store: {lag}, kiosk to kitchen {kiosk}", flush=True)
    rate = seen["proof"]["events"] / drain
    return (f"{rate:,.0f} events/s drained ({QUEUED} in {drain:.2f} s, from the first batch to the last ack on the wire); live orders meanwhile p99 "
            f"{lag['p99_ms']:.1f} ms to the relay's ack, {kiosk['p99']:.1f} ms to the kitchen"), \
        rate >= GOAL_RATE and seen["proof"]["events"] >= QUEUED and max(kiosk["p99"], lag["p99_ms"]) < GOAL_MS
