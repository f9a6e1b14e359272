#!/usr/bin/env python3
"""The stranger's kiosk against the real hub. Prints one line per check and `clients: N passed, N failed`."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools/prove"), str(pathlib.Path(__file__).resolve().parent)]

import parts  # noqa: E402
import python_kiosk  # noqa: E402


def refused(hub, token):
    try:
        python_kiosk.Hub("127.0.0.1", hub.port, token)
    except PermissionError as error:
        return str(error)
    return "let in"


def main():
    parts.build("release", "larder-edge", "larderctl")
    checks = []
    with parts.Hub() as hub:
        hub.start()
        hub.ctl("menu", "import", ROOT / "web/sample/menu.json")
        token = hub.mint("stranger", "kiosk")
        kiosk = python_kiosk.Hub("127.0.0.1", hub.port, token)
        first, again, expected = python_kiosk.order_two(kiosk)
        checks += [
            ("welcomed as a kiosk", kiosk.welcome["role"] == "kiosk"),
            ("the order is taken", first["ok"]),
            ("the hub's total is the kiosk's", first["ok"] and first["result"]["total"] == expected),
            ("the same id gets the same answer", first == again),
        ]
        order = first["result"]["order"]
        got = kiosk.ask({"type": "query", "id": "g", "verb": "order.get", "args": {"order": order}})
        checks.append(("its order can be read back", got["ok"] and got["result"]["order"]["total"] == expected))
        sold = got["result"]["order"]["lines"][0]
        line = {"sku": sold["sku"], "quantity": 1,
                "options": [{"group": o["group"], "option": o["option"]} for o in sold["options"]],
                "parts": [{"part": p["part"], "sku": p["sku"]} for p in sold["parts"]]}
        wrong = kiosk.command("order.place", {"service": "takeaway", "expected_total": 1, "lines": [line]})
        checks.append(("a wrong price is refused", wrong["ok"] is False and wrong["error"]["code"] == "price_changed"))
        checks.append(("no staff verb is reachable",
                       kiosk.command("order.void", {"order": order, "reason": "x"})["error"]["code"] == "forbidden"))
        checks.append(("a guessed token is refused", refused(hub, "guess") == "unauthorized"))
        hub.kill()
        hub.start()
        kiosk = python_kiosk.Hub("127.0.0.1", hub.port, token)
        got = kiosk.ask({"type": "query", "id": "g", "verb": "order.get", "args": {"order": order}})
        checks.append(("after kill -9 the order is there", got["ok"] and got["result"]["order"]["state"] == "accepted"))
    for what, good in checks:
        print(f"{'ok  ' if good else 'FAIL'} {what}")
    failed = sum(not good for _, good in checks)
    print(f"clients: {len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
