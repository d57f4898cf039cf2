#!/usr/bin/env python3
"""How well detectors find faces: recall, precision, average precision and the error of the five points on photos whose
faces are known, by Weft's face/detect.json.

    python3 Tools/reference/face_detection.py WEFT-PROGRAM ASSETS DETECTOR...

ASSETS is the folder with `dlib_faces_68pt` (68 annotated points; VOC photos), `widerface` (boxes) and `photos/t1.jpg`, whose
six faces are those that SCRFD finds (`detections.csv`). `bald_guys.jpg` has no annotation and is left out. Writes the three
rates for a detector's own threshold, the average precision over all of its scores, and per set what is found.

A face counts as found when a box overlaps it by 0.4 (intersection over union; detectors differ in how much of a head is
face: dlib's boxes, for one, end at the brows, so the box of a face with points is that of its points, grown by a third of
its height above). Faces below 11 pixels at the size at which the detectors look (640) count neither way. The error of
points is the mean distance over the distance of the outer corners of the eyes. Needs numpy.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import numpy

OVERLAP, SMALLEST, LONGER = 0.4, 11, 640


def truths(assets):
    """Per photo: the set's name, its size and its faces as (box, points or None, distance of the outer eye corners)."""
    photos = {}
    for part in ("training", "testing"):
        tree = xml.parse(f"{assets}/dlib_faces_68pt/{part}_with_face_landmarks.xml")
        for image in tree.iter("image"):
            faces = []
            for box in image.iter("box"):
                points = numpy.zeros((68, 2))
                for index, point in enumerate(sorted(box.iter("part"), key=lambda part: part.get("name"))):
                    points[index] = float(point.get("x")), float(point.get("y"))
                low, high = points.min(0), points.max(0)
                five = [points[36:42].mean(0), points[42:48].mean(0), points[30], points[48], points[54]]
                height = (high[1] - low[1]) / 3
                faces.append(((low[0], low[1] - height, high[0], high[1]), numpy.array(five),
                              numpy.hypot(*(points[36] - points[45]))))
            photos[f"dlib_faces_68pt/{image.get('file')}"] = ("dlib", faces)
    for name in sorted(os.listdir(f"{assets}/widerface")):
        if name.endswith(".xml"):
            boxes = [[float(box.find(key).text) for key in ("xmin", "ymin", "xmax", "ymax")]
                     for box in xml.parse(f"{assets}/widerface/{name}").iter("bndbox")]
            photos[f"widerface/{name[:-4]}.jpg"] = ("wider", [(box, None, 0) for box in boxes])
    rows = [row for row in csv.DictReader(open(f"{assets}/detections.csv"))
            if row["image"] == "photos/t1.jpg" and row["detector"] == "scrfd_2.5g_bnkps"]
    photos["photos/t1.jpg"] = ("t1", [([float(row[key]) for key in ("x1", "y1", "x2", "y2")], None, 0) for row in rows])
    return {name: value for name, value in photos.items() if os.path.exists(f"{assets}/{name}")}


def overlap(a, b):
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    common = max(0, wide) * max(0, high)
    return common / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common)


def detect(program, assets, names, detector, score):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/photos.txt", "w") as file:
            file.writelines(os.path.abspath(f"{assets}/{name}") + "\n" for name in names)
        run = subprocess.run(
            [program, "run", "face/detect.json", f"photo=@{folder}/photos.txt", f"detector={detector}", "retry=[]", "--json",
             "--progress", "none", "--cache", "off", "--out", f"{folder}/out"] + score,
            check=True, capture_output=True, text=True)
    found = {}
    for line in run.stdout.splitlines():
        item = json.loads(line)
        name = next(name for name in names if item["item"].endswith(name))
        found[name] = item["outputs"]["faces"]
    return found


def judge(photos, sizes, found):
    """(score, whether it is a face, set, error of points or None) per counted detection; faces to find per set."""
    rows, wanted = [], {}
    for name, (kind, faces) in photos.items():
        scale = LONGER / max(sizes[name])
        small = [min(box[2] - box[0], box[3] - box[1]) * scale < SMALLEST for box, _, _ in faces]
        wanted[kind] = wanted.get(kind, 0) + len(faces) - sum(small)
        free = set(range(len(faces)))
        for face in sorted(found[name], key=lambda face: -face["score"]):
            best = max(free, key=lambda index: overlap(face["box"], faces[index][0]), default=None)
            if best is None or overlap(face["box"], faces[best][0]) < OVERLAP:
                rows.append((face["score"], False, kind, None))
                continue
            free.remove(best)
            if small[best]:
                continue
            _, points, eyes = faces[best]
            error = None
            if points is not None and len(face["points"]) == 5:
                error = numpy.hypot(*(numpy.array(face["points"]) - points).T).mean() / eyes
            rows.append((face["score"], True, kind, error))
    return rows, wanted


def average_precision(rows, total):
    """Area under the curve of precision over recall, precision made falling (PASCAL VOC 2010)."""
    hits = numpy.cumsum([row[1] for row in sorted(rows, key=lambda row: -row[0])])
    precision = hits / numpy.arange(1, len(hits) + 1)
    precision = numpy.maximum.accumulate(precision[::-1])[::-1]
    recall = hits / total
    return float(numpy.sum(numpy.diff(numpy.concatenate([[0], recall])) * precision))


def size(path):
    """(width, height) of a JPEG file, from its frame header."""
    data, at = open(path, "rb").read(), 2
    while not 0xC0 <= data[at + 1] <= 0xCF or data[at + 1] in (0xC4, 0xC8, 0xCC):
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return int.from_bytes(data[at + 7:at + 9], "big"), int.from_bytes(data[at + 5:at + 7], "big")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    program, assets, detectors = sys.argv[1], sys.argv[2], sys.argv[3:]
    photos = truths(assets)
    sizes = {name: size(f"{assets}/{name}") for name in photos}
    for detector in detectors:
        rows, wanted = judge(photos, sizes, detect(program, assets, list(photos), detector, []))
        total = sum(wanted.values())
        all_rows, _ = judge(photos, sizes, detect(program, assets, list(photos), detector, ["score=0.02"]))
        hits = sum(row[1] for row in rows)
        errors = [row[3] for row in rows if row[3] is not None]
        sets = ", ".join(
            f"{kind} {sum(row[1] for row in rows if row[2] == kind)} of {count}" for kind, count in wanted.items())
        print(f"{os.path.basename(detector)}: recall {hits / total:.3f} ({sets}), precision {hits / max(1, len(rows)):.3f} "
              f"({len(rows) - hits} false), average precision {average_precision(all_rows, total):.3f}, "
              + (f"points {numpy.mean(errors):.3f} (median {numpy.median(errors):.3f})" if errors else "no points"))
