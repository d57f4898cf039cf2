#!/usr/bin/env python3
"""Prints the expected digests of warped pictures in Tests/KernelsTests/WarpTests.swift.

Needs numpy and opencv-python-headless (5 or later). The picture is that of resize_numbers.py.
"""
import cv2
import numpy as np

from pictures import fnv, picture

MATRICES = [(0.8, -0.3, 5.25, 0.3, 0.8, -2.5), (1.7, 0.2, -9.0, -0.4, 1.6, 3.125), (0.31, 0.0, 0.1, 0.0, 0.31, 7.7)]

for inverse in MATRICES:
    m = np.array(inverse, np.float64).reshape(2, 3)
    for channels in (1, 3):
        out = cv2.warpAffine(picture(97, 83, channels), m, (64, 56), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        print(inverse, channels, hex(fnv(out.tobytes())))
