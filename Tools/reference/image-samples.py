#!/usr/bin/env python3
"""Makes the small JPEG and PNG files of Tests/ImagesTests/Fixtures that no test picture set has.

    pip install pillow numpy        (and libturbojpeg of the system, for YCCK, which Pillow cannot write)
    Tools/reference/image-samples.py Tests/ImagesTests/Fixtures
"""
import ctypes
import pathlib
import sys

import numpy as np
from PIL import Image


def scene(channels, width=37, height=29):
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        127 + 120 * np.sin(x / 5.0), 127 + 120 * np.cos(y / 4.0), (x * 255) // (width - 1), ((x + y) * 3) % 200,
    ]
    return np.stack(planes[:channels], axis=-1).round().astype(np.uint8)


def ycck(pixels, sampling):
    library = ctypes.CDLL("libturbojpeg.so.0")
    library.tjInitCompress.restype = ctypes.c_void_p
    out, size = ctypes.c_void_p(), ctypes.c_ulong()
    cmyk = 11
    code = library.tjCompress2(
        ctypes.c_void_p(library.tjInitCompress()), pixels.tobytes(), pixels.shape[1], 0, pixels.shape[0], cmyk,
        ctypes.byref(out), ctypes.byref(size), sampling, 90, 0,
    )
    assert code == 0
    return ctypes.string_at(out, size.value)


def main():
    to = pathlib.Path(sys.argv[1])
    rgb = Image.fromarray(scene(3))
    rgb.save(to / "rgb-444.jpg", quality=90, subsampling=0)
    rgb.save(to / "rgb-422.jpg", quality=90, subsampling=1)
    rgb.save(to / "rgb-420-progressive.jpg", quality=80, subsampling=2, progressive=True)
    rgb.save(to / "rgb-restart.jpg", quality=80, subsampling=2, restart_marker_blocks=1)
    rgb.save(to / "rgb-keep-rgb.jpg", quality=90, keep_rgb=True)
    Image.fromarray(scene(1)[..., 0]).save(to / "grey.jpg", quality=85)
    Image.fromarray(scene(4), mode="CMYK").save(to / "cmyk.jpg", quality=90)
    (to / "ycck-444.jpg").write_bytes(ycck(scene(4), 0))
    (to / "ycck-420.jpg").write_bytes(ycck(scene(4), 2))
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(scene(3, 11, 7)).save(to / "exif-6.png", exif=exif)


main()
