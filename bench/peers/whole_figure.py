"""Draws samples.npy as a grid of digits, samples.png. Argument: how many samples."""

import sys

import matplotlib.pyplot as plt
import numpy as np

samples = np.load("samples.npy")[: int(sys.argv[1])]
figure, axes = plt.subplots(-(-len(samples) // 10), 10, figsize=(10, len(samples) / 10))
for axis in axes.flat:
    axis.axis("off")
for axis, sample in zip(axes.flat, samples):
    axis.imshow(sample, cmap="gray_r")
figure.savefig("samples.png")
