// What people may change of a room: schedule, quiet hours, vacation, presets and limits. Each form holds a draft until it is
// saved, so that what arrives meanwhile does not take the words out of a reader's mouth.

import {html, nothing, svg} from 'lit';
import {ask} from './api.js';
import {known, longWeekdays, number, weekdays} from './format.js';
import {t} from './texts.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MINUTES = 1440;

let drafts = {};
let notes = {}; // by form: {text, bad}
let focusNext = null;

/** Another room: what was not saved of this one is gone. */
export function forget() {
  drafts = {};
  notes = {};
}

export const isEditing = () => Object.keys(drafts).length > 0;

// ---- drafts

const copy = value => value === undefined ? undefined : structuredClone(value);

/** The home's clock as a local date and time, some hours from now on the full hour. */
function homeTimeIn(now, offsetMinutes, hours) {
  const time = new Date(Date.parse(now) + offsetMinutes * 60_000 + hours * 3_600_000);
  return time.toISOString().slice(0, 14) + '00';
}

const fresh = {
  schedule: ({settings}) => copy(settings.schedule),
  quiet: ({settings}) => settings.quiet ? {on: true, ...copy(settings.quiet)}
    : {on: false, days: [...DAYS], from: '22:00', until: '06:00', watts: 400},
  vacation: ({settings, now, offsetMinutes}) => settings.vacation
    ? {from: settings.vacation.fromLocal, until: settings.vacation.untilLocal, celsius: settings.vacation.celsius}
    : {from: homeTimeIn(now, offsetMinutes, 1), until: homeTimeIn(now, offsetMinutes, 7 * 24 + 1), celsius: 14},
  presets: ({settings}) => copy(settings.presets),
  maximum: ({settings}) => ({celsius: settings.maximumSetpointCelsius}),
};

const draft = (name, context) => drafts[name] ?? fresh[name](context);

function edit(name, context, change) {
  const next = draft(name, context);
  change(next);
  drafts[name] = next;
  delete notes[name];
  context.draw();
}

async function save(name, context, patch) {
  try {
    context.settle(await ask('PATCH', context.path + 'settings', patch));
    delete drafts[name];
    notes[name] = {text: t('saved')};
  } catch (error) {
    notes[name] = {text: error.status === 423 ? t('locked') : error.message, bad: true};
  }
  context.draw();
}

const note = name => notes[name] ? html`
  <span id="${name}-note" class=${notes[name].bad ? 'refusal' : 'done'} role=${notes[name].bad ? 'alert' : 'status'}>${notes[name].text}</span>` : nothing;

/** @param ready whether it may be saved as it is proposed, without a change */
const buttons = (name, context, more = nothing, ready = false) => html`
  <p class="actions">
    <button id="${name}-save" class="solid" ?disabled=${context.locked || !(drafts[name] || ready)}>${t('save')}</button>
    ${drafts[name] ? html`<button id="${name}-cancel" type="button" class="plain" @click=${() => {
      delete drafts[name];
      delete notes[name];
      context.draw();
    }}>${t('cancel')}</button>` : nothing}
    ${more} ${note(name)}
  </p>`;

// ---- inputs

const temperature = (value, label, change, {id, disabled, required = true} = {}) => html`
  <label class="field"><span>${label}</span>
    <span class="with-unit"><input id=${id ?? nothing} type="number" inputmode="decimal" min="5" max="26" step="0.5" ?required=${required}
      ?disabled=${disabled} .value=${known(value) ? String(value) : ''}
      @input=${event => change(event.target.value === '' ? undefined : event.target.valueAsNumber)}> °C</span></label>`;

const clock = (value, label, change, {id, disabled} = {}) => html`
  <label class="field"><span>${label}</span>
    <input id=${id ?? nothing} type="time" required ?disabled=${disabled} .value=${value} @input=${event => event.target.value && change(event.target.value)}></label>`;

