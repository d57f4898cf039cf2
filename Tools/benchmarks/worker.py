"""One contestant in a process of its own: prepares, says "ready", then for each line `run N` on standard input does the
job N times in a row and prints the seconds of each, in one line. `check PATH` saves what it computed last.

usage: worker.py MODULE NAME THREADS FOLDER ARGUMENT...

`jobs/MODULE.py` has `contestant(name, threads, folder, arguments)`, which gives the function that does the job, or two:
what comes before it each time and does not count, and the job, which is given what the first one made.
"""
import importlib
import os
import sys
import time

module, name, threads, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[variable] = str(threads)

import numpy as np  # noqa: E402  (after the thread counts)

run = importlib.import_module("jobs." + module).contestant(name, threads, folder, sys.argv[5:])
prepare, run = run if isinstance(run, tuple) else (None, run)


def once():
    """The seconds of the job and its results."""
    given = [] if prepare is None else [prepare()]
    begin = time.perf_counter()
    result = run(*given)
    return time.perf_counter() - begin, result


_, result = once()
print("ready", flush=True)
for line in sys.stdin:
    words = line.split()
    if words and words[0] == "check":
        np.savez(words[1], *[np.asarray(value) for value in result])
        print("saved", flush=True)
        continue
    seconds = []
    for _ in range(int(words[1])):
        taken, result = once()
        seconds.append(taken)
    print(*seconds, flush=True)
