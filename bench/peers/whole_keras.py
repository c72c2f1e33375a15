"""experiments/mnist-conv.json as one would write it in Keras 3: a model with losses of its own, `fit` with a
validation part, `evaluate`. Arguments: folder of MNIST's four IDX files, epochs. Prints a JSON object; the
importance-weighted bound is not part of it."""

import json
import os
import struct
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras  # noqa: E402: the back end is chosen before
import numpy as np  # noqa: E402
from keras import layers, ops  # noqa: E402

FOLDER, EPOCHS = sys.argv[1], int(sys.argv[2])
BATCH, LATENT, RATE = 128, 16, 0.002
keras.utils.set_random_seed(1)


def images(name):
    with open(f"{FOLDER}/{name}", "rb") as file:
        _, count, height, width = struct.unpack(">IIII", file.read(16))
        pixels = np.frombuffer(file.read(), np.uint8).reshape(count, height, width, 1)
    return pixels.astype(np.float32) / 255


class Sampling(layers.Layer):
    def __init__(self):
        super().__init__()
        self.seeds = keras.random.SeedGenerator(1)

    def call(self, posterior):
        mean, log_variance = posterior
        return mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=self.seeds)


class Vae(keras.Model):
    def __init__(self, steps_per_epoch):
        super().__init__()
        relu, same = dict(activation="relu"), dict(strides=2, padding="same")
        self.encoder = keras.Sequential([
            layers.Conv2D(32, 4, **same, **relu), layers.Conv2D(64, 4, **same, **relu), layers.Flatten(),
            layers.Dense(256, **relu),
        ])
        self.mean, self.log_variance, self.sampling = layers.Dense(LATENT), layers.Dense(LATENT), Sampling()
        self.decoder = keras.Sequential([
            layers.Dense(256, **relu), layers.Dense(64 * 49, **relu), layers.Reshape((7, 7, 64)),
            layers.Conv2DTranspose(32, 4, **same, **relu), layers.Conv2DTranspose(1, 4, **same),
        ])
        self.steps_per_epoch = steps_per_epoch
        self.step = self.add_weight(shape=(), initializer="zeros", trainable=False, name="step")

    def call(self, x, training=False):
        hidden = self.encoder(x)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        logits = self.decoder(self.sampling((mean, log_variance)))
        kl = ops.mean(-0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=1))
        weight = 1.0
        if training:
            weight = ops.minimum(1.0, self.step / self.steps_per_epoch)
            self.step.assign(self.step + 1)
        self.add_loss(weight * kl)
        return logits


def reconstruction(x, logits):
    values = ops.maximum(logits, 0) - logits * x + ops.log1p(ops.exp(-ops.abs(logits)))
    return ops.sum(values, axis=(1, 2, 3))


train, test = images("train-images-idx3-ubyte"), images("t10k-images-idx3-ubyte")
order = np.random.permutation(len(train))
validation, train = train[order[:5000]], train[order[5000:]]
train = train[: len(train) // BATCH * BATCH]
model = Vae(len(train) // BATCH)
rate = keras.optimizers.schedules.CosineDecay(RATE, len(train) // BATCH * EPOCHS)
model.compile(keras.optimizers.Adam(rate, epsilon=1e-8), loss=reconstruction)
model.fit(train, train, BATCH, EPOCHS, verbose=0, validation_data=(validation, validation), validation_batch_size=500)
loss = model.evaluate(test, test, 500, verbose=0)
print(json.dumps({
    "loss": float(loss), "bound": None, "versions": f"Keras {keras.__version__}, {keras.backend.backend()}",
}))
