"""Linear models and kernel interpolants of a small sample by NumPy and SciPy; writes recorded.json beside it.

    python3 test/activities/linear/recorded.py    (NumPy 2, SciPy 1; x86-64)
"""

import json
import pathlib

import numpy as np
import scipy.linalg

N, D, TESTS, CLASSES = 12, 40, 7, 10


def pixels(count, first):
    """As small-images.ts has them: uint8 [count, D]."""
    i, j = np.meshgrid(np.arange(first, first + count), np.arange(D), indexing="ij")
    return ((i * i * 31 + j * 47 + i * j * 13 + j * j * 5) % 256).astype(np.uint8)


def one_vs_all(labels):
    return np.where(labels[:, None] == np.arange(CLASSES), 1.0, -1.0)


def whitened(images):
    x = images / 255
    centred = x - x.mean(1, keepdims=True)
    return (centred / x.std(1, keepdims=True)).astype(np.float32).astype(np.float64)


def linear():
    x = whitened(pixels(N, 0))
    y = one_vs_all(np.arange(N) * 7 % CLASSES)
    least = np.linalg.pinv(x) @ y  # by singular values, not by the kernel
    eigenvalue = np.linalg.norm(x, 2) ** 2
    weights = np.zeros((D, CLASSES))
    for _ in range(25):
        weights -= x.T @ (x @ weights - y) / eigenvalue
    start = np.cos(np.arange(D * CLASSES)).reshape(D, CLASSES)
    off = scipy.linalg.null_space(x)
    elsewhere = least + off @ (off.T @ start)
    curvature = 1 / np.cosh(0.5 * y[:, 0] * np.arange(N)) ** 2
    hessian = np.linalg.eigvalsh(x.T @ (curvature[:, None] * x))  # all D of them
    return {
        "largestEigenvalue": eigenvalue,
        "leastNorm": np.linalg.norm(least),
        "leastNormRow5": least[5].tolist(),
        "fullGradientRow5": weights[5].tolist(),
        "elsewhereRow5": elsewhere[5].tolist(),
        "hessian": hessian[::-1].tolist(),
    }


def kernel(gamma):
    images, tests = pixels(N, 0), pixels(TESTS, 100)
    x, z = images / 255, tests / 255
    values = lambda a, b: np.exp(-gamma * ((a[:, None] - b[None]) ** 2).sum(2))
    labels, test_labels = np.arange(N) * 7 % CLASSES, np.arange(TESTS) % CLASSES
    y = one_vs_all(labels)
    alpha = scipy.linalg.solve(values(x, x), y, assume_a="pos")
    outputs = values(z, x) @ alpha
    return {
        "gamma": gamma,
        "norm": float(np.sqrt(np.sum(alpha * y))),
        "testErrors": int((outputs.argmax(1) != test_labels).sum()),
        "outputs": outputs.ravel().tolist(),
    }


if __name__ == "__main__":
    recorded = {"linear": linear(), "kernel": kernel(0.05)}
    path = pathlib.Path(__file__).with_name("recorded.json")
    path.write_text(json.dumps(recorded, indent=2) + "\n")
