"""JAX, on the GPU with the argument `cuda`: one jitted function per step, buffers donated. Protocol and files: see peer.py; networks: ../models.ts."""

import math
import os
import sys

import peer

config = peer.configuration()
setting = config["setting"]
# Read when JAX starts: the size of XLA's pool of threads.
os.environ["NPROC"] = str(setting["threads"])
CUDA = "cuda" in sys.argv
os.environ["JAX_PLATFORMS"] = "cuda" if CUDA else "cpu"
os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"  # others are on the GPU too

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax import lax  # noqa: E402

import numpy as np  # noqa: E402

jax.config.update("jax_default_matmul_precision", "highest")  # no TF32


def layer(weights, name, x):
    return x @ weights[f"{name}/kernel"] + weights[f"{name}/bias"]


def dense(weights):
    encode = lambda x: jnp.tanh(layer(weights, "encoder/hidden", x))
    decode = lambda z: layer(weights, "decoder/output", jnp.tanh(layer(weights, "decoder/hidden", z)))
    return encode, decode


def midi(weights):
    def rectified(names, x):
        for name in names:
            x = jax.nn.relu(layer(weights, name, x))
        return x

    encode = lambda x: rectified(["encoder/hidden1", "encoder/hidden2", "encoder/hidden3"], x)
    decode = lambda z: layer(weights, "decoder/output", rectified(["decoder/hidden1", "decoder/hidden2"], z))
    return encode, decode


def conv(weights):
    axes = ("NHWC", "HWIO", "NHWC")

    def down(name, x):
        y = lax.conv_general_dilated(x, weights[f"{name}/kernel"], (2, 2), "SAME", dimension_numbers=axes)
        return y + weights[f"{name}/bias"]

    def up(name, x):
        y = lax.conv_transpose(
            x, weights[f"{name}/kernel"], (2, 2), "SAME", dimension_numbers=axes, transpose_kernel=True
        )
        return y + weights[f"{name}/bias"]

    def encode(x):
        maps = jax.nn.relu(down("encoder/conv1", x.reshape(-1, 28, 28, 1)))
        maps = jax.nn.relu(down("encoder/conv2", maps))
        return jax.nn.relu(layer(weights, "encoder/hidden", maps.reshape(-1, 3136)))

    def decode(z):
        flat = jax.nn.relu(layer(weights, "decoder/hidden1", z))
        flat = jax.nn.relu(layer(weights, "decoder/hidden2", flat))
        maps = jax.nn.relu(up("decoder/conv1", flat.reshape(-1, 7, 7, 64)))
        return up("decoder/conv2", maps).reshape(-1, 784)

    return encode, decode


def lstm(weights):
    steps, width, units = 100, 156, 256

    def unrolled(name, projected, length=None):
        """Hidden states [steps, batch, units]; `projected` is [steps, batch, 4 units], or constant without steps."""
        recurrent = weights[f"{name}/recurrent-kernel"]

        def cell(state, step):
            hidden, memory = state
            gates = (projected if step is None else step) + hidden @ recurrent
            i, f, g, o = jnp.split(gates, 4, axis=1)
            memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(g)
            hidden = jax.nn.sigmoid(o) * jnp.tanh(memory)
            return (hidden, memory), hidden

        zero = jnp.zeros((projected.shape[-2], units))
        scanned = None if length else projected
        return lax.scan(cell, (zero, zero), scanned, length)[1]  # unrolled by 4 and by 10 it was slower

    def encode(x):
        sequence = x.reshape(-1, steps, width).transpose(1, 0, 2)
        return unrolled("encoder/lstm", layer(weights, "encoder/lstm", sequence))[-1]

    def decode(z):
        constant = jnp.tanh(layer(weights, "decoder/input", z))
        hidden = unrolled("decoder/lstm", layer(weights, "decoder/lstm", constant), steps)
        return layer(weights, "decoder/output", hidden).transpose(1, 0, 2).reshape(-1, steps * width)

    return encode, decode


NETWORKS = {"dense": dense, "midi": midi, "conv": conv, "lstm": lstm}


def negative_elbo(weights, x, noise):
    encode, decode = NETWORKS[config["model"]](weights)
    hidden = encode(x)
    mean, log_variance = layer(weights, "encoder/mean", hidden), layer(weights, "encoder/log-variance", hidden)
    logits = decode(mean + jnp.exp(0.5 * log_variance) * noise)
    reconstruction = jnp.sum(jax.nn.softplus(logits) - logits * x) / len(x)
    kl = -0.5 / len(x) * jnp.sum(1 + log_variance - mean**2 - jnp.exp(log_variance))
    return reconstruction + kl


def adam(state, gradients):
    weights, first, second, count = state
    count = count + 1
    first = jax.tree.map(lambda m, g: peer.BETA1 * m + (1 - peer.BETA1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: peer.BETA2 * v + (1 - peer.BETA2) * g * g, second, gradients)
    rate = config["learningRate"] / (1 - peer.BETA1**count)
    scale = 1 / jnp.sqrt(1 - peer.BETA2**count)
    update = lambda w, m, v: w - rate * m / (jnp.sqrt(v) * scale + peer.EPSILON)
    return jax.tree.map(update, weights, first, second), first, second, count


def update(state, x, noise):
    loss, gradients = jax.value_and_grad(negative_elbo)(state[0], x, noise)
    return adam(state, gradients), loss


class Contestant:
    def __init__(self, data):
        self.batches = np.split(data["x"], peer.BATCHES)
        if CUDA:
            self.batches = [jax.device_put(batch) for batch in self.batches]
        self.latent = data["noise"].shape
        self.key = jax.random.key(0, impl="rbg")

        def step(state, key, x):
            key, drawn = jax.random.split(key)
            return *update(state, x, jax.random.normal(drawn, self.latent)), key

        self.step = jax.jit(step, donate_argnums=(0, 1))

    def load(self, weights):
        weights = {name: jnp.array(value) for name, value in weights.items()}
        zeros = lambda: jax.tree.map(jnp.zeros_like, weights)
        self.state = (weights, zeros(), zeros(), jnp.float32(0))

    def train(self, steps):
        for step in range(steps):
            x = self.batches[step % peer.BATCHES]
            x = x if CUDA else jax.device_put(x)
            self.state, loss, self.key = self.step(self.state, self.key, x)
        if not math.isfinite(jax.block_until_ready(loss)):
            raise ArithmeticError("the loss is not finite")
        jax.block_until_ready(self.state)

    def check(self, x, noise):
        gradients = jax.jit(jax.grad(negative_elbo))(self.state[0], x, noise)
        updated, losses = jax.jit(update), []
        for _ in range(4):
            self.state, loss = updated(self.state, x, noise)
            losses.append(float(loss))
        return {name: np.ascontiguousarray(value) for name, value in gradients.items()}, losses


peer.serve(config, lambda _, data: (f"JAX {jax.__version__}, {jax.devices()[0].device_kind}", Contestant(data)))
