"""Photos to faces with embeddings, from JPEG files to JSON files, whole processes: Graphs/face/encode.json beside a
Python pipeline on ONNX Runtime and OpenCV with the same models and the same steps."""
import glob
import json
import os
import shutil
import statistics
import sys

import numpy as np

from contest import HERE, SHIPPED, asset, cores_free, missing, ratios, row, timed

SOURCES = ["face/photos/*.jpg", "face/widerface/*.jpg", "face/openface_examples/*.jpg", "face/dlib_faces_68pt/*.jpg",
           "face/faceapi_bbt/group/*.jpg"]
# Longer sides, px.
SIZES = [640, 960, 1280, 1600, 2048, 3000]
# deepinsight/insightface, utils/face_align.py.
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
                     [70.7299, 92.2041]])


def photos(settings):
    """So many JPEGs of mixed size, resized from the test photos; kept between runs."""
    folder = os.path.join(settings.folder, f"photos-{settings.photos}")
    if os.path.exists(folder):
        return folder
    import cv2
    files = sorted(path for pattern in SOURCES for path in glob.glob(os.path.join(settings.assets, pattern)))
    pictures = [cv2.imread(path) for path in files]
    scratch = folder + ".part"
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    for index in range(settings.photos):
        picture = pictures[index % len(pictures)]
        factor = SIZES[index // len(pictures) % len(SIZES)] / max(picture.shape[:2])
        cv2.imwrite(os.path.join(scratch, f"{index:05}.jpg"),
                    cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1
                               else cv2.INTER_CUBIC), [cv2.IMWRITE_JPEG_QUALITY, 90])
    os.rename(scratch, folder)
    return folder


def similarity(points):
    """The similarity that brings points nearest to the template (Umeyama 1991), 2 × 3."""
    mean, target = points.mean(0), TEMPLATE.mean(0)
    a, b = points - mean, TEMPLATE - target
    u, s, v = np.linalg.svd(b.T @ a / len(points))
    signs = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(v))])
    turn = u @ np.diag(signs) @ v
    scale = (s * signs).sum() / a.var(0).sum()
    return np.hstack([scale * turn, (target - scale * turn @ mean)[:, None]])


