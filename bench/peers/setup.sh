#!/bin/sh
# Installs the Python peers of the benchmark into a virtual environment under artifacts/, which git ignores.
# torch.compile also needs a C++ compiler.
set -eu
cd "$(dirname "$0")/../.."
environment=artifacts/bench-peers
python3 -m venv "$environment"
"$environment/bin/pip" install --quiet --disable-pip-version-check \
  torch==2.13.0 jax==0.10.2 jaxlib==0.10.2 numpy==2.4.6 safetensors==0.8.0 \
  keras==3.15.1 matplotlib
"$environment/bin/pip" list --disable-pip-version-check | grep -i -E '^(torch|jax|jaxlib|numpy|safetensors|keras|matplotlib) '
