// The heater's page: draws what /api/events sends, and changes the setpoint. Ids are for tests and for bookmarks.

import {html, nothing, render} from 'lit';
import {Charts, HEATER_COLOURS, Series} from './charts.js';
import {celsius, factor, homeClock, homeTime, known, money, number, satoshis, scaled, watts} from './format.js';

const root = document.getElementById('page');
const STEP = 0.5;
const SETPOINT_PATIENCE = 8000;

let state = null;
let connected = false;
let wanted = null; // a setpoint that was asked for and is not in force yet
let wantedSince = 0;
let target = null; // the setpoint that is sent next
let unsent = false;
let sending = false;
let refusal = null;
let charts = null;
let span = 'day'; // of the charts, or 'all'
const series = new Series();

const offsetMinutes = () => state?.world.utcOffsetMinutes ?? 0;
const seconds = instant => new Date(instant).getTime() / 1000 + offsetMinutes() * 60;

// ---- what the page shows

const valued = value => known(value) ? String(value) : '';

const tile = (id, label, text, unit, detail, value) => html`
  <div class="tile">
    <dt>${label}</dt>
    <dd><span id=${id} class="figure" data-value=${valued(value)}>${text}</span> <span class="unit">${unit}</span>
      ${detail ? html`<small>${detail}</small>` : nothing}</dd>
  </div>`;

const header = () => html`
  <header>
    <h1><img src="/icon.svg" alt="" width="28" height="28"> Athanor</h1>
    <div class="status">
      <span id="connection" class="pill ${connected ? 'quiet' : 'warn'}" data-connected=${connected}>
        ${connected ? 'live' : 'no connection'}</span>
      <span id="safety" class="pill ${state.safety.limiting ? 'warn' : 'good'}" title=${state.safety.reason}>
        ${words(state.safety.state)}</span>
    </div>
    <p class="when"><time id="time" datetime=${state.time}>${homeTime(state.time, offsetMinutes())}</time>${
      state.world.simulated ? html` · simulated home${known(state.world.speed) ? html`,
        <span id="speed" data-value=${state.world.speed}>${number(state.world.speed, 0)}× real time</span>` : nothing}` : nothing}</p>
  </header>`;

const words = text => text.toLowerCase().replaceAll('_', ' ');

const banners = () => html`
  ${state.safety.limiting ? html`<p class="banner warn" role="status">${state.safety.reason}</p>` : nothing}
  ${state.alarms.length ? html`<ul id="alarms" class="banner alarm" role="alert">${
    state.alarms.map(alarm => html`<li>${alarm}</li>`)}</ul>` : nothing}`;

function hero() {
  const {room} = state;
  const setpoint = wanted ?? room.setpointCelsius;
  const feel = !known(room.celsius) ? 'unknown'
    : room.celsius < room.setpointCelsius - room.bandBelowKelvin ? 'cold'
    : room.celsius > room.setpointCelsius + room.bandAboveKelvin ? 'warm' : 'right';
  return html`
  <section class="card hero" aria-label="Room">
    <div class="now ${feel}">
      <span class="label">Room</span>
      <p class="big"><span id="room" data-value=${valued(room.celsius)}>${celsius(room.celsius)}</span><sup>°C</sup></p>
      <span class="label">Outdoor <b id="outdoor" data-value=${valued(state.outdoorCelsius)}>${celsius(state.outdoorCelsius)}</b> °C</span>
    </div>
    <div class="wish">
      <span class="label">Setpoint</span>
      <div class="stepper">
        <button id="setpoint-down" type="button" aria-label="half a degree cooler"
          ?disabled=${setpoint <= room.lowestSetpointCelsius} @click=${() => step(-STEP)}>−</button>
        <output id="setpoint" class=${wanted === null ? '' : 'pending'} data-value=${setpoint}
          data-inforce=${room.setpointCelsius}>${celsius(setpoint)}<small> °C</small></output>
        <button id="setpoint-up" type="button" aria-label="half a degree warmer"
          ?disabled=${setpoint >= room.highestSetpointCelsius} @click=${() => step(STEP)}>+</button>
      </div>
      <span class="label">${room.overridden
        ? html`yours · <button id="setpoint-schedule" type="button" class="link" @click=${() => change(null)}>back to the schedule</button>`
        : 'by the schedule'}</span>
      ${refusal ? html`<span id="refusal" class="refusal" role="alert">${refusal}</span>` : nothing}
    </div>
    <div class="why">
      <p id="explanation">${state.explanation}</p>
      <p id="planning">${planned()}</p>
    </div>
  </section>`;
}

