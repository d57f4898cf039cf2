"""1:N search: the five nearest of many vectors of 512 numbers to one, by cosine."""
import json
import os
import sqlite3

import numpy as np

from contest import GRAPHS, Peer, Weft, compare, errors, missing, save

WIDTH, TOP, BLOCK = 512, 5, 10_000


def unit(random, count):
    values = random.standard_normal((count, WIDTH)).astype(np.float32)
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def prepare(settings, count):
    """The vectors as .npy, a query near one of them, and a gallery of the same; kept between runs."""
    base = os.path.join(settings.folder, f"search-{count}")
    vectors, query, gallery = base + ".npy", base + "-query.npy", base + ".gallery"
    if os.path.exists(base + ".done"):
        return vectors, query, gallery
    for path in [gallery, gallery + "-matrix"]:
        if os.path.exists(path):
            os.remove(path)
    random = np.random.default_rng(512)
    matrix = np.lib.format.open_memmap(vectors, "w+", np.float32, (count, WIDTH))
    for begin in range(0, count, BLOCK):
        end = min(count, begin + BLOCK)
        matrix[begin:end] = unit(random, end - begin)
    np.save(query, (matrix[count // 3] + 0.05 * random.standard_normal(WIDTH)).astype(np.float32))
    first = base + "-first.npy"
    np.save(first, np.array(matrix[0]))
    save(settings, [os.path.join(GRAPHS, "search-enroll.json"), "x=" + first, "name=0", "encoder=bench",
                    "gallery=" + gallery], os.path.join(settings.folder, "out"))
    # The rest goes straight into the file: enrolling keeps every single face safe, which takes its time.
    database = sqlite3.connect(gallery)
    database.execute("PRAGMA synchronous = OFF")
    encoder, = database.execute("SELECT id FROM encoder").fetchone()
    for begin in range(1, count, BLOCK):
        end = min(count, begin + BLOCK)
        database.executemany("INSERT INTO person (id, name) VALUES (?, ?)",
                             [(index + 1, str(index)) for index in range(begin, end)])
        database.executemany(
            "INSERT INTO sample (person, encoder, embedding, digest, source, photo, time) VALUES (?, ?, ?, ?, '', '', 0)",
            [(index + 1, encoder, matrix[index].tobytes(), index.to_bytes(16, "little"))
             for index in range(begin, end)])
        database.commit()
    database.execute("UPDATE gallery SET revision = revision + 1, changes = changes + 1")
    database.commit()
    database.close()
    open(base + ".done", "w").close()
    return vectors, query, gallery


def contestant(name, threads, folder, arguments):
    matrix, query = np.load(arguments[0], mmap_mode="r"), np.load(arguments[1])
    query = query / np.linalg.norm(query)
    if name == "faiss":
        import faiss
        faiss.omp_set_num_threads(threads)
        index = faiss.IndexFlatIP(WIDTH)
        for begin in range(0, len(matrix), BLOCK):
            index.add(np.ascontiguousarray(matrix[begin:begin + BLOCK]))
        return lambda: [index.search(query[None], TOP)[1][0]]
    matrix = np.array(matrix)

    def run():
        scores = matrix @ query
        best = np.argpartition(scores, -TOP)[-TOP:]
        return [best[np.argsort(-scores[best])]]
    return run


def run(settings):
    with open("/proc/meminfo") as file:
        free = next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable"))
    # Both peers hold all vectors, the file system another copy of them and of the gallery, Weft a quarter.
    count = min(settings.vectors, int(free / (4.5 * 4 * WIDTH)))
    vectors, query, gallery = prepare(settings, count)
    weft = Weft(settings, os.path.join(GRAPHS, "search.json"), ["x=" + query, "encoder=bench", "gallery=" + gallery], whole=True)
    peers = [Peer(name, "search", settings, [vectors, query]) for name in ["numpy", "faiss"]]
    if not weft.alive:
        return [missing(f"1:N search, {count} × {WIDTH}, top {TOP}", "≥ 1.8 (numpy), ≥ 1.5 (faiss)", "weft failed")]
    out = os.path.join(settings.folder, "out")
    weft.run(out)
    with open(os.path.join(out, "matches.json")) as file:
        mine = [int(candidate["name"]) for candidate in json.load(file)[0]["candidates"]]
    found = errors(settings, peers, lambda theirs: float(np.mean(theirs[0] != mine)))
    return [compare(f"1:N search, {count} × {WIDTH}, top {TOP}", settings, weft, peers, found,
                    "≥ 1.8 (numpy), ≥ 1.5 (faiss)")]


JOBS = {"search": run}
