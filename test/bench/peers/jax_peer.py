"""JAX: the whole step in one compiled function, weights and momenta donated."""
import functools

import jax
import jax.numpy as jnp
import numpy as np
import peer
from jax import lax

job = peer.job()
VERSIONS = {"jax": jax.__version__}
COMPUTE = jnp.bfloat16 if job.bfloat16 else jnp.float32


class Operations:
    """Products and convolutions in the job's precision, all else in float32."""

    def __init__(self, weights, statistics):
        self.weights, self.statistics = weights, statistics
        self.band = peer.lrn_band(64)

    def conv(self, x, name, stride, padding="SAME"):
        w = self.weights
        kernel = w[f"{name}/kernel"].astype(COMPUTE)
        x = convolve(x.astype(COMPUTE), kernel, stride, padding).astype(jnp.float32)
        if f"{name}/bias" in w:
            return jax.nn.relu(x + w[f"{name}/bias"])
        if self.statistics:
            mean, variance = self.statistics[f"{name}/mean"], self.statistics[f"{name}/variance"]
        else:
            mean = x.mean((0, 1, 2))
            variance = jnp.square(x).mean((0, 1, 2)) - jnp.square(mean)  # one pass over x, as Flax computes it
        return jax.nn.relu((x - mean) * lax.rsqrt(variance + peer.EPSILON) + w[f"{name}/shift"])

    def pool(self, x, padding="SAME"):
        return lax.reduce_window(x, -jnp.inf, lax.max, (1, 3, 3, 1), (1, 2, 2, 1), padding)

    def average(self, x, side, stride, padding):
        def total(values):
            return lax.reduce_window(values, 0.0, lax.add, (1, side, side, 1), (1, stride, stride, 1), padding)

        return total(x) / total(jnp.ones((1, *x.shape[1:3], 1)))

    def concat(self, *branches):
        return jnp.concatenate(branches, 3)

    def mean(self, x):
        return x.mean((1, 2))

    def lrn(self, x):
        return x * (1 + peer.LRN_ALPHA * (jnp.square(x) @ self.band)) ** -peer.LRN_BETA

    def flatten(self, x):
        return x.reshape(len(x), -1)

    def linear(self, x, name):
        product = x.astype(COMPUTE) @ self.weights[f"{name}/kernel"].astype(COMPUTE)
        return product.astype(jnp.float32) + self.weights[f"{name}/bias"]

    def relu(self, x):
        return jax.nn.relu(x)


def convolve(x, kernel, stride, padding):
    if kernel.shape[:2] == (1, 1):
        return x @ kernel[0, 0]  # XLA's convolution on a CPU takes longer
    layout = ("NHWC", "HWIO", "NHWC")
    return lax.conv_general_dilated(x, kernel, (stride, stride), padding, dimension_numbers=layout)


def on_device(arrays):
    return {name: jnp.array(array) for name, array in arrays.items()}


def batch(number):
    return job.batches[number % len(job.batches)]


def training():
    images, labels = jnp.array(job.images), jnp.array(job.labels)

    def loss_of(weights, x, y):
        heads = peer.heads(job.model, Operations(weights, {}), x)
        return sum(
            -weight * jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()
            for weight, logits in heads
        )

    @functools.partial(jax.jit, donate_argnums=(0, 1))
    def step(weights, momenta, images, labels, indices, learning_rate):
        loss, gradients = jax.value_and_grad(loss_of)(weights, images[indices], labels[indices])
        momenta = jax.tree.map(lambda v, g: job.momentum * v + g, momenta, gradients)
        return jax.tree.map(lambda w, v: w - learning_rate * v, weights, momenta), momenta, loss

    weights = on_device(job.weights)
    momenta = jax.tree.map(jnp.zeros_like, weights)

    def run(steps, first):
        nonlocal weights, momenta
        losses = []
        for number in range(first, first + steps):
            weights, momenta, loss = step(weights, momenta, images, labels, batch(number), job.learning_rate)
            losses.append(loss)
        return [float(loss) for loss in losses]

    peer.serve(job, run, VERSIONS)


def inference():
    images = jnp.array(job.images)
    weights, statistics = on_device(job.weights), on_device(job.statistics)

    @jax.jit
    def logits_of(weights, statistics, images, indices):
        return peer.NETWORKS[job.model](Operations(weights, statistics), images[indices])

    def logits(number):
        return logits_of(weights, statistics, images, batch(number))

    def run(steps, first):
        found = [logits(number) for number in range(first, first + steps)]
        return [np.asarray(values)[0, 0] for values in found]

    peer.serve(job, run, VERSIONS, lambda: np.asarray(logits(0))[0])


def product():
    keys = jax.random.split(jax.random.key(1))
    a, b = (jax.random.normal(key, (job.side, job.side), COMPUTE) / job.side**0.5 for key in keys)
    multiply = jax.jit(jnp.matmul)

    def run(steps, _):
        return [float(multiply(a, b).block_until_ready()[0, 0]) for _ in range(steps)]

    peer.serve(job, run, VERSIONS)


{"training": training, "inference": inference, "product": product}[job.task]()
