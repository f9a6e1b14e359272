"""Claim `statement`: one event altered in the relay's copy, one missing, one doubled: the day's statement names each of them."""
import contextlib
import json
import sqlite3

from cloud import PROGRAMS
from estate import Estate
from parts import ROOT, build, wait_for

STORE = "shop-1"


def in_books(relay, change):
    """Runs `change(database, suffix)` where the store's rows are; the relay has stopped."""
    for file in sorted(relay.data.rglob("jiaoyi_product_*.db")):
        with contextlib.closing(sqlite3.connect(file)) as database:
            for suffix in range(4):
                if database.execute(f"SELECT 1 FROM store_events_{suffix} WHERE store_id = ? LIMIT 1", (STORE,)).fetchone():
                    change(database, suffix)
                    database.commit()
                    return
    raise RuntimeError("the store is in no shard")


def some_order(database, suffix):
    """seq of an event in the middle of the day that placed an order."""
    rows = database.execute(f"SELECT placed_seq, order_id FROM store_orders_{suffix} WHERE store_id = ? ORDER BY placed_seq", (STORE,)).fetchall()
    return rows[len(rows) // 2]


def altered(database, suffix):
    seq, _ = some_order(database, suffix)
    (data,) = database.execute(f"SELECT data FROM store_events_{suffix} WHERE store_id = ? AND seq = ?", (STORE, seq)).fetchone()
    event = json.loads(data)
    event["body"]["order"]["total"] += 1
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    database.execute(f"UPDATE store_events_{suffix} SET data = ? WHERE store_id = ? AND seq = ?", (text.encode(), STORE, seq))
    return seq


def missing(database, suffix):
    seq, _ = some_order(database, suffix)
    database.execute(f"DELETE FROM store_events_{suffix} WHERE store_id = ? AND seq = ?", (STORE, seq))
    return seq


def doubled(database, suffix):
    """The same order written twice: its event's row and the order's row once more, under the next epoch's and another order's name."""
    seq, order = some_order(database, suffix)
    columns = [row[1] for row in database.execute(f"PRAGMA table_info(store_orders_{suffix})")]
    named = ", ".join("order_id || '-again'" if c == "order_id" else c for c in columns)
    database.execute(f"INSERT INTO store_orders_{suffix} ({', '.join(columns)}) SELECT {named} FROM store_orders_{suffix} "
                     "WHERE store_id = ? AND order_id = ?", (STORE, order))
    return seq


def statement(relay, token, day):
    status, text = relay.ask("GET", f"/api/v1/hq/stores/{STORE}/statement?day={day}", token=token, timeout=40)
    if status != 200:
        raise RuntimeError(f"statement: {status} {text[:300]}")
    return json.loads(text)["data"]


def one_wrong(change):
    """(named, what the statement says) after a day on which `change` was made to the relay's copy."""
    with Estate(1) as estate:
        estate.start(ROOT / "web/sample/menu.json")
        hub, relay = estate.hubs[0], estate.relay
        hub.replay("latency", "--rate", 40, "--seconds", 3, "--screens", 1, "--finish")
        hub.wait_until_sent(60)
        day = hub.ctl("orders", "list", "--all")["orders"][0]["day"]
        token = relay.token_for("prove", "USER")
        whole = statement(relay, token, day)
        if not whole["equal"]:
            raise RuntimeError(f"the books differ before anything was changed: {whole}")
        relay.stop()
        touched = []
        in_books(relay, lambda database, suffix: touched.append(change(database, suffix)))
        relay.start()
        wait_for(lambda: json.loads(relay.ask("GET", f"/api/v1/hq/stores/{STORE}", token=token)[1])["data"]["store"]["live"], 60, "the store's link")
        found = statement(relay, token, day)
        words = " ".join(found.get("differences") or [])
        return not found["equal"] and str(touched[0]) in words + str(found.get("first_bad")), touched[0], found


def prove(soak=False):
    build("release", *PROGRAMS)
    named = 0
    for change in (altered, missing, doubled):
        is_named, seq, found = one_wrong(change)
        print(f"{change.__name__}: event {seq}: {json.dumps(found)[:400]}", flush=True)
        named += is_named
    return f"{named} of 3 named (an event altered, one missing, an order doubled in the relay's copy)", named == 3
