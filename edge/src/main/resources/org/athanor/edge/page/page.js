// The heater's page: draws what the server's stream sends of one room, and changes its settings. Ids are for tests and for bookmarks.

import {html, nothing, render} from 'lit';
import {ask} from './api.js';
import {Charts, HEATER_COLOURS, Series} from './charts.js';
import {celsius, factor, homeClock, homeDay, homeTime, known, money, number, satoshis, scaled, sentence, told, watts} from './format.js';
import * as pairing from './pairing.js';
import * as editor from './settings.js';
import {has, language, languages, parts, speak, t} from './texts.js';

const root = document.getElementById('page');
const STEP = 0.5;
const SETPOINT_PATIENCE = 8000;
const RECONNECT = 3000;
/** Days back in the charts; the last stands for all there is. */
const SPANS = {day: 1, week: 7, month: 30, all: 36500};
const PRESETS = ['eco', 'comfort', 'boost'];
const LOG_SHOWN = 12;

let access = null;
let rooms = []; // {id, name, celsius, setpointCelsius, …}
let homeNotes = [];
let room = null; // id of the one that is shown
let state = null;
let settings = null;
let connected = false;
let wanted = null; // a setpoint that was asked for and is not in force yet
let wantedSince = 0;
let target = null; // the setpoint that is sent next
let unsent = false;
let sending = false;
let refusal = null;
let charts = null;
let span = 'day';
let log = null;
let logAll = false;
let logAlarms = false;
let stream = null;
const series = new Series();

const path = () => `api/rooms/${room}/`;
const offsetMinutes = () => state?.world.utcOffsetMinutes ?? 0;
const seconds = instant => new Date(instant).getTime() / 1000 + offsetMinutes() * 60;
const refused = error => error.status === 423 ? t('locked') : error.message;

// ---- what the page shows

const valued = value => known(value) ? String(value) : '';

const tile = (id, label, text, unit, detail, value) => html`
  <div class="tile">
    <dt>${label}</dt>
    <dd><span id=${id} class="figure" data-value=${valued(value)}>${text}</span> <span class="unit">${unit}</span>
      ${detail ? html`<small>${detail}</small>` : nothing}</dd>
  </div>`;

const safetyWord = word => {
  const key = 'safety-' + word.toLowerCase().replaceAll('_', '-');
  return has(key) ? t(key) : word.toLowerCase().replaceAll('_', ' ');
};

const header = () => html`
  <header>
    <h1><img src="icon.svg" alt="" width="28" height="28"> Athanor</h1>
    <div class="status">
      <span id="connection" class="pill ${connected ? 'quiet' : 'warn'}" data-connected=${connected}>
        ${connected ? t('live') : t('no-connection')}</span>
      <span id="safety" class="pill ${state.safety.limiting ? 'warn' : 'good'}" title=${told(state.safety.reason, heaterName)}>
        ${safetyWord(state.safety.state)}</span>
      <select id="language" aria-label=${t('language')} @change=${event => speak(event.target.value)}>
        ${languages.map(({tag, name}) => html`<option value=${tag} lang=${tag} ?selected=${tag === language}>${name}</option>`)}</select>
    </div>
    <p class="when"><time id="time" datetime=${state.time}>${homeTime(state.time, offsetMinutes())}</time>${
      state.world.simulated ? html` · ${t('simulated')}${known(state.world.speed) ? html`,
        <span id="speed" data-value=${state.world.speed}>${t('speed', {times: number(state.world.speed, 0)})}</span>` : nothing}` : nothing}</p>
  </header>`;

const tabs = () => rooms.length < 2 ? nothing : html`
  <nav class="rooms" aria-label=${t('rooms')}>${rooms.map(each => html`
    <a id="room-${each.id}" href="#${each.id}" aria-current=${each.id === room ? 'page' : nothing}>
      <span>${each.name}${each.alarms || each.limiting ? html` <i class="dot" role="img" aria-label=${t('room-trouble')}></i>` : nothing}</span>
      <b>${celsius(each.celsius)} °C</b> <small>${each.heating ? t('room-to', {celsius: celsius(each.setpointCelsius)}) : t('off')}</small></a>`)}
  </nav>`;

