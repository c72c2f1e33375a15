#!/bin/sh
# Packs the benchmark of the engine on a GPU for a machine that has a GPU, Python with PyTorch and JAX, and no network:
#
#     sh bench/gpu/pack.sh FOLDER     # Deno, the bundled benchmark, a Vulkan loader; run.sh beside them starts it
#
# What lies there is for Linux on x86-64, and below 64 MiB.
set -eu
to=$1
mkdir -p "$to/tree/bench/peers/device"
bundle() { deno bundle --quiet --platform deno --output "$to/tree/bench/$2" "$1"; }
bundle bench/engine.ts engine.js
bundle bench/peers/reparam_webgpu.ts peers/reparam_webgpu.js
bundle bench/gpu/profile.ts profile.js
# The thread's module is found beside the bundle, by the name that its code has.
bundle pipeline/engine/webgpu/device/worker.ts peers/worker.js
mv "$to/tree/bench/peers/worker.js" "$to/tree/bench/peers/worker.ts"
cp bench/peers/*.py "$to/tree/bench/peers/"
for data in mnist piano; do
  [ -e "artifacts/bench/data/$data/examples.npy" ] || deno eval 'import { dataOf } from "./bench/data.ts";
    for (const model of ["dense", "midi"]) await dataOf(model, "artifacts/bench");'
  mkdir -p "$to/tree/artifacts/bench/data/$data"
  cp "artifacts/bench/data/$data/examples.npy" "$to/tree/artifacts/bench/data/$data/"
done
rmdir "$to/tree/bench/peers/device"
tar -C "$to/tree" -cf - . | xz -T0 -1 > "$to/tree.tar.xz"
rm -r "$to/tree"
[ -e "$to/deno.xz" ] || xz -T0 -6 < "$(deno eval 'console.log(Deno.execPath())')" > "$to/deno.xz"
# The loader, and what NVIDIA's driver wants of X11 though it draws nothing.
if command -v apt-get > /dev/null && [ ! -d "$to/debs" ]; then
  mkdir "$to/debs"
  (cd "$to/debs" && apt-get download -qq libvulkan1 libx11-6 libxext6 libxcb1 libxau6 libxdmcp6 libbsd0 libmd0)
fi
cp bench/gpu/run.sh "$to/"
du -sh "$to"
