#!/bin/sh
# Runs what pack.sh packed, in a folder of its own, and leaves the results in the folder OUT:
#
#     sh run.sh OUT STEP...     # check, race, profile; FOLDER/run.sh with the packed files beside it
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
shift
work=${WORK:-/tmp/reparam-gpu}
mkdir -p "$work" "$out"
cd "$work"
if [ ! -x deno ]; then
  xz -dc "$here/deno.xz" > deno
  chmod +x deno
  xz -dc "$here/tree.tar.xz" | tar -xf -
  mkdir -p root
  for deb in "$here"/debs/*.deb; do [ -e "$deb" ] && dpkg-deb -x "$deb" root; done
fi
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}:$work/root/usr/lib/x86_64-linux-gnu:/usr/local/nvidia/lib64:/usr/local/nvidia/lib"
# The loader's own choice, which wants X11 to be set up, does not come up on every machine without a display.
library=$(ls /usr/lib/libEGL_nvidia.so.0 /usr/lib/*/libEGL_nvidia.so.0 /usr/local/nvidia/lib64/libEGL_nvidia.so.0 2> /dev/null | head -1)
if [ -z "${VK_DRIVER_FILES:-}" ] && [ -n "$library" ]; then
  printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.3.0"}}' "$library" > icd.json
  export VK_DRIVER_FILES="$work/icd.json"
fi
export XDG_RUNTIME_DIR=/tmp PEERS_PYTHON="${PEERS_PYTHON:-python3}"
engine() { ./deno run -A --no-check bench/engine.js --gpu ${ONLY:+--only "$ONLY"} "$@"; }
for step in "$@"; do
  echo "== $step"
  case $step in
    check) engine --check --batches "${BATCHES:-128}" --models "${MODELS:-dense,conv,lstm,midi}" ;;
    race)
      engine --rounds "${ROUNDS:-5}" --batches "${BATCHES:-32,128,512}" --models "${MODELS:-dense,conv,lstm,midi}"
      cp artifacts/bench/engine.json "$out/" ;;
    profile) ./deno run -A --no-check bench/profile.js "${MODELS:-dense,conv,lstm,midi}" "${BATCHES:-128}" ;;
  esac
done
