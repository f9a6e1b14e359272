#!/usr/bin/env python3
"""The cases of tests/cases/cases.txt and the tests that hold them, by the tests' names.

  cases.py            writes docs/CASES.md
  cases.py --check    fails when docs/CASES.md is stale
"""
import collections
import dataclasses
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIST = "tests/cases/cases.txt"
PAGE = "docs/CASES.md"
ENTRY = re.compile(r"^(\d+) (?:later \(([^)]+)\): )?(.+)$")

# Where tests are named: (file ending, a test's name). The group is the name.
CPP = re.compile(r"^\s*TEST(?:_F|_P)?\(\s*(\w+),\s*(\w*case_\d\w*)\)", re.M)
JS = re.compile(r"(?:\btest|\bstep|\bit)\(\s*(['\"`])((?:(?!\1).)*\bcase[_ ]\d(?:(?!\1).)*)\1")
PYTHON = re.compile(r"^\s*def (?:test_)?(case_\d\w*)\(", re.M)
FOLDERS = ("tests", "web", "lan-protocol")
SKIPPED = ("node_modules", "build", "tidy", "golden")

# case_35_and_36_..., case_41_42_..., case_86_and_case_90_..., "case 28: ..."
NUMBERS = re.compile(r"case[_ ](\d+)((?:_(?:and_)?(?:case_)?\d+(?=_))*)")


@dataclasses.dataclass
class Case:
    number: int
    area: str
    sentence: str
    later: str = ""
    tests: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, order=True)
class Held:
    """A test: its file, its suite in C++ (else empty) and its name."""
    file: str
    suite: str
    name: str

    def __str__(self):
        return f"{self.suite}.{self.name}" if self.suite else self.name


def read_list(text):
    cases, area = {}, ""
    for line in text.splitlines():
        if line.startswith("## "):
            area = line[3:]
        elif line and not line.startswith("#"):
            entry = ENTRY.match(line)
            if not entry:
                raise ValueError(f"{LIST}: not a case: {line}")
            cases[int(entry[1])] = Case(int(entry[1]), area, entry[3], entry[2] or "")
    return cases


def numbers_in(name):
    return {int(n) for found in NUMBERS.finditer(name) for n in re.findall(r"\d+", found[0])}


def named_tests(base):
    """Every test whose name holds a case."""
    for folder in FOLDERS:
        for path in sorted((base / folder).rglob("*")):
            inside = path.relative_to(base)
            if not path.is_file() or any(part in SKIPPED for part in inside.parts):
                continue
            if path.suffix == ".cpp":
                for suite, name in CPP.findall(path.read_text(errors="replace")):
                    yield Held(inside.as_posix(), suite, name)
            elif path.name.endswith((".test.js", ".test.mjs")):
                for _, name in JS.findall(path.read_text(errors="replace")):
                    yield Held(inside.as_posix(), "", name)
            elif path.suffix == ".py":
                for name in PYTHON.findall(path.read_text(errors="replace")):
                    yield Held(inside.as_posix(), "", name)


def cases_of(base=ROOT):
    """{number: Case} with its tests, and the tests that name a case which is not in the list."""
    cases = read_list((base / LIST).read_text())
    strangers = []
    for held in sorted(set(named_tests(base))):
        for number in sorted(numbers_in(held.name)):
            if number in cases:
                cases[number].tests.append(held)
            else:
                strangers.append(held)
    return cases, strangers


def cell(text):
    return text.replace("|", "\\|")


def row(case):
    by_file = collections.defaultdict(list)
    for held in case.tests:
        by_file[held.file].append(str(held))
    tests = "<br>".join(f"{file}: " + ", ".join(f"`{name}`" for name in names) for file, names in by_file.items())
    state = tests or ("" if case.later else "**open**")
    later = f"*later: {case.later}*" + ("<br>" if tests else "") if case.later else ""
    return f"| {case.number} | {cell(case.sentence)} | {later}{cell(state)} |"


def page(base=ROOT):
    cases, _ = cases_of(base)
    counted = [c for c in cases.values() if not c.later]
    held = sum(bool(c.tests) for c in counted)
    lines = [
        "# What will go wrong, and the test that holds it", "",
        f"Made by `tools/house/cases.py` from `{LIST}` and the names of the tests; `tests/tidy` fails when it is old.",
        f"{held} of {len(counted)} cases have a test; {len(cases) - len(counted)} belong to what is not built yet and are not counted.",
        "`./larder prove bad-input` runs the tests and counts the cases whose tests passed.", ""]
    area = ""
    for case in cases.values():
        if case.area != area:
            area = case.area
            lines += ["", f"## {area}", "| case | what happens, and the answer | held by |", "|---|---|---|"]
        lines.append(row(case))
    return "\n".join(lines) + "\n"


def main():
    if "--check" in sys.argv:
        stale = not (ROOT / PAGE).exists() or (ROOT / PAGE).read_text() != page()
        print(f"{PAGE} is {'old: run tools/house/cases.py' if stale else 'current'}")
        return 1 if stale else 0
    (ROOT / PAGE).write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main())
