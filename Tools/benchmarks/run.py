"""Times Weft beside the programs people would use instead, in turns within one run, and writes a Markdown table.

usage: run.py WEFT [--rounds N] [--threads N] [--folder DIR] [--assets DIR] [--output FILE] [JOB...]

Each file of jobs/ has `JOBS`: names with functions from the settings to rows of the table.
"""
import argparse
import importlib
import os
import pkgutil
import platform

import jobs
from contest import machine


def discover():
    found = {}
    for entry in sorted(pkgutil.iter_modules(jobs.__path__), key=lambda entry: entry.name):
        found.update(importlib.import_module("jobs." + entry.name).JOBS)
    return found


def main():
    known = discover()
    parser = argparse.ArgumentParser(epilog="jobs: " + " ".join(known))
    parser.add_argument("weft")
    parser.add_argument("--rounds", type=int, default=9, help="turns that count (default 9)")
    parser.add_argument("--long-rounds", type=int, default=1, help="the same of jobs that take minutes (default 1)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--photos", type=int, default=1000, help="of the job faces (default 1000)")
    parser.add_argument("--vectors", type=int, default=1_000_000, help="of the job search, fewer when memory is short")
    parser.add_argument("--folder", default=os.path.expanduser("~/.cache/weft/bench"), help="for inputs, kept")
    parser.add_argument("--assets", default=os.environ.get("WEFT_ASSETS", ""), help="test models and photos")
    parser.add_argument("--output", help="a file for the table, besides standard output")
    parser.add_argument("jobs", nargs="*", default=[], metavar="job")
    settings = parser.parse_intermixed_args()
    for name in settings.jobs:
        if name not in known:
            parser.error(f"there is no job {name}; there are {' '.join(known)}")
    os.makedirs(settings.folder, exist_ok=True)
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    one, several = machine(1), machine(settings.threads)
    lines = [f"{model}, {platform.system()} {platform.release()}, {settings.threads} threads, fp32. The machine gave "
             f"{one[0]:.0f} / {several[0]:.0f} GFLOP/s (sgemm, 1 / {settings.threads} threads) and {one[1]:.0f} / "
             f"{several[1]:.0f} GB/s (copy). Medians of {settings.rounds} rounds taken in turn; ratios are paired; a turn "
             "is as contest.py says.", "",
             "| job | weft, ms | others, ms | times faster | target | difference | cores free |",
             "|---|---|---|---|---|---|---|"]
    for job in settings.jobs or known:
        for cells in known[job](settings):
            lines.append("| " + " | ".join(cells) + " |")
    text = "\n".join(lines) + "\n"
    print(text)
    if settings.output:
        with open(settings.output, "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
