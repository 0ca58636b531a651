# Turns the add-on's options into a heater file. JSON is YAML, so that names with colons or quotes need no care here.
# $mqtt: data of the Supervisor's MQTT service; $token: a file that holds the token of Home Assistant's API.

def present: with_entries(select(.value != null and .value != ""));
def thermometer: if . == null or . == "" then null else {kind: "home-assistant", entity: .} end;
def levels: if . == null or . == "" then null
  else split(",") | map(gsub("^\\s+|\\s+$"; "") | (tonumber? // .)) end;

{
  name: (.name // "Home"),
  currency: .currency,
  tariff: {kind: "flat", price: .price},
  location: (if .latitude != null and .longitude != null then {latitude: .latitude, longitude: .longitude} else null end),
  outdoor: (.outdoor | thermometer),
  rooms: [(.rooms // [])[] | {
    id, name,
    floorArea: .floor_area,
    construction, insulation, setpoint,
    circuitWatts: .circuit_watts,
    thermometer: (.thermometer | thermometer),
    secondThermometer: (.second_thermometer | thermometer)
  } | present],
  heaters: [(.heaters // [])[] | {
    id, name, room, kind, address, user, password, model,
    levels: (.levels | levels),
    maximumWatts: .maximum_watts,
    watts, threads,
    plug: (if .plug == null then null
      else {kind: .plug, address: .plug_address, topic: .plug_topic, countdown: .plug_countdown, ratingWatts: .plug_watts}
        | present end),
    acceptUnprotected: .accept_unprotected
  } | present]
} | present + {
  mqtt: ({host: $mqtt.host, port: $mqtt.port, tls: ($mqtt.ssl // false), user: $mqtt.username, password: $mqtt.password}
    | present),
  homeAssistant: {address: $homeAssistant, tokenFile: $token}
}
