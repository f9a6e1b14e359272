"""The books after a run. A run whose books do not add up is void: its figure is thrown away and the claim does not hold."""
import json


class Void(Exception):
    """The run counts for nothing."""


def tenths(quantity):
    return round(quantity * 10)


def read_books(events):
    """What a hub's journal (an iterable of event texts) says was held, sold and drawn, in tenths, and by how many commands."""
    holds, levels, initial, commands = {}, {}, {}, 0
    for text in events:
        event = json.loads(text)
        body = event["body"]
        if event["event"] == "stock.changed":
            movements = [body["movement"]]
        else:
            movements = body.get("movements", [])
        for movement in movements:
            before, after = movement["before"], movement["after"]
            sku = after["sku"]
            if sku in levels and levels[sku] != before:
                raise Void(f"{sku} was at {levels[sku]}, and the next movement begins at {before}")
            levels[sku] = after
            if movement["kind"] in ("limit", "count"):
                initial[sku] = tenths(after["available"]) + tenths(after["held"])
        if event["event"] == "hold.locked":
            hold = body["hold"]
            if hold["hold"] in holds:
                raise Void(f"hold {hold['hold']} is locked twice")
            holds[hold["hold"]] = sum(tenths(need["quantity"]) for need in hold["demand"])
            commands += 1
        elif event["event"] in ("hold.released", "hold.confirmed"):
            if holds.pop(body["hold"], None) is None:
                raise Void(f"hold {body['hold']} ends, and was not open")
    drawn = sum(initial.get(sku, 0) - tenths(level["available"]) for sku, level in levels.items() if sku in initial)
    return {"held": sum(holds.values()), "drawn": drawn, "commands": commands}


def balance(server, books, accepted):
    """Void unless the units held are the units drawn, and every acknowledged command is in the books, once."""
    if books["held"] != books["drawn"]:
        raise Void(f"{server}: {books['held']} held, {books['drawn']} drawn from stock")
    reserved = books.get("commands", books["held"])
    if reserved != accepted:
        raise Void(f"{server}: {accepted} reserves were acknowledged, the books have {reserved}")


def answered(server, load):
    """Void when the load itself was not answered."""
    if load["unanswered"] or load["refused"]:
        raise Void(f"{server}: {load['unanswered']} commands without an answer, {load['refused']} refused")
    if load["accepted"] == 0:
        raise Void(f"{server}: nothing was reserved")
