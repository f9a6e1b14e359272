#!/usr/bin/env python3
"""The first inputs of the fuzzers, made from the golden bytes of the protocol, the sample menu and the printed configs.

  seeds.py    writes tests/fuzz/corpus/NAME (those of `snapshot` are books that a test of the core wrote out)

What a fuzzer found is kept beside them under a name of its own; this script leaves that alone.
"""
import json
import pathlib
import re
import struct

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests/protocol/golden"
CORPUS = ROOT / "tests/fuzz/corpus"


def write(fuzzer, name, data):
    folder = CORPUS / fuzzer
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def text_of(path):
    return path.read_text().removesuffix("\n")


def commands_and_queries():
    for part in ("commands", "queries"):
        for folder in sorted((GOLDEN / part).iterdir()):
            for path in sorted(folder.glob("good.*.json")):
                if path.name != "good.minimal.json":
                    write("command", f"{folder.name}.{path.name.split('.')[1]}", f"{folder.name} {text_of(path)}")


def messages():
    for path in sorted((GOLDEN / "messages/client").glob("good.*.json")):
        write("message", path.name.split(".")[1], text_of(path))
    hub = GOLDEN / "messages/hub"

    def said(name):
        return text_of(hub / f"good.{name}.json")
    welcome = [said("hello"), said("welcome")]
    menu = json.dumps({**json.loads(said("snapshot-menu")), "id": "s1"}, separators=(",", ":"))
    orders = json.dumps({**json.loads(said("snapshot-orders")), "id": "s2"}, separators=(",", ":"))
    reply = json.dumps({**json.loads(said("reply")), "id": "c1"}, separators=(",", ":"))
    later = json.dumps({**json.loads(said("refusal-later")), "id": "c2"}, separators=(",", ":"))
    write("replies", "a-day", "\n".join([*welcome, menu, orders, said("events"), reply, said("heartbeat"), later, "~", said("pong")]))
    write("replies", "lost-and-back", "\n".join([*welcome, menu, "!1001", "~", *welcome, said("resumed"), said("events")]))
    write("replies", "revoked", "\n".join([*welcome, "!4403"]))
    write("replies", "turned-away", "\n".join([said("hello"), said("error")]))
    write("replies", "full", "\n".join([*welcome, said("heartbeat-full"), said("staff"), said("heartbeat-cloud")]))


def command(screen, number, verb, **args):
    return screen + json.dumps({"type": "command", "id": f"c{number}", "verb": verb, "args": args}, separators=(",", ":"))


