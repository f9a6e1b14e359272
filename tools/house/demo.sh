#!/usr/bin/env bash
# The demo: broker, relay and a shop's hub with a sample menu, on this machine alone. Everything it makes lies in one temporary
# folder that Ctrl-C removes.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
PATH=$PATH:/usr/sbin
rush=no port=7480 hq_port=7490
while [ $# -gt 0 ]; do
  case $1 in
    --rush) rush=yes ;;
    --port) port=$2; shift ;;
    --hq-port) hq_port=$2; shift ;;
    *) echo "larder demo: unknown option $1" >&2; exit 64 ;;
  esac
  shift
done

started=$SECONDS
echo "larder: building (the first time takes some minutes)"
tools/house/build.sh web & web_build=$!
tools/house/build.sh release larder-edge larder-relay larderctl larder-replay
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

# start NAME COMMAND...: in the background, its output in NAME.log; its process is $started_as.
start() {
  local name=$1
  shift
  "$@" >"$home/$name.log" 2>&1 &
  started_as=$!
  children+=("$started_as")
}
# ready NAME PROCESS COMMAND...: waits until COMMAND succeeds, gives up when PROCESS has ended.
ready() {
  local name=$1 process=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    kill -0 "$process" 2>/dev/null || { echo "larder demo: the $name ended:" >&2; cat "$home/$name.log" >&2; exit 1; }
    sleep 0.1
  done
}

# A certificate authority for this run only: broker, relay and hub each show a certificate, and the broker lets a store write under
# its own name alone.
authority() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$home/$1.key"
  if [ "$1" = ca ]; then
    openssl req -x509 -new -key "$home/ca.key" -subj "/CN=Larder demo $$" -days 2 -out "$home/ca.crt"
  else
    openssl req -new -key "$home/$1.key" -subj "/CN=$2" |
      openssl x509 -req -CA "$home/ca.crt" -CAkey "$home/ca.key" -CAcreateserial -days 2 -out "$home/$1.crt" \
        -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost")
  fi
}
{ authority ca && authority broker localhost && authority relay relay && authority hub sample; } 2>"$home/openssl.log" ||
  { cat "$home/openssl.log" >&2; exit 1; }

cat > "$home/broker.acl" <<'ACL'
pattern write larder/v1/+/%u/up/#
pattern read larder/v1/+/%u/dn/#
pattern write larder/v1/+/%u/st
pattern read larder/v1/+/relay
user relay
topic readwrite larder/v1/#
ACL
chmod 600 "$home"/*.key "$home/broker.acl"

broker_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$home/broker.conf" <<CONF
user $(id -un)
per_listener_settings false
listener $broker_port 127.0.0.1
cafile $home/ca.crt
certfile $home/broker.crt
keyfile $home/broker.key
require_certificate true
use_identity_as_username true
tls_version tlsv1.2
allow_anonymous false
acl_file $home/broker.acl
persistence false
max_inflight_messages 500
max_queued_messages 0
max_queued_bytes 67108864
message_size_limit 1048576
set_tcp_nodelay true
CONF
start broker mosquitto -c "$home/broker.conf"
ready broker "$started_as" bash -c "</dev/tcp/127.0.0.1/$broker_port"

cat > "$home/relay.toml" <<TOML
[relay]
id = "relay-1"
data_dir = "$home/relay"

[broker]
address = "127.0.0.1"
port = $broker_port
tls = true
ca_file = "$home/ca.crt"
cert_file = "$home/relay.crt"
key_file = "$home/relay.key"

[http]
address = "127.0.0.1"
port = $hq_port
web_root = "$PWD/build/web"
storefront = true
TOML
start relay "$bin/larder-relay" --config "$home/relay.toml"
ready relay "$started_as" curl -fs -o /dev/null "http://127.0.0.1:$hq_port/healthz"

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

[uplink]
address = "127.0.0.1"
port = $broker_port
tls = true
ca_file = "$home/ca.crt"
cert_file = "$home/hub.crt"
key_file = "$home/hub.key"
TOML
start hub "$bin/larder-edge" --config "$home/larder.toml"
hub=$started_as
url=http://127.0.0.1:$port
ready hub "$hub" curl -fs -o /dev/null "$url/healthz"
ctl() { "$bin/larderctl" --hub "127.0.0.1:$port" --token-file "$home/data/admin.token" "$@"; }
ctl menu import web/sample/menu.json >/dev/null
mint() { ctl --json devices add --id "$1" --name "$2" --role "$3" | python3 -c 'import json,sys; print(json.load(sys.stdin)["token"])'; }
kiosk=$(mint kiosk-1 "Kiosk by the door" kiosk)
kds=$(mint kds-1 "Kitchen" kds)
till=$(mint till-1 "Till" till)
# The storefront sells what the relay has heard of.
ready hub "$hub" curl -fs -o /dev/null "http://127.0.0.1:$hq_port/api/v1/storefront/stores/sample/menu"

cat <<TEXT

Larder runs (ready after $((SECONDS - started)) s). Open on this machine:
  HQ       http://127.0.0.1:$hq_port/hq/  (log in as admin with $(cat "$home/relay/admin.password"))
  kiosk    $url/kiosk/#token=$kiosk
  kitchen  $url/kds/#token=$kds
  till     $url/till/#token=$till
  guests   http://127.0.0.1:$hq_port/order/?store=sample  (order online; accept it on the till)
The books: $home/data and $home/relay. The logs: $home/*.log. Ctrl-C stops all and leaves nothing behind.
TEXT
if [ "$rush" = yes ]; then
  echo "A lunch rush comes in: watch the kitchen."
  "$bin/larder-replay" sample --orders 400 --seed 7 --menu web/sample/menu.json > "$home/rush.tsv"
  "$bin/larder-replay" play --hub "127.0.0.1:$port" --admin-token-file "$home/data/admin.token" --orders "$home/rush.tsv" --kiosks 4 --rate 0.5 &
  children+=($!)
fi
wait "$hub"
