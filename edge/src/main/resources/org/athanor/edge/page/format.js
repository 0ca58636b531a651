// Numbers for people. What is not known is a dash, never a zero.

import {has, locale, phrases, t} from './texts.js';

const DASH = '–';

const fixed = new Map();
const decimals = (value, digits) => {
  if (!fixed.has(digits))
    fixed.set(digits, new Intl.NumberFormat(locale, {minimumFractionDigits: digits, maximumFractionDigits: digits}));
  return fixed.get(digits).format(value);
};

export const known = value => value !== undefined && value !== null && Number.isFinite(value);

export const number = (value, digits = 0) => known(value) ? decimals(Object.is(value, -0) ? 0 : value, digits) : DASH;

export const celsius = value => number(value, 1);

/** A value with an SI prefix: [text, unit]. */
export function scaled(value, unit, prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E']) {
  if (!known(value)) return [DASH, unit];
  let size = Math.abs(value);
  let i = 0;
  while (size >= 999.5 && i + 1 < prefixes.length) {
    size /= 1000;
    value /= 1000;
    i++;
  }
  return [decimals(value, size >= 99.95 || i === 0 && size >= 10 ? 0 : size >= 9.995 ? 1 : 2), prefixes[i] + unit];
}

export const watts = value => known(value) && Math.abs(value) < 9999.5
  ? [number(value, 0), 'W'] : scaled(value, 'W', ['', 'k', 'M']);

export function money(value, currency, digits = 2, ofSmall = 4) {
  if (!known(value)) return DASH;
  const small = Math.abs(value) < 1 && value !== 0;
  const shown = small ? ofSmall : digits;
  return new Intl.NumberFormat(locale,
    {style: 'currency', currency, minimumFractionDigits: shown, maximumFractionDigits: shown}).format(value);
}

export const satoshis = msat => {
  if (!known(msat)) return DASH;
  const sat = msat / 1000;
  return number(sat, sat < 10 ? 3 : sat < 1000 ? 1 : 0);
};

/** Large plain factors, such as weights: "1.2 million". */
export function factor(value) {
  if (!known(value)) return DASH;
  if (value >= 1e6) return new Intl.NumberFormat(locale, {notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3}).format(value);
  return value >= 100 ? number(value, 0) : value >= 1 ? number(value, 2) : String(Number(value.toPrecision(3)));
}