def hub_scripts():
    soup = {"sku": "soup", "quantity": 2, "options": [{"group": "bread", "option": "rye"}], "note": "hot"}
    cake = {"sku": "cake", "quantity": 1}
    first, second = "20261121-0001", "20261121-0002"
    card = {"tender": "card", "amount": 1280, "reference": "sim-1"}
    write("hub", "a-lunch", "\n".join([
        't{"type":"subscribe","id":"s1","topic":"orders"}', 'd{"type":"subscribe","id":"s2","topic":"kitchen"}',
        command("k", 1, "order.place", service="takeaway", lines=[soup], expected_total=1280, payment=card),
        command("d", 2, "ticket.check", order=first, station="grill", index=0, done=True),
        command("d", 3, "ticket.bump", order=first, station="grill"), command("d", 4, "ticket.recall", station="grill"),
        command("d", 5, "ticket.undo", order=first, station="grill"), command("d", 6, "ticket.bump", order=first, station="grill"),
        command("t", 7, "order.serve", order=first), "!", command("k", 1, "order.place", service="takeaway", lines=[soup]),
        't{"type":"query","id":"q","verb":"order.list","args":{"open":false}}', "^",
        't{"type":"query","id":"q2","verb":"day.statement","args":{"day":20261121}}']))
    write("hub", "stock-and-holds", "\n".join([
        command("t", 1, "stock.count", sku="cake", available=3), command("k", 2, "hold.place", lines=[cake, soup]), "~", "~",
        command("k", 3, "order.place", service="dine_in", table="12", lines=[cake], hold="h1"), "~", "~", "~", "~",
        command("d", 4, "stock.mark", sku="soup", status="sold_out", restore="next_day"), "^",
        command("a", 5, "stock.limit", sku="soup", type="limited", available=1.5), command("t", 6, "stock.limit", sku="soup", type="unlimited"),
        command("k", 7, "hold.place", lines=[cake]), command("k", 8, "hold.release", hold="h2"), "!"]))
    pin = "$argon2id$v=19$m=19456,t=2,p=1$" + "s" * 22 + "$0420" + "h" * 39
    write("hub", "people", "\n".join([
        command("a", 1, "staff.add", staff="anna", name="Anna", pin_hash=pin, permissions=["discount", "void", "stock", "close"]),
        command("t", 2, "order.place", service="dine_in", table="1", lines=[soup, cake], fire=True),
        't{"type":"sign_in","id":"1","staff":"anna","pin":"1111"}', 't{"type":"sign_in","id":"2","staff":"anna","pin":"0420"}',
        command("t", 3, "order.discount", order=first, percent=12.5, reason="late"),
        command("t", 4, "order.void_line", order=first, line=2, reason="dropped", restock=True),
        command("t", 5, "order.pay", order=first, payment={"tender": "cash", "amount": 1120, "reference": ""}),
        command("k", 6, "order.place", service="takeaway", lines=[cake]), command("t", 7, "order.cancel", order=second, reason="left"),
        command("t", 8, "order.void", order=first, reason="cold", restock=False), command("t", 9, "day.close", cash_counted=100),
        't{"type":"sign_out","id":"3"}', command("a", 10, "device.revoke", device="kiosk-1"), command("k", 11, "order.cancel", order=second, reason="x"),
        command("a", 12, "staff.remove", staff="anna"), 'a{"type":"query","id":"j","verb":"journal.read","args":{"after":0,"limit":500}}']))


def events():
    for folder in sorted((GOLDEN / "events").iterdir()):
        write("event", folder.name, text_of(folder / "good.1.json"))


