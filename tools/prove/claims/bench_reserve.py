"""Claim `bench-reserve`: durable reserves a second, the hub over WebSocket against Redis, PostgreSQL and MariaDB with as many connections.

How the issue's goals are read: Redis with `appendfsync always` 0.8, 1.0 and 1.0 with 1, 50 and 200 connections; `everysec` (which promises
less) 0.7 with 50 and with 200; one hot row 8 against PostgreSQL and 2 against MariaDB; 300 SKUs 3 against either; the databases with 50.
The hub replaces a device's earlier cart, so each of its reserves also gives one back: two events where the peers write one hold."""
import sys

from parts import ROOT, build

sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import loads  # noqa: E402
import peers  # noqa: E402
import rounds  # noqa: E402

SECONDS = 1.2
# What is measured on both sides of a pair: (connections, SKUs).
REDIS, EVERYSEC, DATABASE = [(1, 1), (50, 1), (200, 1)], [(50, 1), (200, 1)], [(50, 1), (50, 300)]
GOALS = {("redis always", (1, 1)): 0.8, ("redis always", (50, 1)): 1.0, ("redis always", (200, 1)): 1.0,
         ("redis everysec", (50, 1)): 0.7, ("redis everysec", (200, 1)): 0.7,
         ("postgres", (50, 1)): 8.0, ("postgres", (50, 300)): 3.0, ("mariadb", (50, 1)): 2.0, ("mariadb", (50, 300)): 3.0}


def hub_round(hub, shapes):
    hub.fresh()
    hub.start()
    found = {shape: loads.reserve(hub, *shape, SECONDS) for shape in shapes}
    hub.stop()
    audit.balance("larder", hub.books(), hub.accepted)
    return found


def peer_round(peer, shapes):
    peer.fresh()
    peer.start()
    found = {shape: loads.reserve(peer, *shape, SECONDS) for shape in shapes}
    audit.balance(peer.name, peer.books(), peer.accepted)
    peer.stop()
    return found


def compare(hub, peer, label, shapes):
    """The series of a pair, and the ratios that have a goal."""
    a, b = rounds.alternate(lambda: hub_round(hub, shapes), lambda: peer_round(peer, shapes))
    series, ratios = [], []
    for shape in shapes:
        what = f"{shape[0]} connection{'s' if shape[0] > 1 else ''}{', 300 SKUs' if shape[1] > 1 else ''}"
        ours = rounds.Series.of(f"larder, {what}", "reserves/s", a, shape)
        theirs = rounds.Series.of(f"{label}, {what}", "reserves/s", b, shape)
        series += [ours, theirs]
        ratios.append(rounds.Ratio(f"{label}, {what}", ours, theirs, GOALS[(label, shape)]))
        print(f"{ratios[-1].label}: {ratios[-1].value:.2f}", flush=True)
    return series, ratios


def prove(soak=False):
    build("release", "larder-edge", "larderctl", "bench-load")
    series, ratios = [], []
    with peers.BenchHub() as hub, peers.Redis("always") as always, peers.Redis("everysec") as everysec, \
            peers.Postgres() as postgres, peers.Mariadb() as mariadb:
        for peer, label, shapes in ((always, "redis always", REDIS), (everysec, "redis everysec", EVERYSEC),
                                    (postgres, "postgres", DATABASE), (mariadb, "mariadb", DATABASE)):
            more_series, more_ratios = compare(hub, peer, label, shapes)
            series += more_series
            ratios += more_ratios
    rounds.write("bench-reserve", "Durable reserves", series, ratios,
                 ["Every reserve is on the disk before its answer, but for `redis everysec`. The books of every round added up."])
    missed = [r.label for r in ratios if not r.holds]
    return "; ".join(f"{r.label} {r.value:.2f}" for r in ratios) + (f"; missed: {len(missed)} of {len(ratios)}" if missed else ""), not missed
