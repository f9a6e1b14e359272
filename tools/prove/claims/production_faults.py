"""Claim `production-faults`: the five faults that the estate has already paid for, each put back on purpose into a copy of the tree: its tests must fail."""
import json
import os
import sys

from parts import ROOT

sys.path.insert(0, str(ROOT / "tests" / "mutations"))

# The fault, and the deliberate bug of tests/mutations that puts it back.
FAULTS = {
    "a doubled release drove locked stock negative": "a lock ends twice",
    "the retry scan covered shards 0-9 of 1024": "outbox: the scan covers the first ten shards only",
    "one dedupe key per type swallowed later updates": "one dedupe key per topic",
    "a slow consumer delayed stores past 10 s": "outbox: one slow store holds up all",
    "a deduct checked the channel's limit but not the total": "the channel's limit counts and the total does not",
}


def prove(soak=False):
    import run  # tests/mutations/run.py
    run.prepare()
    env = {**os.environ, "CCACHE_BASEDIR": str(run.COPY), "CCACHE_NOHASHDIR": "1"}
    bugs = {bug["name"]: bug for bug in json.loads((ROOT / "tests/mutations/mutations.json").read_text())}
    caught = 0
    for fault, name in FAULTS.items():
        verdict = run.is_caught(bugs[name], env)
        caught += verdict is True
        print(f"{'caught' if verdict else 'NOT CAUGHT':10} {fault}", flush=True)
    return f"{caught} of {len(FAULTS)} caught", caught == len(FAULTS)
