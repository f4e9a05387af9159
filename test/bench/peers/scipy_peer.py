"""Kernel systems as a user of NumPy and SciPy solves them: everything in float64, the matrix whole and overwritten."""
import numpy as np
import peer
import scipy
from scipy.linalg import solve

job = peer.job()
SHOWN = 20
Y = np.where(np.arange(10) == job.labels[:, None], 1.0, -1.0)  # [n, 10]
alpha = None


def kernel():
    """exp(−γ‖x − x'‖²) on pixels / 255: [n, n], in one array."""
    x = job.pixels.astype(np.float64) / 255
    squares = (x * x).sum(1)
    k = x @ x.T
    k *= -2
    k += squares[:, None]
    k += squares
    k *= -job.gamma
    return np.exp(k, out=k)


def run(steps, _):
    global alpha
    for _ in range(steps):
        alpha = solve(kernel(), Y, assume_a="pos", overwrite_a=True)
    return alpha[0]


def residual():
    return (np.linalg.norm(Y - kernel() @ alpha, axis=0) / np.linalg.norm(Y, axis=0)).max()


versions = {"numpy": np.__version__, "scipy": scipy.__version__}
peer.serve(job, run, versions, lambda: alpha.ravel()[:SHOWN], residual)