const banners = () => html`
  ${editor.lockBanner(editing())}
  ${state.safety.limiting ? html`<p class="banner warn" role="status">${told(state.safety.reason, heaterName)}</p>` : nothing}
  ${state.alarms.length ? html`<ul id="alarms" class="banner alarm" role="alert">${
    state.alarms.map(alarm => html`<li>${told(alarm, heaterName)}</li>`)}</ul>` : nothing}`;

const locked = () => settings.childLock;

/** What decides the setpoint now, in a few words. */
function because() {
  if (!settings.heating) return t('because-off');
  const away = settings.vacation;
  const gone = away && away.from <= state.time;
  if (state.room.overridden) {
    const end = settings.until ?? (gone ? undefined : away?.from);
    return end ? t('because-until', {time: homeDay(end, offsetMinutes())}) : t('because-yours');
  }
  if (gone) {
    const time = homeDay(away.until, offsetMinutes());
    const waits = known(settings.setpointCelsius) && !settings.until;
    return waits ? t('because-vacation-then', {time, celsius: celsius(settings.setpointCelsius)}) : t('because-vacation', {time});
  }
  return t('because-schedule');
}

function hero() {
  const {room: now} = state;
  const setpoint = wanted ?? now.setpointCelsius;
  const feel = !known(now.celsius) ? 'unknown'
    : now.celsius < now.setpointCelsius - now.bandBelowKelvin ? 'cold'
    : now.celsius > now.setpointCelsius + now.bandAboveKelvin && settings.heating ? 'warm' : 'right';
  const still = locked() || !settings.heating;
  return html`
  <section class="card hero" aria-label=${roomName()}>
    <div class="now ${feel}">
      <h2 class="label">${roomName()}</h2>
      <p class="big"><span id="room" data-value=${valued(now.celsius)}>${celsius(now.celsius)}</span><sup>°C</sup></p>
      <span class="label">${parts('outdoor-is', {celsius: html`<b id="outdoor" data-value=${valued(state.outdoorCelsius)}>${celsius(state.outdoorCelsius)}</b>`})}</span>
    </div>
    <div class="wish">
      <span class="label">${t('setpoint')}</span>
      <div class="stepper">
        <button id="setpoint-down" type="button" aria-label=${t('cooler')}
          ?disabled=${still || setpoint <= now.lowestSetpointCelsius} @click=${() => step(-STEP)}>−</button>
        <output id="setpoint" class=${wanted === null ? '' : 'pending'} data-value=${setpoint}
          data-inforce=${now.setpointCelsius}>${celsius(setpoint)}<small> °C</small></output>
        <button id="setpoint-up" type="button" aria-label=${t('warmer')}
          ?disabled=${still || setpoint >= now.highestSetpointCelsius} @click=${() => step(STEP)}>+</button>
      </div>
      <span id="because" class="label">${because()}</span>
      ${refusal ? html`<span id="refusal" class="refusal" role="alert">${refusal}</span>` : nothing}
    </div>
    <div class="modes">
      <button id="heating" type="button" role="switch" aria-checked=${settings.heating} class="switch" ?disabled=${locked()}
        @click=${() => act(() => ask('PATCH', path() + 'settings', {heating: !settings.heating}))}>
        <i aria-hidden="true"></i> ${t('heating')} <b>${settings.heating ? t('on') : t('off')}</b></button>
      <div class="segments" role="group" aria-label=${t('mode')}>
        <button id="preset-schedule" type="button" aria-pressed=${!state.room.overridden} ?disabled=${still} @click=${() => change(null)}>${t('by-schedule')}</button>
        ${PRESETS.map(preset => html`
          <button id="preset-${preset}" type="button" aria-pressed=${settings.preset === preset} ?disabled=${still}
            title=${t('preset-title', {celsius: celsius(settings.presets[preset + 'Celsius'])})}
            @click=${() => act(() => ask('PUT', path() + 'preset', {preset}))}>${t('preset-' + preset)}</button>`)}
      </div>
    </div>
    <div class="why">
      <p id="explanation">${sentence(state.sentence, state.explanation, heaterName)}</p>
      <p id="planning">${planned()}</p>
    </div>
  </section>`;
}

