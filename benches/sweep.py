#!/usr/bin/env python3
"""Speed and memory of a whole sweep: a scenario of 36 periods to CSV, on one core and on all.

    cargo build --release && python3 benches/sweep.py

A model-period is one period of one row. What counts is time on the processor, so that a busy machine does not matter.
"""

import os
import re
import subprocess
import sys
import tempfile
import time

BINARY = "target/release/bizmodel"
PERIODS = 36
SCENARIO = """
price = 20
[time]
period = "month"
periods = 36
discount_rate = "12%"
[inputs]
visitors = "20k + 500 * period"
conversion = "1.5%"
tokens = "1.2M"
token_price = 4e-6
[users]
start = 200
joins = "visitors * conversion"
churn = "3%"
[revenue.api]
units = "users * tokens"
price = 6e-6
[costs]
data = { amount = 1_000_000, at = 0 }
operations = "20_000 + users * tokens * token_price"
marketing = "visitors * 0.5"
"""

def measure(command, threads):
    """Seconds that passed, seconds on all cores, and peak megabytes (as last seen, on Linux)."""
    environment = dict(os.environ, RAYON_NUM_THREADS=str(threads))
    begin, peak = time.perf_counter(), float("nan")
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    while True:
        ended, status, used = os.wait4(child.pid, os.WNOHANG)
        if ended:
            break
        peak = peak_megabytes(child.pid) or peak
        time.sleep(0.002)
    if status:
        sys.exit(f"failed: {command}")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime, peak


def peak_megabytes(process):
    """The peak of a process; what the system tells when it has ended would count this program's own memory."""
    try:
        with open(f"/proc/{process}/status") as file:
            found = re.search(r"VmHWM:\s+(\d+) kB", file.read())
    except OSError:
        return None
    return int(found[1]) / 1024 if found else None


def main():
    if not os.path.exists(BINARY):
        sys.exit("build it first: cargo build --release")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "scenario.toml")
        with open(path, "w") as file:
            file.write(SCENARIO)
        header = ("rows", "metrics", "cores", "seconds", "on cores", "peak MB", "M model-periods/s/core")
        print("{:>10}  {:22}{:>6}{:>9}{:>10}{:>9}{:>24}".format(*header))
        for metrics in ([], ["npv"], ["npv", "irr", "payback"]):
            options = [option for metric in metrics for option in ("--metric", metric)]
            for rows in (100_000, 1_000_000):
                for threads in (1, os.cpu_count()):
                    points = f"users.churn=0..10%:x{rows}"
                    command = [BINARY, "sweep", path, points, "--format", "csv", "--quiet", *options]
                    seconds, on_cores, peak = min(measure(command, threads) for _ in range(3))
                    speed = rows * PERIODS / on_cores / 1e6
                    name = " ".join(metrics) or "the usual four"
                    print(f"{rows:10,}  {name:22}{threads:6}{seconds:9.2f}{on_cores:10.2f}{peak:9.1f}{speed:24.1f}")


if __name__ == "__main__":
    main()
