"""Claim `replay-hash`: one day's store file, its journal replayed by four builds: the same state hash."""
import json
import shutil
import subprocess

from parts import Hub, build, days

PRESETS = ("release", "asan", "clang", "clang-release")


def prove(soak=False):
    bin_dir = build("release", "larder-edge", "larderctl", "larder-replay")
    hashes = {}
    with Hub() as scratch, Hub(rate=1000, burst=1000) as hub:
        name, orders, menu = list(days(scratch.home, bin_dir))[-1]
        hub.start()
        hub.replay("play", "--orders", orders, "--with-menu", menu, "--kiosks", 8, "--finish")
        live = hub.ctl("status")["state_hash"]
        hub.stop()
        for preset in PRESETS:
            ctl = build(preset, "larderctl") / "larderctl"
            done = subprocess.run([ctl, "--json", "verify", "--data", hub.data], capture_output=True, text=True)
            found = json.loads(done.stdout) if done.returncode == 0 else {}
            hashes[preset] = found.get("state_hash", done.stderr.strip()[:80])
            print(f"{preset:14} {hashes[preset]}")
        print(f"{'the live hub':14} {live}")
        shutil.rmtree(scratch.home, ignore_errors=True)
    equal = set(hashes.values()) == {live}
    return f"{'equal' if equal else 'NOT equal'} over {', '.join(PRESETS)} and the live hub ({name} day), {live[:16]}", equal
