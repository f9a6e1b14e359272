"""Claim `bench-start`: from exec to the first durable answer, with a million events in the hub's journal, against Redis with an append-only
file of a million commands. Both were killed with -9 before; both serve the same reserve at the end."""
import signal
import subprocess
import sys
import time

from parts import ROOT, build

sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import loads  # noqa: E402
import peers  # noqa: E402
import rounds  # noqa: E402

GOAL, COUNT, PATIENCE = 1.0, 1_000_000, 120


def until_first_reserve(server, began):
    """Tries as a client does that waits for its server; what it does until it is answered costs the load's core, not the server's."""
    while time.monotonic() - began < PATIENCE:
        try:
            loads.first_reserve(server)
            return {"seconds": time.monotonic() - began}
        except audit.Void as not_yet:
            last = not_yet
    raise TimeoutError(f"{server.name} did not answer: {last}")


class FilledHub(peers.BenchHub):
    """A hub whose journal was filled by the hub itself with days of orders."""

    def __enter__(self):
        menu = ROOT / "web/sample/menu.json"
        print(peers.run(self.bin / "fill-journal", self.data, menu, COUNT).strip())
        self.tokens.write_text("fill-kiosk\n")
        self.sku = self.plain_sku(menu)
        self.start(seconds=60)  # the port is chosen, and kept
        self.kill()
        self.events = self.count()
        return self

    @staticmethod
    def plain_sku(menu):
        import json
        items = json.loads(menu.read_text())["items"]
        return next(i["skus"][0]["id"] for i in items
                    if not i.get("parts") and not i.get("option_groups") and "kiosk" in i.get("channels", ["kiosk"]))

    def count(self):
        return sum(1 for _ in self.journal())

    def restart(self):
        began = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.wrapper, self.bin / "larder-edge", "--config", self.config, "--port", str(self.port)],
                                            stdout=log, stderr=log, start_new_session=True)
        return began


class FilledRedis(peers.Redis):
    def __init__(self):
        super().__init__("everysec")

    def fill(self):
        self.start()
        while self.accepted < COUNT:
            loads.reserve(self, 200, 1, min(2.0, 0.2 + (COUNT - self.accepted) / 100_000))
        audit.balance("redis", self.books(), self.accepted)
        self.kill()
        self.appendfsync = "always"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def restart(self):
        began = time.monotonic()
        with open(self.home / "server.log", "ab") as log:
            self.process = subprocess.Popen([*peers.ON_SERVER_CORE, *map(str, self.command())], stdout=log, stderr=log,
                                            start_new_session=True, cwd=self.home)
        return began


def prove(soak=False):
    build("release", "larder-edge", "larderctl", "fill-journal", "bench-load")
    with FilledHub(kiosks=1) as hub, FilledRedis() as redis:
        redis.fill()

        def once(server):
            found = until_first_reserve(server, server.restart())
            server.kill()
            return found

        a, b = rounds.alternate(lambda: once(hub), lambda: once(redis))
        more = hub.count() - hub.events
        if hub.events < COUNT or more < rounds.ROUNDS:
            raise audit.Void(f"the journal had {hub.events} events and has {more} more after {rounds.ROUNDS} acknowledged reserves")
        redis.start()
        audit.balance("redis", redis.books(), redis.accepted)
        commands = redis.accepted
    ours = rounds.Series.of(f"larder, {COUNT:,} events", "s", a, "seconds")
    theirs = rounds.Series.of(f"redis, AOF of {commands:,} reserves", "s", b, "seconds")
    ratio = rounds.Ratio("time to the first acknowledged reserve", ours, theirs, GOAL, at_most=True)
    rounds.write("bench-start", "Restart to the first acknowledged reserve", [ours, theirs], [ratio])
    return f"{ratio.value:.2f} x: {ours.median:.2f} s against {theirs.median:.2f} s", ratio.holds
