#!/usr/bin/env python3
"""Makes the mean face of Sources/Nodes/Faces/Attributes/MeanFace.swift: 68 points in three dimensions.

    mean-face.py FOLDER     with dlib's examples/faces (training_ and testing_with_face_landmarks.xml, Boost licence)

Structure from motion: the annotated points of all faces, each about its mean, are one matrix of rank 3 (C. Tomasi and
T. Kanade, "Shape and Motion from Image Streams under Orthography", IJCV 9, 1992), with one scale per face (weak
perspective; the metric constraints are solved by least squares). The shape is then mirrored about its middle plane and
averaged, and scaled so that the outer corners of the eyes are 2 apart. Its upright is that of the mean face.
x points right, y down, z into the picture. Needs numpy.
"""
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np

MIRROR = list(range(16, -1, -1)) + list(range(26, 16, -1)) + [27, 28, 29, 30, 35, 34, 33, 32, 31] + [
    45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40] + [
    54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65]


def faces(folder):
    for name in ("training", "testing"):
        for box in ElementTree.parse(f"{folder}/{name}_with_face_landmarks.xml").iter("box"):
            parts = {int(p.get("name")): (float(p.get("x")), float(p.get("y"))) for p in box.iter("part")}
            if len(parts) == 68:
                yield np.array([parts[i] for i in range(68)])


def factor(points):
    """[faces, 68, 2] -> (motion [faces, 2, 3], shape [3, 68])."""
    count = len(points)
    centred = points - points.mean(axis=1, keepdims=True)
    # Equal weight for large and small faces.
    centred /= np.sqrt((centred**2).sum(axis=(1, 2), keepdims=True))
    w = centred.transpose(0, 2, 1).reshape(2 * count, 68)
    u, s, v = np.linalg.svd(w, full_matrices=False)
    motion, shape = u[:, :3] * s[:3], v[:3]
    # Metric upgrade: rows a, b of a face obey aQa = bQb, aQb = 0; the mean scale is 1.
    index = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]

    def row(a, b):
        return [a[i] * b[j] + (a[j] * b[i] if i != j else 0) for i, j in index]

    lines, right = [], []
    for face in range(count):
        a, b = motion[2 * face], motion[2 * face + 1]
        lines += [np.subtract(row(a, a), row(b, b)), row(a, b)]
        right += [0, 0]
    lines.append(sum(np.array(row(m, m)) for m in motion) / (2 * count))
    right.append(1)
    q = np.linalg.lstsq(np.array(lines), np.array(right), rcond=None)[0]
    metric = np.zeros((3, 3))
    for value, (i, j) in zip(q, index):
        metric[i, j] = metric[j, i] = value
    values, vectors = np.linalg.eigh(metric)
    if values.min() <= 0:
        raise SystemExit("the faces are too alike: no metric shape")
    g = vectors * np.sqrt(values)
    return (motion @ g).reshape(count, 2, 3), np.linalg.inv(g) @ shape, s


def upright(shape, motion):
    """Turned so that the mean head looks out of the picture; of the two mirror images the one whose nose is nearer."""
    axes = motion.mean(axis=0)
    r1 = axes[0] / np.linalg.norm(axes[0])
    r2 = axes[1] - r1 * (axes[1] @ r1)
    r2 /= np.linalg.norm(r2)
    turned = np.stack([r1, r2, np.cross(r1, r2)]) @ shape
    if turned[2, 30] > turned[2, [0, 16]].mean():
        turned[2] *= -1
    return turned


def symmetric(shape):
    for _ in range(50):
        other = shape[:, MIRROR] * np.array([[-1], [1], [1]])
        u, _, v = np.linalg.svd(shape @ other.T)
        shape = (shape + u @ v @ other) / 2
        # The middle plane goes through the means of the pairs: x is the mean direction between mates.
        x = (shape - shape[:, MIRROR])[:, 36:48]
        x = (x * np.sign(x[0])).mean(axis=1)
        x /= np.linalg.norm(x)
        y = np.array([0, 1, 0]) - x * x[1]
        y /= np.linalg.norm(y)
        shape = np.stack([x, y, np.cross(x, y)]) @ shape
        shape -= shape.mean(axis=1, keepdims=True)
    return (shape + shape[:, MIRROR] * np.array([[-1], [1], [1]])) / 2


def main():
    points = np.array(list(faces(sys.argv[1])))
    motion, shape, values = factor(points)
    shape = symmetric(upright(shape, motion))
    shape *= 2 / (shape[0, 45] - shape[0, 36])
    print(f"// {len(points)} faces; singular values {np.round(values[:6], 3).tolist()}")
    for x, y, z in shape.T:
        print(f"    SIMD3({x:.4f}, {y:.4f}, {z:.4f}),")


if __name__ == "__main__":
    main()
