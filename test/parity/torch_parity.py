"""What ours is compared with: the same numbers by PyTorch, in float32 and in float64.

    torch_parity.py JSON      subjects: networks, and "operations", each with batch and learningRate; folder; momentum,
                              weightDecay

Reads FOLDER/SUBJECT.safetensors, writes FOLDER/SUBJECT.DTYPE.safetensors in our names and layout."""
import json
import math
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "bench" / "peers"))
import numpy as np
import peer
import torch
import torch.nn.functional as F
from torch_networks import NETWORKS, Layout, Operations, tensor

job = json.loads(sys.argv[1])


class Watched(Operations):
    """Keeps what batch norm sees; variances are unbiased."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.seen = {}

    def batch_norm(self, x, name, shift):
        over = (0, 2, 3)
        self.seen |= {f"{name}/mean": x.mean(over), f"{name}/variance": x.var(over, unbiased=True)}
        return super().batch_norm(x, name, shift)


def network(model, setting, case, dtype):
    batch = setting["batch"]
    layout = Layout(model, channels_last=False)
    first = peer.below("weights/", case)
    statistics = {name: tensor(array).to(dtype) for name, array in peer.below("statistics/", case).items()}
    images, labels = layout.images(case["images"]).to(dtype), tensor(case["labels"]).long()

    def fresh(name):
        return layout.weight(name, first[name]).to(dtype, copy=True)  # the optimiser writes into it

    def watched(weights, statistics):
        operations = Watched(layout, weights, statistics, dtype)
        return operations, lambda x: NETWORKS[model](operations, x)

    def ours(prefix, tensors):
        """In our layout: `places` says where each element of ours went."""
        arrays = {}
        for name, value in tensors.items():
            shape = first[name].shape
            places = layout.weight(name, np.arange(math.prod(shape)).reshape(shape)).flatten()
            arrays[f"{prefix}/{name}"] = array = np.empty(shape)
            array.reshape(-1)[places] = value.detach().flatten().numpy()
        return arrays

    def training(prefix, decay):
        weights = {name: fresh(name).requires_grad_() for name in first}
        is_kernel = lambda name: name.endswith("/kernel")
        optimizer = torch.optim.SGD(
            [
                {"params": [w for name, w in weights.items() if is_kernel(name)], "weight_decay": decay},
                {"params": [w for name, w in weights.items() if not is_kernel(name)]},
            ],
            lr=setting["learningRate"],
            momentum=job["momentum"],
        )
        momenta = lambda: {name: optimizer.state[w]["momentum_buffer"] for name, w in weights.items()}
        seeing = Watched(layout, weights, {}, dtype)
        losses, gradients = [], {}
        for start in range(0, len(labels), batch):
            optimizer.zero_grad()
            heads = peer.heads(model, seeing, images[start : start + batch], NETWORKS)
            y = labels[start : start + batch]
            loss = sum(weight * F.cross_entropy(logits, y) for weight, logits in heads)
            loss.backward()
            penalty = sum(w.square().sum() for name, w in weights.items() if is_kernel(name)) * decay / 2
            losses.append((loss + penalty).item())
            optimizer.step()
            if start == 0:  # the first momentum is the gradient, that of the weight decay included
                gradients = ours(f"{prefix}gradients", momenta())
        return {
            f"{prefix}loss": np.array(losses[:1]),
            **gradients,
            f"{prefix}losses": np.array(losses),
            **ours(f"{prefix}weights", weights),
            **ours(f"{prefix}momenta", momenta()),
        }

    with torch.no_grad():
        weights = {name: fresh(name) for name in first}
        operations, logits_of = watched(weights, {})
        results = {"logits": logits_of(images[:batch])}
        results |= {f"statistics/{name}": value for name, value in operations.seen.items()}
        if statistics:
            results["logits-in-evaluation"] = watched(weights, statistics)[1](images[:batch])
    return results | training("", 0) | training("decayed-", job["weightDecay"])


def operations(case, dtype):
    """Each alone, by PyTorch's own function; images are [n, H, W, C] on both sides."""
    given = {name: tensor(array).to(dtype) for name, array in case.items()}
    results = {}

    def differentiated(name, function, *names):
        inputs = [given[f"{name}/{which}"].requires_grad_() for which in names]
        outputs = function(*inputs)
        results[f"{name}/output"] = outputs
        gradients = torch.autograd.grad(outputs, inputs, given[f"{name}/upstream"])
        results.update({f"{name}/gradient-of-{which}": value for which, value in zip(names, gradients)})

    def on_channels_first(function):
        return lambda x, *rest: function(x.permute(0, 3, 1, 2), *rest).permute(0, 2, 3, 1)

    def local_response_norm(x):  # PyTorch's alpha is shared by the window's channels
        window = 2 * peer.LRN_RADIUS + 1
        return F.local_response_norm(x, window, alpha=window * peer.LRN_ALPHA, beta=peer.LRN_BETA, k=1)

    def same_max_pool(x):
        """TensorFlow's padding: what is odd comes after the image."""
        missing = [max((math.ceil(side / 2) - 1) * 2 + 3 - side, 0) for side in (x.shape[3], x.shape[2])]
        padding = [part for total in missing for part in (total // 2, total - total // 2)]
        return F.max_pool2d(F.pad(x, padding, value=-math.inf), 3, 2)

    def batch_norm(x, shift):
        return F.batch_norm(x, None, None, None, shift, True, eps=peer.EPSILON)

    def cross_entropy(logits):
        return F.cross_entropy(logits, given["softmax-cross-entropy/labels"].long(), reduction="none")

    def augmented(image, top, left, flip):
        window = image[top : top + 28, left : left + 28]
        window = window.flip(1) if flip else window
        return (window - window.mean()) / window.std(unbiased=False).clamp(min=window.numel() ** -0.5)

    differentiated("local-response-norm", on_channels_first(local_response_norm), "x")
    differentiated("batch-norm", on_channels_first(batch_norm), "x", "shift")
    differentiated("max-pool-even", on_channels_first(same_max_pool), "x")
    differentiated("max-pool-odd", on_channels_first(same_max_pool), "x")
    differentiated("softmax-cross-entropy", cross_entropy, "logits")
    windows = zip(*(given[f"augmentation/{which}"].int().tolist() for which in ("top", "left", "flip")))
    images = [augmented(image, *window) for image, window in zip(given["augmentation/images"], windows)]
    results["augmentation/output"] = torch.stack(images)
    return results


def write_arrays(path, arrays):
    """{name: array} -> a safetensors file of float32."""
    arrays = {name: np.ascontiguousarray(array, "<f4") for name, array in arrays.items()}
    header, end = {"__metadata__": {"torch": torch.__version__, "numpy": np.__version__}}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": [end, end := end + array.nbytes]}
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(array.tobytes() for array in arrays.values()))


for subject, setting in job["subjects"].items():
    folder = Path(job["folder"])
    case = {name: array.copy() for name, array in peer.read_arrays(folder / f"{subject}.safetensors").items()}
    for dtype in (torch.float32, torch.float64):
        results = (
            operations(case, dtype) if subject == "operations" else network(subject, setting, case, dtype)
        )
        arrays = {name: value.detach() if torch.is_tensor(value) else value for name, value in results.items()}
        write_arrays(folder / f"{subject}.{str(dtype).removeprefix('torch.')}.safetensors", arrays)
