"""Claim `reserve-latency`: lock, confirm and release at the relay, 1,000 requests a second, every one durable before its answer."""
import sys

from cloud import PROGRAMS
from parts import ROOT, build
from shop_lease import leased_relay

sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import loads  # noqa: E402

GOAL_MS, RATE, CONNECTIONS = 10.0, 1_000, 16


def one_round(server, seconds):
    load = loads.bench_load("reserve", server, "--connections", CONNECTIONS, "--skus", 1, "--rate", RATE, "--seconds", seconds,
                            "--tokens", server.tokens)
    audit.answered(server.name, load)
    print(load, flush=True)
    return load


def prove(soak=False):
    build("release", *PROGRAMS, "bench-load")
    with leased_relay(2_000_000) as server:
        server.fill(100_000)
        server.name = "relay-steps"
        found = sorted((one_round(server, 60 if soak else 15) for _ in range(3)), key=lambda load: load["latency_ms"]["p99"])[1]
    latency = found["latency_ms"]
    return (f"p99 {latency['p99']:.1f} ms, p50 {latency['p50']:.1f} ms at {found['per_second']:.0f} requests/s, a third each of lock, "
            f"confirm and release (locks twice as often); {found['refused']} refused", latency["p99"] < GOAL_MS and found["refused"] == 0)
