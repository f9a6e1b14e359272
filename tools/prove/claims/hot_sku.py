"""Claim `hot-sku`: 64 clients on one SKU at the relay: exactly what there is is sold, and how fast, against the databases' textbook."""
import sys

from cloud import PROGRAMS
from parts import ROOT, build
from shop_lease import leased_relay

sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import loads  # noqa: E402
import peers  # noqa: E402
import rounds  # noqa: E402

CLIENTS, SECONDS, STOCK, UNITS = 64, 1.2, 5_000, 9_000_000
GOALS = {"mariadb": 3.0, "postgres": 8.0}


def sold_exactly():
    """Everybody buys until nothing is left: (sold, what the relay says is left)."""
    with leased_relay(STOCK) as server:
        server.fill(STOCK)
        load = loads.bench_load("reserve", server, "--connections", CLIENTS, "--skus", 1, "--seconds", 3, "--tokens", server.tokens)
        record = server.record()
        print(f"{STOCK} there: {load['accepted']} sold, {load['refused']} refused, {record}", flush=True)
        return load["accepted"], record


def relay_round(server):
    server.fill(60_000)
    before = server.record()["reservedQty"]
    load = loads.bench_load("reserve", server, "--connections", CLIENTS, "--skus", 1, "--seconds", SECONDS, "--tokens", server.tokens)
    audit.answered(server.name, load)
    held = server.record()["reservedQty"] - before
    if held != load["accepted"]:
        raise audit.Void(f"the relay holds {held}, {load['accepted']} were acknowledged")
    return {"rate": load["per_second"]}


def peer_round(peer):
    peer.fresh()
    peer.start()
    found = {"rate": loads.reserve(peer, CLIENTS, 1, SECONDS)}
    audit.balance(peer.name, peer.books(), peer.accepted)
    peer.stop()
    return found


def prove(soak=False):
    build("release", *PROGRAMS, "bench-load")
    sold, record = sold_exactly()
    exact = sold == STOCK and record["availableQty"] == 0 and record["reservedQty"] == STOCK
    series, ratios = [], []
    with leased_relay(UNITS) as server, peers.Mariadb() as mariadb, peers.Postgres() as postgres:
        for peer in (mariadb, postgres):
            ours, theirs = rounds.alternate(lambda: relay_round(server), lambda: peer_round(peer))
            a = rounds.Series.of(f"relay beside {peer.name}", "reserves/s", ours, "rate")
            b = rounds.Series.of(peer.name, "reserves/s", theirs, "rate")
            series += [a, b]
            ratios.append(rounds.Ratio(f"{peer.name}, {CLIENTS} clients, one row", a, b, GOALS[peer.name]))
            print(f"{ratios[-1].label}: {a.median:.0f}/s against {b.median:.0f}/s, {ratios[-1].value:.2f}", flush=True)
    rounds.write("hot-sku", "One SKU at the relay", series, ratios,
                 ["Every reserve is on the disk before its answer; the relay writes its order, line, movement, log and messages beside it."])
    return (f"{sold} of {STOCK} sold, {max(0, sold - STOCK)} oversold; " + "; ".join(f"{r.label} {r.value:.2f}" for r in ratios),
            exact and all(r.holds for r in ratios))