class Pipeline:
    """SCRFD and MobileFaceNet the way InsightFace's Python package uses ONNX Runtime and OpenCV."""

    def __init__(self, detector, encoder, threads):
        import cv2
        import runtimes
        self.cv2 = cv2
        self.detect, self.encode = runtimes.onnxruntime(detector, threads), runtimes.onnxruntime(encoder, threads)

    def tensor(self, picture):
        return self.cv2.dnn.blobFromImage(picture, 1 / 128, picture.shape[1::-1], (127.5, 127.5, 127.5), swapRB=True)

    def faces(self, picture):
        height, width = picture.shape[:2]
        factor = min(640 / height, 640 / width)
        canvas = np.zeros((640, 640, 3), np.uint8)
        small = self.cv2.resize(picture, (int(width * factor), int(height * factor)))
        canvas[:small.shape[0], :small.shape[1]] = small
        values = self.detect(self.tensor(canvas))
        found = []
        for level, stride in enumerate([8, 16, 32]):
            scores = values[level].reshape(-1)
            chosen = np.flatnonzero(scores >= 0.5)
            cells = chosen // 2
            side = 640 // stride
            centre = np.stack([cells % side, cells // side], 1) * stride
            box = values[3 + level].reshape(-1, 4)[chosen] * stride
            points = values[6 + level].reshape(-1, 5, 2)[chosen] * stride + centre[:, None]
            corners = np.hstack([centre - box[:, :2], centre + box[:, 2:]])
            found.append((scores[chosen], corners / factor, points / factor))
        scores, boxes, points = [np.concatenate(part) for part in zip(*found)]
        order, kept = list(np.argsort(-scores, kind="stable")), []
        areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
        while order:
            best, rest = order[0], np.array(order[1:], int)
            kept.append(best)
            low, high = np.maximum(boxes[best, :2], boxes[rest, :2]), np.minimum(boxes[best, 2:], boxes[rest, 2:])
            common = np.prod(np.maximum(0, high - low), axis=1)
            order = list(rest[common / (areas[best] + areas[rest] - common) <= 0.4])
        return scores[kept], boxes[kept], points[kept]

    def photo(self, path):
        picture = self.cv2.imread(path)
        scores, boxes, points = self.faces(picture)
        faces = []
        for score, box, five in zip(scores, boxes, points):
            crop = self.cv2.warpAffine(picture, similarity(five.astype(np.float64)), (112, 112))
            code = self.encode(self.tensor(crop))[0][0]
            faces.append({"score": float(score), "box": box.tolist(), "points": five.tolist(),
                          "embedding": (code / np.linalg.norm(code)).tolist()})
        return faces


def rival(folder, out, detector, encoder, threads, workers):
    """All photos of a folder: by `workers` threads of this process, each with its share of the `threads`."""
    from concurrent.futures import ThreadPoolExecutor

    import cv2
    cv2.setNumThreads(threads // workers)
    os.makedirs(out, exist_ok=True)
    paths = sorted(glob.glob(os.path.join(folder, "*.jpg")))
    pipelines = [Pipeline(detector, encoder, threads // workers) for _ in range(workers)]

    def work(worker):
        for path in paths[worker::workers]:
            faces = pipelines[worker].photo(path)
            with open(os.path.join(out, os.path.basename(path)[:-4] + ".json"), "w") as file:
                json.dump(faces, file)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))


def agreement(mine, other):
    """The largest 1 - cosine of embeddings of the same face, over all photos; infinite where a face is missing."""
    worst = 0.0
    for path in sorted(glob.glob(os.path.join(other, "*.json"))):
        with open(path) as file:
            theirs = json.load(file)
        with open(os.path.join(mine, os.path.basename(path))) as file:
            ours = json.load(file)
        if len(ours) != len(theirs):
            print(f"{os.path.basename(path)}: {len(ours)} faces and {len(theirs)}", file=sys.stderr)
            worst = float("inf")
            continue
        for a, b in zip(ours, theirs):
            worst = max(worst, 1 - float(np.dot(a["embedding"], b["embedding"])))
    return worst


def run(settings):
    title, target = f"{settings.photos} photos to faces with embeddings", "≥ 2.0"
    detector = asset(settings, "face/scrfd/scrfd_500m_bnkps.onnx")
    encoder = asset(settings, "face/mobilefacenet/mobilefacenet.onnx")
    if not detector or not encoder:
        return [missing(title, target, "no models under --assets")]
    folder = photos(settings)
    out = os.path.join(settings.folder, "faces-weft")
    commands = {"weft": [
        settings.weft, "run", os.path.join(SHIPPED, "face/encode.json"), "photo=" + folder, "detector=" + detector,
        "encoder=" + encoder, "retry=[]", "--cache", "off", "--progress", "none", "--jobs", str(settings.threads),
        "--out", out]}
    for workers in {1, settings.threads}:
        name = f"onnxruntime + opencv, {workers} at a time"
        arguments = (folder, out.replace("weft", str(workers)), detector, encoder, settings.threads, workers)
        commands[name] = [
            sys.executable, "-c", f"import sys; sys.path.insert(0, {HERE!r})\nfrom jobs.faces import rival\n"
            f"rival(*{arguments!r})"]
    free = cores_free(settings)
    seconds = {name: [] for name in commands}
    for _ in range(settings.long_rounds):
        shutil.rmtree(out, ignore_errors=True)
        for name, command in commands.items():
            seconds[name].append(timed(command)[0])
    free = free and cores_free(settings)
    rivals = sorted((name for name in commands if name != "weft"), key=lambda name: statistics.median(seconds[name]))
    return [row(
        title, f"{1e3 * statistics.median(seconds['weft']):.0f}",
        ", ".join(f"{name} {1e3 * statistics.median(seconds[name]):.0f}" for name in rivals),
        ", ".join(f"{ratios(seconds[name], seconds['weft'])} against {name}" for name in rivals), target,
        [agreement(out, out.replace("weft", "1"))], free)]


JOBS = {"faces": run}
