"""Claim `eighty-six`: a till's 86: until 50 screens of the LAN have it, until the relay's answer to an online client says sold out, and who has not shown it when two screens stand still."""
import http.client
import json
import threading
import time

from cloud import PROGRAMS, Broker, CloudHub, Relay
from estate import skus_of
from parts import ROOT, build, wait_for
from sold_out import Watch

ROUNDS, SCREENS, STILL = 200, 50, 2
GOAL_LAN_MS, GOAL_ONLINE_MS = 50.0, 500.0


def p99(values):
    return sorted(values)[int(0.99 * (len(values) - 1))]


class Online:
    """A client of the relay that asks again as soon as it is answered, on one connection."""

    def __init__(self, relay, token, store):
        self.connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=15)
        self.headers = {"Authorization": f"Bearer {token}"}
        self.store = store

    def says(self, sku):
        self.connection.request("GET", f"/inventory/{sku}?warehouseId={self.store}", headers=self.headers)
        answer = self.connection.getresponse()
        body = json.loads(answer.read())
        if answer.status == 404:
            return "available"  # never counted, limited or marked
        if answer.status != 200:
            raise RuntimeError(f"the relay answered {answer.status}: {body}")
        return "sold_out" if body["data"]["stockStatus"] == SOLD_OUT else "available"

    def until(self, sku, status, found):
        """Into `found`: when the answer that says so was read, ns."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.says(sku) == status:
                found.append(time.monotonic_ns())
                return
            time.sleep(0.002)


SOLD_OUT = 2  # of `stockStatus`, section 2 of the contract


def marks(watch, online, skus):
    """(until each screen has it, until the last has it, until the relay's answer says so), ms, of every mark."""
    each, last, answered = [], [], []
    for number in range(ROUNDS):
        sku = skus[number % len(skus)]
        status = "sold_out" if (number // len(skus)) % 2 == 0 else "available"
        found = []
        asking = threading.Thread(target=online.until, args=(sku, status, found))
        asking.start()
        mark = watch.ask(f"{sku} {status}")
        asking.join()
        if not found:
            raise RuntimeError(f"round {number}: the relay never said {status} of {sku}")
        each += mark["arrivals_ms"]
        last.append(max(mark["arrivals_ms"]))
        if status == "sold_out":
            answered.append((found[0] - mark["sent_ns"]) / 1e6)
    return each, last, answered


def names(watch, still, sku):
    """Whether exactly the two that stand still are named: frozen, awake again, killed."""
    two = [f"still-screen-{n}" for n in range(1, STILL + 1)]
    said = []

    def named(state, mark):
        if mark:
            watch.ask(f"{sku} {mark}")
        expected = [(device, state) for device in two] if state else []
        wait_for(lambda: watch.unseen(sku) == expected, 10, f"exactly {expected} named, not {watch.unseen(sku)}")
        said.append(state or "nobody")

    named("", "sold_out")
    still.freeze()
    named("waiting", "available")
    named("waiting", "sold_out")
    still.thaw()
    named("", None)
    still.kill()
    named("away", "available")
    return said == ["nobody", "waiting", "waiting", "nobody", "away"]


def prove(soak=False):
    build("release", *PROGRAMS)
    menu = ROOT / "web/sample/menu.json"
    skus = skus_of(menu)[:25]
    with Broker() as broker, Relay(broker) as relay, CloudHub(broker, "shop-1") as hub:
        broker.start()
        relay.start()
        hub.start()
        hub.ctl("menu", "import", menu)
        hub.wait_until_sent(30)
        watch = Watch(hub, "wall", SCREENS)
        try:
            each, last, answered = marks(watch, Online(relay, relay.token_for("prove", "BUSINESS"), "shop-1"), skus)
            still = Watch(hub, "still", STILL)
            try:
                are_named = names(watch, still, skus[0])
            finally:
                still.thaw()
                still.kill()
            watch.stop()
        finally:
            watch.kill()
    return (f"p99 {p99(last):.1f} ms until the last of {SCREENS} screens has it (of all {len(each):,} arrivals {p99(each):.1f} ms), "
            f"{p99(answered):.1f} ms until the relay's answer says sold out (p50 {sorted(last)[len(last) // 2]:.1f} and "
            f"{sorted(answered)[len(answered) // 2]:.1f} ms, {ROUNDS} rounds); of {SCREENS + STILL} screens the {STILL} that stand still, and "
            f"then are killed, are {'exactly those named' if are_named else 'NOT the ones named'}"), \
        p99(last) < GOAL_LAN_MS and p99(answered) < GOAL_ONLINE_MS and are_named
