"""Whole processes: what a person at a command line waits for."""
import os
import statistics
import sys

from contest import HERE, SHIPPED, asset, cores_free, missing, row, timed

FILES = ["face/yunet/yunet_n_640_640.onnx", "face/mobilefacenet/mobilefacenet.onnx",
         "face/openface_examples/lennon-1.jpg", "face/openface_examples/lennon-2.jpg"]


def rival(detector, encoder, photos, threads):
    """The same in Python: the cosine of the first face of two photos by SCRFD and MobileFaceNet."""
    import numpy as np

    from jobs.faces import Pipeline
    pipeline = Pipeline(detector, encoder, threads)
    first, second = [pipeline.photo(photo)[0]["embedding"] for photo in photos]
    print(float(np.dot(first, second)))


def version(settings):
    free = cores_free(settings)
    seconds = [timed([settings.weft, "--version"])[0] for _ in range(2 * settings.rounds + 1)]
    free = free and cores_free(settings)
    return [row("weft --version, whole process", f"{1e3 * statistics.median(seconds):.1f}", None,
                f"{1e3 * min(seconds):.1f}–{1e3 * max(seconds):.1f} ms", "≤ 15 ms", [], free)]


def compare(settings):
    title, target = "two photos compared by their faces, cold, whole process", "≤ 150 ms"
    files = [asset(settings, name) for name in FILES]
    scrfd = asset(settings, "face/scrfd/scrfd_500m_bnkps.onnx")
    if None in files or not scrfd:
        return [missing(title, target, "no models under --assets")]
    detector, encoder, a, b = files
    mine = [settings.weft, "run", os.path.join(SHIPPED, "face/compare.json"), "a=" + a, "b=" + b,
            "detector=" + detector, "encoder=" + encoder, "--cache", "off", "--progress", "none", "--jobs",
            str(settings.threads), "--out", os.path.join(settings.folder, "out")]
    other = [sys.executable, "-c", f"import sys; sys.path.insert(0, {HERE!r})\nfrom jobs.startup import rival\n"
             f"rival({scrfd!r}, {encoder!r}, {[a, b]!r}, {settings.threads})"]
    free = cores_free(settings)
    pairs = [(timed(mine)[0], timed(other)[0]) for _ in range(settings.rounds + 1)][1:]
    free = free and cores_free(settings)
    ratios = sorted(b / a for a, b in pairs)
    return [row(title, f"{1e3 * statistics.median(pair[0] for pair in pairs):.0f}",
                f"onnxruntime + opencv {1e3 * statistics.median(pair[1] for pair in pairs):.0f}",
                f"{statistics.median(ratios):.2f} ({ratios[0]:.2f}–{ratios[-1]:.2f})", target, [], free)]


JOBS = {"start-up": lambda settings: version(settings) + compare(settings)}
