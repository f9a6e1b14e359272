#!/usr/bin/env python3
"""A failed step of `./larder test` names what failed, wherever in its log that stands.

What went wrong: a browser test failed once in the CI, and the report was the last 60 lines of a long log. Which test
it was is not known to this day.
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "house"))
from failures import failing_parts, report  # noqa: E402

TAP = """# Subtest: kiosk
    # Subtest: pays
    not ok 1 - pays
      ---
      location: 'tests/browser/kiosk.test.mjs:12:3'
      error: 'not in 5000 ms: paid'
      stack: |-
        until (support/browser.mjs:70)
      ...
    # Subtest: leaves
    ok 2 - leaves
      ---
      duration_ms: 1
      ...
"""
CTEST = """      Start  7: Stock.refuses
 7/10 Test  #7: Stock.refuses ...........***Failed    0.02 sec
[ RUN      ] Stock.refuses
stock_test.cpp:9: Failure
Value of: false
[  FAILED  ] Stock.refuses (0 ms)
      Start  8: Stock.counts
 8/10 Test  #8: Stock.counts ............   Passed    0.02 sec
"""
GTEST = """Running main()
core/stock_test.cpp:9: Failure
Expected equality of these values:
  1
[  FAILED  ] Stock.refuses (0 ms)
all well again
"""
MUTATIONS = "caught          a\nNOT CAUGHT      the last unit is sold twice\ncaught          b\n"
LONG = "\n".join(f"ok {i} - something else" for i in range(500))


class Report(unittest.TestCase):
    def test_a_tap_failure_comes_with_its_diagnostic_and_its_file(self):
        (part,) = failing_parts(TAP + LONG)
        self.assertEqual(part[0].strip(), "not ok 1 - pays")
        self.assertIn("      location: 'tests/browser/kiosk.test.mjs:12:3'", part)
        self.assertEqual(part[-1].strip(), "...")

    def test_a_ctest_failure_comes_with_what_the_test_printed(self):
        (part,) = failing_parts(CTEST + LONG)
        self.assertIn("Value of: false", part)
        self.assertNotIn("Start  8", "\n".join(part))

    def test_a_gtest_failure_ends_with_the_name_of_its_test(self):
        (part,) = failing_parts(GTEST + LONG)
        self.assertEqual(part[-1], "[  FAILED  ] Stock.refuses (0 ms)")

    def test_a_mutation_that_nobody_caught_is_named(self):
        self.assertEqual(failing_parts(MUTATIONS), [["NOT CAUGHT      the last unit is sold twice"]])

    def test_a_good_log_has_no_failing_part(self):
        self.assertEqual(failing_parts(LONG), [])

    def test_what_failed_stands_before_the_end_of_the_log(self):
        lines = report(TAP + LONG)
        self.assertEqual(lines[0].strip(), "not ok 1 - pays")
        self.assertEqual(lines[-1], "ok 499 - something else")

    def test_many_long_failures_are_counted_not_dropped_in_silence(self):
        lines = report("\n".join(["a.cpp:1: Failure", *["more"] * 200, "[  FAILED  ] A.b"] * 50))
        self.assertTrue(any("142 lines more" in line for line in lines))
        self.assertTrue(any("10 failing parts more" in line for line in lines))


if __name__ == "__main__":
    unittest.main()