const heaterName = id => state.heaters.find(heater => heater.id === id)?.name ?? id;

const roomName = () => rooms.length > 1 ? rooms.find(each => each.id === room).name : t('room');

/** Who decides, and how well the room is known. */
function planned() {
  const {standIn, note, known: quality, plan} = state.planning;
  return html`${standIn ? parts('no-plan', {why: html`<b id="stand-in">${t('no-plan-word')}</b>`, reason: told(standIn)})
    : parts(plan ? 'by-plan-made' : 'by-plan', {
      word: html`<b>${t('by-plan-word')}</b>`,
      time: plan ? html`<span id="planned-at">${homeClock(plan.start, offsetMinutes())}</span>` : '',
      known: html`<span id="known">${told(quality)}</span>`,
    })}${note ? html` <b id="plan-note" class="old">${t('plan-note', {note: told(note)})}</b>` : nothing}`;
}

function tiles() {
  const {books, heaters, room: now} = state;
  const mining = heaters.filter(heater => heater.mines);
  const sum = key => mining.reduce((total, heater) => total + (heater[key] ?? 0), 0);
  const hashes = mining.some(heater => known(heater.hashesPerSecond)) ? sum('hashesPerSecond') : undefined;
  const rejected = sum('rejected');
  const outside = now.kelvinHoursBelow + now.kelvinHoursAbove;
  const [power, powerUnit] = watts(state.watts);
  const [rate, rateUnit] = scaled(hashes, 'H/s');
  return html`
  <dl class="tiles">
    ${tile('watts', t('power'), power, powerUnit, t('so-far', {amount: number(books.electricityKwh, 2) + ' kWh'}), state.watts)}
    ${tile('hashrate', t('hashrate'), rate, rateUnit, t('as-reported'), hashes)}
    ${tile('accepted', t('accepted'), number(sum('accepted')), '', rejected ? t('rejected', {count: number(rejected)}) : t('rejected-none'), sum('accepted'))}
    ${tile('price', t('electricity'), money(books.pricePerKwh, books.currency, 3, 3), '/ kWh', t('so-far', {amount: money(books.electricity, books.currency)}), books.pricePerKwh)}
    ${books.expected > 0
      ? tile('earned', t('earned'), money(books.earned, books.currency), '',
        books.earnedMsat ? t('earned-partly', {expected: money(books.expected, books.currency)}) : t('earned-expected'), books.earned)
      : tile('earned', t('earned'), satoshis(books.earnedMsat), 'sat', money(books.earned, books.currency), books.earnedMsat)}
    ${tile('netcost', books.net < 0 ? t('net-gain') : t('net-cost'),
      money(Math.abs(books.net), books.currency), '', t('net-is'), books.net)}
    ${tile('comfort', t('outside-band'), number(outside, 2), t('kelvin-hours'),
      t('cold-and-warm', {cold: number(now.kelvinHoursBelow, 2), warm: number(now.kelvinHoursAbove, 2)}), outside)}
  </dl>`;
}

const spanButton = of => html`
  <button id="span-${of}" type="button" aria-pressed=${span === of} @click=${() => {
    const longer = SPANS[of] > SPANS[span];
    span = of;
    draw();
    if (longer) history();
  }}>${t('span-' + of)}</button>`;

const chart = (id, title) => html`
  <figure id=${id} class="card chart"><figcaption>${title}</figcaption><div class="plot" role="img" aria-label=${title}></div><div class="legend"></div></figure>`;

