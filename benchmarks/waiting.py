"""Torch's threads on a machine that others use too: spinning while they wait, or sleeping. Prints a ratio.

One busy process a core stands in for other programs. Each round runs both settings, in a shuffled order, in a
fresh process: the policy is read when torch's thread library loads. libgomp's own default spins.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys

WORK = """
import time, torch
torch.manual_seed(0)
layer = torch.nn.Sequential(*(torch.nn.Linear(384, 384) for _ in range(12)))
rows = torch.randn(512, 384)
layer(rows).sum().backward()
began, steps = time.perf_counter(), 0
while time.perf_counter() - began < 3:
    layer(rows).sum().backward()
    steps += 1
print(steps / (time.perf_counter() - began))
"""
BUSY = "while True: pass"


def steps_per_second(policy: str) -> float:
    """Training steps a second of a small network, in a process of its own."""
    environment = {**os.environ, "OMP_WAIT_POLICY": policy}
    done = subprocess.run(
        [sys.executable, "-c", WORK], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def measure(rounds: int, *, shared: bool) -> float:
    """Return how many times the steps of spinning threads sleeping ones do."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(os.cpu_count() or 1) if shared]
    try:
        speeds: dict[str, list[float]] = {"ACTIVE": [], "PASSIVE": []}
        for _ in range(rounds):
            for policy in random.sample(list(speeds), 2):
                speeds[policy].append(steps_per_second(policy))
    finally:
        for other in others:
            other.kill()
    return statistics.median(speeds["PASSIVE"]) / statistics.median(speeds["ACTIVE"])


def main() -> None:
    """Measure on a machine to itself and on a shared one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    print(f"alone, sleeping threads do {measure(rounds, shared=False):.2f}x the steps of spinning ones")
    print(f"beside a busy process a core, {measure(rounds, shared=True):.2f}x")


if __name__ == "__main__":
    main()
