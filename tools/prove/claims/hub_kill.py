"""Claim `hub-kill`: kill -9 of the real hub at random instants under load; larder-replay keeps sending the same ids and compares the books."""
import json
import random
import subprocess
import time

from parts import ROOT, Hub, build

CYCLES, CYCLES_SOAK = 20, 200
RATE = 200  # orders a second over 20 kiosks


def prove(soak=False):
    cycles = CYCLES_SOAK if soak else CYCLES
    build("release", "larder-edge", "larderctl", "larder-replay")
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)
    print(f"seed {seed}, {cycles} cycles")
    with Hub(rate=200, burst=400) as hub:
        hub.start()
        orders = hub.home / "day.tsv"
        menu = ROOT / "web/sample/menu.json"
        with open(orders, "w") as out:  # enough to outlast the cycles
            subprocess.run([hub.bin / "larder-replay", "sample", "--orders", str(cycles * 400), "--seed", "11", "--menu", menu],
                           stdout=out, check=True)
        report = hub.home / "report.json"
        with open(hub.home / "replay.log", "w") as log:
            replay = subprocess.Popen(hub.replay_command(
                "play", "--orders", orders, "--with-menu", menu, "--kiosks", 20, "--kds", 4, "--rate", RATE, "--finish",
                "--through-crashes", "--report", report), stdout=log, stderr=log)
        killed = 0
        while killed < cycles and replay.poll() is None:
            time.sleep(dice.uniform(0.05, 0.8))  # the random instant itself, not a wait for something
            hub.kill()
            hub.start()
            killed += 1
        replay.wait(timeout=3600 if soak else 600)
        output = (hub.home / "replay.log").read_text()
        print(output.strip().splitlines()[-1] if output.strip() else "no output")
        hub.stop()
        verify = subprocess.run([hub.bin / "larderctl", "verify", "--data", hub.data], capture_output=True, text=True)
        print(verify.stdout.strip() or verify.stderr.strip())
        found = json.loads(report.read_text()) if report.exists() else {}
    differences = found.get("difference_count", -1)
    resumes = found.get("kitchen", {}).get("resumes", 0)
    good = replay.returncode == 0 and differences == 0 and killed == cycles and verify.returncode == 0
    return (f"{differences} lost or doubled of {found.get('acknowledged', 0)} acknowledged orders in {killed} kills, "
            f"{resumes} resumes by `since`, chain whole: {verify.returncode == 0}"), good
