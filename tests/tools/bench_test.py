#!/usr/bin/env python3
"""The benches' own test: a run whose books do not add up is void, rounds alternate, and the load says what it was told and no more.
Usage: bench_test.py BENCH_LOAD"""
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import audit  # noqa: E402
import rounds  # noqa: E402

LOAD = sys.argv.pop(1) if len(sys.argv) > 1 else str(ROOT / "build/dev/bin/bench-load")


def level(available, held):
    return {"sku": "s0", "type": "limited", "status": "available", "available": available, "held": held}


def limited():
    return json.dumps({"event": "stock.changed", "by": "till-1", "body": {
        "movement": {"kind": "limit", "before": level(0.0, 0.0), "after": level(10.0, 0.0)}}})


def locked(hold, before, after):
    return json.dumps({"event": "hold.locked", "by": "kiosk-1", "body": {
        "hold": {"hold": hold, "demand": [{"sku": "s0", "quantity": 1.0}]},
        "movements": [{"kind": "lock", "before": level(*before), "after": level(*after)}]}})


def released(hold, before, after):
    return json.dumps({"event": "hold.released", "by": "kiosk-1", "body": {
        "hold": hold, "movements": [{"kind": "unlock", "before": level(*before), "after": level(*after)}]}})


GOOD = [limited(), locked("h2", (10.0, 0.0), (9.0, 1.0)), released("h2", (9.0, 1.0), (10.0, 0.0)), locked("h4", (10.0, 0.0), (9.0, 1.0))]


class Books(unittest.TestCase):
    def test_books_that_add_up_count(self):
        books = audit.read_books(GOOD)
        self.assertEqual(books, {"held": 10, "drawn": 10, "commands": 2})
        audit.balance("larder", books, 2)

    def test_an_acknowledged_reserve_that_is_not_in_the_books_voids_the_run(self):
        with self.assertRaises(audit.Void):
            audit.balance("larder", audit.read_books(GOOD), 3)

    def test_a_reserve_that_nobody_was_told_of_voids_the_run(self):
        with self.assertRaises(audit.Void):
            audit.balance("redis", {"held": 8, "drawn": 8}, 7)

    def test_units_held_that_were_not_drawn_void_the_run(self):
        with self.assertRaises(audit.Void):
            audit.balance("postgres", {"held": 7, "drawn": 6}, 7)

    def test_a_movement_that_does_not_begin_where_the_last_one_ended_voids_the_run(self):
        with self.assertRaises(audit.Void):
            audit.read_books([*GOOD, locked("h5", (10.0, 0.0), (9.0, 1.0))])

    def test_a_hold_that_ends_twice_or_begins_twice_voids_the_run(self):
        for more in (released("h2", (9.0, 1.0), (10.0, 0.0)), locked("h4", (9.0, 1.0), (8.0, 2.0))):
            with self.assertRaises(audit.Void):
                audit.read_books([*GOOD, more])

    def test_a_command_without_an_answer_voids_the_run(self):
        audit.answered("redis", {"unanswered": 0, "refused": 0, "accepted": 1})
        for load in ({"unanswered": 1, "refused": 0, "accepted": 9}, {"unanswered": 0, "refused": 1, "accepted": 9},
                     {"unanswered": 0, "refused": 0, "accepted": 0}):
            with self.assertRaises(audit.Void):
                audit.answered("redis", load)


class Rounds(unittest.TestCase):
    def test_sides_take_turns(self):
        order = []
        a, b = rounds.alternate(lambda: order.append("ours") or {"n": len(order)}, lambda: order.append("peer") or {"n": len(order)}, 3)
        self.assertEqual(order, ["ours", "peer"] * 3)
        self.assertEqual([one["n"] for one in a], [1, 3, 5])
        self.assertEqual([one["n"] for one in b], [2, 4, 6])

    def test_a_ratio_is_of_medians_and_can_miss_its_goal(self):
        ours, peer = rounds.Series("larder", "x/s", [9, 1, 8, 7, 100]), rounds.Series("peer", "x/s", [10, 10, 11, 1, 99])
        self.assertAlmostEqual(rounds.Ratio("r", ours, peer, 0.8).value, 0.8)
        self.assertTrue(rounds.Ratio("r", ours, peer, 0.8).holds)
        self.assertFalse(rounds.Ratio("r", ours, peer, 0.81).holds)
        self.assertFalse(rounds.Ratio("r", ours, peer, 0.79, at_most=True).holds)

    def test_results_are_written_only_of_enough_rounds_and_the_chart_is_xml(self):
        with tempfile.TemporaryDirectory() as folder:
            kept, rounds.RESULTS = rounds.RESULTS, pathlib.Path(folder)
            try:
                rounds.write("few", "Few", [rounds.Series("larder", "x/s", [1, 2])])
                self.assertEqual(list(pathlib.Path(folder).iterdir()), [])
                rounds.write("enough", "A & B", [rounds.Series("larder <1>", "x/s", [1, 2, 3, 4, 5])])
                self.assertEqual(sorted(p.suffix for p in pathlib.Path(folder).iterdir()), [".json", ".md", ".svg"])
                xml.etree.ElementTree.parse(pathlib.Path(folder) / "enough.svg")
                self.assertEqual(json.loads((pathlib.Path(folder) / "enough.json").read_text())["series"][0]["median"], 3)
            finally:
                rounds.RESULTS = kept


class PretendRedis:
    """Speaks as much of Redis as the load needs; hangs up after `answers` answers, when given."""

    def __init__(self, answers=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.limit, self.ids = answers, []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(line,), daemon=True).start()

    def talk(self, line):
        with line, line.makefile("rb") as words:
            while head := words.readline():
                command = []
                for _ in range(int(head[1:])):
                    length = int(words.readline()[1:])
                    command.append(words.read(length + 2)[:-2].decode())
                if command[0] == "SCRIPT":
                    line.sendall(b"$40\r\n" + b"a" * 40 + b"\r\n")
                    continue
                if self.limit is not None and len(self.ids) >= self.limit:
                    return
                self.ids.append(command[4])
                line.sendall(b":1\r\n")


def load(*options):
    return subprocess.run([LOAD, "reserve", "--server", "redis", "--run", "t", "--warm-up", "0", *map(str, options)], capture_output=True,
                          text=True, timeout=60)


class Load(unittest.TestCase):
    def test_the_load_counts_what_was_acknowledged_and_no_id_twice(self):
        server = PretendRedis()
        done = load("--port", server.port, "--connections", 5, "--seconds", 0.3)
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(done.stdout)
        self.assertEqual(found["accepted"], len(server.ids))
        self.assertEqual(len(set(server.ids)), len(server.ids))
        self.assertGreaterEqual(found["accepted"], 5)
        self.assertEqual(found["unanswered"], 0)

    def test_a_pace_is_kept(self):
        server = PretendRedis()
        done = load("--port", server.port, "--connections", 4, "--seconds", 1, "--rate", 100)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual(len(server.ids), 101)
        self.assertGreaterEqual(len(server.ids), 50)

    def test_a_server_that_hangs_up_voids_the_run(self):
        server = PretendRedis(answers=10)
        done = load("--port", server.port, "--connections", 2, "--seconds", 5)
        self.assertEqual(done.returncode, 1)
        self.assertIn("hung up", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_a_wrong_command_line_is_said(self):
        self.assertEqual(load("--port", "none").returncode, 64)


if __name__ == "__main__":
    unittest.main(verbosity=1)
