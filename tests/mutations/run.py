#!/usr/bin/env python3
"""Deliberate bugs that the tests must catch: each is put into a copy of the tree, built, and its room's tests must fail.

  run.py [WORD]                 all, or those with WORD in their name
  run.py --sample N [SEED]      N of them, drawn anew each time (the seed is printed); of all the others, that they still apply

Last line: `mutations: N passed, N failed` (passed: caught)
"""
import json
import os
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = ROOT / "build" / "mutations"


def sh(*command, cwd=COPY, env=None):
    return subprocess.run([str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True)


def prepare():
    COPY.mkdir(parents=True, exist_ok=True)
    for name in sh("git", "ls-files", cwd=ROOT).stdout.splitlines():
        place = COPY / name
        text = (ROOT / name).read_bytes()
        if not place.exists() or place.read_bytes() != text:  # unchanged files keep their time: less to build
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text)
    configured = sh("cmake", "--preset", "dev")
    if configured.returncode != 0:
        raise SystemExit(configured.stderr)


def is_caught(mutation, env):
    place = COPY / mutation["file"]
    good = place.read_text()
    if (found := good.count(mutation["find"])) != 1:
        print(f"{mutation['file']}: {found} places to put it in, not one", flush=True)
        return None
    place.write_text(good.replace(mutation["find"], mutation["replace"]))
    try:
        tests = mutation["tests"]
        if tests.endswith("js"):  # of the screens: nothing to build
            command = ["node", "--test", tests]
        else:
            command = [COPY / "build/dev/bin" / tests, "--gtest_fail_fast"]
            built = sh("ninja", "-C", "build/dev", tests, env=env)
            if built.returncode != 0:
                print("\n".join((built.stdout + built.stderr).splitlines()[-20:]), flush=True)
                return None
        try:
            ran = subprocess.run(command, cwd=COPY, capture_output=True, timeout=300)
        except subprocess.TimeoutExpired:
            return True
        return ran.returncode != 0
    finally:
        place.write_text(good)


def chosen(mutations):
    if sys.argv[1:2] != ["--sample"]:
        word = sys.argv[1] if len(sys.argv) > 1 else ""
        return [mutation for mutation in mutations if word in mutation["name"]]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1_000_000)
    print(f"mutations: {sys.argv[2]} of {len(mutations)}, seed {seed}", flush=True)
    places = sorted(random.Random(seed).sample(range(len(mutations)), min(int(sys.argv[2]), len(mutations))))
    return [mutations[place] for place in places]


def no_longer_applies(mutation):
    found = (ROOT / mutation["file"]).read_text().count(mutation["find"])
    if found != 1:
        print(f"DOES NOT APPLY  {mutation['name']}: {found} places in {mutation['file']}", flush=True)
    return found != 1


def main():
    mutations = json.loads((ROOT / "tests/mutations/mutations.json").read_text())
    tried = chosen(mutations)
    stale = sum(no_longer_applies(mutation) for mutation in mutations if mutation not in tried)
    prepare()
    env = {**os.environ, "CCACHE_BASEDIR": str(COPY), "CCACHE_NOHASHDIR": "1"}
    verdicts = {True: "caught", False: "NOT CAUGHT", None: "DOES NOT APPLY"}
    caught, missed = 0, stale
    for mutation in tried:
        verdict = is_caught(mutation, env)
        caught, missed = caught + (verdict is True), missed + (verdict is not True)
        print(f"{verdicts[verdict]:15} {mutation['name']}", flush=True)
    print(f"mutations: {caught} passed, {missed} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
