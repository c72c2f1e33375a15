"""PyTorch; arguments: `eager` or `compile` on the CPU, `cuda` on the GPU, there with `graph` as one CUDA graph. Protocol and files: see peer.py; the networks: see ../models.ts."""

import math
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import peer

CUDA, GRAPH = "cuda" in sys.argv, "graph" in sys.argv
if CUDA:
    # float32 throughout, as everybody else: products on the GPU would be rounded to TF32.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.set_default_device("cuda")

CONV = dict(kernel_size=4, stride=2, padding=1)  # "same" for an even map, kernel 4, stride 2


class Network(nn.Module):
    """Layers by the names of ../models.ts; `encode` and `decode` work on [batch, dimensions] and logits."""

    def __init__(self, hidden, latent, layers):
        super().__init__()
        self.latent = latent
        self.layers = nn.ModuleDict(
            layers
            | {"encoder/mean": nn.Linear(hidden, latent), "encoder/log-variance": nn.Linear(hidden, latent)}
        )

    def forward(self, x, noise):
        layers = self.layers
        hidden = self.encode(x)
        mean, log_variance = layers["encoder/mean"](hidden), layers["encoder/log-variance"](hidden)
        logits = self.decode(mean + torch.exp(0.5 * log_variance) * noise)
        reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
        kl = -0.5 / len(x) * torch.sum(1 + log_variance - mean.square() - log_variance.exp())
        return reconstruction + kl


class Dense(Network):
    def __init__(self, _setting):
        super().__init__(500, 2, {
            "encoder/hidden": nn.Linear(784, 500),
            "decoder/hidden": nn.Linear(2, 500),
            "decoder/output": nn.Linear(500, 784),
        })

    def encode(self, x):
        return torch.tanh(self.layers["encoder/hidden"](x))

    def decode(self, z):
        return self.layers["decoder/output"](torch.tanh(self.layers["decoder/hidden"](z)))


class Midi(Network):
    def __init__(self, _setting):
        super().__init__(100, 20, {
            "encoder/hidden1": nn.Linear(15600, 1000),
            "encoder/hidden2": nn.Linear(1000, 500),
            "encoder/hidden3": nn.Linear(500, 100),
            "decoder/hidden1": nn.Linear(20, 100),
            "decoder/hidden2": nn.Linear(100, 500),
            "decoder/output": nn.Linear(500, 15600),
        })

    def encode(self, x):
        for name in ("hidden1", "hidden2", "hidden3"):
            x = torch.relu(self.layers[f"encoder/{name}"](x))
        return x

    def decode(self, z):
        for name in ("hidden1", "hidden2"):
            z = torch.relu(self.layers[f"decoder/{name}"](z))
        return self.layers["decoder/output"](z)


class Conv(Network):
    def __init__(self, _setting):
        super().__init__(256, 16, {
            "encoder/conv1": nn.Conv2d(1, 32, **CONV),
            "encoder/conv2": nn.Conv2d(32, 64, **CONV),
            "encoder/hidden": nn.Linear(3136, 256),
            "decoder/hidden1": nn.Linear(16, 256),
            "decoder/hidden2": nn.Linear(256, 3136),
            "decoder/conv1": nn.ConvTranspose2d(64, 32, **CONV),
            "decoder/conv2": nn.ConvTranspose2d(32, 1, **CONV),
        })
        self.to(memory_format=torch.channels_last)  # batch 128: 38 ms, NCHW 41

    # Maps are flattened in the order height, width, channels, as in tfjs.
    def encode(self, x):
        layers = self.layers
        maps = torch.relu(layers["encoder/conv1"](x.reshape(-1, 1, 28, 28)))
        maps = torch.relu(layers["encoder/conv2"](maps))
        return torch.relu(layers["encoder/hidden"](maps.permute(0, 2, 3, 1).reshape(len(x), 3136)))

    def decode(self, z):
        layers = self.layers
        flat = torch.relu(layers["decoder/hidden2"](torch.relu(layers["decoder/hidden1"](z))))
        maps = flat.reshape(-1, 7, 7, 64).permute(0, 3, 1, 2)
        maps = layers["decoder/conv2"](torch.relu(layers["decoder/conv1"](maps)))
        return maps.reshape(len(z), 784)


class Lstm(Network):
    STEPS, WIDTH, UNITS = 100, 156, 256

    def __init__(self, setting):
        lstm = {"module": nn.LSTM, "loop": LoopLstm}[setting["lstm"]]
        super().__init__(self.UNITS, 20, {
            "encoder/lstm": lstm(self.WIDTH, self.UNITS),
            "decoder/input": nn.Linear(20, self.UNITS),
            "decoder/lstm": lstm(self.UNITS, self.UNITS),
            "decoder/output": nn.Linear(self.UNITS, self.WIDTH),
        })

    def encode(self, x):
        sequence = x.reshape(-1, self.STEPS, self.WIDTH).transpose(0, 1)
        return self.layers["encoder/lstm"](sequence)[0][-1]

    def decode(self, z):
        constant = torch.tanh(self.layers["decoder/input"](z)).expand(self.STEPS, -1, -1)
        hidden = self.layers["decoder/lstm"](constant)[0]
        return self.layers["decoder/output"](hidden).transpose(0, 1).reshape(len(z), -1)


