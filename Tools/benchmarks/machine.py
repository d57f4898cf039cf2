"""What the machine gives at the moment: products and memory with one and with several threads.

usage: machine.py THREADS     prints GFLOP/s of a 1024 x 1024 product and GB/s of a copy
"""
import os
import sys

if __name__ == "__main__":
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
        os.environ[name] = sys.argv[1]
    import time
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np
    a, b = np.ones((1024, 1024), np.float32), np.ones((1024, 1024), np.float32)
    threads = int(sys.argv[1])
    flops = 0.0
    for _ in range(8):
        begin = time.perf_counter()
        a @ b
        flops = max(flops, 2 * 1024 ** 3 / (time.perf_counter() - begin) / 1e9)
    parts = [(np.ones(1 << 23, np.float32), np.zeros(1 << 23, np.float32)) for _ in range(threads)]
    speed = 0.0
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(5):
            begin = time.perf_counter()
            list(pool.map(lambda part: np.copyto(part[1], part[0]), parts))
            speed = max(speed, threads * 8 * (1 << 23) / (time.perf_counter() - begin) / 1e9)
    print(f"{flops:.1f} {speed:.1f}")
