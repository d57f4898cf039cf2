#!/usr/bin/env python3
"""Has TensorBoard read an event file that Weft wrote, and compares it with the same log as CSV.

    python3 Tools/reference/tensorboard_events.py FOLDER-WITH-EVENTS LOG.csv

Needs the tensorboard package. Two ways: its own reader, checksums included, and its web server's answers.
"""

import csv
import json
import math
import subprocess
import sys
import time
import urllib.parse
import urllib.request

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder, log = sys.argv[1:]
with open(log) as file:
    lines = list(csv.reader(file))
expected = {}
for index, column in enumerate(lines[0]):
    tag = f"{column[4:]}/validation" if column.startswith("val_") else f"{column}/training"
    values = [(step, float(row[index])) for step, row in enumerate(lines[1:])]
    expected[tag] = [(step, value) for step, value in values if math.isfinite(value)]


def close(a, b):
    return abs(a - b) <= 1e-6 * max(1, abs(b))


events = EventAccumulator(folder, size_guidance={"scalars": 0})
events.Reload()
assert sorted(events.Tags()["scalars"]) == sorted(expected), events.Tags()["scalars"]
for tag, values in expected.items():
    found = [(event.step, event.value) for event in events.Scalars(tag)]
    assert [step for step, _ in found] == [step for step, _ in values], tag
    assert all(close(a, b) for (_, a), (_, b) in zip(found, values)), tag
print(f"reader: {len(expected)} tags, {sum(map(len, expected.values()))} points, all equal")

server = subprocess.Popen(
    [sys.executable, "-m", "tensorboard.main", "--logdir", folder, "--port", "6123", "--load_fast=false"],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for tag, values in expected.items():
        query = urllib.parse.urlencode({"run": ".", "tag": tag})
        address = f"http://localhost:6123/data/plugin/scalars/scalars?{query}"
        for attempt in range(60):
            try:
                answer = json.load(urllib.request.urlopen(address))
                break
            except OSError:
                time.sleep(1)
        # The server thins long series; what it shows has to be right.
        known = dict(values)
        assert answer and all(close(value, known[int(step)]) for _, step, value in answer), tag
        print(f"server: {tag}: {len(answer)} points, last {answer[-1][2]:.6g}")
finally:
    server.terminate()
