"""Claim `package`: the packages in a booted clean Debian 12 root, from the installation to the purge, with a real version before.

The version before is built from this repository's own history (packaging/upgrade_from.txt): an old binary writes an old store.
"""
import hashlib
import pathlib
import re
import subprocess

from booted import Booted
from package_steps import GOAL_EXPOSURE, STEPS, Shop
from parts import ROOT

DIST, BEFORE = ROOT / "dist", ROOT / "build/package/before/debs"


def version_before():
    lines = (ROOT / "packaging/upgrade_from.txt").read_text().splitlines()
    return next(line.split() for line in lines if line and not line.startswith("#"))


def debs_in(folder):
    return [path for path in sorted(pathlib.Path(folder).glob("larder-*.deb")) if "-dbgsym" not in path.name]


def packages():
    """(new, old): their .debs. The old ones are made once for a commit and what packages it."""
    build = ["python3", ROOT / "packaging/build.py"]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    commit, version = version_before()
    made_of = subprocess.run(["git", "-C", ROOT, "rev-parse", commit], capture_output=True, text=True)
    if made_of.returncode != 0:
        raise RuntimeError(f"the version before is commit {commit}, which this clone does not have: git fetch --unshallow")
    # What packages it today counts as well: a change there makes it anew.
    ours = [path for folder in ("packaging", "systemd") for path in sorted((ROOT / folder).rglob("*")) if path.is_file()]
    bytes_of_it = b"".join(path.name.encode() + path.read_bytes() for path in ours)
    mark = f"{made_of.stdout.strip()} {version} {hashlib.sha256(bytes_of_it).hexdigest()}\n"
    stamp = BEFORE / "made-of"
    if not (stamp.exists() and stamp.read_text() == mark and debs_in(BEFORE)):
        subprocess.run([*build, "--commit", commit, "--version", version, "--out", BEFORE], check=True, stdout=subprocess.DEVNULL)
        stamp.write_text(mark)
    return debs_in(DIST), debs_in(BEFORE)


def prove(soak=False):
    new, old = packages()
    held = 0
    with Booted([*new, *old]) as root:
        shop = Shop(root, new, old)
        for step in STEPS:
            name = re.sub(r"^s\d+_", "", step.__name__).replace("_", " ")
            try:
                print(f"ok     {name}: {step(shop)}", flush=True)
                held += 1
            except Exception as why:
                print(f"FAILED {name}: {type(why).__name__}: {why}", flush=True)
                print(shop.logs(), flush=True)
                break  # each step stands on the one before
    edge, relay = shop.exposure.get("larder-edge"), shop.exposure.get("larder-relay")
    holds = held == len(STEPS) and max(edge, relay) <= GOAL_EXPOSURE
    return f"{held} of {len(STEPS)} steps, exposure edge {edge}, relay {relay}", holds
