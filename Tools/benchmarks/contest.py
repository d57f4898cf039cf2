"""What all jobs share: the contestants, turns, and rows of the table.

A round gives each contestant one turn; rounds begin with another contestant each time, and the first one does not
count. Before a turn everybody waits until no contestant uses a processor: most libraries leave threads spinning after
their work, for as long as a small network takes, and whoever came next would share the processors with them. In its
turn a contestant has its own settings as they come, spinning included, and does the job as often in a row as a quarter
of a second allows (at most 50 times), once more than counts: the first time wakes threads and fills caches. What takes
longer than that is done once. The turn's time is the median; the ratio of a round is that of the two turns in it.
"""
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


# A turn, and the most times that the job is done in it.
TURN, MOST = 0.25, 50


class Contestant:
    """A process that does the job so many times in a row when asked."""

    def __init__(self, name):
        self.name, self.seconds, self.alive = name, [], False
        # How long one time took last, whatever of it counts.
        self.last = TURN

    def times(self, count):
        """Seconds of each of `count` runs in a row."""
        raise NotImplementedError

    def turn(self):
        count = min(MOST, int(TURN / self.last))
        # One that does not count goes first.
        begin = time.perf_counter()
        times = self.times(count + 1 if count > 1 else 1)
        self.last = (time.perf_counter() - begin) / len(times)
        self.seconds.append(statistics.median(times[1:] or times))

    def ticks(self):
        """Processor time used so far, in the system's ticks; nothing where the system does not tell."""
        try:
            with open(f"/proc/{self.process.pid}/stat") as file:
                return sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
        except OSError:
            return 0

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def settle(contestants):
    """Waits until no contestant uses a processor, two seconds at most."""
    calm, before = 0, None
    for _ in range(100):
        used = sum(contestant.ticks() for contestant in contestants)
        calm = calm + 1 if used == before else 0
        if calm == 3:
            return
        before = used
        time.sleep(0.02)


class Peer(Contestant):
    """A worker process of `jobs/<module>.py` that does the job of the contestant `name`."""

    def __init__(self, name, module, settings, arguments):
        super().__init__(name)
        self.process = subprocess.Popen(
            [sys.executable, os.path.join(HERE, "worker.py"), module, name, str(settings.threads), settings.folder]
            + arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.alive = self.line() == "ready"
        if not self.alive:
            print(f"{name} does not run {module}: left out", file=sys.stderr)

    def line(self):
        while True:
            line = self.process.stdout.readline()
            if not line:
                return None
            line = line.strip()
            # What libraries print on standard output is passed over.
            if line == "ready" or line == "saved" or line.replace(".", "").replace("e-", "").replace(" ", "").isdigit():
                return line

    def ask(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return self.line()

    def times(self, count):
        return [float(word) for word in self.ask(f"run {count}").split()]

    def check(self, path):
        self.ask("check " + path)
        with np.load(path) as values:
            return [values[name] for name in values.files]


class Weft(Contestant):
    """`weft bench --paced`. What counts is the time from the start of the first numeric node whose path begins with
    `prefix` to the end of the last, the time of the graph's compiled `parts`, or the `whole` run; `steps` divides it.
    With `only`, nothing runs but that output and what it needs: beside others it would share the processor with them.
    """

    def __init__(self, settings, graph, values, prefix="", steps=1, whole=False, parts=False, only=None):
        super().__init__("weft")
        self.prefix, self.steps, self.whole, self.parts = prefix, steps, whole, parts
        self.command = [graph] + values
        self.settings = settings
        self.process = subprocess.Popen(
            [settings.weft, "bench", *self.command, "--paced", "--json", "--runs", "1000000", "--jobs",
             str(settings.threads)] + ["--parts"] * parts + (["--only", only] if only else []),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        # The first run compiles.
        self.alive = self.times(1) is not None

    def times(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        found = []
        for _ in range(count):
            line = self.process.stdout.readline()
            if not line:
                print(self.process.stderr.read(), file=sys.stderr)
                return None
            found.append(self.counted(json.loads(line)) / self.steps)
        return found

    def counted(self, run):
        if self.whole:
            return run["seconds"]
        nodes = run["nodes"]
        if self.parts:
            return sum(node["end"] - node["start"] for node in nodes if node["op"] == "region")
        nodes = [node for node in nodes if node["path"].startswith(self.prefix)]
        return max(node["end"] for node in nodes) - min(node["start"] for node in nodes)

    def run(self, out, *more):
        """Once more with the outputs saved."""
        save(self.settings, [*self.command, *more], out)


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
            settle(everyone)
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
