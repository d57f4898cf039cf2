"""The picture that tests of pixels make, and the digest they compare."""
import numpy as np


def picture(height, width, channels):
    i = np.arange(height * width * channels, dtype=np.int64)
    return ((i * 7919 + (i * i) % 251) % 256).astype(np.uint8).reshape(height, width, channels)


def fnv(data):
    h = 0xcbf29ce484222325
    for byte in data:
        h = ((h ^ byte) * 0x100000001b3) & (2 ** 64 - 1)
    return h
