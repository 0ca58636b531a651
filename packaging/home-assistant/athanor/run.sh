#!/bin/sh
# Starts the heater with the add-on's options, or with /config/heater.yaml where there is one.
set -eu

data=${ATHANOR_DATA:-/data}             # changed in trials alone
config=${ATHANOR_CONFIG:-/config}
supervisor=${ATHANOR_SUPERVISOR:-http://supervisor}
home_assistant=${ATHANOR_HOME_ASSISTANT:-127.0.0.1:8123}
jar=${ATHANOR_JAR:-/opt/athanor/athanor.jar}
script=${ATHANOR_JQ:-/heater.jq}
page=${ATHANOR_PAGE:-8642}

say() {
  echo "athanor: $*" >&2
}

umask 077 # the heater file and the token hold secrets
mkdir -p "$data/state"
printf '%s' "$SUPERVISOR_TOKEN" >"$data/token"
file=$data/heater.yaml

if [ -f "$config/heater.yaml" ]; then
  say "taking heater.yaml of the add-on's configuration folder; the options are not looked at"
  file=$config/heater.yaml
else
  answer=$(curl -sS --fail-with-body --max-time 30 -H "Authorization: Bearer $SUPERVISOR_TOKEN" "$supervisor/services/mqtt") || {
    say "the Supervisor names no MQTT broker ($answer): install and start the add-on Mosquitto broker"
    exit 1
  }
  printf '%s' "$answer" | jq '.data' >"$data/mqtt.json"
  jq --slurpfile mqtt "$data/mqtt.json" --arg token "$data/token" --arg homeAssistant "$home_assistant" \
    "\$mqtt[0] as \$mqtt | $(cat "$script")" "$data/options.json" >"$file"
  rm -f "$data/mqtt.json"
fi

# shellcheck disable=SC2086
nginx ${ATHANOR_NGINX:-}

# Those of a service of systemd (athanor heater install).
options="-XX:+UseSerialGC -XX:+UseCompactObjectHeaders -Xmx96m --enable-native-access=ALL-UNNAMED"
options="$options -XX:Tier3DelayOn=1000000 --sun-misc-unsafe-memory-access=allow -Xlog:disable -Xlog:all=error:stderr"
# STATE_DIRECTORY is where the heater keeps what it learns, unless its file says otherwise. exec: a stop reaches it.
export STATE_DIRECTORY="$data/state"
chosen() { # OPTION: whether it is on; a heater.yaml of one's own changes nothing of that
  [ "$(jq -r --arg option "$1" '.[$option] // false' "$data/options.json" 2>/dev/null)" = true ]
}

if chosen remove_from_home_assistant; then
  say "removing what this home announced; uninstall the add-on, or switch the option off and start it again"
  # shellcheck disable=SC2086
  exec java $options -jar "$jar" heater uninstall --config "$file"
fi
if chosen try_plugs; then
  # shellcheck disable=SC2086
  java $options -jar "$jar" heater check --try-plugs "$file" || exit
fi
# shellcheck disable=SC2086
exec java $options -jar "$jar" heater run --config "$file" --port $page
