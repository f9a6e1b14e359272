"""Claim `first-run`: from a clean clone, ./larder demo until a screen answers; the first time compiles, the second does not."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from parts import ROOT

GOAL_FIRST_S, GOAL_SECOND_S = 600, 15


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def demo(clone, env, seconds):
    """Seconds until the kiosk page answers and the addresses are printed; then Ctrl-C, and nothing may be left."""
    port, hq_port = free_port(), free_port()
    began = time.monotonic()
    process = subprocess.Popen(["./larder", "demo", "--port", str(port), "--hq-port", str(hq_port)], cwd=clone, env=env, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True)
    ready = False
    for line in process.stdout:
        print("   ", line.rstrip())
        if "/till/" in line:
            ready = answers(f"http://127.0.0.1:{port}/kiosk/") and answers(f"http://127.0.0.1:{hq_port}/hq/")
            break
        if time.monotonic() - began > seconds:
            break
    took = time.monotonic() - began
    os.killpg(process.pid, signal.SIGINT)
    process.wait(30)
    if not ready:
        raise RuntimeError("the demo did not show a screen")
    for part, at in (("hub", port), ("relay", hq_port)):
        if answers(f"http://127.0.0.1:{at}/healthz"):
            raise RuntimeError(f"Ctrl-C left the {part} running")
    return took


def prove(soak=False):
    home = tempfile.mkdtemp(prefix="larder-first-run.")
    try:
        clone = os.path.join(home, "larder")
        subprocess.run(["git", "clone", "-q", str(ROOT), clone], check=True)
        env = {**os.environ, "CCACHE_DIR": os.path.join(home, "ccache"), "TMPDIR": home}
        first = demo(clone, env, 1200)
        second = demo(clone, env, 120)
        left = [name for name in os.listdir(home) if name.startswith("larder-demo")]
        if left:
            raise RuntimeError(f"Ctrl-C left {left}")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return f"{first:.0f} s the first time, {second:.1f} s the second (packages already installed)", \
        first < GOAL_FIRST_S and second < GOAL_SECOND_S
