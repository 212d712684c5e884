#!/usr/bin/env python3
"""Time and peak memory of a whole run, against starting an empty process.

    cargo build --release && python3 benches/process.py

Prints medians of interleaved runs; read the ratios, not the milliseconds.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

BINARY = "target/release/bizmodel"
RUNS = 300


def large_scenario(folder):
    """A scenario of ten thousand lines: inputs that build on each other, and costs that use them."""
    path = os.path.join(folder, "large.toml")
    with open(path, "w") as file:
        file.write("users = 1_000\nprice = 100\n[inputs]\nx0 = 1\n")
        for at in range(1, 5_000):
            file.write(f'x{at} = "x{at - 1} * 1.0001 + {at} / 7"\n')
        file.write("[costs]\n")
        for at in range(5_000):
            file.write(f'line-{at} = "x{at} + users * 0.5"\n')
    return path


def milliseconds(command):
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begin) * 1e3


def peak_megabytes(command):
    """The peak of one run, measured in a fresh process so that earlier children do not count."""
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    output = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
    return int(output.stdout) / 1024


def main():
    if not os.path.exists(BINARY):
        sys.exit("build it first: cargo build --release")
    with tempfile.TemporaryDirectory() as folder:
        large = large_scenario(folder)
        commands = {
            "true": ["/bin/true"],
            "eval, the smallest scenario": [BINARY, "eval", "scenarios/customer-service.toml"],
            "eval, 10,000 lines": [BINARY, "eval", large, "--json"],
        }
        times = {name: [] for name in commands}
        for run in range(RUNS):
            for name, command in commands.items():
                if "10,000" not in name or run % 10 == 0:
                    times[name].append(milliseconds(command))
        base = statistics.median(times["true"])
        print(f"{'':32}{'median ms':>10}{'× true':>8}{'peak MB':>9}")
        for name, command in commands.items():
            median = statistics.median(times[name])
            print(f"{name:32}{median:10.2f}{median / base:8.2f}{peak_megabytes(command):9.1f}")
        print(f"\nbinary: {os.path.getsize(BINARY) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
