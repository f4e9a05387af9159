"""Keras layers compiled by XLA (`jit_compile`), and the same network of TensorFlow's own kernels in a tf.function."""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import peer
import tensorflow as tf

job = peer.job()
tf.config.threading.set_intra_op_parallelism_threads(job.threads)
JIT = job.variant == "keras-jit"
VERSIONS = {"tensorflow": tf.__version__, "keras": keras.__version__}


class Layers:
    """The network as a functional Keras model, with the names of our weights."""

    def conv(self, x, name, stride, padding="SAME"):
        kernel = job.weights[f"{name}/kernel"]
        normed = f"{name}/shift" in job.weights
        x = keras.layers.Conv2D(
            kernel.shape[3], kernel.shape[:2], stride, padding.lower(), use_bias=not normed, name=flat(name)
        )(x)
        if normed:
            x = keras.layers.BatchNormalization(scale=False, epsilon=peer.EPSILON, name=flat(f"{name}/norm"))(x)
        return self.relu(x)

    def pool(self, x, padding="SAME"):
        return keras.layers.MaxPooling2D(3, 2, padding.lower())(x)

    def average(self, x, side, stride, padding):
        return keras.layers.AveragePooling2D(side, stride, padding.lower())(x)

    def concat(self, *branches):
        return keras.layers.Concatenate()(branches)

    def mean(self, x):
        return keras.layers.GlobalAveragePooling2D()(x)

    def lrn(self, x):
        return LocalResponseNormalization()(x)

    def flatten(self, x):
        return keras.layers.Flatten()(x)

    def linear(self, x, name):
        return keras.layers.Dense(job.weights[f"{name}/bias"].size, name=flat(name))(x)

    def relu(self, x):
        return keras.layers.ReLU()(x)


class LocalResponseNormalization(keras.layers.Layer):
    def call(self, x):
        band = peer.lrn_band(x.shape[-1])
        return x * (1 + peer.LRN_ALPHA * (tf.square(x) @ band)) ** -peer.LRN_BETA


def flat(name):
    return name.replace("/", "_")


def keras_model():
    """model(x, training) -> logits of every head, and its trainable variables, which start as ours."""
    x = keras.Input(job.images.shape[1:], batch_size=job.batches.shape[1])
    model = keras.Model(x, heads_of(Layers(), x))
    for layer in model.layers:
        name = layer.name.replace("_", "/")
        if isinstance(layer, keras.layers.BatchNormalization):
            name = name.removesuffix("/norm")
            layer.beta.assign(job.weights[f"{name}/shift"])
            layer.moving_mean.assign(job.statistics[f"{name}/mean"])
            layer.moving_variance.assign(job.statistics[f"{name}/variance"])
        elif layer.weights:
            layer.kernel.assign(job.weights[f"{name}/kernel"])
            if layer.bias is not None:
                layer.bias.assign(job.weights[f"{name}/bias"])
    # A functional model gives a single head without its list.
    return (
        lambda x, training: tf.nest.flatten(model(x, training=training)),
        [variable.value for variable in model.trainable_variables],
    )


class Kernels:
    """TensorFlow's fused kernels, called directly."""

    def __init__(self, weights, training):
        self.weights, self.training = weights, training

    def conv(self, x, name, stride, padding="SAME"):
        w = self.weights
        x = tf.nn.conv2d(x, w[f"{name}/kernel"], stride, padding)
        if f"{name}/bias" in w:
            return tf.nn.relu(tf.nn.bias_add(x, w[f"{name}/bias"]))
        shift = w[f"{name}/shift"]
        none = tf.zeros([0])
        mean, variance = (none, none) if self.training else (job.statistics[f"{name}/{of}"] for of in ("mean", "variance"))
        x, *_ = tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=tf.ones_like(shift),
            offset=shift,
            mean=mean,
            variance=variance,
            epsilon=peer.EPSILON,
            is_training=self.training,
        )
        return tf.nn.relu(x)

    def pool(self, x, padding="SAME"):
        return tf.nn.max_pool2d(x, 3, 2, padding)

    def average(self, x, side, stride, padding):
        return tf.nn.avg_pool2d(x, side, stride, padding)

    def concat(self, *branches):
        return tf.concat(branches, 3)

    def mean(self, x):
        return tf.reduce_mean(x, [1, 2])

    def lrn(self, x):
        return tf.nn.local_response_normalization(x, peer.LRN_RADIUS, 1, peer.LRN_ALPHA, peer.LRN_BETA)

    def flatten(self, x):
        return tf.reshape(x, [x.shape[0], -1])

    def linear(self, x, name):
        return tf.nn.bias_add(x @ self.weights[f"{name}/kernel"], self.weights[f"{name}/bias"])

    def relu(self, x):
        return tf.nn.relu(x)


def kernel_model():
    weights = {name: tf.Variable(array) for name, array in job.weights.items()}
    return lambda x, training: heads_of(Kernels(weights, training), x), list(weights.values())


def heads_of(operations, x):
    """In inference the first alone."""
    if job.task == "inference":
        return [peer.NETWORKS[job.model](operations, x)]
    return [logits for _, logits in peer.heads(job.model, operations, x)]


def compiled(*signature):
    return tf.function(jit_compile=JIT, input_signature=signature)


INDICES = tf.TensorSpec([None if job.task == "product" else job.batches.shape[1]], tf.int32)


WEIGHTS = [1, peer.AUXILIARY_WEIGHT]  # of the heads' cross-entropies


def training():
    model, weights = keras_model() if JIT else kernel_model()
    momenta = [tf.Variable(tf.zeros_like(weight)) for weight in weights]
    images, labels = tf.constant(job.images), tf.constant(job.labels)
    learning_rate = tf.constant(job.learning_rate)

    @compiled(INDICES)
    def step(indices):
        x, y = tf.gather(images, indices), tf.gather(labels, indices)
        with tf.GradientTape() as tape:
            entropies = [
                tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))
                for logits in model(x, training=True)
            ]
            loss = sum(weight * entropy for weight, entropy in zip(WEIGHTS, entropies))
        for weight, v, gradient in zip(weights, momenta, tape.gradient(loss, weights)):
            v.assign(job.momentum * v + gradient)
            weight.assign_sub(learning_rate * v)
        return loss

    def run(steps, first):
        losses = [step(tf.constant(batch(number))) for number in range(first, first + steps)]
        return [float(loss) for loss in losses]

    peer.serve(job, run, VERSIONS)


def inference():
    model, _ = keras_model() if JIT else kernel_model()
    images = tf.constant(job.images)

    @compiled(INDICES)
    def logits_of(indices):
        return model(tf.gather(images, indices), training=False)[0]

    def logits(number):
        return logits_of(tf.constant(batch(number))).numpy()[0]

    def run(steps, first):
        return [logits(number)[0] for number in range(first, first + steps)]

    peer.serve(job, run, VERSIONS, lambda: logits(0))


def batch(number):
    return job.batches[number % len(job.batches)]


def product():
    a, b = (tf.random.normal([job.side, job.side]) / job.side**0.5 for _ in range(2))
    a, b = (tf.cast(x, tf.bfloat16 if job.bfloat16 else tf.float32) for x in (a, b))
    multiply = tf.function(lambda: a @ b, jit_compile=JIT)

    def run(steps, _):
        return [float(multiply()[0, 0]) for _ in range(steps)]

    peer.serve(job, run, VERSIONS)


{"training": training, "inference": inference, "product": product}[job.task]()
