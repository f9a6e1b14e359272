"""Claim `merge`: changes that did not know of one another, against a plain model that keeps everything."""
import secrets
import subprocess

from parts import build

HISTORIES = 100_000
FIXED_SEED = 20261121


def prove(soak=False):
    bin_dir = build("release", "merge-histories")
    last, holds = "", True
    for seed in (FIXED_SEED, secrets.randbits(48)):
        done = subprocess.run([bin_dir / "merge-histories", str(HISTORIES), str(seed)], capture_output=True, text=True)
        print(done.stdout.strip()[-2000:], flush=True)
        last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "it did not run"
        holds = holds and done.returncode == 0
    return last, holds