const dayBoxes = (chosen, legend, change, disabled) => html`
  <fieldset class="days"><legend>${legend}</legend>
    ${DAYS.map((day, i) => html`
      <label title=${longWeekdays[i]}><input type="checkbox" aria-label=${longWeekdays[i]} ?disabled=${disabled}
        .checked=${chosen.includes(day)} @change=${event => change(DAYS.filter(each =>
          each === day ? event.target.checked : chosen.includes(each)))}><span aria-hidden="true">${weekdays[i]}</span></label>`)}
  </fieldset>`;

// ---- the week as a picture

const minutes = text => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** Seven lists of {from, until, celsius}; before a day's first setting the last one before it holds. */
export function week(schedule) {
  const byDay = DAYS.map(day => schedule.filter(each => each.days.includes(day) && each.from)
    .map(each => ({from: minutes(each.from), celsius: each.celsius})).sort((a, b) => a.from - b.from));
  const before = day => {
    for (let back = 1; back <= 7; back++) {
      const last = byDay[(day + 7 - back) % 7].at(-1);
      if (last) return last.celsius;
    }
    return undefined;
  };
  return byDay.map((settings, day) => {
    const all = settings[0]?.from === 0 ? settings : [{from: 0, celsius: before(day)}, ...settings];
    return all.map((each, i) => ({...each, until: all[i + 1]?.from ?? DAY_MINUTES}));
  });
}

const ROW = 20;
const LEFT = 40;
const WIDTH = 400;
const place = minute => LEFT + minute / DAY_MINUTES * (WIDTH - LEFT);

function picture(schedule, quiet) {
  const days = week(schedule);
  const all = days.flat().map(each => each.celsius).filter(known);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const warmth = celsius => !known(celsius) ? 0 : high === low ? 3 : Math.round((celsius - low) / (high - low) * 5);
  const hush = (day, from, until) => svg`<rect class="hush" x=${place(from)} y=${day * ROW + ROW - 4} width=${place(until) - place(from)} height="2"/>`;
  const quietRows = quiet ? DAYS.flatMap((day, i) => {
    if (!quiet.days.includes(day)) return [];
    const [from, until] = [minutes(quiet.from), minutes(quiet.until)];
    return from < until ? [hush(i, from, until)] : [hush(i, from, DAY_MINUTES), hush((i + 1) % 7, 0, until)];
  }) : [];
  return html`
  <svg class="week" viewBox="0 0 ${WIDTH} ${7 * ROW + 16}" role="img" aria-label=${t('week-picture')}>
    ${days.map((settings, day) => svg`
      <text class="day" x="0" y=${day * ROW + 13}>${weekdays[day]}</text>
      ${settings.map(each => svg`
        <rect class="warm-${warmth(each.celsius)}" x=${place(each.from)} y=${day * ROW + 1} width=${Math.max(0, place(each.until) - place(each.from) - 1)} height=${ROW - 3} rx="2"/>
        ${place(each.until) - place(each.from) > 30 ? svg`<text class="in" x=${(place(each.from) + place(each.until)) / 2} y=${day * ROW + 13}>${
          number(each.celsius, Number.isInteger(each.celsius) ? 0 : 1)}°</text>` : nothing}`)}`)}
    ${quietRows}
    ${[0, 6, 12, 18, 24].map(hour => svg`<text class="hour" x=${place(hour * 60)} y=${7 * ROW + 12}
      text-anchor=${hour === 0 ? 'start' : hour === 24 ? 'end' : 'middle'}>${String(hour).padStart(2, '0')}:00</text>`)}
  </svg>`;
}

// ---- the forms

const submit = action => event => {
  event.preventDefault();
  action();
};

