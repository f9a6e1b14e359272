"""Claim `no-oversell`: hub and relay sell the same dishes on four channels while the link between them is cut and healed at random 200 times;
what was acknowledged as sold, by everybody together, is never more than what was there."""
import collections
import contextlib
import json
import random
import signal
import sys
import threading
import time
import uuid

from cloud import PROGRAMS, Broker, CloudHub, Relay
from parts import ROOT, build, wait_for

sys.path.insert(0, str(ROOT / "tests" / "clients"))
sys.path.insert(0, str(ROOT / "bench"))
import peers  # noqa: E402
import python_kiosk  # noqa: E402

STORE, SKUS, STOCK, RESTOCKS = "scarce", 12, 120, 6
CUTS = 200
# Who sells: at the hub the till and kiosks, at the relay the own site and a third party.
TILLS, KIOSKS, ONLINE, THIRD = 1, 3, 3, 2


class Sales:
    """What was acknowledged as sold, by SKU and by channel."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sold = collections.Counter()
        self.by_channel = collections.Counter()
        self.refused = collections.Counter()

    def note(self, channel, sku, units, is_sold):
        with self.lock:
            self.by_channel[channel] += units if is_sold else 0
            self.refused[channel] += 0 if is_sold else 1
            self.sold[sku] += units if is_sold else 0


def sell_here(hub, token, channel, sales, stop, seed):
    """A till or a kiosk: one dish after the other, paid by card."""
    dice = random.Random(seed)
    client = python_kiosk.Hub("127.0.0.1", hub.port, token, timeout=30)
    while not stop.is_set():
        sku, units = f"s{dice.randrange(SKUS)}", dice.choice((1, 1, 1, 2))
        order = {"service": "takeaway", "lines": [{"sku": sku, "quantity": units}],
                 "payment": {"tender": "card", "amount": units * hub.price, "reference": "sim"}}
        sales.note(channel, sku, units, client.command("order.place", order, str(uuid.uuid4()))["ok"])
        time.sleep(0.02)  # its own pace
    client.close()


def sell_afar(relay, token, channel, sales, stop, seed):
    """The own site or a third party: lock, then confirm; now and then a guest walks away."""
    dice = random.Random(seed)
    while not stop.is_set():
        sku, units, order = f"s{dice.randrange(SKUS)}", dice.choice((1, 1, 1, 2)), uuid.uuid4().hex
        wish = {"orderNo": order, "skuId": sku, "warehouseId": STORE, "qty": units, "channelCode": channel}
        status, _ = relay.ask("POST", "/inventory/reserve", wish, token=token)
        if status != 200:
            sales.note(channel, sku, units, False)
            continue
        end = "release" if dice.random() < 0.15 else "confirm"
        status, text = relay.ask("POST", f"/inventory/reservations/{end}?orderNo={order}&warehouseId={STORE}", token=token)
        if status != 200:
            raise RuntimeError(f"{end} of {order}: {status} {text[:300]}")
        sales.note(channel, sku, units, end == "confirm")


def cut_and_heal(broker, dice):
    """A cable that is pulled (nothing arrives, nothing is refused), or a broker that is gone and comes back."""
    if dice.random() < 0.8:
        broker.process.send_signal(signal.SIGSTOP)
        time.sleep(dice.uniform(0.02, 0.5))  # how long it is cut
        broker.process.send_signal(signal.SIGCONT)
    else:
        broker.kill()
        time.sleep(dice.uniform(0.02, 0.3))
        broker.start()
    time.sleep(dice.uniform(0.05, 0.6))  # how long it holds


def admin_of(hub):
    """A connection of its own for each look: one that is silent between two of them would be cut."""
    return contextlib.closing(python_kiosk.Hub("127.0.0.1", hub.port, hub.token_file.read_text().strip(), timeout=30))


def look(admin):
    """(the levels by SKU, the sequence number they are of)"""
    reply = admin.ask({"type": "query", "id": str(uuid.uuid4()), "verb": "stock.list", "args": {}})
    return {level["sku"]: level for level in reply["result"]["stock"]}, reply["seq"]


def cook_more(hub, there):
    """A count of what is on the shelf and 20 more; it is refused when the SKU moved since the look, and nothing is cooked then."""
    with admin_of(hub) as admin:
        levels, seq = look(admin)
        for sku, level in levels.items():
            found = level["available"] + level.get("leased", 0) - level.get("owed", 0) + 20
            if admin.command("stock.count", {"sku": sku, "available": round(found, 1), "based_on": seq})["ok"]:
                there[sku] += 20


def audit(hub, sales, there):
    """Units sold above what was there. The books must come to the same, to the unit, once everything is told."""
    def differences():
        with admin_of(hub) as admin:
            levels, _ = look(admin)
        return {sku: (units - sales.sold[sku], level) for sku, units in there.items() for level in [levels[sku]]
                if level["available"] + level["held"] + level.get("leased", 0) - level.get("owed", 0) != units - sales.sold[sku]}
    try:
        wait_for(lambda: not differences(), 60, "books that are equal to what was sold")
    except TimeoutError:
        for sku, (left, level) in differences().items():
            print(f"{sku}: {left} should be left, the books say {level}", flush=True)
        raise
    return sum(max(0, sales.sold[sku] - units) for sku, units in there.items())


def compared(relay):
    """The relay's rows held against the hub's own levels: a sentence, and whether they are the same."""
    admin = relay.token_for("office", "ADMIN")
    status, text = relay.ask("POST", f"/api/v1/hq/stores/{STORE}/reconcile", token=admin, timeout=30)
    if status != 200:
        return f"not compared: {status} {text[:200]}", False
    found = json.loads(text)["data"]
    for each in found["differences"]:
        print(f"{each['sku']}: {each['what']} {each['cause']}", flush=True)
    return (f"{found['skus']} SKUs compared at event {found['seq']}, {len(found['differences'])} differ {found['unanswered']}",
            found["is_equal"] and found["skus"] >= SKUS)


def prove(soak=False):
    build("release", *PROGRAMS)
    seed = random.SystemRandom().randrange(1 << 32)
    dice = random.Random(seed)
    print(f"seed {seed}", flush=True)
    sales, stop, failures = Sales(), threading.Event(), []
    with Broker() as broker, Relay(broker) as relay, CloudHub(broker, STORE) as hub:
        broker.start()
        relay.start()
        hub.start()
        menu = peers.menu_of(SKUS)
        hub.price = menu["items"][0]["skus"][0]["price"]
        (hub.home / "menu.json").write_text(json.dumps(menu))
        hub.ctl("menu", "import", hub.home / "menu.json")
        for n in range(SKUS):
            hub.ctl("stock", "limit", f"s{n}", STOCK)
        hub.wait_until_sent(60)
        token = relay.token_for("site", "BUSINESS")
        there = collections.Counter({f"s{n}": STOCK for n in range(SKUS)})

        def worker(work, *args):
            def run():
                try:
                    work(*args)
                except Exception as failed:  # noqa: BLE001  what a thread dies of is the claim's to tell
                    failures.append(repr(failed))
            return threading.Thread(target=run, daemon=True)

        threads = [worker(sell_here, hub, hub.mint(f"till-{n}", "till"), "POS", sales, stop, seed + n) for n in range(TILLS)]
        threads += [worker(sell_here, hub, hub.mint(f"kiosk-{n}", "kiosk"), "KIOSK", sales, stop, seed + 10 + n) for n in range(KIOSKS)]
        threads += [worker(sell_afar, relay, token, "ONLINE_ORDER", sales, stop, seed + 20 + n) for n in range(ONLINE)]
        threads += [worker(sell_afar, relay, token, "GRAB", sales, stop, seed + 30 + n) for n in range(THIRD)]
        for thread in threads:
            thread.start()
        for cut in range(CUTS):
            cut_and_heal(broker, dice)
            if cut % (CUTS // RESTOCKS) == 0 and cut > 0:
                cook_more(hub, there)
        stop.set()
        for thread in threads:
            thread.join(60)
        hub.wait_until_sent(120)
        oversold = audit(hub, sales, there)
        sentence, is_same = compared(relay)
    told = ", ".join(f"{channel} {units}" for channel, units in sorted(sales.by_channel.items()))
    print(f"sold: {told}; refused: {sum(sales.refused.values())}; {failures}", flush=True)
    print(sentence, flush=True)
    return (f"{oversold} oversold of {sum(sales.sold.values())} units on four channels, the link cut {CUTS} times",
            oversold == 0 and is_same and not failures and all(sales.by_channel[c] > 0 for c in ("POS", "KIOSK", "ONLINE_ORDER", "GRAB")))