/** A time of the home's own clock, not of the reader's. */
export function homeTime(instant, offsetMinutes) {
  const shifted = new Date(new Date(instant).getTime() + offsetMinutes * 60_000);
  return shifted.toLocaleString(locale,
    {timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit'});
}

/** Hours and minutes of the same. */
export function homeClock(instant, offsetMinutes) {
  const shifted = new Date(new Date(instant).getTime() + offsetMinutes * 60_000);
  return shifted.toLocaleTimeString(locale, {timeZone: 'UTC', hour: '2-digit', minute: '2-digit'});
}

/** Day and time of the home, without the year. */
export function homeDay(instant, offsetMinutes) {
  const shifted = new Date(new Date(instant).getTime() + offsetMinutes * 60_000);
  return shifted.toLocaleString(locale,
    {timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});
}

/** Of the reader's own clock. */
export const dateAndTime = instant => new Date(instant).toLocaleString(locale,
  {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});

/** Seconds of the home's clock, as the charts count them. */
export const chartDay = seconds => new Date(seconds * 1000).toLocaleDateString(locale, {timeZone: 'UTC', day: 'numeric', month: 'short'});
export const chartClock = (seconds, withSeconds) => new Date(seconds * 1000).toLocaleTimeString(locale,
  {timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(withSeconds && {second: '2-digit'})});

/** Monday to Sunday in short; the 1st of January 2024 was a Monday. */
export const weekdays = [0, 1, 2, 3, 4, 5, 6].map(day =>
  new Date(Date.UTC(2024, 0, 1 + day)).toLocaleDateString(locale, {timeZone: 'UTC', weekday: 'short'}));
export const longWeekdays = [0, 1, 2, 3, 4, 5, 6].map(day =>
  new Date(Date.UTC(2024, 0, 1 + day)).toLocaleDateString(locale, {timeZone: 'UTC', weekday: 'long'}));

// ---- what the controller says

const short = (value, most) => new Intl.NumberFormat(locale, {maximumFractionDigits: most}).format(value);

/** @param name how to call what has an id */
function spoken(value, name) {
  if ('say' in value) return say(value, name);
  if ('celsius' in value) return short(value.celsius, 1) + '\u00a0°C';
  if ('kelvin' in value) return short(value.kelvin, 1) + '\u00a0K';
  if ('watts' in value) return short(value.watts, 0) + '\u00a0W';
  if ('joules' in value) return short(value.joules / 3.6e6, 2) + '\u00a0kWh';
  if ('clock' in value) return value.clock;
  if ('count' in value) return short(value.count, 1);
  if ('text' in value) return told(value.text, name);
  if ('number' in value) return number(value.number, Math.abs(value.number) < 10 ? 2 : 1);
  return name(value.name);
}

function say({say: key, values}, name) {
  const filled = Object.fromEntries(Object.entries(values).map(([place, value]) =>
    [place, place === 'interventions' ? told(value.name, name) : spoken(value, name)]));
  return t('say-' + key, filled);
}

/** A sentence of the controller in the reader's language; its English where there is no other. */
export function sentence(spokenOf, english, name = id => id) {
  if (!spokenOf || !has('say-' + spokenOf.say)) return english;
  const text = say(spokenOf, name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const NUMBERS = /[-+±]?\d+(\.\d+)?/g;

/** A fixed sentence, which its English finds; one that is not in the bundles stays as it is. */
export function said(english) {
  if (!english) return english;
  const numbers = [];
  const plain = english.replace(NUMBERS, found => {
    numbers.push(found);
    return 'n';
  });
  const key = 'said-' + plain.toLowerCase().replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '');
  if (!has(key)) return english;
  const written = found => found.replace(/\d+(\.\d+)?/, digits =>
    number(Number(digits), (digits.split('.')[1] ?? '').length));
  return t(key, Object.fromEntries(numbers.map((found, i) => [i, written(found)])));
}

/** Why the heater did not take something, in the reader's language; undefined where it gave no such reason. */
export const refusal = reason => reason && has('say-' + reason.say) ? say(reason, id => id) : undefined;

const QUANTITY = '[-+±]?\\d+(?:\\.\\d+)?(?:[ \u00a0](?:°C|K|[kM]?W|[kMG]?J|kWh|W/K))?';
const NO_PLUG = '(?!.*, plug (?:on|off)$).+?';
/** What stands at a place where it is not just anything: otherwise short words would be found in sentences that mean something else. */
const NARROW = {
  'say-heater': {watts: QUANTITY},
  'say-and': {first: `.+? ${QUANTITY}`, rest: `.+ ${QUANTITY}`},
  'says-change': {change: '(?:from|at first|plug) .+?'},
  'says-plug': {state: 'on|off'},
  'says-two-changes': {change: '(?:from|at first) .+?', state: 'on|off'},
  'says-set': {celsius: QUANTITY},
  'says-level-change': {after: NO_PLUG},
  'says-level-first': {level: NO_PLUG},
};
for (const place of ['room', 'setpoint', 'difference', 'demand', 'allowance', 'cap', 'wish', 'lowest', 'highest', 'celsius', 'then', 'now'])
  for (const key of Object.keys(phrases).filter(each => each.startsWith('say-')))
    NARROW[key] = {...NARROW[key], [place]: QUANTITY};
/** What a heater is told, and in brackets why. */
const WHOLE = 'says-change';
const literal = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What holds whole sentences first, then those with the most words of their own. */
const patterns = Object.entries(phrases).map(([key, english]) => {
  const pieces = english.split(/\{(\w+)\}/);
  const source = pieces.map((piece, i) => i % 2 ? `(${NARROW[key]?.[piece] ?? '.+?'})` : literal(piece)).join('');
  return {
    key,
    places: pieces.filter((_, i) => i % 2),
    words: pieces.filter((_, i) => i % 2 === 0).join('').length,
    several: /; |\.$/.test(english), // may hold several sentences, which are not to be torn apart
    english: new RegExp(`^${source}$`, 'is'),
  };
}).sort((a, b) => (b.key === WHOLE) - (a.key === WHOLE) || b.several - a.several || b.words - a.words);

const ONE_QUANTITY = new RegExp(`^${QUANTITY}$`);
const quantity = text => text.replace(/\d+(\.\d+)?/, digits => number(Number(digits), (digits.split('.')[1] ?? '').length)).replace(' ', '\u00a0');

/** Sentences that stand beside one another: what is in brackets stays together. */
function beside(text) {
  const pieces = [''];
  let depth = 0;
  for (const piece of text.split(/(; |[()])/)) {
    depth += piece === '(' ? 1 : piece === ')' ? -1 : 0;
    if (piece === '; ' && depth <= 0) pieces.push('');
    else pieces[pieces.length - 1] += piece;
  }
  return pieces;
}

const small = text => text.charAt(0).toLowerCase() + text.slice(1);

/**
 * What controller, journal and devices say in English, in the reader's language as far as the bundles have it: fixed sentences, those
 * with others' words in them, and several beside one another. A device's own words stay as it said them.
 *
 * @param name how to call what has an id
 */
export function told(english, name = id => id) {
  if (!english) return english;
  const fixed = said(english);
  if (fixed !== english) return fixed;
  const pieces = beside(english);
  for (const {key, places, several, english: pattern} of patterns) {
    if (pieces.length > 1 && !several) continue;
    const found = english.match(pattern);
    if (found) return t(key, Object.fromEntries(places.map((place, i) => [place, told(found[i + 1], name)])));
  }
  if (pieces.length > 1) return pieces.map(piece => told(piece, name)).reduce((first, next) => t('beside', {first, next}));
  if (ONE_QUANTITY.test(english)) return quantity(english);
  const [, heater, off, reason] = english.match(/^(.+?)( is off)?: (.*)$/s) ?? [];
  const because = heater && told(reason, name);
  if (heater && (off || because !== reason)) return t(off ? 'heater-is-off' : 'heater-says', {heater: called(heater, name), reason: because});
  return called(english, name);
}

/** At the beginning of a sentence an id may have become large. */
const called = (id, name) => name(id) !== id ? name(id) : name(small(id)) !== small(id) ? name(small(id)) : id;
