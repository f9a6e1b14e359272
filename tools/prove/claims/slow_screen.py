"""Claim `slow-screen`: what others notice of a screen that has stopped reading (zero window), one that reads a byte a second, and 300 sockets
that never speak: the p99 from a kiosk's order to the kitchen display, with and without them in alternating rounds."""
import json
import subprocess
import sys

from parts import ROOT, Hub, build

sys.path.insert(0, str(ROOT / "bench"))
import rounds  # noqa: E402

GOAL, RATE, SCREENS, SILENT = 1.10, 200, 20, 300
# Many short rounds: the p99 of one depends most on what the disk did in it.
SECONDS, ROUNDS = 10, 11


def latency(with_them):
    with Hub(rate=1_000, burst=1_000) as hub:
        hub.start()
        hub.ctl("menu", "import", ROOT / "web/sample/menu.json")
        bad = None
        if with_them:
            bad = subprocess.Popen([sys.executable, ROOT / "bench/bad_screens.py", str(hub.port), str(SILENT), hub.mint("till-zero", "till"),
                                    hub.mint("till-slow", "till")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if "all are there" not in bad.stdout.readline():
                raise RuntimeError("the bad screens did not come")
        report = hub.home / "report.json"
        try:
            hub.replay("latency", "--rate", RATE, "--seconds", SECONDS, "--screens", SCREENS, "--finish", "--report", report)
        finally:
            if bad:
                said, _ = bad.communicate("\n", timeout=30)
        if bad:
            print(said.strip(), flush=True)
            if bad.returncode != 0:
                raise RuntimeError("a bad screen gave up; nothing was proved")
        found = json.loads(report.read_text())["kitchen_ms"]
        return {"p50": found["p50"], "p99": found["p99"]}


def prove(soak=False):
    build("release", "larder-edge", "larderctl", "larder-replay")
    a, b = rounds.alternate(lambda: latency(True), lambda: latency(False), ROUNDS)
    series = [rounds.Series.of(f"larder, {what}, {key}", "ms", runs, key) for key in ("p99", "p50")
              for what, runs in (("with the bad screens", a), ("without them", b))]
    ratio = rounds.Ratio("p99 of the others", series[0], series[1], GOAL, at_most=True)
    rounds.write("slow-screen", "What others notice of screens that do not read", series, [ratio],
                 [f"{RATE} orders/s, {SCREENS} kitchen screens; {SILENT} sockets that never speak, that come back when they are sent away."])
    return f"{ratio.value:.2f} x: p99 {series[0].median:.2f} ms with them, {series[1].median:.2f} ms without", ratio.holds
