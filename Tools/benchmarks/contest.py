"""What all jobs share: the contestants, turns, and rows of the table."""
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
GRAPHS = os.path.join(HERE, "graphs")
SHIPPED = os.path.join(HERE, "..", "..", "Graphs")


class Peer:
    """A worker process of `jobs/<module>.py` that does the job of the contestant `name` once per line."""

    def __init__(self, name, module, settings, arguments):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "worker.py"), module, name, str(settings.threads), settings.folder]
            + arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.seconds = []
        self.alive = self.line() == "ready"
        if not self.alive:
            print(f"{name} does not run {module}: left out", file=sys.stderr)

    def line(self):
        while True:
            line = self.process.stdout.readline()
            if not line:
                return None
            line = line.strip()
            if line == "ready" or line == "saved" or line.replace(".", "").replace("e-", "").isdigit():
                return line

    def ask(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.line()

    def turn(self):
        self.seconds.append(float(self.ask("run")))

    def check(self, path):
        self.ask("check " + path)
        with np.load(path) as values:
            return [values[name] for name in values.files]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Weft:
    """`weft bench --paced`: one run of a graph per line. What counts is the time from the start of the first numeric
    node whose path begins with `prefix` to the end of the last, or the `whole` run; `steps` divides it."""

    def __init__(self, settings, graph, values, prefix="", steps=1, whole=False):
        self.name, self.prefix, self.steps, self.whole, self.seconds = "weft", prefix, steps, whole, []
        self.command = [graph] + values
        self.settings = settings
        self.process = subprocess.Popen(
            [settings.weft, "bench", *self.command, "--paced", "--json", "--runs", "1000000", "--jobs",
             str(settings.threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        # The first run compiles.
        self.alive = self.once() is not None

    def once(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            print(self.process.stderr.read(), file=sys.stderr)
            return None
        run = json.loads(line)
        if self.whole:
            return run["seconds"] / self.steps
        nodes = [node for node in run["nodes"] if node["path"].startswith(self.prefix)]
        return (max(node["end"] for node in nodes) - min(node["start"] for node in nodes)) / self.steps

    def turn(self):
        self.seconds.append(self.once())

    def run(self, out, *more):
        """Once more with the outputs saved."""
        save(self.settings, [*self.command, *more], out)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def save(settings, command, out):
    """Runs a graph and saves its outputs."""
    subprocess.run([settings.weft, "run", *command, "--cache", "off", "--progress", "none", "--json", "--jobs",
                    str(settings.threads), "--out", out], check=True, stdout=subprocess.DEVNULL)


def machine(threads):
    words = subprocess.run([sys.executable, os.path.join(HERE, "machine.py"), str(threads)], capture_output=True,
                           text=True, check=True).stdout.split()
    return float(words[0]), float(words[1])


def cores_free(settings):
    """Whether products scale with the threads, which they do unless others use the cores."""
    one, several = machine(1)[0], machine(settings.threads)[0]
    return several / one > 0.85 * settings.threads


def difference(a, b):
    """RMS of the difference relative to the RMS of the second."""
    a, b = np.asarray(a, np.float64).ravel(), np.asarray(b, np.float64).ravel()
    return float("inf") if a.size != b.size else float(np.sqrt(np.mean((a - b) ** 2) / max(np.mean(b ** 2), 1e-30)))


def errors(settings, peers, distance):
    """What `distance` makes of each peer's results, a list of arrays."""
    path = os.path.join(settings.folder, "check.npz")
    return [distance(peer.check(path)) for peer in peers if peer.alive]


def row(title, mine, others, ratio, target, found, free):
    """A row of the table; `free` says whether the cores were, None where it was not looked at."""
    cells = [title, mine, others or "–", ratio or "–", target, f"{max(found):.0e}" if found else "–",
             "–" if free is None else "yes" if free else "**no**"]
    print("| " + " | ".join(cells) + " |", file=sys.stderr)
    return cells


def missing(title, target, why):
    return row(title, "–", None, f"not run: {why}", target, [], None)


def ratios(best, mine):
    """Paired ratios in words."""
    values = sorted(b / m for b, m in zip(best, mine))
    return f"{statistics.median(values):.2f} ({values[0]:.2f}–{values[-1]:.2f})"


def compare(title, settings, weft, peers, found, target):
    """Rounds in turn; a row of the table."""
    if not weft.alive:
        return missing(title, target, "weft failed")
    others = [peer for peer in peers if peer.alive]
    everyone = [weft] + others
    free = cores_free(settings)
    for round_ in range(settings.rounds + 1):
        for contestant in everyone[round_ % len(everyone):] + everyone[:round_ % len(everyone)]:
            contestant.turn()
    free = free and cores_free(settings)
    for contestant in everyone:
        # The first round warms up.
        contestant.seconds = contestant.seconds[1:]
        contestant.close()
    cells = [f"{peer.name} {1e3 * statistics.median(peer.seconds):.4g}" for peer in others]
    spread = None
    if others:
        best = min(others, key=lambda peer: statistics.median(peer.seconds))
        spread = f"{ratios(best.seconds, weft.seconds)} against {best.name}"
    return row(title, f"{1e3 * statistics.median(weft.seconds):.4g}", ", ".join(cells), spread, target, found, free)


def timed(command, environment=None):
    """Seconds and peak bytes of a whole process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} failed")
    return time.perf_counter() - begin, usage.ru_maxrss * 1024


def asset(settings, path):
    """A file of the test assets, None where there are none."""
    found = os.path.join(settings.assets, path)
    return found if settings.assets and os.path.exists(found) else None