function scheduleForm(context) {
  const list = draft('schedule', context);
  const change = edited => edit('schedule', context, edited);
  const add = () => {
    change(all => all.push({days: [...DAYS], from: '18:00', celsius: all.at(-1)?.celsius ?? 20}));
    focusNext = `schedule-from-${list.length}`;
  };
  return html`
  <form class="card form wide" aria-labelledby="schedule-title" @submit=${submit(() => save('schedule', context, {schedule: list}))}>
    <h3 id="schedule-title">${t('schedule')}</h3>
    <p class="hint">${t('schedule-hint')}</p>
    ${picture(list, context.settings.quiet)}
    <ol class="entries">${list.map((each, i) => html`
      <li><fieldset class="entry"><legend class="unseen">${t('schedule-entry', {number: i + 1})}</legend>
        ${clock(each.from, t('from'), from => change(all => all[i].from = from), {id: `schedule-from-${i}`, disabled: context.locked})}
        ${temperature(each.celsius, t('setpoint'), celsius => change(all => all[i].celsius = celsius),
          {id: `schedule-celsius-${i}`, disabled: context.locked})}
        ${dayBoxes(each.days, t('days'), days => change(all => all[i].days = days), context.locked)}
        <button type="button" class="plain remove" ?disabled=${context.locked || list.length < 2}
          title=${t('remove')} aria-label=${t('schedule-remove-of', {number: i + 1, from: each.from})} @click=${() => {
            change(all => all.splice(i, 1));
            focusNext = 'schedule-add';
          }}>✕</button>
      </fieldset></li>`)}</ol>
    ${buttons('schedule', context, html`<button id="schedule-add" type="button" class="plain" ?disabled=${context.locked} @click=${add}>${t('schedule-add')}</button>`)}
  </form>`;
}

function quietForm(context) {
  const quiet = draft('quiet', context);
  const change = edited => edit('quiet', context, edited);
  const off = context.locked || !quiet.on;
  const {on, ...hours} = quiet;
  return html`
  <form class="card form" aria-labelledby="quiet-title" @submit=${submit(() => save('quiet', context, {quiet: on ? hours : null}))}>
    <h3 id="quiet-title">${t('quiet')}</h3>
    <p class="hint">${t('quiet-hint')}</p>
    <label class="check"><input id="quiet-on" type="checkbox" ?disabled=${context.locked} .checked=${on}
      @change=${event => change(each => each.on = event.target.checked)}> ${t('quiet-on')}</label>
    <div class="fields">
      ${clock(quiet.from, t('from'), from => change(each => each.from = from), {id: 'quiet-from', disabled: off})}
      ${clock(quiet.until, t('until'), until => change(each => each.until = until), {id: 'quiet-until', disabled: off})}
      <label class="field"><span>${t('quiet-watts')}</span><span class="with-unit"><input id="quiet-watts" type="number" inputmode="numeric"
        min="0" max="100000" step="1" required ?disabled=${off} .value=${known(quiet.watts) ? String(quiet.watts) : ''}
        @input=${event => change(each => each.watts = event.target.valueAsNumber)}> W</span></label>
    </div>
    ${dayBoxes(quiet.days, t('quiet-days'), days => change(each => each.days = days), off)}
    ${buttons('quiet', context)}
  </form>`;
}

function vacationForm(context) {
  const away = draft('vacation', context);
  const change = edited => edit('vacation', context, edited);
  const day = (key, label) => html`
    <label class="field"><span>${label}</span><input id="vacation-${key}" type="datetime-local" required ?disabled=${context.locked}
      .value=${away[key]} @input=${event => event.target.value && change(each => each[key] = event.target.value)}></label>`;
  return html`
  <form class="card form" aria-labelledby="vacation-title" @submit=${submit(() => save('vacation', context, {vacation: away}))}>
    <h3 id="vacation-title">${t('vacation')}</h3>
    <p class="hint">${context.settings.vacation ? t('vacation-set') : t('vacation-hint')}</p>
    <div class="fields">
      ${day('from', t('from'))} ${day('until', t('until'))}
      ${temperature(away.celsius, t('setpoint'), celsius => change(each => each.celsius = celsius), {id: 'vacation-celsius', disabled: context.locked})}
    </div>
    ${buttons('vacation', context, context.settings.vacation ? html`
      <button id="vacation-end" type="button" class="plain" ?disabled=${context.locked}
        @click=${() => save('vacation', context, {vacation: null})}>${t('vacation-end')}</button>` : nothing, !context.settings.vacation)}
  </form>`;
}

