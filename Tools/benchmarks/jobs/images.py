"""Single operations on a photo of 3000×2250 beside OpenCV and Pillow, each in its own words. Everyone decodes the photo
anew before each operation, which does not count, so that all find it where a decoder leaves it and not in a cache."""
import os

import numpy as np

from contest import GRAPHS, Peer, Weft, compare, difference, errors, missing, save

WIDTH, HEIGHT = 3000, 2250
WARP = [0.9, -0.3, 200.25, 0.3, 0.9, -120.5]


def photo(settings):
    """A JPEG with detail at every scale, as a camera's has; kept between runs."""
    path = os.path.join(settings.folder, f"photo-{WIDTH}.jpg")
    if not os.path.exists(path):
        from PIL import Image
        random = np.random.default_rng(7)
        values = np.full((HEIGHT, WIDTH, 3), 128.0)
        for size in [4, 16, 64, 256, 1024]:
            noise = random.uniform(-48, 48, (size * 3 // 4, size, 3)) + 128
            layer = Image.fromarray(noise.clip(0, 255).astype(np.uint8)).resize((WIDTH, HEIGHT), Image.BICUBIC)
            values += np.asarray(layer, np.float64) - 128
        Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(path, quality=90)
    return path


def with_opencv(job, path, threads):
    import cv2
    cv2.setNumThreads(threads)
    flags = {"half": cv2.IMREAD_REDUCED_COLOR_2, "decode": cv2.IMREAD_COLOR}
    if job in flags:
        return lambda: [cv2.imread(path, flags[job])[..., ::-1]]

    def decoded():
        return cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)

    def small(picture=None):
        return cv2.resize(decoded() if picture is None else picture, (640, 480), interpolation=cv2.INTER_LINEAR)
    return {
        "bilinear": (decoded, lambda picture: [small(picture)]),
        "enlarged": (small, lambda it: [cv2.resize(it, (1600, 1200), interpolation=cv2.INTER_LINEAR)]),
        "turned": (decoded, lambda picture: [cv2.warpAffine(picture, np.array(WARP).reshape(2, 3), (1600, 1200),
                                                            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)]),
        "planes": (small, lambda it: [cv2.dnn.blobFromImage(it, 1 / 128, (640, 480), (127.5, 127.5, 127.5),
                                                            swapRB=True)]),
    }.get(job)


def with_pillow(job, path):
    from PIL import Image

    def decode():
        picture = Image.open(path)
        if job == "half":
            picture.draft("RGB", (WIDTH // 2, HEIGHT // 2))
        return [np.asarray(picture)]
    if job in ("decode", "half"):
        return decode
    if job == "bicubic":
        return (lambda: Image.open(path).convert("RGB"),
                lambda picture: [np.asarray(picture.resize((640, 480), Image.BICUBIC))])
    return None


def contestant(name, threads, folder, arguments):
    path, job = arguments
    run = with_opencv(job, path, threads) if name == "opencv" else with_pillow(job, path)
    if run is None:
        raise SystemExit(f"{name} has no {job}")
    return run


ROWS = [
    ("decode", "decode a JPEG of 3000×2250, whole run", ["opencv", "pillow"]),
    ("half", "decode it at half its size, whole run", ["opencv", "pillow"]),
    ("bilinear", "resize 3000×2250 to 640×480, bilinear", ["opencv"]),
    ("enlarged", "resize 640×480 to 1600×1200, bilinear", ["opencv"]),
    ("bicubic", "resize 3000×2250 to 640×480, bicubic with antialiasing", ["pillow"]),
    ("turned", "warp to 1600×1200, bilinear", ["opencv"]),
    ("planes", "640×480 to normalised planes", ["opencv"]),
]


def run(settings):
    path = photo(settings)
    out = os.path.join(settings.folder, "out-images")
    save(settings, [os.path.join(GRAPHS, "images.json"), "photo=" + path], out)
    rows = []
    for job, title, names in ROWS:
        decodes = job in ("decode", "half")
        if decodes:
            weft = Weft(settings, os.path.join(GRAPHS, "decode.json"),
                        ["photo=" + path, f"scale={1 if job == 'decode' else 0.5}"], whole=True)
        else:
            weft = Weft(settings, os.path.join(GRAPHS, "images.json"), ["photo=" + path], prefix=job, only=job)
        if not weft.alive:
            rows.append(missing(title, "≥ 1", "weft failed"))
            continue
        if job == "planes":
            mine = np.load(os.path.join(out, "planes.npy"))
        else:
            from PIL import Image
            mine = np.asarray(Image.open(os.path.join(out, ("load" if job == "decode" else job) + ".png")))
        peers = [Peer(name, "images", settings, [path, job]) for name in names]
        found = errors(settings, peers, lambda theirs: difference(mine, theirs[0]))
        rows.append(compare(title, settings, weft, peers, found, "≥ 1"))
    return rows


JOBS = {"images": run}
