"""PyTorch, eager and compiled."""
import math

import peer
import torch
import torch.nn.functional as F
from torch_networks import NETWORKS, Layout, Operations, tensor

job = peer.job()
torch.set_num_threads(job.threads)
COMPILED = "compile" in job.variant
VERSIONS = {"torch": torch.__version__}
layout = Layout(job.model, channels_last=job.variant != "torch-eager")

images, labels = (
    (None, None) if job.task == "product" else (layout.images(job.images), tensor(job.labels).long())
)


def batch(number):
    indices = tensor(job.batches[number % len(job.batches)]).long()
    return layout.batch(images.index_select(0, indices)), labels.index_select(0, indices)


def autocast():
    return torch.autocast("cpu", torch.bfloat16, enabled=job.bfloat16)


def compiled(function):
    # Compared with the default mode: 2 to 10 % faster, and some seconds more to compile.
    return torch.compile(function, dynamic=False, mode="max-autotune-no-cudagraphs") if COMPILED else function


def training():
    weights = {name: layout.weight(name, array).requires_grad_() for name, array in job.weights.items()}
    operations = Operations(layout, weights, {})
    optimizer = torch.optim.SGD(weights.values(), lr=job.learning_rate, momentum=job.momentum, fused=True)

    @compiled
    def loss_of(x, y):
        with autocast():
            heads = peer.heads(job.model, operations, x)
        return sum(weight * F.cross_entropy(logits.float(), y) for weight, logits in heads)

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
        layout,
        {name: layout.weight(name, array) for name, array in job.weights.items()},
        {name: tensor(array) for name, array in job.statistics.items()},
    )

    @compiled
    def logits_of(x):
        with autocast():
            return NETWORKS[job.model](operations, x).float()

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
