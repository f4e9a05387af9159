"""PyTorch, eager and compiled.

TensorFlow's SAME padding of a stride of two puts the odd row and column after the image, PyTorch's `padding=1` before
it. On mirrored images with mirrored kernels the latter is the former, so that PyTorch pads as it does fastest and the
losses are everybody's."""
import math

import numpy as np
import peer
import torch
import torch.nn.functional as F

job = peer.job()
torch.set_num_threads(job.threads)
COMPILED = "compile" in job.variant
CHANNELS_LAST = job.variant != "torch-eager"
VERSIONS = {"torch": torch.__version__}


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array))


def weight(name, array):
    """Ours -> PyTorch's: kernels [H, W, in, out] -> [out, in, H, W], mirrored; matrices [in, out] -> [out, in]."""
    if array.ndim == 4:
        kernel = tensor(array[::-1, ::-1].transpose(3, 2, 0, 1))
        return kernel.to(memory_format=torch.channels_last) if CHANNELS_LAST else kernel
    if job.model == "alexnet" and name == "dense-1/kernel":
        rows = array.reshape(7, 7, 64, -1)[::-1, ::-1]  # mirrored, and below in the order of the layout
        rows = rows if CHANNELS_LAST else rows.transpose(2, 0, 1, 3)
        array = rows.reshape(array.shape)
    return tensor(array.T if array.ndim == 2 else array)


class Operations:
    def __init__(self, weights, statistics):
        self.weights, self.statistics = weights, statistics
        self.band = tensor(peer.lrn_band(64)[:, :, None, None])

    def conv(self, x, name, stride):
        w = self.weights
        kernel = w[f"{name}/kernel"]
        padding = kernel.shape[-1] // 2
        shift = w.get(f"{name}/shift")
        if shift is None:
            return F.relu(F.conv2d(x, kernel, w[f"{name}/bias"], stride, padding))
        x = F.conv2d(x, kernel, None, stride, padding)
        mean, variance = self.statistics.get(f"{name}/mean"), self.statistics.get(f"{name}/variance")
        return F.relu(F.batch_norm(x, mean, variance, None, shift, mean is None, eps=peer.EPSILON))

    def pool(self, x):
        return F.max_pool2d(x, 3, 2, padding=1)

    def concat(self, *branches):
        return torch.cat(branches, 1)

    def mean(self, x):
        return x.mean((2, 3))

    def lrn(self, x):
        # A convolution with a band of ones; F.local_response_norm, a three-dimensional pool, takes half as long again.
        return x * torch.pow(1 + peer.LRN_ALPHA * F.conv2d(x * x, self.band), -peer.LRN_BETA)

    def flatten(self, x):
        return (x.permute(0, 2, 3, 1) if x.ndim == 4 and CHANNELS_LAST else x).flatten(1)

    def linear(self, x, name):
        return F.linear(x, self.weights[f"{name}/kernel"], self.weights[f"{name}/bias"])

    def relu(self, x):
        return F.relu(x)


def dataset():
    """Images in the layout of the variant, so that a gathered batch has it without a copy."""
    if job.model == "mlp-3x512":
        return tensor(job.images.reshape(len(job.images), -1)), tensor(job.labels).long()
    mirrored = job.images[:, ::-1, ::-1]
    return tensor(mirrored if CHANNELS_LAST else mirrored.transpose(0, 3, 1, 2)), tensor(job.labels).long()


images, labels = (None, None) if job.task == "product" else dataset()


def batch(number):
    indices = tensor(job.batches[number % len(job.batches)]).long()
    chosen = images.index_select(0, indices)
    return chosen.permute(0, 3, 1, 2) if CHANNELS_LAST and chosen.ndim == 4 else chosen, labels.index_select(0, indices)


def forward(operations, x):
    with torch.autocast("cpu", torch.bfloat16, enabled=job.bfloat16):
        return peer.NETWORKS[job.model](operations, x)


def compiled(function):
    # Compared with the default mode: 2 to 10 % faster, and some seconds more to compile.
    return torch.compile(function, dynamic=False, mode="max-autotune-no-cudagraphs") if COMPILED else function


def training():
    weights = {name: weight(name, array).requires_grad_() for name, array in job.weights.items()}
    operations = Operations(weights, {})
    optimizer = torch.optim.SGD(weights.values(), lr=job.learning_rate, momentum=job.momentum, fused=True)

    @compiled
    def loss_of(x, y):
        return F.cross_entropy(forward(operations, x).float(), y)

    def run(steps, first):
        losses = []
        for number in range(first, first + steps):
            loss = loss_of(*batch(number))
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.detach())
        return torch.stack(losses).tolist()

    peer.serve(job, run, VERSIONS)


def inference():
    operations = Operations(
        {name: weight(name, array) for name, array in job.weights.items()},
        {name: tensor(array) for name, array in job.statistics.items()},
    )
    logits_of = compiled(lambda x: forward(operations, x).float())

    def run(steps, first):
        with torch.inference_mode():
            return [logits_of(batch(number)[0])[0, 0].item() for number in range(first, first + steps)]

    def proof():
        with torch.inference_mode():
            return logits_of(batch(0)[0])[0].tolist()

    peer.serve(job, run, VERSIONS, proof)


def product():
    a, b = (torch.randn(job.side, job.side) / math.sqrt(job.side) for _ in range(2))
    if job.bfloat16:
        a, b = a.bfloat16(), b.bfloat16()

    def run(steps, _):
        with torch.inference_mode():
            return [float((a @ b)[0, 0]) for _ in range(steps)]

    peer.serve(job, run, VERSIONS)


{"training": training, "inference": inference, "product": product}[job.task]()
