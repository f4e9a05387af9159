"""The networks in PyTorch, and how our arrays lie there.

TensorFlow's SAME padding of a stride of two puts the odd row and column after the image, PyTorch's `padding=1` before
it. On mirrored images with mirrored kernels the latter is the former, so that PyTorch pads as it does fastest and the
losses are everybody's."""
import numpy as np
import peer
import torch
import torch.nn.functional as F


def mlp_1x512(ops, x):
    return ops.linear(ops.relu(ops.linear(ops.flatten(x), "dense-1")), "linear")


# Without batch norm there is a bias where the shift was: `conv` sees which of the two it is given.
NETWORKS = {**peer.NETWORKS, "mlp-1x512": mlp_1x512, "inception-without-batch-norm": peer.inception}


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array))


class Layout:
    """Ours -> PyTorch's."""

    def __init__(self, model, channels_last):
        self.model, self.channels_last = model, channels_last

    def weight(self, name, array):
        """Kernels [H, W, in, out] -> [out, in, H, W], mirrored; matrices [in, out] -> [out, in]."""
        if array.ndim == 4:
            kernel = tensor(array[::-1, ::-1].transpose(3, 2, 0, 1))
            return kernel.to(memory_format=torch.channels_last) if self.channels_last else kernel
        if self.model == "alexnet" and name == "dense-1/kernel":
            rows = array.reshape(7, 7, 64, -1)[::-1, ::-1]  # mirrored, and below in the order of the layout
            rows = rows if self.channels_last else rows.transpose(2, 0, 1, 3)
            array = rows.reshape(array.shape)
        return tensor(array.T if array.ndim == 2 else array)

    def images(self, array):
        """[n, H, W, 3], so that a gathered batch needs no copy."""
        if self.model.startswith("mlp"):
            return tensor(array.reshape(len(array), -1))
        mirrored = array[:, ::-1, ::-1]
        return tensor(mirrored if self.channels_last else mirrored.transpose(0, 3, 1, 2))

    def batch(self, images):
        """Some of `images`, as networks take them."""
        return images.permute(0, 3, 1, 2) if self.channels_last and images.ndim == 4 else images


class Operations:
    """weights: by our names, in the layout; statistics: what batch norm divides by, or none for the batch's own."""

    def __init__(self, layout, weights, statistics, dtype=torch.float32):
        self.layout, self.weights, self.statistics = layout, weights, statistics
        self.band = tensor(peer.lrn_band(64)[:, :, None, None]).to(dtype)

    def conv(self, x, name, stride, padding="SAME"):
        w = self.weights
        kernel = w[f"{name}/kernel"]
        padding = [side // 2 if padding == "SAME" else 0 for side in kernel.shape[2:]]
        shift = w.get(f"{name}/shift")
        if shift is None:
            return F.relu(F.conv2d(x, kernel, w[f"{name}/bias"], stride, padding))
        return F.relu(self.batch_norm(F.conv2d(x, kernel, None, stride, padding), name, shift))

    def batch_norm(self, x, name, shift):
        mean, variance = self.statistics.get(f"{name}/mean"), self.statistics.get(f"{name}/variance")
        return F.batch_norm(x, mean, variance, None, shift, mean is None, eps=peer.EPSILON)

    def pool(self, x, padding="SAME"):
        return F.max_pool2d(x, 3, 2, padding=1 if padding == "SAME" else 0)

    def average(self, x, side, stride, padding):
        return F.avg_pool2d(x, side, stride, side // 2 if padding == "SAME" else 0, count_include_pad=False)

    def concat(self, *branches):
        return torch.cat(branches, 1)

    def mean(self, x):
        return x.mean((2, 3))

    def lrn(self, x):
        # A convolution with a band of ones; F.local_response_norm, a three-dimensional pool, takes half as long again.
        return x * torch.pow(1 + peer.LRN_ALPHA * F.conv2d(x * x, self.band), -peer.LRN_BETA)

    def flatten(self, x):
        return (x.permute(0, 2, 3, 1) if x.ndim == 4 and self.layout.channels_last else x).flatten(1)

    def linear(self, x, name):
        return F.linear(x, self.weights[f"{name}/kernel"], self.weights[f"{name}/bias"])

    def relu(self, x):
        return F.relu(x)