def http():
    upgrade = ("GET /ws/v1 HTTP/1.1\r\nHost: hub.local:7480\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
               "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: larder.v1\r\n"
               "Origin: http://hub.local:7480\r\n\r\n")
    for name, head in (
            ("upgrade", upgrade), ("get", "GET /kiosk/?a=%20 HTTP/1.1\r\nHost: [::1]:80\r\nAccept: */*\r\n\r\n"),
            ("post", "POST /v1/menu HTTP/1.1\r\nHost: 10.0.0.1\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n{\"menu\":1}\r\n"),
            ("smuggled", "GET / HTTP/1.1\r\nHost: a.local\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            ("folded", "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n"), ("tls", "\x16\x03\x01\x02\x00\x01")):
        write("http", name, b"\x80" + head.encode("latin-1"))


def frame(opcode, payload=b"", fin=True):
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(payload))
    return bytes([(0x80 if fin else 0) | opcode]) + length + b"\0\0\0\0" + payload


def frames():
    write("frames", "text-and-close", b"\x03" + frame(1, b"hello") + frame(9) + frame(8, b"\x03\xe8"))
    write("frames", "fragments", b"\x00" + frame(1, b"a", False) + frame(0, b"b", False) + frame(9, b"p") + frame(0, b"c"))
    write("frames", "long", b"\x10" + frame(1, b"x" * 300) + frame(2, b"binary"))


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(0x80 | number & 0x7F)
        number >>= 7
    return bytes(out + bytes([number]))


def envelopes():
    records, before = b"", 0
    for number, folder in enumerate(sorted((GOLDEN / "events").iterdir())[:3], 1):
        payload = text_of(folder / "good.1.json").encode()[:200]
        front = struct.pack("<H", number) + b"\x01" + varint(2 * 1_000)
        records += varint(len(front) + len(payload)) + front + payload
    header = b"LRU1" + bytes([1, 4]) + struct.pack("<HQQQII", 3, 1, 41, 1_795_254_300_123, 0, 0)
    word = b'{"id":"w1","verb":"stock.mark","args":"{}","by":"hq:alice","not_after":0}'
    front = b"\0\0\x01\x00"
    down = b"LRD1" + bytes([1, 8]) + struct.pack("<HQQQII", 1, 1, 1, 0, 0, 0)
    for how, name in ((2, "plain"), (6, "packed")):
        write("envelope", f"up-{name}", bytes([how]) + header + records + bytes(32))
        write("envelope", f"down-{name}", bytes([how | 1]) + down + varint(len(front) + len(word)) + front + word)
    write("envelope", "as-it-comes", bytes([0]) + header + records + bytes(32))


def uplink():
    digest = "00" * 32
    at = 1_795_254_300_123_456
    for name, message in (
            ("hello", {"store": "s1", "hub": "h-1", "boot": "b1", "epoch": 1, "last": 41, "head": digest, "first_unacked": 40,
                       "words_applied": 2, "version": "0.1.0", "at": at}),
            ("ack", {"epoch": 1, "up_to": 41, "credit": 8, "state": "ok", "relay": "r1", "lease": 7, "reason": ""}),
            ("words_ack", {"applied": 3}), ("presence", {"online": True, "epoch": 1, "version": "0.1.0", "at": at}),
            ("relay", {"relay": "r1", "online": True}),
            ("word", {"id": "w1", "verb": "stock.mark", "args": '{"sku":"soup","status":"sold_out"}', "by": "hq:alice", "not_after": 0}),
            ("books", {"id": "q1", "ask": "day", "day": 20261121})):
        write("uplink", name, f"{name} " + json.dumps(message, separators=(",", ":")))
    write("uplink", "books-hashes", 'books {"id":"q1","ask":"hashes","from":1,"to":500}')
    write("uplink", "books-answer", 'books {"id":"q1","from":1,"hashes":["0123456789abcdef",""]}')
    write("uplink", "books-day", "books " + json.dumps({"id": "q1", "books": {
        "day": 20261121, "first": 1, "last": 9, "events": 9, "orders": 2, "total": 1280, "movements": 1, "digest": digest}}))
    for topic in ("larder/v1/p57/s1/up/hello", "larder/v1/p07/s%2F1/dn/cmd", "larder/v1/p00/s1/st"):
        write("uplink", "topic-" + re.sub(r"\W", "-", topic), "topic " + topic)


def menus():
    menu = json.loads((ROOT / "web/sample/menu.json").read_text())
    small = {**menu, "items": menu["items"][:2] + [i for i in menu["items"] if i.get("parts")][:1]}
    write("menu_json", "small", json.dumps(small, ensure_ascii=False, indent=1))
    golden = json.loads((GOLDEN / "commands/menu.import/good.full.json").read_text())
    write("menu_json", "golden", json.dumps(golden["menu"], ensure_ascii=False))
    write("menu_csv", "sections", '''[menu]\ncurrency\nEUR\n[stations]\nstation,name_en\ngrill,Grill\n[categories]\ncategory,name_en,name_zh
soups,Soups,汤\n[options]\ngroup,group_en,min,max,option,option_en,price_delta,uses\nbread,Bread,0,1,rye,Rye,0.50,loaf
[items]\ncategory,item,sku,name_en,price,station,channels,option_groups,image,description_en
soups,soup,soup,Soup,5.90,grill,pos kiosk,bread,/media/soup.svg,"hot, with ""bread"""
soups,loaf,loaf,Loaf,1,,,,,
soups,lunch,lunch,Lunch,9.90,,,,,
[parts]\nitem,part,part_en,sku,price_delta\nlunch,first,First,soup,0\n''')
    write("menu_csv", "plain", "item,price\nSoup,5.90\nTea,2\n")


def configs():
    for fuzzer, page in (("config_hub", "CONFIG.md"), ("config_relay", "CONFIG-RELAY.md")):
        printed = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / page).read_text(), re.S)[1]
        write(fuzzer, "printed", printed)
        write(fuzzer, "all-set", re.sub(r"(?m)^# ?(\w+ = )", r"\1", printed))  # every key of it


def main():
    commands_and_queries()
    messages()
    hub_scripts()
    events()
    http()
    frames()
    envelopes()
    uplink()
    menus()
    configs()


if __name__ == "__main__":
    main()
