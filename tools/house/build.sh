#!/usr/bin/env bash
# build.sh PRESET [TARGET...]: configures once and builds; `build.sh web` builds the screens into build/web.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
preset=${1:-dev}
shift || true
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
quiet() {  # output only when it fails
  local log
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then rm -f "$log"; else cat "$log" >&2; rm -f "$log"; return 1; fi
}
if [ "$preset" = web ]; then
  stamp=build/web/.from
  now=$(find web lan-protocol/js package.json package-lock.json -type f -not -path '*/node_modules/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
  if [ "$(cat $stamp 2>/dev/null)" = "$now" ]; then exit 0; fi
  [ -d node_modules/esbuild ] || quiet npm ci --ignore-scripts --no-audit --no-fund
  quiet node web/build.mjs
  echo "$now" > $stamp
  exit 0
fi
[ -f "build/$preset/build.ninja" ] || quiet cmake --preset "$preset"
if [ -t 1 ]; then ninja -C "build/$preset" "$@"; else quiet ninja -C "build/$preset" "$@"; fi
