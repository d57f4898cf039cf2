#!/usr/bin/env python3
"""The windows that a Viola-Jones cascade finds, by another road than Weft's: an evaluator in numpy that judges every place
of a scaled picture at once, stage by stage, with sums from numpy's cumulative sums (tilted ones from a plain loop).

    cascade-windows.py CASCADE.xml PHOTO [FACTOR]     prints x y width height, a window a line, sorted

Grey by Pillow's convert("L"), scaled pictures by OpenCV's resize (bilinear). Needs numpy, pillow, opencv-python-headless.
"""
import sys
import xml.etree.ElementTree as ElementTree

import cv2
import numpy as np
from PIL import Image


def numbers(element):
    return [float(word) for word in element.text.split()]


def feature(element):
    rects = [numbers(r) for r in element.find("rects")]
    tilted = element.find("tilted")
    return rects, tilted is not None and float(tilted.text) != 0


def load(path):
    """(width, height, stages); a stage is (threshold, trees), a tree a list of (feature, threshold, left, right), whose
    branches are ("node", index) or ("leaf", value)."""
    root = next(e for e in ElementTree.parse(path).getroot() if "type_id" in e.attrib)
    stages = []
    if root.attrib["type_id"] == "opencv-haar-classifier":
        width, height = map(int, root.find("size").text.split())
        for stage in root.find("stages"):
            trees = []
            for tree in stage.find("trees"):
                nodes = []
                for node in tree:
                    branches = []
                    for side in ("left", "right"):
                        value = node.find(side + "_val")
                        branches.append(("leaf", float(value.text)) if value is not None
                                        else ("node", int(node.find(side + "_node").text)))
                    nodes.append((feature(node.find("feature")), float(node.find("threshold").text), *branches))
                trees.append(nodes)
            stages.append((float(stage.find("stage_threshold").text), trees))
        return width, height, stages
    width, height = int(root.find("width").text), int(root.find("height").text)
    features = [feature(f) for f in root.find("features")]
    for stage in root.find("stages"):
        trees = []
        for weak in stage.find("weakClassifiers"):
            inner, leaves = numbers(weak.find("internalNodes")), numbers(weak.find("leafValues"))

            def branch(value):
                return ("node", int(value)) if value > 0 else ("leaf", leaves[-int(value)])

            trees.append([(features[int(f)], t, branch(l), branch(r))
                          for l, r, f, t in zip(*[iter(inner)] * 4)])
        stages.append((float(stage.find("stageThreshold").text), trees))
    return width, height, stages


def tables(grey):
    padded = np.zeros((grey.shape[0] + 1, grey.shape[1] + 1), np.int64)
    padded[1:, 1:] = grey
    squares = padded * padded
    return padded.cumsum(0).cumsum(1), squares.cumsum(0).cumsum(1)


def tilted_sum(grey, x, y, w, h):
    """The sum over a rectangle on its corner: pixels whose diagonals lie in the two bands."""
    total = 0
    for j in range(w + h):
        # Row y + j of the turned rectangle spans from its left to its right edge, two pixel halves per row.
        left = max(x - j - 1, x - 2 * h + j)
        right = min(x + j, x + 2 * w - j - 1)
        total += int(grey[y + j, left:right + 1].sum())
    return total


def windows(cascade, grey, scale):
    width, height, stages = cascade
    rows, columns = grey.shape
    sums, squares = tables(grey)
    ys, xs = np.mgrid[0:rows - height + 1, 0:columns - width + 1]
    ys, xs = ys.ravel(), xs.ravel()

    def rect(table, x, y, w, h):
        return table[ys + y, xs + x] - table[ys + y, xs + x + w] - table[ys + y + h, xs + x] + table[ys + y + h, xs + x + w]

    area = (width - 2) * (height - 2)
    total = rect(sums, 1, 1, width - 2, height - 2).astype(np.float64)
    spread = area * rect(squares, 1, 1, width - 2, height - 2).astype(np.float64) - total * total
    factor = np.where(spread > 0, 1 / np.sqrt(np.maximum(spread, 1e-300)), 1).astype(np.float32)
    alive = (spread > 0) & (np.float32(area) * factor < np.float32(0.1))
    failed = np.full(len(xs), -1)
    everyone, all_ys, all_xs = np.arange(len(xs)), ys, xs
    index = everyone[alive]
    for number, (threshold, trees) in enumerate(stages):
        ys, xs = all_ys[index], all_xs[index]
        score = np.zeros(len(index))
        for tree in trees:
            values = []
            for (rects, tilted), _, _, _ in tree:
                value = np.zeros(len(index), np.float32)
                for x, y, w, h, weight in rects:
                    x, y, w, h = int(x), int(y), int(w), int(h)
                    part = (np.array([tilted_sum(grey, a + x, b + y, w, h) for a, b in zip(xs, ys)], np.int64)
                            if tilted else rect(sums, x, y, w, h))
                    value += np.float32(weight) * part.astype(np.float32)
                values.append(value * factor[index])
            result = np.zeros(len(index))

            def follow(node, mask):
                _, limit, left, right = tree[node]
                below = values[node] < np.float32(limit)
                for branch, chosen in ((left, mask & below), (right, mask & ~below)):
                    if branch[0] == "leaf":
                        result[chosen] = np.float32(branch[1])
                    else:
                        follow(branch[1], chosen)

            follow(0, np.ones(len(index), bool))
            score += result
        passed = score >= np.float64(np.float32(threshold) - np.float32(1e-5))
        failed[index[~passed]] = number
        index = index[passed]
    failed[index] = len(stages)
    found = []
    step = 1 if scale > 2 else 2
    grid = failed.reshape(rows - height + 1, columns - width + 1)
    for y in range(0, rows - height + 1, step):
        x = 0
        while x <= columns - width:
            if grid[y, x] == len(stages):
                found.append((x, y))
            # A place that fails the first stage: the next one is passed over.
            x += 2 * step if grid[y, x] == 0 else step
    return found


def main():
    cascade = load(sys.argv[1])
    grey = np.array(Image.open(sys.argv[2]).convert("RGB").convert("L"))
    factor = float(sys.argv[3]) if len(sys.argv) > 3 else 1.1
    found, scale = [], 1.0
    while True:
        w, h = round(cascade[0] * scale), round(cascade[1] * scale)
        if w > grey.shape[1] or h > grey.shape[0]:
            break
        size = (round(grey.shape[1] / scale), round(grey.shape[0] / scale))
        if size[0] >= cascade[0] and size[1] >= cascade[1]:
            scaled = cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR)
            found += [(round(x * scale), round(y * scale), w, h) for x, y in windows(cascade, scaled, scale)]
        scale *= factor
    for window in sorted(found):
        print(*window)


if __name__ == "__main__":
    main()
