"""Claim `bad-input`: every case of docs/CASES.md that is not for later is held by a test, and that test passed just now.

A name alone holds nothing: the tests are built and run, and a case counts when at least one test of it passed and none of it failed.
Tests in a browser are in the table and are not run here (./larder test browser does).
"""
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from parts import ROOT, build

sys.path.insert(0, str(ROOT / "tools" / "house"))
import cases  # noqa: E402

# The presets whose tests may be there already, the most searching first.
PRESETS = ("asan", "dev", "clang")
PYTHON_TESTS = {"tests/ops/start_e2e.py": ["tests/ops/start_e2e.py", "{bin}/larder-edge"],
                "tests/ops/notify_e2e.py": ["tests/ops/notify_e2e.py", "{bin}/larder-edge", "{bin}/larder-relay"]}
GTEST = re.compile(r"larder_test\((\w+)")
TAP = re.compile(r"^\s*(not )?ok \d+ - (.*?)(?: # ([A-Z]+).*)?$", re.M)
SECONDS_MAX = 900


def binaries_with(files):
    """The test programs of the folders that the given files are in."""
    folders = {ROOT / pathlib.PurePath(file).parent for file in files}
    return sorted(program for folder in folders for program in GTEST.findall((folder / "CMakeLists.txt").read_text()))


def run_gtest(bin_dir, program):
    """{"Suite.name": passed} of the program's tests that name a case."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run([bin_dir / program, "--gtest_filter=*case_*", "--gtest_brief=1", f"--gtest_output=json:{out.name}"],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS_MAX, check=False)
        try:
            report = json.load(open(out.name))
        except ValueError:
            print(f"{program} did not run to its end", flush=True)
            return {}
    return {f"{test['classname']}.{test['name']}": test["result"] == "COMPLETED" and not test.get("failures")
            for suite in report["testsuites"] for test in suite["testsuite"] if test["result"] != "SUPPRESSED"}


def run_python(bin_dir, file):
    words = [word.format(bin=bin_dir) for word in PYTHON_TESTS[file]]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    return {(file, name.strip().replace(" ", "_")): verdict == "ok"
            for verdict, name in re.findall(r"^(ok|FAILED)\s+([^:\n]+)", done.stdout, re.M)}


def run_node(files):
    done = subprocess.run(["node", "--test", "--test-reporter=tap", *files], cwd=ROOT, capture_output=True, text=True,
                          timeout=SECONDS_MAX, check=False)
    return {name: not bad and not skipped for bad, name, skipped in TAP.findall(done.stdout)}


def is_node(file):
    return file.endswith((".test.js", ".test.mjs")) and not file.startswith("tests/browser/")


def run_all(found):
    """{Held: passed} of every test that names a case and was run."""
    tests = {held for case in found.values() for held in case.tests}
    preset = next((name for name in PRESETS if (ROOT / "build" / name / "build.ninja").exists()), "dev")
    programs = binaries_with({held.file for held in tests if held.suite})
    bin_dir = build(preset, *programs, "larder-edge", "larder-relay")
    build("web")
    print(f"{len(tests)} tests name a case; {len(programs)} programs of build/{preset}", flush=True)
    gtest, python = {}, {}
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        for result in pool.map(lambda program: run_gtest(bin_dir, program), programs):
            gtest.update(result)
    for file in sorted({held.file for held in tests} & set(PYTHON_TESTS)):
        python.update(run_python(bin_dir, file))
    node = run_node(sorted({held.file for held in tests if is_node(held.file)}))
    passed = {}
    for held in tests:
        if held.suite:
            verdict = gtest.get(str(held))
        elif is_node(held.file):
            verdict = node.get(held.name)
        else:
            verdict = python.get((held.file, held.name))
        if verdict is not None:
            passed[held] = verdict
    return passed


def prove(soak=False):
    found, strangers = cases.cases_of()
    for held in strangers:
        print(f"{held.file}: {held} names a case that is not in the list", flush=True)
    passed = run_all(found)
    counted = [case for case in found.values() if not case.later]
    good = 0
    for case in counted:
        ran = [held for held in case.tests if held in passed]
        failed = [held for held in ran if not passed[held]]
        if ran and not failed:
            good += 1
        else:
            why = f"failed: {failed[0]}" if failed else "no test" if not case.tests else "its tests were not run"
            print(f"case {case.number}: {case.sentence}: {why}", flush=True)
    right = sum(passed.values())
    for held in sorted({held for case in found.values() for held in case.tests} - set(passed)):
        print(f"not run here: {held.file}: {held}", flush=True)
    return f"{good} of {len(counted)} cases held by {right} tests that passed", good == len(counted) and not strangers
