"""Claim `discovery`: the lab of two network namespaces, run with the real hub."""
import subprocess

from parts import ROOT, build


def prove(soak=False):
    bin_dir = build("release", "larder-edge")
    done = subprocess.run(["python3", ROOT / "tests/discovery/discovery_e2e.py", bin_dir / "larder-edge"],
                          capture_output=True, text=True)
    print(done.stdout, end="")
    if done.returncode != 0:
        print(done.stderr[-2000:])
    figure = done.stdout.strip().splitlines()[-1].split(": ", 1)[-1] if done.stdout.strip() else "no output"
    return figure, done.returncode == 0
