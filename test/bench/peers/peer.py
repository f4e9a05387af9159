"""What every peer shares: the job it is given, the networks as calls to its framework's operations, and the protocol.

A peer is a process. It reads its job from the first argument, builds, proves on the first steps that it is the same
network as everybody's, says `ready`, and then answers each line `run K` on standard input with the seconds that K
steps took, read back once at the end so that a framework may run ahead as it does in a training."""
import json
import os
import sys
import time

import numpy as np

STARTED = time.perf_counter()
PROOF_STEPS = 3


def read_arrays(path):
    """A safetensors file of float32 -> {name: array}."""
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
        body = np.frombuffer(file.read(), dtype="<f4")
    header.pop("__metadata__", None)
    at = lambda entry: slice(entry["data_offsets"][0] // 4, entry["data_offsets"][1] // 4)
    return {name: body[at(entry)].reshape(entry["shape"]) for name, entry in header.items()}


def below(prefix, arrays):
    return {name[len(prefix):]: array for name, array in arrays.items() if name.startswith(prefix)}


class Job:
    """`model`, `task` ("training", "inference", "product" or "kernel"), `variant`, `threads`, and for networks the arrays that
    all variants share."""

    def __init__(self, text):
        job = json.loads(text)
        self.model, self.task, self.variant = job["model"], job["task"], job["variant"]
        self.threads = job["threads"]
        self.bfloat16 = job["precision"] == "bfloat16"
        if self.task == "product":
            self.side = job["side"]
            return
        if self.task == "kernel":
            arrays = read_arrays(job["input"])
            self.pixels, self.labels, self.gamma = arrays["pixels"], arrays["labels"].astype(int), job["gamma"]
            return
        arrays = read_arrays(job["input"])
        self.learning_rate, self.momentum = job["learningRate"], job["momentum"]
        self.weights, self.statistics = below("weights/", arrays), below("statistics/", arrays)
        counted = sum(array.size for array in self.weights.values())
        if counted != job["parameters"]:
            raise SystemExit(f"{self.model} has {counted} parameters here, expected {job['parameters']}.")
        self.images = arrays["images"]  # [n, side, side, 3]
        self.labels = arrays["labels"].astype(np.int32)  # [n]
        self.batches = arrays["batches"].astype(np.int32)  # [batches, B], indices of images


def job():
    return Job(sys.argv[1])


# The networks. `ops` is a framework: conv (with what follows it up to ReLU), pool (of maxima, 3x3 by 2), average, concat,
# mean, lrn, flatten, linear, relu. Names are those of our own weights.

INCEPTION = [
    *["inception-1", "inception-2", "downsample-1", "inception-3", "inception-4", "inception-5", "inception-6"],
    *["downsample-2", "inception-7", "inception-8"],
]


def inception(ops, x):
    x = ops.conv(x, "conv-1", 1)
    for name in INCEPTION:
        if name.startswith("downsample"):
            x = ops.concat(ops.conv(x, f"{name}/conv-3x3", 2), ops.pool(x))
        else:
            x = ops.concat(ops.conv(x, f"{name}/conv-1x1", 1), ops.conv(x, f"{name}/conv-3x3", 1))
    return ops.linear(ops.mean(x), "linear")


def alexnet(ops, x):
    for name in ["conv-1", "conv-2"]:
        x = ops.lrn(ops.pool(ops.conv(x, name, 1)))
    x = ops.flatten(x)
    for name in ["dense-1", "dense-2"]:
        x = ops.relu(ops.linear(x, name))
    return ops.linear(x, "linear")


def mlp_3x512(ops, x):
    x = ops.flatten(x)
    for name in ["dense-1", "dense-2", "dense-3"]:
        x = ops.relu(ops.linear(x, name))
    return ops.linear(x, "linear")


def inception_v3_middle(ops, x):
    """[B, 299, 299, 3] -> [B, 17, 17, 768], channels wherever the framework has them."""
    x = ops.conv(x, "conv-1a", 2, "VALID")
    x = ops.conv(x, "conv-2a", 1, "VALID")
    x = ops.pool(ops.conv(x, "conv-2b", 1), "VALID")
    x = ops.conv(x, "conv-3b", 1, "VALID")
    x = ops.pool(ops.conv(x, "conv-4a", 1, "VALID"), "VALID")
    for name in ["mixed-5b", "mixed-5c", "mixed-5d"]:
        x = beside(ops, x, name, one=1, five=2, three=3)
    x = ops.concat(chain(ops, x, "mixed-6a/three", 1, 2), chain(ops, x, "mixed-6a/double", 3, 2), ops.pool(x, "VALID"))
    for name in ["mixed-6b", "mixed-6c", "mixed-6d", "mixed-6e"]:
        x = beside(ops, x, name, one=1, seven=3, double=5)
    return x


def inception_v3_end(ops, x):
    """[B, 17, 17, 768] -> logits."""
    x = ops.concat(chain(ops, x, "mixed-7a/three", 2, 2), chain(ops, x, "mixed-7a/seven", 4, 2), ops.pool(x, "VALID"))
    for name in ["mixed-7b", "mixed-7c"]:
        three, double = chain(ops, x, f"{name}/three", 1), chain(ops, x, f"{name}/double", 2)
        spread = [
            ops.concat(chain(ops, y, f"{name}/{branch}/row", 1), chain(ops, y, f"{name}/{branch}/column", 1))
            for branch, y in (("three", three), ("double", double))
        ]
        x = ops.concat(chain(ops, x, f"{name}/one", 1), *spread, pooled(ops, x, name))
    return ops.linear(ops.mean(x), "logits")


def inception_v3_auxiliary(ops, x):
    """[B, 17, 17, 768] -> logits."""
    x = ops.conv(ops.average(x, 5, 3, "VALID"), "auxiliary/conv-1x1", 1, "VALID")
    return ops.linear(ops.mean(ops.conv(x, "auxiliary/conv-5x5", 1, "VALID")), "auxiliary/logits")  # of one pixel


def beside(ops, x, name, **links):
    """Branches of so many convolutions each, and one that is pooled first."""
    branches = [chain(ops, x, f"{name}/{branch}", count) for branch, count in links.items()]
    return ops.concat(*branches, pooled(ops, x, name))


def pooled(ops, x, name):
    return chain(ops, ops.average(x, 3, 1, "SAME"), f"{name}/pool", 1)


def chain(ops, x, name, links, stride=1):
    """`stride` is that of the last, which then has no padding."""
    for link in range(1, links):
        x = ops.conv(x, f"{name}-{link}", 1)
    return ops.conv(x, f"{name}-{links}", stride, "SAME" if stride == 1 else "VALID")


NETWORKS = {
    "inception": inception,
    "alexnet": alexnet,
    "mlp-3x512": mlp_3x512,
    "inception-v3": lambda ops, x: inception_v3_end(ops, inception_v3_middle(ops, x)),
}
AUXILIARY_WEIGHT = 0.4


def heads(model, ops, x, networks=NETWORKS):
    """What a training sees: logits, each with what their cross-entropy counts in the loss."""
    if model != "inception-v3":
        return [(1, networks[model](ops, x))]
    middle = inception_v3_middle(ops, x)
    return [(1, inception_v3_end(ops, middle)), (AUXILIARY_WEIGHT, inception_v3_auxiliary(ops, middle))]


# Local response normalisation: over nine channels, the constants of TensorFlow's CIFAR-10 tutorial.
LRN_RADIUS, LRN_ALPHA, LRN_BETA = 4, 0.001 / 9, 0.75
EPSILON = 0.001  # of batch norm


def lrn_band(channels):
    """[channels, channels]: 1 where two channels are at most four apart. x² times it is the sum over neighbours."""
    places = np.arange(channels)
    return (abs(places[:, None] - places[None, :]) <= LRN_RADIUS).astype(np.float32)


def serve(job, run, versions, logits=None, residual=None):
    """run(k, first) -> k values read back: losses of the batches from number `first` on in training, anything else
    else. logits: those of the first image, in inference."""
    setup = time.perf_counter() - STARTED
    proof, first = [], 0
    if job.task == "training":
        for first in range(PROOF_STEPS):
            proof += run(1, first)
            if first == 0:
                compiled = time.perf_counter() - STARTED
        first += 1
    else:
        run(1, 0)
        compiled = time.perf_counter() - STARTED
        proof = [] if logits is None else logits()
    say({
        "ready": {
            "variant": job.variant,
            "versions": versions,
            "setupSeconds": setup,
            "firstStepSeconds": compiled - setup,
            "proof": [float(value) for value in proof],
            **({} if residual is None else {"residual": float(residual())}),
        }
    })
    for line in sys.stdin:
        steps = int(line.removeprefix("run "))
        started = time.perf_counter()
        values = run(steps, first)
        seconds = time.perf_counter() - started
        first += steps
        if not np.isfinite(values).all():
            raise SystemExit(f"{job.variant} came to {values}, expected finite numbers.")
        say({"seconds": seconds})


def say(message):
    os.write(PROTOCOL, (json.dumps(message) + "\n").encode())


# Frameworks print to standard output; the protocol keeps it to itself.
PROTOCOL = os.dup(1)
os.dup2(2, 1)
