"""The books of a hub and of the relay, row by row: every event, order and movement once, in order, the same on both sides."""
import atexit
import hashlib
import json
import pathlib
import shutil
import sqlite3
import struct
import tempfile

KINDS = {"lock": "reserve", "out": "deduct", "unlock": "release", "return": "restock", "count": "adjust", "mark": "adjust", "limit": "adjust"}
ENDS = {"order.cancelled": "cancelled", "order.voided": "voided", "order.served": "served"}


def copied(folder, pattern):
    """Opened copies of the SQLite files (with their logs): what is compared stays untouched. The owner must have stopped."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="larder-books."))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    opened = []
    for file in sorted(pathlib.Path(folder).glob(pattern)):
        for part in file.parent.glob(file.name + "*"):
            shutil.copy(part, home / part.name)
        opened.append(sqlite3.connect(home / file.name))
    return opened


def chained(before, epoch, seq, text):
    return hashlib.sha256(before + struct.pack("<IQ", epoch, seq) + text).digest()


def as_bytes(value):
    return value.encode() if isinstance(value, str) else bytes(value)


def hub_events(hub_data):
    """[(epoch, seq, hash, bytes)] of a hub that has stopped."""
    (store,) = copied(hub_data, "*.larder")
    return [(epoch, seq, bytes(digest), as_bytes(data))
            for seq, epoch, digest, data in store.execute("SELECT seq, epoch, hash, data FROM events ORDER BY seq")]


class Told:
    """What a journal says of orders and movements, by rules of its own: nothing here is shared with the relay's code."""

    def __init__(self, events):
        self.orders, self.movements = {}, []
        for epoch, seq, _, data in events:
            event = json.loads(data)
            name, body = event["event"], event["body"]
            if name == "order.placed":
                order = body["order"]
                self.orders[order["order"]] = [order["day"], order["number"], order["total"], bool(order["paid"]), None]
            elif name == "order.paid":
                self.orders[body["order"]][3] = True
            elif name in ENDS:
                self.orders[body["order"]][4] = ENDS[name]
            moved = body.get("movements") or ([body["movement"]] if name == "stock.changed" else [])
            for index, movement in enumerate(moved):
                before, after = movement["before"], movement["after"]
                self.movements.append((seq, epoch, index, after["sku"], KINDS[movement["kind"]],
                                       tenths(after["available"]) - tenths(before["available"]), tenths(after["held"]) - tenths(before["held"]),
                                       tenths(after["available"]), tenths(after["held"])))


def tenths(number):
    return round(number * 10)


class RelayBooks:
    """The relay's shards after it has stopped."""

    def __init__(self, relay_data):
        self.databases = copied(relay_data, "**/jiaoyi_product_*.db")
        if not self.databases:
            raise RuntimeError(f"no shard files under {relay_data}")

    def rows(self, table, columns, store, order):
        """From wherever the store is; a store in two places is found twice, and so a difference."""
        found = []
        for database in self.databases:
            for suffix in range(4):
                found += database.execute(f"SELECT {columns} FROM {table}_{suffix} WHERE store_id = ? ORDER BY {order}", (store,)).fetchall()
        return found

    def differences(self, store, events):
        yield from self.event_differences(store, events)
        told = Told(events)
        yield from self.order_differences(store, told)
        yield from self.movement_differences(store, told)
        yield from self.mark_differences(store, events)

    def event_differences(self, store, events):
        here = [(epoch, seq, bytes(digest), as_bytes(data))
                for epoch, seq, digest, data in self.rows("store_events", "epoch, seq, hash, data", store, "seq, epoch")]
        before = bytes(32)
        for epoch, seq, digest, data in here:
            before = chained(before, epoch, seq, data)
            if before != digest:
                yield f"{store}: event {seq} breaks the chain in the relay's copy"
                before = digest
        yield from pairs(f"{store}: event", {e[1]: e for e in events}, here, lambda e: e[1])

    def order_differences(self, store, told):
        rows = self.rows("store_orders", "order_id, day, number, total_minor, is_paid, state", store, "placed_seq")
        expected = {order: (order, *fields[:4], fields[4]) for order, fields in told.orders.items()}
        found = [(order, day, number, total, bool(paid), state if state in ENDS.values() else None)
                 for order, day, number, total, paid, state in rows]
        yield from pairs(f"{store}: order", expected, found, lambda o: o[0])
        if sum(o[3] for o in found) != sum(fields[2] for fields in told.orders.values()):
            yield f"{store}: the totals of all orders differ"

    def movement_differences(self, store, told):
        found = self.rows("inventory_transactions",
                          "seq, epoch, line, sku_id, transaction_type, delta_available, delta_reserved, available_after, reserved_after",
                          store, "seq, epoch, line")
        yield from pairs(f"{store}: movement", {m[:3]: m for m in told.movements}, found, lambda m: m[:3])

    def mark_differences(self, store, events):
        marks = [row for database in self.databases
                 for row in database.execute("SELECT epoch, up_to, hash, is_frozen FROM store_stream WHERE store_id = ?", (store,))]
        last = events[-1]
        if [(e, s, bytes(h), f) for e, s, h, f in marks] != [(last[0], last[1], last[2], 0)]:
            yield f"{store}: the stream's mark is {[m[:2] for m in marks]} instead of {last[:2]}"

    def outbox(self):
        """{status: rows} over all databases, and biz_keys that stand there twice."""
        counts, keys = {}, {}
        for database in self.databases:
            for status, key in database.execute("SELECT status, biz_key FROM outbox"):
                counts[status] = counts.get(status, 0) + 1
                keys[key] = keys.get(key, 0) + 1
        return counts, [key for key, times in keys.items() if times > 1]


def pairs(what, expected, found, key_of):
    """Missing, doubled, unlike, out of order, or not ours."""
    seen, last = set(), None
    for row in found:
        key = key_of(row)
        if key in seen:
            yield f"{what} {key} is there twice"
        elif key not in expected:
            yield f"{what} {key} is there, but the hub does not have it"
        elif expected[key] != row:
            yield f"{what} {key} differs: {short(row)} instead of {short(expected[key])}"
        if last is not None and not isinstance(key, str) and key < last:
            yield f"{what} {key} is out of order"
        seen.add(key)
        last = key
    for key in expected:
        if key not in seen:
            yield f"{what} {key} is missing"


def short(row):
    return str(row)[:160]


def compare(hubs, relay):
    """All differences between stopped hubs and a stopped relay, and how much was compared."""
    books = RelayBooks(relay.data)
    differences, counts = [], {"events": 0, "orders": 0, "movements": 0}
    for hub in hubs:
        events = hub_events(hub.data)
        told = Told(events)
        counts["events"] += len(events)
        counts["orders"] += len(told.orders)
        counts["movements"] += len(told.movements)
        differences += books.differences(hub.store, events)
    _, doubled = books.outbox()
    differences += [f"outbox message {key} is there twice" for key in doubled]
    return differences, counts
