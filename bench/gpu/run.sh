#!/bin/sh
# Runs what pack.sh packed, in a folder of its own, and leaves the results in the folder OUT:
#
#     sh run.sh OUT [STEP...]     # doctor, check, race, race:BATCHES, whole, profile
#
# Without steps: doctor, check, race:128,32, whole and race:512, since time may be up before the end.
# FOLDER/run.sh with the packed files beside it. MODELS, BATCHES, ROUNDS and ONLY narrow check, race and profile, SET the
# experiments of whole (settings of `--set`, separated by spaces). All ends after LIMIT seconds: what was not reached is
# named, and what was measured lies in OUT. After a step that fails the next one comes; the exit status tells.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$1
shift
[ $# -gt 0 ] || if [ -n "${BATCHES:-}" ]; then
  set -- doctor check race whole
else
  set -- doctor check race:128,32 whole race:512
fi
work=${WORK:-/tmp/reparam-gpu}
end=$(($(date +%s) + ${LIMIT:-360}))
mkdir -p "$work" "$out"
out=$(cd "$out" && pwd)
cd "$work"
if [ ! -x deno ]; then
  xz -dc "$here/deno.xz" > deno &
  xz -dc "$here/tree.tar.xz" | tar -xf -
  mkdir -p root
  for deb in "$here"/debs/*.deb; do [ -e "$deb" ] && dpkg-deb -x "$deb" root; done
  wait $!
  chmod +x deno
fi
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}:$work/root/usr/lib/x86_64-linux-gnu:/usr/local/nvidia/lib64:/usr/local/nvidia/lib"
# The loader's own choice, which wants X11 to be set up, does not come up on every machine without a display.
library=$(ls /usr/lib/libEGL_nvidia.so.0 /usr/lib/*/libEGL_nvidia.so.0 /usr/local/nvidia/lib64/libEGL_nvidia.so.0 2> /dev/null | head -1)
if [ -z "${VK_DRIVER_FILES:-}" ] && [ -n "$library" ]; then
  printf '{"file_format_version": "1.0.0", "ICD": {"library_path": "%s", "api_version": "1.3.0"}}' "$library" > icd.json
  export VK_DRIVER_FILES="$work/icd.json"
fi
export XDG_RUNTIME_DIR=/tmp PEERS_PYTHON="${PEERS_PYTHON:-python3}" DENO_DIR="$work/deno-dir" DENO_NO_UPDATE_CHECK=1
models=${MODELS:-dense,conv,lstm,midi}

# A command in the time that is left; `ended` says whether it was enough.
limited() {
  left=$((end - $(date +%s))) status=124 ended=no
  [ "$left" -lt 5 ] || { timeout --kill-after=5 "$left" "$@" && status=0 || status=$?; }
  if [ "$status" -ne 0 ] && [ "$(date +%s)" -ge "$end" ] || [ "$status" -eq 124 ]; then
    echo "The time was up before the end of: $*"
    return 0
  fi
  ended=yes
  return "$status"
}
# Whether JAX finds a GPU, which takes it long, and on some machines for ever: found out beside the first steps.
jax= only=
[ -n "${ONLY:-}" ] || case " $* " in
  *" check "* | *" race"*)
    timeout --kill-after=5 60 "$PEERS_PYTHON" -c 'import jax; jax.devices("gpu")' > jax.txt 2>&1 &
    jax=$! ;;
esac
# The contestants, and why JAX is none of them.
contestants() {
  only="${ONLY:-Reparam webgpu,PyTorch CUDA eager,PyTorch CUDA graph}"
  [ -n "$jax" ] || return 0
  wait "$jax" && status=0 || status=$?
  case $status in
    0) only="$only,JAX CUDA" ;;
    124 | 137) echo "JAX CUDA is left out: it did not answer within 60 s" ;;
    *) echo "JAX CUDA is left out: $(tail -n 1 jax.txt)" ;;
  esac
}
engine() {
  [ -n "$only" ] || contestants
  limited ./deno run -A --no-check bench/engine.js --gpu --only "$only" --models "$models" "$@"
}
reparam() { limited ./deno run -A --no-check pipeline/main.ts "$@"; }
# An experiment from the data to its report.
whole() {
  name=$2
  start=$(date +%s)
  # shellcheck disable=SC2046 # each setting is a word
  reparam "$1" "experiments/$name.json" --engine webgpu --artifacts "$work/store" --reports "$out/reports" \
    --set dataset.source.type=folder --set dataset.source.path="$work/mnist" \
    $(for setting in ${SET:-}; do echo "--set $setting"; done) || return 1
  [ "$ended" = no ] || echo "$name: $(($(date +%s) - start)) s" | tee -a "$out/whole.txt"
}
wholes() {
  whole run mnist-conv && first=ran || first=failed
  whole sweep compare-architectures && [ $first = ran ]
}
race() {
  raced=yes
  for batch in $(echo "$1" | tr , ' '); do
    rm -f artifacts/bench/engine.json
    engine --rounds "${ROUNDS:-3}" --batches "$batch" || raced=no
    [ ! -e artifacts/bench/engine.json ] || mv artifacts/bench/engine.json "$out/engine-$batch.json"
  done
  [ $raced = yes ]
}
failed=
for step in "$@"; do
  echo "== $step ($((end - $(date +%s))) s left)"
  case $step in
    doctor) reparam doctor --engines --artifacts "$work/store" > "$out/doctor.txt" && cat "$out/doctor.txt" ;;
    check) engine --check --batches "${BATCHES:-128}" ;;
    race) race "${BATCHES:-128,32,512}" ;;
    race:*) race "${step#race:}" ;;
    whole) wholes ;;
    profile) limited ./deno run -A --no-check bench/profile.js "$models" "${BATCHES:-128}" ;;
    *) echo "There is no step $step: doctor, check, race, whole, profile" && false ;;
  esac || failed="$failed $step"
done
[ -z "$failed" ] || { echo "== failed:$failed" && exit 1; }
echo "== done"
