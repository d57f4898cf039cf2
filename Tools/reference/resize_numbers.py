#!/usr/bin/env python3
"""Prints the expected digests and pixels in Tests/KernelsTests/ResizeBytesTests.swift.

Needs Pillow, numpy and opencv-python-headless. The picture is the one the test makes: byte i of an image is
(i * 7919 + (i * i) % 251) % 256.
usage: resize_numbers.py
"""
import cv2
import numpy as np
from PIL import Image

from pictures import fnv, picture

SIZES = [((13, 17), (7, 5)), ((13, 17), (29, 31)), ((13, 17), (13, 6)), ((13, 17), (40, 17)), ((64, 48), (9, 11)),
         ((5, 5), (1, 1)), ((1, 1), (3, 4)), ((97, 3), (10, 3))]
FILTERS = {"bilinear": Image.BILINEAR, "catmullRom": Image.BICUBIC, "box": Image.BOX, "hamming": Image.HAMMING,
           "lanczos": Image.LANCZOS}

for (h, w), (oh, ow) in SIZES:
    for name, code in FILTERS.items():
        for channels in (3, 1):
            image = picture(h, w, channels)
            image = Image.fromarray(image if channels == 3 else image[:, :, 0])
            out = np.asarray(image.resize((ow, oh), code))
            print(f"Case({h}, {w}, {oh}, {ow}, {channels}, .{name}, 0x{fnv(out.tobytes()):016x}),")

print("// OpenCV, INTER_LINEAR")
for (h, w), (oh, ow) in [((13, 17), (7, 5)), ((13, 17), (19, 23)), ((6, 4), (3, 2)), ((5, 5), (2, 9))]:
    out = cv2.resize(picture(h, w, 3), (ow, oh), interpolation=cv2.INTER_LINEAR)
    print(f"(Extent({h}, {w}), Extent({oh}, {ow}), {out.ravel().tolist()}),")
