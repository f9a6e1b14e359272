"""Claim `outbox-all-shards`: messages in every one of the 1,024 buckets of real SQLite shards, a bus that fails nine times for each, and a tenth time for one each."""
import re
import subprocess

from parts import build

BUCKETS = 1024


def prove(soak=False):
    bin_dir = build("asan", "test_outbox")  # tests are not part of the release build
    done = subprocess.run([bin_dir / "test_outbox", "--gtest_filter=OutboxOverShards.*"], capture_output=True, text=True)
    print(done.stdout.strip()[-1500:], flush=True)
    found = re.search(r"(\d+) of (\d+) buckets delivered, (\d+) dead and sent again", done.stdout)
    if not found:
        return "the test did not run", False
    delivered, buckets, dead = map(int, found.groups())
    return (f"{delivered} of {buckets} buckets: all delivered at the tenth try, ids in order per store; {dead} messages DEAD after ten failures, "
            "all delivered when sent again"), done.returncode == 0 and delivered == buckets == BUCKETS and dead == BUCKETS
