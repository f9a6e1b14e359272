"""Claim `bench-commit`: events/s through the journal's group commit, against the device's own write + fdatasync of the same bytes, which
overwrites a file in place (appending would be slower). The figure is the worst of the group sizes."""
import hashlib
import json
import pathlib
import shutil
import sqlite3
import struct
import sys
import tempfile

from parts import ROOT, build

sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import peers  # noqa: E402
import rounds  # noqa: E402

GOAL, GROUPS, SECONDS = 0.7, (1, 16, 128), 1.5


def run(home, what, group):
    place = home / what
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    found = json.loads(peers.run(*peers.ON_SERVER_CORE, ROOT / "build/release/bin/bench-commit", what, place, group, SECONDS))
    if what == "journal":
        check_journal(place, found["events"])
    return found


def check_journal(place, events):
    """Void unless the file holds every event that was counted, chained, and an answer for each."""
    (file,) = place.glob("*.larder")
    before = bytes(32)
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as journal:
        (answers,) = journal.execute("SELECT count(*) FROM answers").fetchone()
        kept = 0
        for seq, epoch, digest, text in journal.execute("SELECT seq, epoch, hash, data FROM events ORDER BY seq"):
            kept += 1
            before = hashlib.sha256(before + struct.pack("<IQ", epoch, seq) + text.encode()).digest()
            if seq != kept or digest != before:
                raise audit.Void(f"the chain breaks at event {seq}")
    if kept != events or answers != events:
        raise audit.Void(f"{events} events were committed, the file has {kept} and {answers} answers")


def prove(soak=False):
    build("release", "larderctl", "bench-commit")
    home = pathlib.Path(tempfile.mkdtemp(prefix="larder-bench-commit."))
    series, ratios, size = [], [], 0
    try:
        for group in GROUPS:
            a, b = rounds.alternate(lambda g=group: run(home, "journal", g), lambda g=group: run(home, "device", g))
            size = a[0]["bytes_per_event"]
            ours = rounds.Series.of(f"larder journal, groups of {group}", "events/s", a, "per_second")
            bare = rounds.Series.of(f"write + fdatasync, groups of {group}", "events/s", b, "per_second")
            series += [ours, bare]
            ratios.append(rounds.Ratio(f"groups of {group}", ours, bare, GOAL))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    rounds.write("bench-commit", "Group commit of events", series, ratios,
                 [f"An event of a hold and the answer to its command: {size:.0f} bytes. The device overwrites 64 MB in place."])
    return ", ".join(f"{r.value:.2f} x with {r.label}" for r in ratios), all(r.holds for r in ratios)