/** Who decides, and how well the room is known. */
function planned() {
  const {standIn, note, known: quality, plan} = state.planning;
  return html`${standIn ? html`<b id="stand-in">No plan</b>: ${standIn}.`
    : html`<b>By plan</b>${plan ? html`, made at <span id="planned-at">${homeClock(plan.start, offsetMinutes())}</span>` : nothing}; the room
      is known to <span id="known">${quality}</span>.`}${note ? html` <b id="plan-note" class="old">Note: ${note}.</b>` : nothing}`;
}

function tiles() {
  const {books, heaters, room} = state;
  const mining = heaters.filter(heater => heater.mines);
  const sum = key => mining.reduce((total, heater) => total + (heater[key] ?? 0), 0);
  const hashes = mining.some(heater => known(heater.hashesPerSecond)) ? sum('hashesPerSecond') : undefined;
  const rejected = sum('rejected');
  const outside = room.kelvinHoursBelow + room.kelvinHoursAbove;
  const [power, powerUnit] = watts(state.watts);
  const [rate, rateUnit] = scaled(hashes, 'H/s');
  return html`
  <dl class="tiles">
    ${tile('watts', 'Power', power, powerUnit, `${number(books.electricityKwh, 2)} kWh so far`, state.watts)}
    ${tile('hashrate', 'Hash rate', rate, rateUnit, 'as the devices report it', hashes)}
    ${tile('accepted', 'Accepted shares', number(sum('accepted')), '', rejected ? `${number(rejected)} rejected` : 'none rejected', sum('accepted'))}
    ${tile('price', 'Electricity', money(books.pricePerKwh, books.currency, 3, 3), '/ kWh', `${money(books.electricity, books.currency)} so far`, books.pricePerKwh)}
    ${tile('earned', 'Earned', satoshis(books.earnedMsat), 'sat', money(books.earned, books.currency), books.earnedMsat)}
    ${tile('netcost', books.net < 0 ? 'Net gain from the heat' : 'Net cost of the heat',
      money(Math.abs(books.net), books.currency), '', 'electricity less earnings', books.net)}
    ${tile('comfort', 'Outside the band', number(outside, 2), 'K·h',
      `${number(room.kelvinHoursBelow, 2)} too cold, ${number(room.kelvinHoursAbove, 2)} too warm`, outside)}
  </dl>`;
}

const spanButton = (of, label) => html`
  <button id="span-${of}" type="button" aria-pressed=${span === of} @click=${() => {
    span = of;
    draw();
  }}>${label}</button>`;

const chart = (id, title) => html`
  <figure id=${id} class="card chart"><figcaption>${title}</figcaption><div class="plot"></div><div class="legend"></div></figure>`;

const heaterCard = (heater, i) => {
  const [power, powerUnit] = watts(heater.watts);
  const [rate, rateUnit] = scaled(heater.hashesPerSecond, 'H/s');
  return html`
  <article class="card heater" data-heater=${heater.id} data-level=${heater.level ?? ''}>
    <h3><i class="heater-${i % HEATER_COLOURS}"></i>${heater.name}</h3>
    <p class="power"><span class="figure" data-value=${valued(heater.watts)}>${power}</span> <span class="unit">${powerUnit}</span>
      <span class="pill quiet level">${heater.level ?? 'silent'}</span>
      <span class="pill ${heater.protected ? 'good' : 'warn'}" title=${heater.protection}>${
        heater.protected ? 'protected' : 'unprotected'}</span></p>
    ${heater.fault ? html`<p class="fault">${heater.fault}</p>` : nothing}
    <p class="reason">${heater.reason}</p>
    <dl class="facts">
      ${heater.mines ? html`
        <dt>hash rate</dt><dd>${rate} ${rateUnit}</dd>
        <dt>shares</dt><dd>${number(heater.accepted)} accepted, ${number(heater.rejected)} rejected</dd>` : nothing}
      ${known(heater.chipCelsius) ? html`<dt>chip</dt><dd>${number(heater.chipCelsius, 0)} °C</dd>` : nothing}
      <dt>watts</dt><dd>${heater.wattsSource}</dd>
      <dt>if this program dies</dt><dd>${heater.protection}</dd>
      ${heater.weight ? html`<dt>one hash stands for</dt>
        <dd title=${heater.weight.exact}>${factor(heater.weight.approximately)}<small>${heater.weight.basis}</small></dd>` : nothing}
    </dl>
  </article>`;
};

