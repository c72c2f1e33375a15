"""experiments/mnist-conv.json as one would write it in PyTorch: a dataset, a DataLoader, a validation pass after each
epoch, and at the end the ELBO and the importance-weighted bound of the test part. Arguments: folder of MNIST's four
IDX files, epochs, and for a pipeline the learning rate. Prints a JSON object; where it is told a rate it also writes it
to metrics.json, and samples to samples.npy."""

import json
import math
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

FOLDER, EPOCHS = sys.argv[1], int(sys.argv[2])
BATCH, LATENT, SAMPLES, BOUND_EXAMPLES = 128, 16, 500, 1000
RATE = float(sys.argv[3]) if len(sys.argv) > 3 else 0.002
torch.manual_seed(1)


def images(name):
    with open(f"{FOLDER}/{name}", "rb") as file:
        _, count, height, width = struct.unpack(">IIII", file.read(16))
        pixels = np.frombuffer(file.read(), np.uint8).reshape(count, 1, height, width)
    return torch.from_numpy(pixels.astype(np.float32) / 255)


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 4, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 4, 2, 1), nn.ReLU(),
            nn.Flatten(), nn.Linear(64 * 7 * 7, 256), nn.ReLU(),
        )
        self.mean, self.log_variance = nn.Linear(256, LATENT), nn.Linear(256, LATENT)
        self.decoder = nn.Sequential(
            nn.Linear(LATENT, 256), nn.ReLU(), nn.Linear(256, 64 * 7 * 7), nn.ReLU(), nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 1, 4, 2, 1),
        )

    def posterior(self, x):
        hidden = self.encoder(x)
        return self.mean(hidden), self.log_variance(hidden)

    def losses(self, x):
        mean, log_variance = self.posterior(x)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        reconstruction = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="none").flatten(1).sum(1)
        kl = -0.5 * torch.sum(1 + log_variance - mean.square() - log_variance.exp(), 1)
        return reconstruction, kl


train, test = images("train-images-idx3-ubyte"), images("t10k-images-idx3-ubyte")
order = torch.randperm(len(train))
parts = {"train": train[order[5000:]], "validation": train[order[:5000]], "test": test}
loaders = {
    name: DataLoader(TensorDataset(part), BATCH if name == "train" else 500, shuffle=name == "train", drop_last=name == "train")
    for name, part in parts.items()
}
model = Vae()
optimiser = torch.optim.Adam(model.parameters(), lr=RATE)
steps = len(loaders["train"]) * EPOCHS
schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 0.5 * (1 + math.cos(math.pi * step / steps)))


@torch.no_grad()
def evaluate(loader):
    model.eval()
    both = [torch.stack(model.losses(x)) for (x,) in loader]
    return torch.cat(both, 1).mean(1).tolist()


step = 0
for epoch in range(EPOCHS):
    model.train()
    for (x,) in loaders["train"]:
        weight = min(1.0, step / len(loaders["train"]))
        reconstruction, kl = model.losses(x)
        loss = (reconstruction + weight * kl).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        step += 1
    print(f"epoch {epoch + 1}: validation {sum(evaluate(loaders['validation'])):.2f}", file=sys.stderr)


@torch.no_grad()
def bound(x):
    mean, log_variance = model.posterior(x)
    deviation, weights = torch.exp(0.5 * log_variance), []
    for _ in range(SAMPLES):
        noise = torch.randn_like(mean)
        z = mean + deviation * noise
        p = -F.binary_cross_entropy_with_logits(model.decoder(z), x, reduction="none").flatten(1).sum(1)
        weights.append(p + 0.5 * torch.sum(noise.square() - z.square() + log_variance, 1))
    return torch.logsumexp(torch.stack(weights), 0) - math.log(SAMPLES)


model.eval()
reconstruction, kl = evaluate(loaders["test"])
importance = -torch.cat([bound(x) for x in test[:BOUND_EXAMPLES].split(500)]).mean().item()
told = json.dumps({
    "loss": reconstruction + kl, "bound": importance, "versions": f"PyTorch {torch.__version__}",
})
print(told)
if len(sys.argv) > 3:
    with open("metrics.json", "w") as file:
        file.write(told)
    with torch.no_grad():
        np.save("samples.npy", torch.sigmoid(model.decoder(torch.randn(100, LATENT)))[:, 0].numpy())
