// Four small charts over one time axis. uPlot draws on a canvas, so its colours are read from the style sheet.

import uPlot from 'uplot';
import {known, number, satoshis} from './format.js';

const MOST_POINTS = 3000;
const HEIGHT = 170;
export const HEATER_COLOURS = 6;

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The points drawn: columns by name, thinned when there are too many. */
export class Series {
  times = [];
  columns = new Map();

  clear() {
    this.times = [];
    this.columns.clear();
  }

  get last() {
    return this.times.at(-1) ?? -Infinity;
  }

  add(time, values) {
    if (time <= this.last) return;
    this.times.push(time);
    for (const [name, value] of Object.entries(values)) {
      if (!this.columns.has(name)) this.columns.set(name, new Array(this.times.length - 1).fill(null));
      this.columns.get(name).push(known(value) ? value : null);
    }
    for (const column of this.columns.values()) if (column.length < this.times.length) column.push(null);
    if (this.times.length > MOST_POINTS) this.thin();
  }

  /** Drops every second point of the older half. */
  thin() {
    const half = this.times.length >> 1;
    const keep = (_, i) => i >= half || i % 2 === 0;
    this.times = this.times.filter(keep);
    for (const [name, column] of this.columns) this.columns.set(name, column.filter(keep));
  }

  column(name) {
    return this.columns.get(name) ?? new Array(this.times.length).fill(null);
  }
}

const held = uPlot.paths.stepped({align: -1});

function options(width, series, unit, extra = {}) {
  const axis = {
    stroke: colour('--soft'),
    grid: {stroke: colour('--grid'), width: 1},
    ticks: {stroke: colour('--grid'), width: 1, size: 4},
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height: HEIGHT,
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    legend: {show: false},
    cursor: {y: false, drag: {x: false, y: false}, points: {size: 6}},
    padding: [8, extra.right ? 0 : 22, 0, 0],
    scales: {x: {time: true}, y: {range: extra.range}, ...(extra.right && {right: {range: extra.right.range}})},
    axes: [
      {...axis, space: 70, values: HOURS},
      {...axis, size: 48, space: 28, values: (_, ticks) => ticks.map(tick => extra.tick ? extra.tick(tick) : String(tick))},
      ...(extra.right ? [{...axis, scale: 'right', side: 1, size: 40, space: 28, grid: {show: false}, stroke: colour(extra.right.colour),
        values: (_, ticks) => ticks.map(extra.right.tick)}] : []),
    ],
    series: [{}, ...series],
    hooks: extra.hooks ?? {},
  };
}

