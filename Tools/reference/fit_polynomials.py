#!/usr/bin/env python3
"""Prints the polynomial coefficients of Sources/CKernels/loops/functions.h.

Weighted least squares at Chebyshev nodes in long double: within a few percent of the minimax error. Needs numpy.
usage: fit_polynomials.py
"""
import math
import numpy as np


def fit(name, target, weight, low, high, degree, powers=None):
    """Fits target(x) = sum c_i x^i on [low, high], errors weighted by weight(x); prints c_i, lowest power first."""
    nodes = 4000
    k = np.arange(nodes)
    x = (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (k + 0.5) / nodes)
    powers = powers or range(degree + 1)
    w = np.array([weight(v) for v in x])
    y = np.array([target(v) for v in x])
    for _ in range(30):  # Lawson's iteration moves least squares towards minimax
        matrix = np.stack([x ** p for p in powers], 1) * w[:, None]
        scale = np.abs(matrix).max(0)
        c = np.linalg.lstsq(matrix / scale, y * w, rcond=None)[0] / scale
        error = np.abs(sum(ci * x ** p for ci, p in zip(c, powers)) - y) * np.array([weight(v) for v in x])
        w = w * np.sqrt(np.maximum(error / error.max(), 1e-3))
        w = w / w.mean()
    print(f"// {name}: error {error.max():.2e} on [{low:.4f}, {high:.4f}]")
    print(", ".join(f"{float(np.float32(v)):.9g}f" for v in c))


half_ln2 = math.log(2) / 2 * 1.02
# exp(r) = 1 + r + r^2 P(r)
fit("exp", lambda r: (math.expm1(r) - r) / (r * r) if abs(r) > 1e-3 else 0.5 + r / 6 + r * r / 24,
    lambda r: r * r, -half_ln2, half_ln2, 5)
# log(1 + f) = f - f^2/2 + f^3 P(f)
low, high = math.sqrt(0.5) - 1, math.sqrt(2) - 1
fit("log", lambda f: (math.log1p(f) - f + f * f / 2) / f ** 3 if abs(f) > 2e-3 else 1 / 3 - f / 4 + f * f / 5,
    lambda f: f ** 3 / math.log1p(f) if abs(f) > 1e-9 else f * f, low, high, 9)
# tanh(x) = x + x^3 P(x^2), |x| < 0.625
fit("tanh", lambda s: (math.tanh(math.sqrt(s)) / math.sqrt(s) - 1) / s if s > 1e-5 else -1 / 3 + 2 * s / 15,
    lambda s: s, 0, 0.625 ** 2, 5)
# erf(x) = x + x P(x^2), |x| <= 1
fit("erf", lambda s: math.erf(math.sqrt(s)) / math.sqrt(s) - 1 if s > 1e-12 else 2 / math.sqrt(math.pi) - 1,
    lambda s: 1.0, 0, 1.0, 7)
# erf(x) = 1 - exp(-Q(x)), 1 <= x <= 4
fit("erfc", lambda t: -math.log(math.erfc(t)), lambda t: math.erfc(t) + 1e-9, 1.0, 4.0, 8)
