"""Makes scipy.json: what NumPy and SciPy say of a small kernel machine and of a small triangular system.

    python scipy_values.py > scipy.json      # numpy 2.4.6, scipy 1.17.1

Samples are bytes of a linear congruential generator, which takes a line in any language."""
import json

import numpy as np
import scipy
from scipy.linalg import eigvals, inv, solve, solve_triangular

GAMMA, L2 = 0.05, 0.1


def random_bytes(count, state):
    values = []
    for _ in range(count):
        state = (1664525 * state + 1013904223) & 0xFFFFFFFF
        values.append(state >> 24)
    return np.array(values)


def kernel_machine(n, d):
    x = random_bytes(n * d, 1).reshape(n, d) / 255
    y = np.where(np.arange(10) == (np.arange(n) % 10)[:, None], 1.0, -1.0)
    k = np.exp(-GAMMA * ((x[:, None] - x[None]) ** 2).sum(2))
    alpha = solve(k, y, assume_a="pos")
    inverse = inv(k)
    return {
        "n": n,
        "d": d,
        "gamma": GAMMA,
        "l2": L2,
        "kernel": k[0, :5].tolist(),
        "alpha": alpha[:3].tolist(),
        "alphaWithL2": solve(k + L2 * np.eye(n), y, assume_a="pos")[:3].tolist(),
        "norm": float(np.sqrt(np.trace(alpha.T @ k @ alpha))),
        "leaveOneOut": (y - alpha / np.diag(inverse)[:, None])[:3].tolist(),
        "condition": float(np.linalg.cond(k)),
    }


def theorem(n):
    x = np.cumsum(1.0 + random_bytes(n, 2))
    b = np.concatenate([[x[0] - 100], x[:-1]])
    y = (random_bytes(n, 3) % 10).astype(float)
    a = np.maximum(x[:, None] - b[None], 0)
    return {
        "x": x.tolist(),
        "b": b.tolist(),
        "y": y.tolist(),
        "weights": solve_triangular(a, y, lower=True).tolist(),
        "smallestEigenvalue": float(eigvals(a).real.min()),
        "rank": int(np.linalg.matrix_rank(a)),
    }


print(json.dumps({
    "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
    "kernel": kernel_machine(60, 40),
    "theorem": theorem(12),
}, indent=1))
