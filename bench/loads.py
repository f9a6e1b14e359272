"""Runs bench-load on the load's core and reads what it says."""
import json
import subprocess

import audit
import peers

_runs = 0


def bench_load(verb, server, *options):
    global _runs
    _runs += 1
    done = subprocess.run([*peers.ON_LOAD_CORE, str(peers.ROOT / "build/release/bin/bench-load"), verb, "--server", server.name,
                           "--port", str(server.port), "--run", f"r{_runs}", *map(str, options)], capture_output=True, text=True)
    if done.returncode != 0:
        raise audit.Void(f"{server.name}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def token_options(server):
    return ["--tokens", server.tokens] if server.name == "larder" else []


def reserve(server, connections, skus, seconds):
    load = bench_load("reserve", server, "--connections", connections, "--skus", skus, "--seconds", seconds, *token_options(server))
    audit.answered(server.name, load)
    server.accepted += load["accepted"]
    return load["per_second"]


def fan_out(server, watchers, singles, flood, payload_bytes=0):
    return bench_load("fanout", server, "--watchers", watchers, "--singles", singles, "--flood", flood, "--payload-bytes", payload_bytes,
                      *token_options(server))


def first_reserve(server):
    """One reserve on a new connection; Void when the server does not take it yet."""
    load = bench_load("reserve", server, "--connections", 1, "--warm-up", 0, "--seconds", 0, "--sku", getattr(server, "sku", "s0"),
                      *token_options(server))
    audit.answered(server.name, load)
    server.accepted += load["accepted"]