const notes = () => html`
  <footer>
    <ul id="notes">
      ${state.world.notes.map(note => html`<li>${note}</li>`)}
      <li>Work is paid after the scenario “${state.books.pays}”.</li>
      ${state.books.disputedLines ? html`<li class="fault">${number(state.books.disputedLines)} credit lines of the pool differ from the shares journalled here.</li>` : nothing}
    </ul>
    <p>Software is no protective device: every heater needs its own thermal cut-out.</p>
  </footer>`;

const page = () => html`
  ${header()} ${banners()}
  <div class="top">${hero()} ${tiles()}</div>
  <div class="heading">
    <h2>Done and planned</h2>
    <div class="spans" role="group" aria-label="Time shown">
      ${spanButton('day', 'last day and plan')} ${spanButton('all', 'all')}
    </div>
  </div>
  <section class="charts" aria-label="Done and planned">
    ${chart('chart-temperature', 'Temperatures')} ${chart('chart-power', 'Power by heater')}
    ${chart('chart-price', 'Price of electricity')} ${chart('chart-earned', 'Earned')}
  </section>
  <h2>Heaters</h2>
  <section class="heaters">${state.heaters.map(heaterCard)}</section>
  ${notes()}`;

let asked = false;

/** At most one drawing a frame, whatever arrives. */
function draw() {
  if (asked || !state) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    if (!root.dataset.ready) root.replaceChildren();
    render(page(), root);
    root.dataset.ready = 'true';
    charts ??= new Charts(root.querySelector('.charts'));
    charts.update({series, planning: planning(), heaters: state.heaters, currency: state.books.currency, span});
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
  const {room} = state;
  const from = wanted ?? room.setpointCelsius;
  const to = Math.min(room.highestSetpointCelsius, Math.max(room.lowestSetpointCelsius, Math.round((from + by) * 2) / 2));
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
    const answer = await fetch('/api/setpoint', setpoint === null
      ? {method: 'DELETE'}
      : {method: 'PUT', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({celsius: setpoint})});
    if (!answer.ok) throw new Error((await answer.json()).error ?? `refused (${answer.status})`);
  } catch (error) {
    wanted = null;
    refusal = error.message;
  }
}

// ---- what the page hears

function show(next) {
  if (state && next.cycle < state.cycle) series.clear(); // another run of the program
  state = next;
  if (wanted === state.room.setpointCelsius || performance.now() - wantedSince > SETPOINT_PATIENCE) wanted = null;
  const values = {
    room: state.room.celsius,
    setpoint: state.room.setpointCelsius,
    outdoor: state.outdoorCelsius,
    price: state.books.pricePerKwh,
    earned: state.books.earnedMsat / 1000,
  };
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

/** What happened before this page was opened; a journal may hold earlier runs, which are left out
 * when their time was ahead of this one's. */
async function history() {
  const answer = await fetch('/api/history');
  if (!answer.ok) return;
  const {steps} = await answer.json();
  let first = Math.max(0, steps.length - 1);
  while (first > 0 && Date.parse(steps[first - 1].time) < Date.parse(steps[first].time)) first--;
  series.clear();
  for (const past of steps.slice(first)) {
    const values = {
      room: past.roomCelsius,
      setpoint: past.setpointCelsius,
      outdoor: past.outdoorCelsius,
      price: past.pricePerKwh,
      earned: past.earnedMsat / 1000,
      planned: past.plannedWatts,
      expected: past.plannedRoomCelsius,
    };
    for (const [id, value] of Object.entries(past.watts)) values['watts.' + id] = value;
    series.add(seconds(past.time), values);
  }
  draw();
}

const events = new EventSource('/api/events');
events.addEventListener('state', event => {
  const first = !connected;
  connected = true;
  show(JSON.parse(event.data));
  if (first) history();
});
events.addEventListener('error', () => {
  connected = false;
  draw();
});
