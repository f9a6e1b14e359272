"""A relay that holds rights: a real hub with one limited SKU, and a lease of it that is large enough to sell from."""
import contextlib
import json
import sys

from cloud import Broker, CloudHub, Relay
from parts import ROOT, wait_for

sys.path.insert(0, str(ROOT / "bench"))
import peers  # noqa: E402

STORE, SKU, CHUNK = "hot", "s0", 5_000  # of one order; the relay asks for no more at once


class LeasedRelay:
    """What bench/loads.py asks of a server: a name, a port, tokens."""

    def __init__(self, relay, hub, name="relay"):
        self.relay, self.hub, self.name, self.accepted = relay, hub, name, 0
        self.port = relay.port
        self.token = relay.token_for("bench", "BUSINESS")
        self.tokens = relay.home / "tokens"
        self.tokens.write_text(f"{self.token} {STORE}\n" * 64)
        self.orders = 0

    def ask(self, method, path, body=None):
        status, text = self.relay.ask(method, path, body, token=self.token)
        return status, json.loads(text) if text.startswith("{") else {}

    def fill(self, units):
        """Holds orders until the relay was granted so much, then lets them go: the units are idle there."""
        held = []
        while len(held) * CHUNK < units:
            self.orders += 1
            order = f"fill-{self.orders}"
            wish = {"orderNo": order, "warehouseId": STORE, "skuId": SKU, "qty": CHUNK}
            wait_for(lambda: self.ask("POST", "/inventory/reserve", wish)[0] == 200, 60, f"a lease for {order}")
            held.append(order)
        for order in held:
            status, _ = self.ask("POST", f"/inventory/reservations/release?orderNo={order}&warehouseId={STORE}")
            assert status == 200, status

    def record(self):
        return self.ask("GET", f"/inventory/{SKU}?warehouseId={STORE}")[1]["data"]


@contextlib.contextmanager
def leased_relay(units):
    """`units` in the shop, all of them set aside for online orders."""
    with Broker() as broker, Relay(broker) as relay, CloudHub(broker, STORE) as hub:
        broker.start()
        relay.inside = []
        relay.start()
        hub.start()
        menu = hub.home / "menu.json"
        menu.write_text(json.dumps(peers.menu_of(1)))
        hub.ctl("menu", "import", menu)
        hub.ctl("stock", "limit", SKU, units)
        server = LeasedRelay(relay, hub)
        wish = {"poiId": STORE, "object_id": SKU, "channel_stocks": [{"channel_code": "ONLINE_ORDER", "channel_quota": units}]}
        wait_for(lambda: server.ask("PUT", "/api/v1/poi/stock?wait=applied", wish)[0] == 200, 30, "the shop's quota")
        yield server
