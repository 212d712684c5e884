#!/usr/bin/env python3
"""Time and peak memory of a whole run, against starting an empty process.

    cargo build --release && python3 benches/process.py

Prints medians of interleaved runs; read the ratios, not the milliseconds. Memory is measured on Linux.
"""

import fcntl
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

BINARY = "target/release/bizmodel"
RUNS = 300
PAGE = 4096


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
    """The peak of one run, read while it waits to write its answer into a pipe that is full.

    What the system tells of a child that has ended counts this program's own memory, which the child had for a moment.
    """
    if not sys.platform.startswith("linux"):
        return None
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PAGE)
    os.write(writer, b"\0" * PAGE)
    child = subprocess.Popen(command, stdout=writer)
    os.close(writer)
    peak, asleep = None, 0
    try:
        # It sleeps for long only when the pipe is full.
        while asleep < 20:
            time.sleep(0.002)
            with open(f"/proc/{child.pid}/status") as file:
                status = file.read()
            if "VmHWM" not in status:
                return None  # It ended without writing.
            peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
            asleep = asleep + 1 if "State:\tS" in status else 0
        return peak
    finally:
        while os.read(reader, PAGE):
            pass
        os.close(reader)
        child.wait()


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
            peak = peak_megabytes(command)
            memory = "—" if peak is None else f"{peak:.1f}"
            print(f"{name:32}{median:10.2f}{median / base:8.2f}{memory:>9}")
        print(f"\nbinary: {os.path.getsize(BINARY) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
