"""Claim `hub-kill`: kill -9 of the real hub at random instants under load; larder-replay keeps sending the same ids and compares the books."""
import dataclasses
import json
import random
import subprocess
import time

from parts import ROOT, Hub, build

CYCLES, CYCLES_SOAK = 20, 200
LIFE = (0.05, 0.8)  # seconds from the first answer to the kill
RATE = 200  # orders a second over 20 kiosks


@dataclasses.dataclass
class Outcome:
    killed: int = 0
    acknowledged: int = 0
    differences: int = 0  # lost or doubled; -1 when nothing was compared
    resumes: int = 0
    whole: bool = True

    def add(self, other):
        self.killed += other.killed
        self.acknowledged += other.acknowledged
        self.differences = -1 if -1 in (self.differences, other.differences) else self.differences + other.differences
        self.resumes += other.resumes
        self.whole = self.whole and other.whole

    def holds(self):
        return self.differences == 0 and self.whole

    def __str__(self):
        return (f"{self.differences} lost or doubled of {self.acknowledged:,} acknowledged orders in {self.killed:,} kills, "
                f"{self.resumes:,} resumes by `since`, chain whole: {self.whole}")


def kill_under_load(dice, orders, kills_max, life, seconds_max):
    """One shop: `orders` are played while the hub is killed, at most `kills_max` times; then the books are compared."""
    with Hub(rate=200, burst=400) as hub:
        hub.start()
        day = hub.home / "day.tsv"
        menu = ROOT / "web/sample/menu.json"
        with open(day, "w") as out:
            subprocess.run([hub.bin / "larder-replay", "sample", "--orders", str(orders), "--seed", "11", "--menu", menu],
                           stdout=out, check=True)
        report = hub.home / "report.json"
        with open(hub.home / "replay.log", "w") as log:
            replay = subprocess.Popen(hub.replay_command(
                "play", "--orders", day, "--with-menu", menu, "--kiosks", 20, "--kds", 4, "--rate", RATE, "--finish",
                "--through-crashes", "--report", report), stdout=log, stderr=log)
        killed = 0
        while killed < kills_max and replay.poll() is None:
            time.sleep(dice.uniform(*life))  # the random instant itself, not a wait for something
            hub.kill()
            hub.start()
            killed += 1
        replay.wait(timeout=seconds_max)
        output = (hub.home / "replay.log").read_text()
        hub.stop()
        verify = subprocess.run([hub.bin / "larderctl", "verify", "--data", hub.data], capture_output=True, text=True)
        found = json.loads(report.read_text()) if report.exists() else {}
        if replay.returncode != 0 or verify.returncode != 0:
            print(output[-2000:], verify.stdout.strip() or verify.stderr.strip(), sep="\n", flush=True)
    differences = found.get("difference_count", -1)
    return Outcome(killed, found.get("acknowledged", 0), -1 if replay.returncode != 0 and differences == 0 else differences,
                   found.get("kitchen", {}).get("resumes", 0), verify.returncode == 0)


def prove(soak=False):
    cycles = CYCLES_SOAK if soak else CYCLES
    build("release", "larder-edge", "larderctl", "larder-replay")
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}, {cycles} cycles")
    outcome = kill_under_load(random.Random(seed), cycles * 400, cycles, LIFE, 3600 if soak else 600)
    return str(outcome), outcome.holds() and outcome.killed == cycles
