#!/usr/bin/env python3
"""The reference models drawn by bizmodel, by a program written by hand, and by vectorized numpy, side by side.

    cargo build --release && cargo bench --no-run && python3 benches/simulate.py [PYTHON] [SAMPLES]

PYTHON is an interpreter that has numpy. Times are of whole processes, as they pass, medians of interleaved runs; read the
ratios.
"""

import glob
import os
import statistics
import subprocess
import sys
import time

BINARY = "target/release/bizmodel"
METRICS = {
    "m1": [],
    "m2": ["--metric", "profit", "--metric", "npv", "--metric", "return_rate", "--metric", "min(cumulative)"],
}
ROUNDS = 5


def commands(model, samples, threads, python):
    fused = max(glob.glob("target/release/deps/fused-*[0-9a-f]"), key=os.path.getmtime)
    scenario = f"benches/reference/{model}.toml"
    return {
        "bizmodel": [BINARY, "simulate", scenario, "--samples", str(samples), "--threads", str(threads), *METRICS[model]],
        "by hand": [fused, model, str(samples), str(threads)],
        "numpy": [python, "benches/reference/numpy_models.py", model, str(samples)],
    }


def run(command):
    """Seconds that passed, and peak megabytes."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"failed: {command}")
    return time.perf_counter() - begin, used.ru_maxrss / 1024


def main():
    python = sys.argv[1] if len(sys.argv) > 1 else sys.executable
    samples = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000
    print("| model | draws | threads | program | seconds | MB | times bizmodel |")
    print("|---|---|---|---|---|---|---|")
    for model in METRICS:
        for threads in (1, 2):
            found = {name: [] for name in commands(model, samples, threads, python)}
            for _ in range(ROUNDS):
                for name, command in commands(model, samples, threads, python).items():
                    found[name].append(run(command))
            ours = statistics.median(seconds for seconds, _ in found["bizmodel"])
            for name, runs in found.items():
                seconds = statistics.median(seconds for seconds, _ in runs)
                peak = max(peak for _, peak in runs)
                print(f"| {model} | {samples:,} | {threads} | {name} | {seconds:.2f} | {peak:.0f} | {seconds / ours:.2f} |")


if __name__ == "__main__":
    main()
