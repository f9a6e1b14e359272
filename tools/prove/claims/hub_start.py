"""Claim `hub-start`: from exec to the first /healthz 200 with a million events in the journal, after a kill -9."""
import statistics
import subprocess

from parts import ROOT, Hub, build

GOAL_S, EVENTS, ROUNDS = 2.0, 1_000_000, 5


def prove(soak=False):
    bin_dir = build("release", "larder-edge", "larderctl", "fill-journal")
    with Hub() as hub:
        filled = subprocess.run([bin_dir / "fill-journal", hub.data, ROOT / "web/sample/menu.json", str(EVENTS)],
                                capture_output=True, text=True, check=True)
        print(filled.stdout.strip())
        took = []
        for _ in range(ROUNDS):
            took.append(hub.start(seconds=60))
            hub.kill()
        print("seconds:", ", ".join(f"{t:.2f}" for t in took))
    return f"{statistics.median(took):.2f} s to the first answer with {EVENTS:,} events (slowest of {ROUNDS}: {max(took):.2f} s)", \
        statistics.median(took) < GOAL_S
