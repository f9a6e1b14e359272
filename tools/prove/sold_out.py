"""Screens that acknowledge what they show, and a till that says sold out: larder-replay sold-out-watch in a process of its own."""
import json
import os
import signal
import subprocess


class Watch:
    """larder-replay sold-out-watch: screens that acknowledge, and a till that does what it is told."""

    def __init__(self, hub, prefix, screens):
        command = hub.replay_command("sold-out-watch", "--screens", screens, "--prefix", prefix)
        self.process = subprocess.Popen([str(w) for w in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        start_new_session=True)
        self.read("ready")

    def read(self, expected=None):
        line = self.process.stdout.readline().strip()
        if not line or (expected and line != expected):
            raise RuntimeError(f"sold-out-watch said {line!r}")
        return line

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return json.loads(self.read())

    def unseen(self, sku):
        """(device, state) of those that have not shown the latest change of this SKU."""
        changes = self.ask("unseen")["changes"]
        return sorted((screen["device"], screen["state"]) for change in changes if change["sku"] == sku for screen in change["waiting"])

    def freeze(self):
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self):
        self.process.communicate(timeout=30)
