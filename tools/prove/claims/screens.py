"""Claim `screens`: the browser tests, in real Chromium against the real hub."""
import subprocess

from parts import ROOT, build


def prove(soak=False):
    build("release", "larder-edge", "larderctl")
    build("web")
    done = subprocess.run(["node", "--test", "tests/browser/screens.test.mjs"], cwd=ROOT, capture_output=True, text=True)
    steps = [line for line in done.stdout.splitlines() if "screens:" in line]
    print(done.stdout[-3000:] if done.returncode else "\n".join(steps))
    figure = steps[-1].split("screens:", 1)[1].strip() if steps else "no steps"
    return figure, done.returncode == 0 and bool(steps)