const heaterCard = (heater, i) => {
  const [power, powerUnit] = watts(heater.watts);
  const [rate, rateUnit] = scaled(heater.hashesPerSecond, 'H/s');
  return html`
  <article class="card heater" data-heater=${heater.id} data-level=${heater.level ?? ''}>
    <h3><i class="heater-${i % HEATER_COLOURS}"></i>${heater.name}</h3>
    <p class="power"><span class="figure" data-value=${valued(heater.watts)}>${power}</span> <span class="unit">${powerUnit}</span>
      <span class="pill quiet level">${heater.level ?? t('silent')}</span>
      <span class="pill ${heater.protected ? 'good' : 'warn'}" title=${told(heater.protection)}>${
        heater.protected ? t('protected') : t('unprotected')}</span></p>
    ${heater.fault ? html`<p class="fault">${told(heater.fault, heaterName)}</p>` : nothing}
    <p class="reason">${told(heater.reason, heaterName)}</p>
    <dl class="facts">
      ${heater.mines ? html`
        <dt>${t('heater-hashrate')}</dt><dd>${rate} ${rateUnit}</dd>
        <dt>${t('heater-shares')}</dt><dd>${t('heater-shares-are', {accepted: number(heater.accepted), rejected: number(heater.rejected)})}</dd>` : nothing}
      ${known(heater.chipCelsius) ? html`<dt>${t('heater-chip')}</dt><dd>${number(heater.chipCelsius, 0)} °C</dd>` : nothing}
      <dt>${t('heater-watts')}</dt><dd>${told(heater.wattsSource)}</dd>
      <dt>${t('heater-dead')}</dt><dd>${told(heater.protection)}</dd>
      ${heater.weight ? html`<dt>${t('heater-weight')}</dt>
        <dd title=${heater.weight.exact}>${factor(heater.weight.approximately)}<small>${heater.weight.basis}</small></dd>` : nothing}
    </dl>
  </article>`;
};

/** The heating that the room has anyway: it is measured, and held back at the most. */
const primaryCard = primary => {
  const [power, powerUnit] = watts(primary.watts);
  const doing = !primary.on ? 'primary-off' : primary.heldBack ? 'primary-held-back'
    : !known(primary.watts) ? 'primary-unknown' : primary.watts > 0 ? 'primary-heats' : 'primary-rests';
  return html`
  <article class="card heater" id="primary" data-held-back=${primary.heldBack}>
    <h3>${told(primary.title)}</h3>
    <p class="power"><span class="figure" data-value=${valued(primary.watts)}>${power}</span> <span class="unit">${powerUnit}</span>
      <span class="pill quiet">${t(doing)}</span></p>
    <p class="reason">${primary.commanded ? t('primary-commanded') : t('primary-measured')}</p>
    ${known(primary.setpointCelsius) ? html`<dl class="facts">
      <dt>${t('primary-setpoint')}</dt><dd>${celsius(primary.setpointCelsius)} °C</dd></dl>` : nothing}
  </article>`;
};

/** What happened and why, newest first. */
function logbook() {
  if (!log) return nothing;
  const fitting = log.filter(event => !logAlarms || event.kind === 'alarm');
  const shown = logAll ? fitting : fitting.slice(0, LOG_SHOWN);
  return html`
  <section class="card" aria-labelledby="log-title">
    <div class="heading inner"><h3 id="log-title">${t('log')}</h3>
      <label class="check"><input id="log-alarms" type="checkbox" .checked=${logAlarms} @change=${event => {
        logAlarms = event.target.checked;
        draw();
      }}> ${t('log-alarms')}</label></div>
    ${shown.length ? html`<ol id="log" class="rows">${shown.map(event => html`
      <li class=${event.kind}><time datetime=${event.time}>${homeDay(event.time, offsetMinutes())}</time>
        <span><span class="pill ${event.kind === 'alarm' ? 'warn' : 'quiet'}">${t('log-' + event.kind)}</span> <b>${told(event.subject, heaterName)}</b> ${told(event.text, heaterName)}</span></li>`)}</ol>`
      : html`<p id="log" class="hint">${t('log-none')}</p>`}
    <p class="actions">
      ${fitting.length > LOG_SHOWN ? html`<button id="log-all" type="button" class="plain" aria-expanded=${logAll} @click=${() => {
        logAll = !logAll;
        draw();
      }}>${logAll ? t('log-less') : t('log-more', {count: number(fitting.length)})}</button>` : nothing}
      <button id="log-refresh" type="button" class="plain" @click=${readLog}>${t('log-refresh')}</button></p>
  </section>`;
}

