"""A small estate for the claims: a broker, a relay, some shops, a day played in each of them, the books compared at the end."""
import contextlib
import json
import subprocess

from cloud import Broker, CloudHub, Relay
from cloud_books import compare

COUNTED = 12  # SKUs that are limited, so that the day moves stock
PLENTY = 20_000


def skus_of(menu):
    return [sku["id"] for item in json.loads(open(menu).read())["items"] for sku in item["skus"]]


class Estate(contextlib.ExitStack):
    """Use as a context manager. With `spaces` the cloud and each shop run in a namespace of their own."""

    def __init__(self, shops, spaces=None, rate=1000, burst=1000):
        super().__init__()
        cloud = spaces.inside("cloud") if spaces else ()
        self.broker = Broker("10.99.0.1" if spaces else "127.0.0.1", cloud)
        self.relay = Relay(self.broker, inside=cloud)
        self.names = [f"shop-{n}" for n in range(1, shops + 1)]
        self.spaces, self.rate, self.burst = spaces, rate, burst
        self.hubs = []

    def start(self, menu):
        self.enter_context(self.broker).start()
        self.enter_context(self.relay).start()
        for number, name in enumerate(self.names, 1):
            inside = self.spaces.inside(number) if self.spaces else ()
            hub = self.enter_context(CloudHub(self.broker, name, rate=self.rate, burst=self.burst, inside=inside))
            self.hubs.append(hub)
            hub.start()
            hub.ctl("menu", "import", menu)
            for sku in skus_of(menu)[:COUNTED]:
                hub.ctl("stock", "limit", sku, PLENTY)
        return self

    def play(self, hub, orders, *options):
        """larder-replay at one hub, in the background: (process, its log, its report)."""
        log, report = hub.home / "replay.log", hub.home / "report.json"
        command = hub.replay_command("play", "--orders", orders, "--kiosks", 6, "--kds", 1, "--finish", "--report", report, *options)
        with open(log, "w") as out:
            return subprocess.Popen([str(word) for word in command], stdout=out, stderr=out), log, report

    def finish(self, plays, seconds=1800):
        """Waits for the replays; how many differences they found at the hubs."""
        found = 0
        for process, log, report in plays:
            process.wait(seconds)
            print("   ", (log.read_text().strip().splitlines() or ["no output"])[-1], flush=True)
            if report.exists():
                found += json.loads(report.read_text()).get("difference_count", 1)
            elif process.returncode:
                found += 1
        return found

    def compare(self, seconds=300):
        """When everything is sent: all stopped, and the books laid side by side."""
        for hub in self.hubs:
            hub.wait_until_sent(seconds)
        for hub in self.hubs:
            hub.stop()
        self.relay.stop()
        differences, counts = compare(self.hubs, self.relay)
        for sentence in differences[:20]:
            print("   ", sentence, flush=True)
        return differences, counts
