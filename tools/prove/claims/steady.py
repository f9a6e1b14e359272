"""Claim `steady`: 1,000 commands/s at the hub for ten minutes, with screens that follow, orders that are cooked, checkpoints, backups and the
uplink at work: p99 and p99.9 from the moment a command was due until its answer, and how much the hub's resident memory grows after the
first minute. `./larder prove steady --minutes 2` is a shorter try."""
import json
import pathlib
import subprocess
import sys
import threading
import time

from cloud import PROGRAMS, UPLINK, Broker, Relay
from parts import ROOT, build

sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import loads  # noqa: E402
import peers  # noqa: E402

RATE, KIOSKS, SCREENS, ORDERS_PER_SECOND = 1_000, 40, 10, 2
MINUTES, MINUTES_SOAK = 10, 30
P99_MS, P999_MS, GROWTH_MB = 10.0, 50.0, 5.0
WARM_UP_S, BACKUP_EVERY_S = 60, 120


class SteadyHub(peers.BenchHub):
    def __init__(self, broker):
        super().__init__(kiosks=KIOSKS, skus=50)
        self.config.write_text(self.config.read_text() + UPLINK.format(address=broker.host, port=broker.port))
        self.wrapper = []  # nobody is measured beside it, and the uplink has a thread of its own

    def metric(self, name):
        import urllib.request
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            return next(float(line.split()[1]) for line in answer.read().decode().splitlines() if line.startswith(name + " "))

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def look_after(hub, until, seen):
    """Backups as a timer would have them, and the memory every five seconds."""
    began = time.monotonic()
    next_backup = began + 20
    while time.monotonic() < until:
        time.sleep(5)  # the sampling's own period
        seen["memory"].append((time.monotonic() - began, hub.resident_mb()))
        seen["behind"].append(hub.metric("larder_uplink_behind_events"))
        if time.monotonic() >= next_backup:
            next_backup += BACKUP_EVERY_S
            hub.ctl("backup", "--name", f"steady-{len(seen['backups'])}")
            seen["backups"].append(time.monotonic() - began)


def minutes_asked(soak):
    if "--minutes" in sys.argv:
        return float(sys.argv[sys.argv.index("--minutes") + 1])
    return MINUTES_SOAK if soak else MINUTES


def prove(soak=False):
    build("release", *PROGRAMS, "bench-load")
    seconds = minutes_asked(soak) * 60
    seen = {"memory": [], "behind": [], "backups": []}
    with Broker() as broker, Relay(broker) as relay:
        broker.start()
        relay.start()
        with SteadyHub(broker) as hub:
            hub.start()
            first = hub.ctl("status")["seq"]
            until = time.monotonic() + WARM_UP_S / 2 + seconds
            watch = threading.Thread(target=look_after, args=(hub, until, seen))
            watch.start()
            orders = subprocess.Popen(hub.replay_command("latency", "--rate", ORDERS_PER_SECOND, "--seconds", int(seconds), "--screens", SCREENS,
                                                         "--finish"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            load = loads.bench_load("reserve", hub, "--connections", KIOSKS, "--skus", 50, "--rate", RATE, "--warm-up", WARM_UP_S / 2,
                                    "--seconds", seconds, "--tokens", hub.tokens)
            audit.answered("larder", load)
            watch.join()
            _, complaints = orders.communicate(timeout=60)
            if orders.returncode != 0:
                raise audit.Void(f"the orders beside it: {complaints[-500:]}")
            events = hub.ctl("status")["seq"] - first
            hub.stop()
            held = hub.count_holds()
            if held != load["accepted"]:
                raise audit.Void(f"{load['accepted']} reserves were acknowledged, the journal has {held}")
    return judge(load, seen, events, seconds)


def judge(load, seen, events, seconds):
    """The growth is of the median of the last minute over the median of the minute after the warm-up."""
    settled = [mb for at, mb in seen["memory"] if WARM_UP_S <= at < 2 * WARM_UP_S] or [seen["memory"][0][1]]
    last = [mb for at, mb in seen["memory"] if at >= seen["memory"][-1][0] - WARM_UP_S]
    middle = lambda values: sorted(values)[len(values) // 2]  # noqa: E731
    growth, found = middle(last) - middle(settled), load["latency_ms"]
    print(json.dumps({"latency_ms": found, "memory_mb": [round(mb, 1) for _, mb in seen["memory"]][::6],
                      "behind_most": max(seen["behind"]), "backups": len(seen["backups"])}))
    holds = (found["p99"] <= P99_MS and found["p999"] <= P999_MS and growth < GROWTH_MB and load["per_second"] >= 0.99 * RATE
             and seen["behind"][-1] < 20_000 and len(seen["backups"]) > 0)
    return (f"p99 {found['p99']:.2f} ms, p99.9 {found['p999']:.2f} ms, memory {growth:+.1f} MB over {seconds / 60:.0f} min at "
            f"{load['per_second']:.0f} commands/s ({events:,} events, {len(seen['backups'])} backups, at most {max(seen['behind']):,.0f} events behind)"), holds
