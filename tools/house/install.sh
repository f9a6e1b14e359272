#!/usr/bin/env bash
# Installs what is missing, and nothing else. `install.sh run` for building and running, `install.sh package` for packages too,
# `install.sh test` for the tests as well, `install.sh bench` for the peers of the benches.
# No daemon is started: a package that brings one (avahi-daemon) must never speak on this machine's real network.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
wanted=${1:-run}

needed() {
  awk -v want="$wanted" '/^#/ { next } $1 == "run" || $1 == want || ($1 == "package" && want == "test") { print $2 }' "$here/packages.txt"
}
is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=()
for package in $(needed); do
  is_installed "$package" || missing+=("$package")
done
# Node.js may be there without being a package.
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then missing+=(nodejs npm); fi
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "larder: ${#missing[@]} packages are missing and this is neither root nor sudo: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "larder: installing ${#missing[@]} packages: ${missing[*]}"
policy=/usr/sbin/policy-rc.d
made_policy=no
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
  "${as_root[@]}" chmod 755 $policy
  made_policy=yes
fi
forget_policy() { [ $made_policy = no ] || "${as_root[@]}" rm -f $policy; }
trap forget_policy EXIT
log=$(mktemp)
"${as_root[@]}" apt-get update -q >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
for try in 1 2 3; do
  if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  echo "larder: apt-get did not succeed (try $try of 3)" >&2
done
cat "$log" >&2
exit 1
