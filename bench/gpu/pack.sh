#!/bin/sh
# Packs the project and the benchmark of its engine for a machine that has a GPU, Python with PyTorch (and JAX), and no
# network:
#
#     sh bench/gpu/pack.sh FOLDER     # run.sh beside what is packed starts it
#
# What lies there is for Linux on x86-64, and below 64 MiB: Deno, the project with the packages that a GPU needs, MNIST,
# the bundled benchmark with its data, a Vulkan loader.
set -eu
to=$1
tree=$to/tree
mkdir -p "$tree/bench/peers/device"
bundle() { deno bundle --quiet --platform deno --output "$tree/bench/$2" "$1"; }
bundle bench/engine.ts engine.js
bundle bench/peers/reparam_webgpu.ts peers/reparam_webgpu.js
bundle bench/gpu/profile.ts profile.js
# The thread's module is found beside the bundle, by the name that its code has.
bundle pipeline/engine/webgpu/device/worker.ts peers/worker.js
mv "$tree/bench/peers/worker.js" "$tree/bench/peers/worker.ts"
rmdir "$tree/bench/peers/device"
cp bench/peers/*.py "$tree/bench/peers/"
for data in mnist piano; do
  [ -e "artifacts/bench/data/$data/examples.npy" ] || deno eval 'import { dataOf } from "./bench/data.ts";
    for (const model of ["dense", "midi"]) await dataOf(model, "artifacts/bench");'
  mkdir -p "$tree/artifacts/bench/data/$data"
  cp "artifacts/bench/data/$data/examples.npy" "$tree/artifacts/bench/data/$data/"
done
# Whole experiments: the project, without packages that only the native engine, types or tests take.
deno run -A pipeline/main.ts run experiments/quick.json --artifacts "$to/store" --reports "$to/reports" > /dev/null
mkdir "$tree/mnist"
for file in "$to"/store/cas/*; do
  case $(sha256sum < "$file") in
    ba891046*) cp "$file" "$tree/mnist/train-images-idx3-ubyte" ;;
    65a50cbb*) cp "$file" "$tree/mnist/train-labels-idx1-ubyte" ;;
    0fa7898d*) cp "$file" "$tree/mnist/t10k-images-idx3-ubyte" ;;
    ff7bcfd4*) cp "$file" "$tree/mnist/t10k-labels-idx1-ubyte" ;;
  esac
done
chmod -R u+w "$to/store" "$tree"
rm -r "$to/store" "$to/reports"
cp -r pipeline experiments deno.json deno.lock "$tree/"
tar -cf - --exclude='*.d.ts' --exclude='*.map' --exclude='.fetching*' --exclude='.deno/@types+*' \
  --exclude='.deno/onnxruntime-node@*' --exclude='.deno/core-js@*' --exclude='.deno/playwright-core@*' \
  --exclude='.deno/fast-check@*' --exclude='.deno/undici-types@*' node_modules | tar -C "$tree" -xf -
# So that nobody looks for what was left out.
printf %s "$(sha256sum < deno.lock | cut -d' ' -f1)" > "$tree/node_modules/.fetched-for"
tar -C "$tree" -cf - . | xz -T0 -6 > "$to/tree.tar.xz"
rm -r "$tree"
[ -e "$to/deno.xz" ] || xz -T0 -6 < "$(deno eval 'console.log(Deno.execPath())')" > "$to/deno.xz"
# The loader, and what NVIDIA's driver wants of X11 though it draws nothing.
if command -v apt-get > /dev/null && [ ! -d "$to/debs" ]; then
  mkdir "$to/debs"
  (cd "$to/debs" && apt-get download -qq libvulkan1 libx11-6 libxext6 libxcb1 libxau6 libxdmcp6 libbsd0 libmd0)
fi
cp bench/gpu/run.sh "$to/"
du -sh "$to"