const notes = () => html`
  <footer>
    <ul id="notes">
      ${[...homeNotes, ...state.world.notes].map(note => html`<li>${note}</li>`)}
      <li>${t('pays', {scenario: state.books.pays})}</li>
      ${state.books.disputedLines ? html`<li class="fault">${t('disputed', {count: number(state.books.disputedLines)})}</li>` : nothing}
    </ul>
    <p>${t('no-protective-device')}</p>
  </footer>`;

const editing = () => ({
  settings,
  path: path(),
  locked: locked(),
  now: state.time,
  offsetMinutes: offsetMinutes(),
  settle,
  draw,
});

const page = () => html`
  ${header()} ${tabs()} ${banners()}
  <div class="top">${hero()} ${tiles()}</div>
  <div class="heading">
    <h2>${t('done-and-planned')}</h2>
    <div class="spans" role="group" aria-label=${t('time-shown')}>${Object.keys(SPANS).map(spanButton)}</div>
  </div>
  <section class="charts" aria-label=${t('done-and-planned')}>
    ${chart('chart-temperature', t('chart-temperature'))} ${chart('chart-power', t('chart-power'))}
    ${chart('chart-price', t('chart-price'))} ${chart('chart-earned', t('chart-earned'))}
  </section>
  <h2>${t('heaters')}</h2>
  <section class="heaters">${state.heaters.map(heaterCard)} ${state.primary ? primaryCard(state.primary) : nothing}</section>
  <h2 id="settings">${t('settings')}</h2>
  ${editor.forms(editing())}
  <h2>${t('looking-back')}</h2>
  <div class="forms">${logbook()} ${pairing.devices({access, draw})}</div>
  ${notes()}`;

let asked = false;

/** At most one drawing a frame, whatever arrives. */
function draw() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const stranger = access && !access.own && !access.paired;
    if (!stranger && (!state || !settings)) return;
    if (!root.dataset.ready) root.replaceChildren();
    render(stranger ? pairing.strangers({access, draw}) : page(), root);
    root.dataset.ready = 'true';
    if (stranger) return;
    editor.focus();
    charts ??= new Charts(root.querySelector('.charts'));
    charts.update({series, planning: planning(), heaters: state.heaters, currency: state.books.currency, estimated: state.books.expected > 0, span: SPANS[span]});
  });
}

/** Plans and prices with times as the charts count them. */
function planning() {
  const {plan, today, prices} = state.planning;
  const course = told => told && {
    start: seconds(told.start), step: told.stepSeconds, watts: told.watts, room: told.roomCelsius};
  return {
    plan: course(plan),
    today: course(today),
    prices: prices && {start: seconds(prices.start), step: prices.stepSeconds, perKwh: prices.perKwh},
  };
}

// ---- what the page changes

function step(by) {
  const {room: now} = state;
  const from = wanted ?? now.setpointCelsius;
  const to = Math.min(now.highestSetpointCelsius, Math.max(now.lowestSetpointCelsius, Math.round((from + by) * 2) / 2));
  if (to !== from) change(to);
}

/** One request at a time, so that quick taps arrive in their order; null is back to the schedule. */
async function change(setpoint) {
  wanted = target = setpoint;
  wantedSince = performance.now();
  refusal = null;
  unsent = true;
  draw();
  if (sending) return;
  sending = true;
  while (unsent) {
    unsent = false;
    await send(target);
  }
  sending = false;
  draw();
}

async function send(setpoint) {
  try {
    if (setpoint === null) await ask('DELETE', path() + 'setpoint');
    else await ask('PUT', path() + 'setpoint', {celsius: setpoint});
  } catch (error) {
    wanted = null;
    refusal = refused(error);
  }
}

/** An answer with the settings as they are now. */
function settle(next) {
  settings = next;
  draw();
}

async function act(request) {
  refusal = null;
  wanted = null;
  try {
    settle(await request());
  } catch (error) {
    refusal = refused(error);
    draw();
  }
}

// ---- what the page hears

const withBand = (setpoint, values) => Object.assign(values, !known(setpoint) ? {} : {
  low: setpoint - state.room.bandBelowKelvin,
  high: setpoint + state.room.bandAboveKelvin,
});

