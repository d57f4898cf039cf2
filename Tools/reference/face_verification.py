#!/usr/bin/env python3
"""How well an encoder tells people apart: embeddings by Weft's face/encode.json, then accuracy with ten folds (the
threshold of each from the other nine), area under the ROC curve, with 95 % intervals (Wilson; resampled pairs).

    python3 Tools/reference/face_verification.py WEFT-PROGRAM PAIRS.csv PHOTOS DETECTOR ENCODER [name=value ...]

PAIRS.csv has the columns file_a, file_b, same; the photos lie in the folder PHOTOS. Needs numpy.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile

import numpy

program, pairs, photos, detector, encoder = sys.argv[1:6]
rows = [row for row in csv.DictReader(open(pairs))]
names = sorted({row[key] for row in rows for key in ("file_a", "file_b")})
codes = {}
with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/photos.txt", "w") as file:
        file.writelines(os.path.abspath(f"{photos}/{name}") + "\n" for name in names)
    run = subprocess.run(
        [program, "run", "face/encode.json", f"photo=@{folder}/photos.txt", f"detector={detector}", f"encoder={encoder}",
         "face=center", "no_face=whole", "--json", "--progress", "none", "--cache", "off", "--out", f"{folder}/out"]
        + sys.argv[6:], check=True, capture_output=True, text=True)
    found = 0
    for line in run.stdout.splitlines():
        item = json.loads(line)
        face = item["outputs"]["faces"][0]
        codes[os.path.basename(item["item"])] = numpy.array(face["embedding"])
        found += not face.get("whole", False)
cosines = numpy.array([codes[row["file_a"]] @ codes[row["file_b"]] for row in rows])
same = numpy.array([row["same"] == "1" for row in rows])


def accuracy(cosines, same, folds):
    correct = []
    for fold in range(10):
        learn, test = folds != fold, folds == fold
        steps = numpy.sort(cosines[learn])
        rates = [((cosines[learn] >= step) == same[learn]).mean() for step in steps]
        best = steps[int(numpy.argmax(rates))]
        correct.append(((cosines[test] >= best) == same[test]).mean())
    return numpy.mean(correct)


def area(cosines, same):
    ranks = numpy.empty(len(cosines))
    ranks[numpy.argsort(cosines)] = numpy.arange(1, len(cosines) + 1)
    positive = same.sum()
    return (ranks[same].sum() - positive * (positive + 1) / 2) / (positive * (~same).sum())


draw = numpy.random.default_rng(1)
folds = numpy.empty(len(same), int)
for kind in (True, False):
    folds[same == kind] = draw.permutation(numpy.arange((same == kind).sum()) % 10)
value, curve = accuracy(cosines, same, folds), area(cosines, same)
curves = []
for _ in range(2000):
    chosen = draw.integers(0, len(same), len(same))
    if 0 < same[chosen].sum() < len(chosen):
        curves.append(area(cosines[chosen], same[chosen]))
n, z = len(same), 1.96
# Wilson's interval of a share.
middle = (value + z * z / (2 * n)) / (1 + z * z / n)
half = z * numpy.sqrt(value * (1 - value) / n + z * z / (4 * n * n)) / (1 + z * z / n)
low, high = numpy.percentile(curves, [2.5, 97.5])
steps = numpy.sort(cosines)
best = steps[int(numpy.argmax([((cosines >= step) == same).mean() for step in steps]))]
print(f"{len(rows)} pairs, {found} of {len(names)} photos with a face found")
print(f"accuracy {value:.4f} ({middle - half:.4f} to {middle + half:.4f}), ten folds")
print(f"AUC {curve:.4f} ({low:.4f} to {high:.4f})")
print(f"cosine of one person {cosines[same].mean():.3f}, of two {cosines[~same].mean():.3f}; threshold {best:.3f}")
