#!/usr/bin/env bash
# The demo: a hub with a sample menu on this machine alone. Everything it makes lies in one temporary folder that Ctrl-C removes.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
rush=no port=7480
while [ $# -gt 0 ]; do
  case $1 in
    --rush) rush=yes ;;
    --port) port=$2; shift ;;
    *) echo "larder demo: unknown option $1" >&2; exit 64 ;;
  esac
  shift
done

started=$SECONDS
echo "larder: building (the first time takes some minutes)"
tools/house/build.sh web & web_build=$!
tools/house/build.sh release larder-edge larderctl larder-replay
wait $web_build
bin=$PWD/build/release/bin

home=$(mktemp -d "${TMPDIR:-/tmp}/larder-demo.XXXXXX")
children=()
stop_all() {
  trap '' INT TERM
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  for child in "${children[@]}"; do wait "$child" 2>/dev/null || true; done
  rm -rf "$home"
}
trap stop_all EXIT
trap 'echo; exit 0' INT TERM

cat > "$home/larder.toml" <<TOML
[store]
id = "sample"
name = "Larder Sample Kitchen"
zone = "Europe/Berlin"

[hub]
data_dir = "$home/data"
web_root = "$PWD/build/web"

[lan]
address = "127.0.0.1"
port = $port

[mdns]
enabled = false
TOML
"$bin/larder-edge" --config "$home/larder.toml" >"$home/hub.log" 2>&1 &
hub=$!
children+=("$hub")
url=http://127.0.0.1:$port
until curl -fs -o /dev/null "$url/healthz"; do
  kill -0 "$hub" 2>/dev/null || { cat "$home/hub.log" >&2; exit 1; }
  sleep 0.1
done
ctl() { "$bin/larderctl" --hub "127.0.0.1:$port" --token-file "$home/data/admin.token" "$@"; }
ctl menu import web/sample/menu.json >/dev/null
mint() { ctl --json devices add --id "$1" --name "$2" --role "$3" | python3 -c 'import json,sys; print(json.load(sys.stdin)["token"])'; }
kiosk=$(mint kiosk-1 "Kiosk by the door" kiosk)
kds=$(mint kds-1 "Kitchen" kds)
till=$(mint till-1 "Till" till)

cat <<TEXT

Larder runs (ready after $((SECONDS - started)) s). Open on this machine:
  kiosk    $url/kiosk/#token=$kiosk
  kitchen  $url/kds/#token=$kds
  till     $url/till/#token=$till
The books: $home/data. The log: $home/hub.log. Ctrl-C stops all and leaves nothing behind.
TEXT
if [ "$rush" = yes ]; then
  echo "A lunch rush comes in: watch the kitchen."
  "$bin/larder-replay" sample --orders 400 --seed 7 --menu web/sample/menu.json > "$home/rush.tsv"
  "$bin/larder-replay" play --hub "127.0.0.1:$port" --admin-token-file "$home/data/admin.token" --orders "$home/rush.tsv" --kiosks 4 --rate 0.5 &
  children+=($!)
fi
wait "$hub"
