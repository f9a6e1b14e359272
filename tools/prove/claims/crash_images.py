"""Claim `crash-images`: the store as a power cut would leave it, behind every operation of a busy minute, opened with the real journal."""
import subprocess

from parts import build

IMAGES, IMAGES_SOAK = 20_000, 100_000


def prove(soak=False):
    images = IMAGES_SOAK if soak else IMAGES
    bin_dir = build("release", "crash-images")
    with subprocess.Popen([bin_dir / "crash-images", str(images)], stdout=subprocess.PIPE, text=True) as running:
        last = ""
        for line in running.stdout:
            last = line.strip()
            print(last, flush=True)
    return last, running.returncode == 0 and last == f"{images:,} images, 0 bad"
