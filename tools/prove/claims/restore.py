"""Claim `restore`: every due time of a sold-out item exactly once, through crashes and clocks that jump; and how late the real hub is."""
import json
import subprocess
import time

from cloud_books import hub_events
from parts import ROOT, Hub, build, wait_for
from sold_out import Watch

DUE_TIMES, DUE_TIMES_SOAK = 30_000, 200_000
GOAL_LATE_MS = 5_000.0
LIVE = 20  # items at the real hub


def simulated(bin_dir, due_times):
    with subprocess.Popen([bin_dir / "restore-times", str(due_times)], stdout=subprocess.PIPE, text=True) as running:
        last = ""
        for line in running.stdout:
            last = line.strip()
            print(last, flush=True)
    if not last.startswith("{"):
        raise RuntimeError("restore-times ended without its figures")
    return json.loads(last), running.returncode == 0


def live():
    """The real process: due times in it, one kill -9 among them; (lateness of each in ms, how often the fullest came back)."""
    with Hub(store="restore") as hub:
        hub.start()
        hub.ctl("menu", "import", ROOT / "web/sample/menu.json")
        skus = [sku["id"] for item in json.loads((ROOT / "web/sample/menu.json").read_text())["items"] for sku in item["skus"]][:LIVE]
        began = time.time()
        due = {sku: int((began + 8 + n * 0.25) * 1e6) for n, sku in enumerate(skus)}
        watch = Watch(hub, "till", 1)
        for sku, at in due.items():
            watch.ask(f"{sku} sold_out {at}")
        watch.kill()
        wait_for(lambda: time.time() * 1e6 > due[skus[LIVE // 2]] - 100_000, 30, "half of the due times")
        hub.kill()
        wait_for(lambda: time.time() * 1e6 > due[skus[LIVE // 2]] + 1_000_000, 30, "a time in which nobody was there")
        hub.start()
        up_since = time.time() * 1e6
        wait_for(lambda: time.time() * 1e6 > max(due.values()) + 3_000_000, 30, "the last due time")
        late, counts = [], dict.fromkeys(skus, 0)
        hub.stop()
        for _, _, _, data in hub_events(hub.data):
            data = json.loads(data)
            if data["event"] != "stock.changed" or data["body"]["movement"]["kind"] != "restore":
                continue
            sku = data["body"]["movement"]["after"]["sku"]
            counts[sku] += 1
            is_down = data["at"] > up_since - 1_000_000 and due[sku] < up_since
            late.append((data["at"] - (up_since if is_down else due[sku])) / 1e3)
            if data["at"] < due[sku]:
                raise RuntimeError(f"{sku} was back early")
        return late, counts


def prove(soak=False):
    bin_dir = build("release", "larder-edge", "larderctl", "larder-replay", "restore-times")
    figures, holds = simulated(bin_dir, DUE_TIMES_SOAK if soak else DUE_TIMES)
    late, counts = live()
    is_once = all(count == 1 for count in counts.values())
    return (f"{figures['once']:,} of {figures['due']:,} due times exactly once ({figures['missed']} missed, {figures['twice']} twice, "
            f"{figures['early']} early), {figures['zones']} zones over a year, {figures['crashes']:,} crashes, {figures['jumps']:,} jumps of the "
            f"clock; at most {figures['late_ms'] / 1000:.2f} s late while up; the real hub, killed once: {sum(counts.values())} of {LIVE}, "
            f"at most {max(late):.0f} ms late"), \
        holds and is_once and figures["late_ms"] < GOAL_LATE_MS and max(late) < GOAL_LATE_MS
