"""Claim `slow-screen`: what others notice of a screen that has stopped reading (zero window), one that reads a byte a second, and 300 sockets
that never speak: the p99 from a kiosk's order to the kitchen display, with and without them in alternating rounds."""
import base64
import json
import os
import socket
import struct
import sys
import threading
import time

from parts import ROOT, Hub, build, wait_for

sys.path.insert(0, str(ROOT / "bench"))
import rounds  # noqa: E402

GOAL, RATE, SECONDS, SCREENS, SILENT = 1.10, 200, 10, 20, 300


def frame(text):
    """A masked WebSocket text frame; the mask is zero."""
    body = text.encode()
    size = bytes([0x80 | len(body)]) if len(body) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(body))
    return b"\x81" + size + bytes(4) + body


class BadScreen:
    """A till that follows everything and then reads `bytes_a_second` (0: nothing) through the smallest window there is."""

    def __init__(self, hub, token, bytes_a_second):
        self.hub, self.token, self.pace = hub, token, bytes_a_second
        self.lives, self.over = 0, threading.Event()
        self.thread = threading.Thread(target=self.live)
        self.thread.start()

    def connect(self):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)  # before connect: the window itself is small
        line.settimeout(5)
        line.connect(("127.0.0.1", self.hub.port))
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

    def end(self):
        self.over.set()
        self.thread.join()


class Crowd:
    """Sockets that never speak. Those the hub sends away are opened again, so that there are always as many at its door."""

    def __init__(self, hub):
        self.hub, self.lines, self.over, self.opened = hub, [], threading.Event(), 0
        self.thread = threading.Thread(target=self.stand)
        self.thread.start()

    def stand(self):
        while not self.over.is_set():
            self.lines = [line for line in self.lines if self.is_there(line)]
            while len(self.lines) < SILENT and not self.over.is_set():
                self.lines.append(socket.create_connection(("127.0.0.1", self.hub.port), 2))
                self.opened += 1
            self.over.wait(0.5)
        for line in self.lines:
            line.close()

    @staticmethod
    def is_there(line):
        line.setblocking(False)
        try:
            if line.recv(1) == b"":
                line.close()
                return False
        except BlockingIOError:
            return True
        except OSError:
            line.close()
            return False
        return True

    def end(self):
        self.over.set()
        self.thread.join()


def latency(with_them):
    with Hub(rate=1_000, burst=1_000) as hub:
        hub.start()
        hub.ctl("menu", "import", ROOT / "web/sample/menu.json")
        bad = []
        if with_them:
            bad = [BadScreen(hub, hub.mint("till-zero", "till"), 0), BadScreen(hub, hub.mint("till-slow", "till"), 1)]
            wait_for(lambda: all(one.lives for one in bad), 20, "the bad screens")
            bad.append(Crowd(hub))
            wait_for(lambda: bad[2].opened >= SILENT, 20, "the silent sockets")
        report = hub.home / "report.json"
        try:
            hub.replay("latency", "--rate", RATE, "--seconds", SECONDS, "--screens", SCREENS, "--finish", "--report", report)
            if any(not one.thread.is_alive() for one in bad):
                raise RuntimeError("a bad screen gave up; nothing was proved")
        finally:
            for one in bad:
                one.end()
        if bad:
            print(f"connections: zero window {bad[0].lives}, a byte a second {bad[1].lives}, silent {bad[2].opened}", flush=True)
        found = json.loads(report.read_text())["kitchen_ms"]
        return {"p50": found["p50"], "p99": found["p99"]}


def prove(soak=False):
    build("release", "larder-edge", "larderctl", "larder-replay")
    a, b = rounds.alternate(lambda: latency(True), lambda: latency(False))
    series = [rounds.Series.of(f"larder, {what}, {key}", "ms", runs, key) for key in ("p99", "p50")
              for what, runs in (("with the bad screens", a), ("without them", b))]
    ratio = rounds.Ratio("p99 of the others", series[0], series[1], GOAL, at_most=True)
    rounds.write("slow-screen", "What others notice of screens that do not read", series, [ratio],
                 [f"{RATE} orders/s, {SCREENS} kitchen screens; {SILENT} sockets that never speak, opened again when they are sent away."])
    return f"{ratio.value:.2f} x: p99 {series[0].median:.2f} ms with them, {series[1].median:.2f} ms without", ratio.holds
