"""Claim `shop-day`: a whole day of orders through 8 real WebSocket kiosks, compared with the hub's books line by line."""
import json

from parts import Hub, build, days


def play(name, orders, menu, bin_dir):
    with Hub(store=name, rate=1000, burst=1000) as hub:
        hub.start()
        report = hub.home / "report.json"
        done = hub.replay("play", "--orders", orders, "--with-menu", menu, "--kiosks", 8, "--kds", 1, "--report", report, check=False)
        last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip()
        print(f"{name}: {last}")
        found = json.loads(report.read_text()) if report.exists() else {}
        return found.get("difference_count", -1) if done.returncode == 0 else max(1, found.get("difference_count", 1))


def prove(soak=False):
    bin_dir = build("release", "larder-edge", "larderctl", "larder-replay")
    with Hub() as scratch:
        played = {name: play(name, orders, menu, bin_dir) for name, orders, menu in days(scratch.home, bin_dir)}
    differences = sum(abs(d) for d in played.values())
    return f"{differences} differences in {' and '.join(played)}", differences == 0 and bool(played)