function show(next) {
  if (state && next.cycle < state.cycle) series.clear(); // another run of the program
  state = next;
  if (wanted === state.room.setpointCelsius || performance.now() - wantedSince > SETPOINT_PATIENCE) wanted = null;
  const values = withBand(state.room.setpointCelsius, {
    room: state.room.celsius,
    setpoint: state.room.setpointCelsius,
    outdoor: state.outdoorCelsius,
    price: state.books.pricePerKwh,
    earned: state.books.earnedMsat / 1000,
    pay: state.books.earned,
  });
  for (const heater of state.heaters) values['watts.' + heater.id] = heater.watts;
  const {today} = planning();
  if (today) {
    const at = Math.floor((seconds(state.time) - today.start) / today.step);
    values.planned = today.watts[at];
    values.expected = today.room[at];
  }
  series.add(seconds(state.time), values);
  draw();
}

/** What happened before this page was opened, as far back as is shown; a journal may hold earlier runs, which are left out
 * when their time was ahead of this one's. */
async function history() {
  const of = room;
  const back = span === 'all' ? '' : '?since=' + new Date(Date.parse(state.time) - SPANS[span] * 86_400_000).toISOString();
  const {steps} = await ask('GET', path() + 'history' + back);
  if (of !== room) return;
  let first = Math.max(0, steps.length - 1);
  while (first > 0 && Date.parse(steps[first - 1].time) < Date.parse(steps[first].time)) first--;
  series.clear();
  const {earned, expected, earnedMsat} = state.books;
  const perMsat = earnedMsat ? (earned - expected) / earnedMsat : 0;
  for (const past of steps.slice(first)) {
    const values = withBand(past.setpointCelsius, {
      room: past.roomCelsius,
      setpoint: past.setpointCelsius,
      outdoor: past.outdoorCelsius,
      price: past.pricePerKwh,
      earned: past.earnedMsat / 1000,
      pay: past.expected + past.earnedMsat * perMsat,
      planned: past.plannedWatts,
      expected: past.plannedRoomCelsius,
    });
    for (const [id, value] of Object.entries(past.watts)) values['watts.' + id] = value;
    series.add(seconds(past.time), values);
  }
  draw();
}

async function readLog() {
  const of = room;
  const {events} = await ask('GET', path() + 'log');
  if (of !== room) return;
  log = events;
  draw();
}

const hashRoom = () => {
  const named = decodeURIComponent(location.hash.slice(1));
  return rooms.some(each => each.id === named) ? named : rooms[0].id;
};

/** The room that the address names, or the first. */
function enter() {
  const next = hashRoom();
  if (next === room) return;
  room = next;
  state = settings = log = wanted = refusal = null;
  series.clear();
  editor.forget();
  listen();
}

function listen() {
  stream?.close();
  connected = false;
  const of = stream = new EventSource(path() + 'events');
  of.addEventListener('settings', event => {
    settings = JSON.parse(event.data);
    draw();
  });
  of.addEventListener('rooms', event => {
    rooms = JSON.parse(event.data).rooms;
    draw();
  });
  of.addEventListener('state', event => {
    const first = !connected;
    const alarms = state?.alarms.join();
    connected = true;
    show(JSON.parse(event.data));
    if (first) history().catch(lost);
    if (first || alarms !== state.alarms.join()) readLog().catch(lost);
  });
  of.addEventListener('error', () => {
    lost();
    if (of === stream && of.readyState === EventSource.CLOSED) setTimeout(start, RECONNECT); // a browser does not try again by itself
  });
}

function lost() {
  connected = false;
  draw();
}

/** Who we are to the heater, and which rooms there are. */
async function start() {
  try {
    access = await ask('GET', 'api/access');
    if (!access.own && !access.paired) {
      draw();
      return;
    }
    const home = await ask('GET', 'api/rooms');
    rooms = home.rooms;
    homeNotes = home.notes;
    if (access.pairing) pairing.refresh(draw);
    if (room !== hashRoom()) enter();
    else listen();
  } catch {
    setTimeout(start, RECONNECT);
  }
}

addEventListener('hashchange', () => rooms.length && enter());
start();
