#!/usr/bin/env python3
"""Screens that misbehave, for the claim slow-screen: bad_screens.py PORT SILENT TOKEN_ZERO TOKEN_SLOW. Says when all are there, ends with its
stdin; ends with 1 when one of them has given up, because then nothing was proved."""
import base64
import heapq
import json
import os
import random
import selectors
import socket
import struct
import sys
import threading
import time


def frame(text):
    """A masked WebSocket text frame; the mask is zero."""
    body = text.encode()
    size = bytes([0x80 | len(body)]) if len(body) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(body))
    return b"\x81" + size + bytes(4) + body


class BadScreen:
    """A till that follows everything and then reads `bytes_a_second` (0: nothing) through the smallest window there is."""

    def __init__(self, port, token, bytes_a_second):
        self.port, self.token, self.pace = port, token, bytes_a_second
        self.lives, self.over = 0, threading.Event()
        self.thread = threading.Thread(target=self.live, daemon=True)
        self.thread.start()

    def connect(self):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)  # before connect: the window itself is small
        line.settimeout(5)
        line.connect(("127.0.0.1", self.port))
        line.sendall((f"GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      f"Sec-WebSocket-Protocol: larder.v1\r\nSec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n").encode())
        line.sendall(frame(json.dumps({"type": "auth", "token": self.token})))
        seen = b""
        while b'"type":"welcome"' not in seen:
            more = line.recv(1024)
            if not more:
                raise ConnectionError("the hub hung up")
            seen += more
        for topic in ("menu", "stock", "orders", "kitchen"):
            line.sendall(frame(json.dumps({"type": "subscribe", "id": topic, "topic": topic})))
        return line

    def live(self):
        """Cut as it deserves, it comes back at once, as a broken screen does."""
        while not self.over.is_set():
            try:
                with self.connect() as line:
                    self.lives += 1
                    self.suffer(line)
            except OSError:
                self.over.wait(0.2)

    def suffer(self, line):
        while not self.over.wait(1):
            if self.pace and not line.recv(self.pace):
                return
            if not self.pace:
                # The kernel knows of a reset even where nobody reads.
                if line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
                    return
                line.sendall(b"\x8a\x80" + bytes(4))


class Silent:
    """Sockets that never speak. One that the hub sends away comes back two to five seconds later, each at its own time."""

    def __init__(self, port, count):
        self.port, self.count, self.opened = port, count, 0
        self.dice = random.Random(7)

    def stand(self):
        poll = selectors.DefaultSelector()
        back = [(self.dice.uniform(0, 2), n) for n in range(self.count)]
        began = time.monotonic()
        heapq.heapify(back)
        while True:
            while back and back[0][0] <= time.monotonic() - began:
                heapq.heappop(back)
                line = socket.create_connection(("127.0.0.1", self.port), 2)
                line.setblocking(False)
                poll.register(line, selectors.EVENT_READ)
                self.opened += 1
            wait = max(0.0, back[0][0] - (time.monotonic() - began)) if back else 0.5
            for key, _ in poll.select(wait):
                poll.unregister(key.fileobj)
                key.fileobj.close()
                heapq.heappush(back, (time.monotonic() - began + self.dice.uniform(2, 5), 0))


def main():
    port, silent, zero_token, slow_token = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    # In a shop these are other machines: here they run when those who are measured do not. What they do to the hub, they do all the same.
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    screens = [BadScreen(port, zero_token, 0), BadScreen(port, slow_token, 1)]
    crowd = Silent(port, silent)
    threading.Thread(target=crowd.stand, daemon=True).start()
    while not (all(one.lives for one in screens) and crowd.opened >= silent):
        time.sleep(0.05)
    print("all are there", flush=True)
    sys.stdin.readline()
    print(f"connections: zero window {screens[0].lives}, a byte a second {screens[1].lives}, silent {crowd.opened}", flush=True)
    alive = all(one.thread.is_alive() for one in screens)
    os._exit(0 if alive else 1)


if __name__ == "__main__":
    main()
