#!/usr/bin/env python3
"""The prover's own test: a claim that is told to end leaves no server behind, however far it was."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A prover with one claim, which starts two servers: one that it cleans up, one that it had no time to take charge of.
PROVER = """
import pathlib, sys
sys.path.insert(0, sys.argv.pop(1))
here = pathlib.Path(sys.argv.pop(1))
import prove
prove.HERE, prove.CLAIMS = here, [("endless", "", "", "")]
sys.argv = ["prove.py", "endless"]
sys.exit(prove.main())
"""
CLAIM = """
import contextlib, os, pathlib, subprocess, time
HERE = pathlib.Path(__file__).parent.parent
@contextlib.contextmanager
def server():
    process = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        (HERE / "cleaned").touch()
def prove(soak):
    forgotten = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    with server() as kept:
        (HERE / "pids.new").write_text(f"{kept.pid} {forgotten.pid}")
        (HERE / "pids.new").rename(HERE / "pids")
        subprocess.run(["sleep", "1000"])
"""


def runs(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return condition()


class Terminated(unittest.TestCase):
    def test_a_claim_that_is_told_to_end_leaves_no_server_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            here = pathlib.Path(folder)
            (here / "claims").mkdir()
            (here / "claims/endless.py").write_text(CLAIM)
            prover = subprocess.Popen([sys.executable, "-c", PROVER, ROOT / "tools/prove", here], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            self.assertTrue(eventually((here / "pids").exists))
            pids = [int(word) for word in (here / "pids").read_text().split()]
            self.addCleanup(lambda: [os.kill(pid, signal.SIGKILL) for pid in pids if runs(pid)])
            self.assertTrue(all(runs(pid) for pid in pids))
            prover.send_signal(signal.SIGTERM)
            self.assertEqual(prover.wait(30), 128 + signal.SIGTERM)
            self.assertTrue((here / "cleaned").exists())
            self.assertTrue(eventually(lambda: not any(runs(pid) for pid in pids)))


if __name__ == "__main__":
    unittest.main()