class LoopLstm(nn.LSTM):
    """nn.LSTM's arithmetic as a loop, which projects a constant input only once."""

    def forward(self, sequence):
        if sequence.stride(0) == 0:
            projected = F.linear(sequence[0], self.weight_ih_l0, self.bias_ih_l0).expand(len(sequence), -1, -1)
        else:
            projected = F.linear(sequence, self.weight_ih_l0, self.bias_ih_l0)
        transposed = self.weight_hh_l0.t()
        states, cell = [], None
        for step in projected.unbind(0):
            gates = torch.addmm(step, states[-1], transposed) if states else step
            i, f, g, o = gates.chunk(4, 1)
            update = torch.sigmoid(i) * torch.tanh(g)
            cell = torch.sigmoid(f) * cell + update if states else update
            states.append(torch.sigmoid(o) * torch.tanh(cell))
        return torch.stack(states), None


NETWORKS = {"dense": Dense, "midi": Midi, "conv": Conv, "lstm": Lstm}


def exchanged(network):
    """(name in ../models.ts, parameter, axes that take its layout to tfjs's), for every trained parameter."""
    for name, layer in network.layers.items():
        if isinstance(layer, nn.LSTM):
            yield f"{name}/kernel", layer.weight_ih_l0, (1, 0)
            yield f"{name}/recurrent-kernel", layer.weight_hh_l0, (1, 0)
            yield f"{name}/bias", layer.bias_ih_l0, (0,)
        else:
            yield f"{name}/kernel", layer.weight, (1, 0) if layer.weight.ndim == 2 else (2, 3, 1, 0)
            yield f"{name}/bias", layer.bias, (0,)


class Contestant:
    def __init__(self, config, data):
        setting = config["setting"]
        torch.set_num_threads(setting["threads"])
        self.learning_rate = config["learningRate"]
        self.batches = self.moved(data["x"]).chunk(peer.BATCHES)
        self.network = NETWORKS[config["model"]](setting)
        for layer in self.network.layers.values():
            if isinstance(layer, nn.LSTM):  # its second bias is redundant: zero, and not trained
                layer.bias_hh_l0.requires_grad_(False).zero_()
        self.x = torch.empty_like(self.batches[0])
        self.noise = torch.empty(config["batch"], self.network.latent)
        self.loss = torch.compile(self.network) if "compile" in sys.argv else self.network

    @staticmethod
    def moved(array):
        return torch.from_numpy(array).to("cuda" if CUDA else "cpu")

    def load(self, weights):
        self.captured = None
        with torch.no_grad():
            for name, parameter, axes in exchanged(self.network):
                parameter.copy_(self.moved(weights[name]).permute(*np.argsort(axes).tolist()))
        trained = [p for p in self.network.parameters() if p.requires_grad]
        self.optimiser = torch.optim.Adam(
            trained, self.learning_rate, (peer.BETA1, peer.BETA2), peer.EPSILON, fused=True, capturable=GRAPH
        )

    def backward(self):
        self.optimiser.zero_grad()
        loss = self.loss(self.x, self.noise)
        loss.backward()
        return loss

    def whole(self):
        """Noise, forward and backward pass, update."""
        self.noise.normal_()
        loss = self.backward()
        self.optimiser.step()
        return loss

    def capture(self):
        """The whole step as one graph of kernels; before that it has to run some times in a stream of its own."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.whole()
        torch.cuda.current_stream().wait_stream(stream)
        self.captured = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.captured):
            self.result = self.whole()

    def train(self, steps):
        for step in range(steps):
            self.x.copy_(self.batches[step % peer.BATCHES])
            if GRAPH:
                if self.captured is None:
                    self.capture()
                self.captured.replay()
                loss = self.result
            else:
                loss = self.whole()
        if not math.isfinite(loss.item()):
            raise ArithmeticError("the loss is not finite")

    def check(self, x, noise):
        self.x.copy_(self.moved(x))
        self.noise.copy_(self.moved(noise))
        losses = [self.backward().item()]
        gradients = {
            name: np.ascontiguousarray(parameter.grad.permute(axes).cpu().numpy())
            for name, parameter, axes in exchanged(self.network)
        }
        for _ in range(3):
            self.optimiser.step()
            losses.append(self.backward().item())
        return gradients, losses


def make(config, data):
    where = f" on {torch.cuda.get_device_name()}" if CUDA else ""
    return f"PyTorch {torch.__version__}{where}", Contestant(config, data)


peer.serve(peer.configuration(), make)
