#!/usr/bin/env python3
"""Builds the fuzzers of tests/fuzz and lets each run for a while, two at a time, from its corpus.

  fuzz.py [--seconds N] [NAME...]    30 s each unless told otherwise; the last line is `N passed, N failed`

What was found new is kept in build/fuzz/found/NAME and tried again first the next time; what broke a promise is in
build/fuzz/crashes, with the command that repeats it.
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "fuzz"
BUILD = ROOT / "build" / "fuzz"
# Words that the bytes of a parser are made of, where there are such.
WORDS = {"command": "json", "message": "json", "event": "json", "uplink": "json", "replies": "json", "hub": "json", "menu_json": "json",
         "http": "http", "menu_csv": "csv", "config_hub": "toml", "config_relay": "toml"}
INPUT_BYTES_MAX = 65_536
DONE = re.compile(r"^#(\d+)\s+DONE\s+cov: (\d+)", re.M)


def names():
    return re.findall(r"^larder_fuzzer\((\w+)", (HERE / "CMakeLists.txt").read_text(), re.M)


def run(name, seconds):
    """(name, whether it held, a line about it)."""
    found, crashes = BUILD / "found" / name, BUILD / "crashes"
    found.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    program = BUILD / "bin" / f"fuzz_{name}"
    words = [program, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1536", f"-max_len={INPUT_BYTES_MAX}",
             f"-artifact_prefix={crashes}/{name}-"]
    if name in WORDS:
        words.append(f"-dict={HERE / WORDS[name]}.dict")
    done = subprocess.run([*words, found, HERE / "corpus" / name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode(errors="replace")
    (BUILD / f"{name}.log").write_text(text)
    ended = DONE.search(text)
    if done.returncode == 0 and ended:
        return name, True, f"{int(ended[1]):,} inputs, {ended[2]} edges"
    why = re.search(r"broken promise: .*|^SUMMARY: .*|ERROR: .*", text, re.M)
    broke = re.search(r"Test unit written to (\S+)", text)
    repeat = f"; repeat: {program.relative_to(ROOT)} {pathlib.Path(broke[1]).relative_to(ROOT)}" if broke else ""
    return name, False, (why[0] if why else f"exit code {done.returncode}") + repeat


def main():
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("names", nargs="*")
    told = parser.parse_args()
    chosen = told.names or names()
    if unknown := set(chosen) - set(names()):
        print(f"fuzz: there is no fuzzer {', '.join(sorted(unknown))}; there are {', '.join(names())}", file=sys.stderr)
        return 64
    subprocess.run([ROOT / "tools/house/build.sh", "fuzz", *(f"fuzz_{name}" for name in chosen)], check=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for name, held, line in pool.map(lambda one: run(one, told.seconds), chosen):
            failed += not held
            print(f"{'ok  ' if held else 'FAIL'} {name:14} {line}", flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
