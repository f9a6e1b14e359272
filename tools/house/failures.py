"""What failed, out of the log of a test run: the failing parts first, so that no long log hides them.

A runner prints its failures where they happen (node, ctest, gtest), not at the end of the log.
"""
import re

PART_LINES = 60
PARTS_MAX = 40

TAP_FAILED = re.compile(r"^(\s*)not ok \d+")
CTEST_FAILED = re.compile(r"^\s*\d+/\d+ Test\s+#\d+: .*\*\*\*")
CTEST_NEXT = re.compile(r"^\s*(?:Start\s+\d+: |\d+/\d+ Test\s+#\d+: |\d+% tests passed)")
GTEST_FAILURE = re.compile(r"^\S+:\d+: Failure$")
GTEST_END = re.compile(r"^\[  (?:FAILED |     OK|PASSED ) \]|^\[ RUN      \]")
# One sentence says it: a compiler, a script, a mutation that nobody caught, a sanitizer's last word.
ONE_LINE = re.compile(
    r"\berror: |^(?:FAIL|FAILED|ERROR)\b|^NOT CAUGHT|^DOES NOT APPLY|^SUMMARY: \w+Sanitizer|^step \d+ FAILED|^# step \d+ FAILED"
    r"|\(Skipped\)$|^\w*(?:Error|Exception): ")


def tap_part(lines, at):
    """`not ok` and its diagnostic block, which ends with `...` one step further in."""
    indent = TAP_FAILED.match(lines[at]).group(1)
    end = at + 1
    if end < len(lines) and lines[end].strip() == "---":
        while end < len(lines) and lines[end] != f"{indent}  ...":
            end += 1
        end += 1
    return end


def until(lines, at, pattern):
    end = at + 1
    while end < len(lines) and not pattern.match(lines[end]):
        end += 1
    return end


def end_of_part(lines, at):
    """The line after the failing part that begins here; None when none does."""
    line = lines[at]
    if TAP_FAILED.match(line):
        return tap_part(lines, at)
    if CTEST_FAILED.match(line):
        return until(lines, at, CTEST_NEXT)
    if GTEST_FAILURE.match(line):
        return until(lines, at, GTEST_END) + 1
    return at + 1 if ONE_LINE.search(line) else None


def failing_parts(text):
    """The failing parts of a log, in order, as lists of lines."""
    lines = text.splitlines()
    parts, at = [], 0
    while at < len(lines):
        end = end_of_part(lines, at)
        if end is not None:
            parts.append(lines[at:end])
        at = end or at + 1
    return parts


def shorten(part):
    if len(part) <= PART_LINES:
        return part
    half = PART_LINES // 2
    return [*part[:half], f"... {len(part) - 2 * half} lines more ...", *part[-half:]]


def report(text, tail=60):
    """The lines to print for a failed step: its failing parts, then the end of its log."""
    parts = failing_parts(text)
    out = [line for part in parts[:PARTS_MAX] for line in shorten(part)]
    if len(parts) > PARTS_MAX:
        out.append(f"... {len(parts) - PARTS_MAX} failing parts more ...")
    return [*out, "---- the end of the log ----", *text.splitlines()[-tail:]]
