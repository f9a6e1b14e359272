#!/usr/bin/env python3
"""A stranger's kiosk: written from PROTOCOL.md and the schemas alone, with nothing but Python's standard library.

  python_kiosk.py HOST PORT TOKEN      orders what the menu's first two sellable items are and prints the order number
"""
import base64
import json
import os
import socket
import struct
import sys
import uuid


class Hub:
    """One connection: WebSocket framing (RFC 6455), hello, auth, commands."""

    def __init__(self, host, port, token, timeout=10):
        self.socket = socket.create_connection((host, port), timeout)
        self.buffer = b""
        self._upgrade(host, port)
        self.hello = self.read()
        assert self.hello["type"] == "hello" and self.hello["protocol"] == 1
        self.send({"type": "auth", "token": token, "client": "python-kiosk 1", "protocol": 1})
        self.welcome = self.read_until(lambda m: m["type"] in ("welcome", "error"))
        if self.welcome["type"] == "error":
            raise PermissionError(self.welcome["code"])

    def _upgrade(self, host, port):
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET /ws/v1 HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Protocol: larder.v1\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self._receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(head.split(b"\r\n")[0].decode())

    def _receive(self):
        chunk = self.socket.recv(65536)
        if not chunk:
            raise ConnectionError("the hub hung up")
        self.buffer += chunk

    def _take(self, count):
        while len(self.buffer) < count:
            self._receive()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _send_frame(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        self.socket.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))

    def send(self, message):
        self._send_frame(1, json.dumps(message).encode())

    def read(self):
        """The next message; pings are answered on the way."""
        whole = b""
        while True:
            first, second = self._take(2)
            size = second & 0x7F
            if size == 126:
                size = struct.unpack(">H", self._take(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._take(8))[0]
            payload = self._take(size)
            opcode = first & 0x0F
            if opcode == 9:
                self._send_frame(10, payload)
            elif opcode == 8:
                raise ConnectionError(f"closed with {struct.unpack('>H', payload[:2])[0] if payload else 1005}")
            elif opcode in (0, 1):
                whole += payload
                if first & 0x80:
                    return json.loads(whole)

    def read_until(self, wanted):
        while True:
            message = self.read()
            if wanted(message):
                return message

    def ask(self, message):
        self.send(message)
        return self.read_until(lambda m: m.get("id") == message["id"])

    def command(self, verb, args, command_id=None):
        return self.ask({"type": "command", "id": command_id or str(uuid.uuid4()), "verb": verb, "args": args})

    def close(self):
        self._send_frame(8, struct.pack(">H", 1000))
        self.socket.close()


def is_sellable(sku, levels):
    level = levels.get(sku)
    if level is None:
        return True
    return level["status"] == "available" and (level["type"] == "unlimited" or level["available"] > 0)


def fill_choices(menu, item):
    """The least that the item's option groups and parts ask for: (options, parts, price delta)."""
    groups = {group["id"]: group for group in menu["option_groups"]}
    options, parts, delta = [], [], 0
    for name in item["option_groups"]:
        for option in groups[name]["options"][:groups[name]["min"]]:
            options.append({"group": name, "option": option["id"]})
            delta += option["price_delta"]
    for part in item["parts"]:
        choice = part["choices"][0]
        parts.append({"part": part["id"], "sku": choice["sku"]})
        delta += choice["price_delta"]
    return options, parts, delta


def order_two(hub):
    """Orders the first two sellable items of this channel. (order reply, the same reply again, expected total)"""
    view = hub.ask({"type": "subscribe", "id": "menu", "topic": "menu"})["view"]
    levels = {level["sku"]: level for level in view["stock"]}
    lines, expected = [], 0
    for item in view["menu"]["items"]:
        sku = item["skus"][0]
        if "kiosk" not in item["channels"] or not is_sellable(sku["id"], levels) or len(lines) == 2:
            continue
        options, parts, delta = fill_choices(view["menu"], item)
        lines.append({"sku": sku["id"], "quantity": 2, "options": options, "parts": parts})
        expected += 2 * (sku["price"] + delta)
    command_id = str(uuid.uuid4())
    args = {"service": "takeaway", "lines": lines, "expected_total": expected,
            "payment": {"tender": "card", "amount": expected, "reference": "python-1"}}
    first = hub.command("order.place", args, command_id)
    again = hub.command("order.place", args, command_id)
    return first, again, expected


if __name__ == "__main__":
    kiosk = Hub(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    reply, _, total = order_two(kiosk)
    print(f"order {reply['result']['number']}, {total} minor units" if reply["ok"] else reply["error"]["message"])
    kiosk.close()
