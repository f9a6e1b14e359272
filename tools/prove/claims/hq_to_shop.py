"""Claim `hq-to-shop`: HQ's API says sold out, and available again: until every screen of the store has the frame, and until the ack is back at HQ."""
import json
import subprocess
import time

from cloud import PROGRAMS, Broker, CloudHub, Relay
from estate import skus_of
from parts import ROOT, build, wait_for

ROUNDS, SCREENS = 200, 20
GOAL_SCREENS_MS, GOAL_ACK_MS = 500.0, 1000.0


def p99(values):
    return sorted(values)[int(0.99 * (len(values) - 1))]


def prove(soak=False):
    build("release", *PROGRAMS)
    menu = ROOT / "web/sample/menu.json"
    skus = skus_of(menu)
    shown, acked = [], []
    with Broker() as broker, Relay(broker) as relay, CloudHub(broker, "shop-1") as hub:
        broker.start()
        relay.start()
        hub.start()
        hub.ctl("menu", "import", menu)
        hub.wait_until_sent(30)
        token = relay.token_for("prove", "BUSINESS")
        screens = subprocess.Popen([str(w) for w in hub.replay_command("stock-watch", "--screens", SCREENS)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        wait_for(lambda: screens.stdout.readline().strip() == "ready", 30, "the screens")
        for number in range(ROUNDS):
            word = {"verb": "stock.mark", "args": {"sku": skus[number % len(skus)],
                                                   "status": "sold_out" if (number // len(skus)) % 2 == 0 else "available"}}
            began = time.monotonic_ns()
            status, text = relay.ask("POST", "/api/v1/hq/stores/shop-1/words?wait=applied", word, token)
            acked.append((time.monotonic_ns() - began) / 1e6)
            answer = json.loads(text)
            if status != 200 or answer["data"]["state"] != "applied":
                raise RuntimeError(f"round {number}: {status} {text[:300]}")
            seen = json.loads(screens.stdout.readline())
            if seen["sku"] != word["args"]["sku"] or seen["status"] != word["args"]["status"]:
                raise RuntimeError(f"round {number}: the screens show {seen} instead of {word}")
            shown.append((seen["all_have_it_ns"] - began) / 1e6)
        screens.communicate(timeout=30)
    return (f"p99 {p99(shown):.1f} ms until all {SCREENS} screens have it, {p99(acked):.1f} ms until the ack is back at HQ "
            f"(p50 {sorted(shown)[ROUNDS // 2]:.1f} and {sorted(acked)[ROUNDS // 2]:.1f} ms, {ROUNDS} rounds)"), \
        p99(shown) < GOAL_SCREENS_MS and p99(acked) < GOAL_ACK_MS
