#!/usr/bin/env python3
"""The reference models drawn by bizmodel, by a program written by hand, by vectorized numpy and by Squiggle, side by side.

    cargo build --release && cargo bench --no-run
    python3 benches/simulate.py [--python PYTHON] [--squiggle FOLDER] [--samples 10000000]

PYTHON is an interpreter that has numpy; FOLDER one in which `npm install @quri/squiggle-lang@0.10` was run. Times are of
whole processes, as they pass, medians of interleaved runs; read the ratios. Squiggle draws fewer samples, and what it takes
beyond its start is scaled to the others' number.
"""

import argparse
import glob
import os
import shutil
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

# How many samples Squiggle draws in a few seconds, and how few it draws in no time.
SQUIGGLE = {"m1": 1_000_000, "m2": 100_000}
FEW = 100


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


def squiggle(model, samples, folder):
    """Seconds scaled to so many samples, and peak megabytes as they were; nothing where Squiggle is not there."""
    if folder is None or shutil.which("node") is None:
        return None
    if not os.path.isdir(os.path.join(folder, "node_modules", "@quri", "squiggle-lang")):
        return None
    command = ["node", "benches/reference/squiggle.mjs", folder, model]
    start, _ = run([*command, str(FEW)])
    seconds, peak = run([*command, str(SQUIGGLE[model])])
    return start + (seconds - start) * samples / SQUIGGLE[model], peak


def row(model, samples, threads, name, runs, ours):
    seconds, peak = statistics.median(seconds for seconds, _ in runs), max(peak for _, peak in runs)
    print(f"| {model} | {samples:,} | {threads} | {name} | {seconds:.2f} | {peak:.0f} | {seconds / ours:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has numpy")
    parser.add_argument("--squiggle", metavar="FOLDER", help="where @quri/squiggle-lang is installed")
    parser.add_argument("--samples", type=int, default=10_000_000)
    arguments = parser.parse_args()
    samples = arguments.samples
    print("| model | draws | threads | program | seconds | MB | times bizmodel |")
    print("|---|---|---|---|---|---|---|")
    skipped = False
    for model in METRICS:
        for threads in (1, 2):
            programs = commands(model, samples, threads, arguments.python)
            found = {name: [] for name in programs}
            for _ in range(ROUNDS):
                for name, command in programs.items():
                    found[name].append(run(command))
            ours = statistics.median(seconds for seconds, _ in found["bizmodel"])
            for name, runs in found.items():
                row(model, samples, threads, name, runs, ours)
            if threads == 1:
                scaled = squiggle(model, samples, arguments.squiggle)
                skipped = skipped or scaled is None
                if scaled:
                    row(model, samples, threads, f"Squiggle, scaled from {SQUIGGLE[model]:,}", [scaled], ours)
    if skipped:
        print("\nSquiggle was left out: it needs node, and `--squiggle FOLDER` with @quri/squiggle-lang 0.10 in it")


if __name__ == "__main__":
    main()
