#!/usr/bin/env bash
# Plays the workflow of docs/ci.md on this machine: one clone makes the results, a fresh clone gets the store alone
# and must neither download nor train. Without a network where the system can take it away (Linux, as root).
#
#     docs/ci-demo.sh [SPEC...]        default: experiments/quick.json
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
specs=("$@")
[ $# -gt 0 ] || specs=(experiments/quick.json)
mkdir -p "$root/artifacts"
work=$(mktemp -d "$root/artifacts/ci-demo-XXXXXX")
trap 'rm -rf "$work"' EXIT

fresh_clone() {
  git clone --quiet "$root" "$work/$1"
  # What setup-deno's cache does in CI.
  if [ -d "$root/node_modules" ]; then cp -a --link "$root/node_modules" "$work/$1/"; else (cd "$work/$1" && deno install); fi
}
offline=()
if unshare --net true 2>/dev/null; then offline=(unshare --net); else echo "(the network stays on: unshare --net is not allowed here)"; fi
expect() { # STATUS WORDS COMMAND...
  local status=0 said
  said=$("${@:3}" 2>&1) || status=$?
  printf '%s\n' "$said" | tail -4 | sed 's/^/    /'
  [ "$status" = "$1" ] || { echo "expected exit status $1, not $status"; exit 1; }
  grep -q "$2" <<<"$said" || { echo "expected it to say: $2"; exit 1; }
}

echo "1. main: the results are made, and the store is saved"
fresh_clone main
(cd "$work/main" && expect 0 "executed, 0 cached" deno task run "${specs[@]}")
tar -C "$work/main" -cf "$work/cache.tar" artifacts
rm -rf "$work/main"

echo "2. pull request: a fresh clone with the restored store; frozen, ${offline[*]:-online}"
fresh_clone pull
tar -C "$work/pull" -xf "$work/cache.tar"
cd "$work/pull"
expect 0 "nothing was executed" "${offline[@]}" deno task run "${specs[@]}" --frozen

echo "3. a comment in the code of training changes nothing"
sed -i '1i // Only a comment.' pipeline/stages/train.ts
expect 0 "nothing was executed" "${offline[@]}" deno task run "${specs[@]}" --frozen

echo "4. another seed would have to run: frozen fails and says so"
expect 1 "frozen forbids it" "${offline[@]}" deno task run "${specs[@]}" --frozen --set seed=2

echo "5. so would changed code, and it is named"
echo 'export const UNUSED = 1;' >>pipeline/base/random.ts
expect 1 "pipeline/base/random.ts changed" "${offline[@]}" deno task run "${specs[@]}" --frozen
echo "All as expected."