function presetsForm(context) {
  const presets = draft('presets', context);
  const change = edited => edit('presets', context, edited);
  const one = key => temperature(presets[key + 'Celsius'], t('preset-' + key), celsius => change(each => each[key + 'Celsius'] = celsius),
    {id: 'presets-' + key, disabled: context.locked});
  return html`
  <form class="card form" aria-labelledby="presets-title" @submit=${submit(() => save('presets', context, {presets}))}>
    <h3 id="presets-title">${t('presets')}</h3>
    <p class="hint">${t('presets-hint')}</p>
    <div class="fields">
      ${one('eco')} ${one('comfort')} ${one('boost')}
      <label class="field"><span>${t('boost-minutes')}</span><span class="with-unit"><input id="presets-minutes" type="number" inputmode="numeric"
        min="1" max="720" step="1" required ?disabled=${context.locked} .value=${known(presets.boostMinutes) ? String(presets.boostMinutes) : ''}
        @input=${event => change(each => each.boostMinutes = event.target.valueAsNumber)}> min</span></label>
    </div>
    ${buttons('presets', context)}
  </form>`;
}

function limitForm(context) {
  const maximum = draft('maximum', context);
  return html`
  <form class="card form" aria-labelledby="maximum-title"
    @submit=${submit(() => save('maximum', context, {maximumSetpointCelsius: known(maximum.celsius) ? maximum.celsius : null}))}>
    <h3 id="maximum-title">${t('maximum')}</h3>
    <p class="hint">${t('maximum-hint')}</p>
    <div class="fields">${temperature(maximum.celsius, t('maximum-most'), celsius => edit('maximum', context, each => each.celsius = celsius),
      {id: 'maximum-celsius', disabled: context.locked, required: false})}</div>
    ${buttons('maximum', context)}
  </form>`;
}

const useCode = (context, path) => submitted => {
  submitted.preventDefault();
  const field = submitted.target.querySelector('input');
  ask('POST', context.path + path, {code: field.value}).then(settings => {
    delete notes.lock;
    context.settle(settings);
  }, error => {
    notes.lock = {text: error.status === 403 ? t('lock-wrong') : error.status === 429 ? t('lock-wait') : error.message, bad: true};
  }).finally(() => {
    field.value = '';
    context.draw();
  });
};

const codeField = label => html`
  <label class="field"><span>${label}</span>
    <input id="lock-code" type="password" inputmode="numeric" pattern="[0-9]{4,8}" minlength="4" maxlength="8" required autocomplete="off"
      title=${t('lock-code-form')}></label>`;

function lockForm(context) {
  return html`
  <form class="card form" aria-labelledby="lock-title" @submit=${useCode(context, 'lock')}>
    <h3 id="lock-title">${t('lock')}</h3>
    <p class="hint">${t('lock-hint')}</p>
    <div class="fields">${codeField(t('lock-code'))}</div>
    <p class="actions"><button id="lock-set" class="solid">${t('lock-set')}</button> ${note('lock')}</p>
  </form>`;
}

/** Above everything else while the lock is on. */
export const lockBanner = context => !context.settings.childLock ? nothing : html`
  <form id="locked" class="banner quiet form" aria-label=${t('lock')} @submit=${useCode(context, 'unlock')}>
    <b>${t('locked')}</b>
    ${codeField(t('lock-code'))}
    <button id="unlock" class="solid">${t('unlock')}</button> ${note('lock')}
  </form>`;

/** context: settings, path of the room's API, locked, now, offsetMinutes, settle(settings), draw(). */
export const forms = context => html`
  <section class="forms" aria-label=${t('settings')}>
    ${scheduleForm(context)} ${vacationForm(context)} ${quietForm(context)} ${presetsForm(context)} ${limitForm(context)}
    ${context.settings.childLock ? nothing : lockForm(context)}
  </section>`;

/** After a drawing: where the reader goes on. */
export function focus() {
  if (!focusNext) return;
  document.getElementById(focusNext)?.focus();
  focusNext = null;
}