const HOURS = [
  [3600 * 24, '{D} {MMM}', null, null, null, null, null, null, 1],
  [3600, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
];

const around = (least, pad) => (_, low, high) => {
  if (!known(low) || !known(high)) return [0, 1];
  const middle = (low + high) / 2;
  const half = Math.max((high - low) / 2 * (1 + pad), least / 2);
  return [middle - half, middle + half];
};

const fromZero = least => (_, low, high) => [Math.min(0, low ?? 0), Math.max(least, (high ?? 0) * 1.08)];

/** One chart with its legend of live values. */
class Chart {
  constructor(host, define) {
    this.plotHost = host.querySelector('.plot');
    this.legend = host.querySelector('.legend');
    this.define = define;
    this.plot = null;
  }

  build(context) {
    this.plot?.destroy();
    this.parts = this.define(context);
    const {series, unit, extra} = this.parts;
    const hooks = {setCursor: [plot => this.values(plot.cursor.idx)]};
    this.plot = new uPlot(
      options(this.width(), series, unit, {...extra, hooks}), this.data(context), this.plotHost);
    this.legend.replaceChildren(...this.parts.legend.map(({label, swatch}) => {
      const item = document.createElement('span');
      item.className = 'key';
      const mark = document.createElement('i');
      mark.className = swatch;
      const value = document.createElement('b');
      item.append(mark, label + ' ', value);
      return item;
    }));
    this.values(null);
  }

  width() {
    return Math.max(200, this.plotHost.clientWidth);
  }

  data(context) {
    return [context.series.times, ...this.parts.data(context.series)];
  }

  update(context) {
    if (!this.plot) this.build(context);
    this.context = context;
    this.plot.setData(this.data(context));
    if (this.plot.cursor.idx === null || this.plot.cursor.left < 0) this.values(null);
  }

  values(index) {
    const context = this.context;
    const items = this.legend.querySelectorAll('b');
    this.parts?.legend.forEach(({of, text}, i) => {
      const column = context ? of(context.series) : [];
      const value = column[index ?? column.length - 1];
      if (items[i]) items[i].textContent = known(value) ? text(value) : '–';
    });
  }

  resize() {
    this.plot?.setSize({width: this.width(), height: HEIGHT});
  }
}

const line = (name, extra = {}) => ({stroke: colour(name), width: 1.75, points: {show: false}, ...extra});

const temperature = () => ({
  series: [
    line('--outdoor', {scale: 'right', width: 1.25}),
    line('--setpoint', {dash: [5, 4], paths: held}),
    line('--ember', {width: 2.25}),
  ],
  data: series => [series.column('outdoor'), series.column('setpoint'), series.column('room')],
  legend: [
    {label: 'room', swatch: 'ember', of: s => s.column('room'), text: v => number(v, 1) + ' °C'},
    {label: 'setpoint', swatch: 'setpoint', of: s => s.column('setpoint'), text: v => number(v, 1) + ' °C'},
    {label: 'outdoor (right)', swatch: 'outdoor', of: s => s.column('outdoor'), text: v => number(v, 1) + ' °C'},
  ],
  // outdoor has its own scale at the right: on a common one the room would be a flat line all winter
  extra: {
    range: around(4, 0.2),
    tick: tick => number(tick, Number.isInteger(tick) ? 0 : 1) + '°',
    right: {range: around(10, 0.2), colour: '--outdoor', tick: tick => number(tick, 0) + '°'},
  },
});

/** Stacked: the sum of all is drawn first and each smaller sum over it. */
const power = ({heaters}) => ({
  series: heaters.map((_, i) => {
    const own = colour('--heater-' + (heaters.length - 1 - i) % HEATER_COLOURS);
    return {stroke: own, fill: own, width: 0.5, points: {show: false}, paths: held};
  }),
  data: series => {
    const sums = [];
    let below = new Array(series.times.length).fill(0);
    for (const {id} of heaters) {
      const own = series.column('watts.' + id);
      below = below.map((value, i) => value + (own[i] ?? 0));
      sums.unshift(below);
    }
    return sums;
  },
  legend: heaters.map(({id, name}, i) => ({
    label: name,
    swatch: 'heater-' + i % HEATER_COLOURS,
    of: s => s.column('watts.' + id),
    text: v => number(v, 0) + ' W',
  })),
  extra: {range: fromZero(100), tick: tick => number(tick, 0)},
});

const price = ({currency}) => ({
  series: [line('--price', {paths: held})],
  data: series => [series.column('price')],
  legend: [{label: 'price', swatch: 'price', of: s => s.column('price'), text: v => number(v, 4) + ' ' + currency + '/kWh'}],
  extra: {range: fromZero(0.01), tick: tick => number(tick, 2)},
});

const earned = () => ({
  series: [line('--gold', {width: 2, fill: colour('--gold-soft')})],
  data: series => [series.column('earned')],
  legend: [{label: 'earned', swatch: 'gold', of: s => s.column('earned'), text: v => satoshis(v * 1000) + ' sat'}],
  extra: {range: fromZero(0.01), tick: tick => number(tick, tick !== 0 && Math.abs(tick) < 1 ? 2 : 0)},
});

/** All charts of the page. */
export class Charts {
  constructor(root) {
    const host = id => root.querySelector('#' + id);
    this.charts = [
      new Chart(host('chart-temperature'), temperature),
      new Chart(host('chart-power'), power),
      new Chart(host('chart-price'), price),
      new Chart(host('chart-earned'), earned),
    ];
    this.shape = '';
    new ResizeObserver(() => this.charts.forEach(chart => chart.resize())).observe(root);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.shape = '';
      if (this.context) this.update(this.context);
    });
  }

  update(context) {
    this.context = context;
    const shape = context.currency + context.heaters.map(heater => heater.id).join();
    if (shape !== this.shape) this.charts.forEach(chart => {
      chart.context = context;
      chart.build(context);
    });
    this.shape = shape;
    this.charts.forEach(chart => chart.update(context));
  }
}
