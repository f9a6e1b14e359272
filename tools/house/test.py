#!/usr/bin/env python3
"""Sets up and runs every test; `./larder test [STEP...]` runs the named steps only. The last line is `N passed, N failed`.

A part that is absent is a failure, never a skip. The output of each step is in build/test-logs;
of a step that fails, what failed is printed first, then the end of its log.
"""
import os
import pathlib
import re
import subprocess
import sys
import time

from failures import report

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = ROOT / "build" / "test-logs"
BUILD = "tools/house/build.sh"
CTEST = ["ctest", "--output-on-failure", "-j2", "--timeout", "300", "--test-dir"]
SANITIZE = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:detect_leaks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}

# Counts of passed and failed in what a runner prints.
CTEST_LINE = re.compile(r"(\d+)% tests passed, (\d+) tests failed out of (\d+)")
SKIPPED = re.compile(r"^\s*\d+ - .*\(Skipped\)\s*$", re.M)
SHARED_DAY = "chipotle"
NODE_PASS, NODE_FAIL = re.compile(r"^(?:#|ℹ) pass (\d+)", re.M), re.compile(r"^(?:#|ℹ) fail (\d+)", re.M)
GTEST_PASS, GTEST_FAIL = re.compile(r"^\[  PASSED  \] (\d+) test", re.M), re.compile(r"^\[  FAILED  \] (\d+) test", re.M)
PLAIN = re.compile(r"(\d+) passed, (\d+) failed")


def count_ctest(text):
    found = CTEST_LINE.findall(text)
    if not found:
        return None
    # A skip is a failure, but for the one test that plays the shared day where that is absent.
    skipped = sum(SHARED_DAY not in line for line in SKIPPED.findall(text))
    failed = sum(int(f) for _, f, _ in found) + skipped
    return sum(int(t) for _, _, t in found) - failed, failed


def count_node(text):
    passed, failed = NODE_PASS.findall(text), NODE_FAIL.findall(text)
    return (sum(map(int, passed)), sum(map(int, failed))) if passed else None


def count_gtest(text):
    passed, failed = GTEST_PASS.findall(text), GTEST_FAIL.findall(text)
    return (sum(map(int, passed)), sum(map(int, failed))) if passed else None


def count_plain(text):
    found = PLAIN.findall(text)
    return (sum(int(p) for p, _ in found), sum(int(f) for _, f in found)) if found else None


def no_count(_):
    return (0, 0)  # a step that builds: only its failure counts


def one(_):
    return (1, 0)


def steps():
    """(name, command, how to count). In order: what fails fast comes first."""
    node_tests = "node --test " + " ".join(
        str(p.relative_to(ROOT)) for folder in ("lan-protocol/js", "web", "tests/web", "tests/issues")
        for p in sorted([*(ROOT / folder).rglob("*.test.js"), *(ROOT / folder).rglob("*.test.mjs")]))
    browser = "node --test --test-concurrency=1 " + " ".join(
        str(p.relative_to(ROOT)) for p in sorted(ROOT.glob("tests/browser/*.test.mjs")))
    return [
        ("tidy", "python3 tests/tidy/tidy.py && python3 tests/tidy/tidy.py --canary", count_plain),
        ("web-build", f"{BUILD} web", no_count),
        ("web-unit", node_tests, count_node),
        ("schemas", "cd tests/protocol && npm ci --ignore-scripts --no-audit --no-fund --silent && node ajv_check.mjs", count_plain),
        ("release-build", f"{BUILD} release", no_count),
        ("package", "python3 tests/packaging/run.py", count_plain),
        ("asan-build", f"{BUILD} asan", no_count),
        ("asan", " ".join(CTEST) + " build/asan", count_ctest),
        ("tsan-build", f"{BUILD} tsan test_app test_lan test_discovery test_shards test_outbox", no_count),
        # Of the databases only what their threads share.
        ("tsan", "failed=0; for t in test_app test_lan test_discovery test_outbox \"test_shards --gtest_filter=Workers*:SyncLine*:TurnLane*\"; "
         "do build/tsan/bin/$t --gtest_brief=1 || failed=1; done; exit $failed", count_gtest),
        ("clang-build", f"{BUILD} clang", no_count),
        ("clang-tidy", "ls core/*/*.cpp lan-protocol/*.cpp edge/app/*.cpp | xargs -P2 -n4 clang-tidy-14 -p build/clang --quiet", one),
        ("fuzz", "python3 tools/house/fuzz.py", count_plain),
        ("clients", "python3 tests/clients/run.py", count_plain),
        ("api", "python3 tests/api/run.py", count_plain),
        # Figures are proved by ./larder prove, never by a test; discovery is among ctest's, screens among the browser's.
        *[(f"prove-{name}", f"python3 tools/prove/prove.py {name}", one)
          for name in ("shop-day", "hub-kill", "replay-hash", "outbox-all-shards", "cloud-day", "statement", "crash-images")],
        ("browser", browser, count_node),
        ("mutations", "python3 tests/mutations/run.py --sample 60", count_plain),
    ]


def run(name, command, count):
    LOGS.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with open(LOGS / f"{name}.log", "w") as log:
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                              env={**os.environ, **SANITIZE})
    text = (LOGS / f"{name}.log").read_text(errors="replace")
    passed, failed = count(text) or (0, 1)
    if done.returncode != 0 and failed == 0:
        passed, failed = max(0, passed - 1), 1
    print(f"{'ok  ' if failed == 0 else 'FAIL'} {name:18} {passed:5} passed {failed:3} failed  {time.monotonic() - began:6.1f} s",
          flush=True)
    if failed:
        print("\n".join("     | " + line for line in report(text)), flush=True)
    return passed, failed


def main():
    wanted = sys.argv[1:]
    chosen = [step for step in steps() if not wanted or step[0] in wanted]
    if not chosen:
        print(f"larder test: no such step; there are {', '.join(s[0] for s in steps())}", file=sys.stderr)
        return 64
    results = [run(*step) for step in chosen]
    passed, failed = sum(p for p, _ in results), sum(f for _, f in results)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
