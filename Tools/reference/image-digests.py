#!/usr/bin/env python3
"""Writes the pixels that Pillow sees in the test pictures as digests.

    pip install pillow numpy xxhash
    Tools/reference/image-digests.py ASSETS/images Tests/ImagesTests/Fixtures

writes pillow.json into the second folder; the pictures of that folder itself (image-samples.py) are in it too.

Each entry: size, the PixelFormat that was compared, the XXH3-128 digest of its bytes (row-major, channels interleaved,
16-bit samples little-endian), and the mean of each channel for people to look at. Pillow keeps 16 bits only of grey
pictures without alpha; of all other 16-bit pictures it keeps the high byte, so those are compared as 8 bits. Pillow compares colour keys (tRNS) with
8-bit samples, which finds nothing in pictures of other depths: their alpha is left out here and tested otherwise.
Pictures are not turned by EXIF here.
"""
import json
import pathlib
import sys

import numpy as np
import PIL
import xxhash
from PIL import Image


def reference(path):
    image = Image.open(path)
    deep = image.mode.startswith("I")
    image.load()
    depth = path.read_bytes()[24] if path.suffix == ".png" else 8
    keyed = "transparency" in image.info
    if deep:
        pixels = np.asarray(image).astype("<u2")
        form = "grey16"
    elif image.mode in ("1", "L"):
        form = "greya8" if keyed and depth == 8 else "grey8"
        pixels = np.asarray(image.convert("LA" if form == "greya8" else "L"))
    elif image.mode == "LA":
        pixels, form = np.asarray(image), "greya8"
    elif image.mode in ("RGBA", "P", "RGB", "CMYK"):
        alpha = image.mode == "RGBA" or (keyed and (image.mode == "P" or depth == 8))
        pixels = np.asarray(image.convert("RGBA" if alpha else "RGB"))
        form = "rgba8" if alpha else "rgb8"
    else:
        raise SystemExit(f"{path}: mode {image.mode}")
    flat = pixels.reshape(-1, 1 if pixels.ndim == 2 else pixels.shape[2])
    return {
        "size": list(image.size),
        "format": form,
        "digest": xxhash.xxh3_128_hexdigest(np.ascontiguousarray(pixels).tobytes()),
        "means": [round(float(m), 3) for m in flat.mean(axis=0)],
    }


def main():
    root, fixtures = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    table = {f"fixtures/{path.name}": reference(path) for path in sorted([*fixtures.glob("*.jpg"), *fixtures.glob("*.png")])}
    for path in sorted([*root.glob("pngsuite/*.png"), *root.glob("jpeg/*.jpg"), *root.glob("exif/*.jpg")]):
        name = str(path.relative_to(root))
        if path.name.startswith("x") or path.name == "monkey12.jpg":
            continue
        table[name] = reference(path)
    from PIL import features

    about = f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}"
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in table.items())
    text = f'{{\n "made_with": {json.dumps(about)},\n "files": {{\n{lines}\n }}\n}}\n'
    (fixtures / "pillow.json").write_text(text)


main()
