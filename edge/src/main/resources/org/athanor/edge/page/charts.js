// Four small charts: what happened up to now and, lighter, what is planned. uPlot draws on a canvas, so its colours are read from the style sheet.

import uPlot from 'uplot';
import {chartClock, chartDay, known, money, number, satoshis} from './format.js';
import {t as word} from './texts.js';

const MOST_POINTS = 3000;
const HEIGHT = 170;
const DAY = 86_400;
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

/** What happened and what is to come on one axis: the points of the series, then the ends of the steps ahead. */
class Timeline {
  /** planning: {plan, prices, today}, each with start and step in seconds of the home's clock. */
  constructor(series, {plan, prices}) {
    this.series = series;
    this.plan = plan;
    this.prices = prices;
    this.now = series.last;
    this.past = series.times.length;
    this.ends = [];
    if (this.past && (plan || prices)) {
      const step = (plan ?? prices).step;
      const end = Math.max(plan ? plan.start + step * plan.watts.length : 0,
        prices ? prices.start + prices.step * prices.perKwh.length : 0);
      let at = (plan ? plan.start : this.now) + step;
      while (at <= this.now) at += step;
      for (; at <= end + 1; at += step) this.ends.push(at);
    }
    this.times = [...series.times, ...this.ends];
  }

  get end() {
    return this.ends.at(-1) ?? this.now;
  }

  happened(name) {
    return [...this.series.column(name), ...this.ends.map(() => null)];
  }

  /** From now on; the line begins at the last point, with the value there or that of the first step. */
  ahead(of, here = null) {
    const values = this.ends.map(end => of(end) ?? null);
    if (!this.past) return values;
    return [...new Array(this.past - 1).fill(null), values.length ? here ?? values[0] : null, ...values];
  }

  stepOfPlan = end => Math.round((end - this.plan.start) / this.plan.step) - 1;
  wattsAhead = () => this.ahead(end => this.plan?.watts[this.stepOfPlan(end)]);
  roomAhead = () => this.ahead(end => this.plan?.room[this.stepOfPlan(end) + 1], this.plan ? this.latest('room') : null);
  priceAhead = () => this.ahead(end => {
    const {start, step, perKwh} = this.prices ?? {perKwh: []};
    return perKwh[Math.floor((end - (this.plan ?? this.prices).step / 2 - start) / step)];
  }, this.prices ? this.latest('price') : null);

  latest = name => this.series.column(name).at(-1) ?? null;
}

/** One column where the other says nothing. */
const either = (a, b) => a.map((value, i) => value ?? b[i]);

const held = uPlot.paths.stepped({align: -1});

function options(width, series, extra) {
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
      {...axis, space: 70, values: times},
      {...axis, size: 48, space: 28, values: (_, ticks) => ticks.map(tick => extra.tick ? extra.tick(tick) : String(tick))},
      ...(extra.right ? [{...axis, scale: 'right', side: 1, size: 40, space: 28, grid: {show: false}, stroke: colour(extra.right.colour),
        values: (_, ticks) => ticks.map(extra.right.tick)}] : []),
    ],
    series: [{}, ...series],
    bands: extra.bands ?? [],
    hooks: extra.hooks ?? {},
  };
}

/** Hours, with the day below where it begins; days alone when they are many. */
const times = (_, ticks, axis, space, step) => ticks.map((tick, i) => {
  if (step >= DAY) return chartDay(tick);
  const begins = i === 0 || Math.floor(tick / DAY) !== Math.floor(ticks[i - 1] / DAY);
  return chartClock(tick, step < 60) + (begins ? '\n' + chartDay(tick) : '');
});

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
    const {series, extra} = this.parts;
    const hooks = {
      setCursor: [plot => this.values(plot.cursor.idx)],
      drawClear: [plot => this.shade(plot)],
      draw: [plot => this.mark(plot)],
    };
    this.plot = new uPlot(options(this.width(), series, {...extra, hooks}), this.data(context), this.plotHost);
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

  data({timeline}) {
    return [timeline.times, ...this.parts.data(timeline)];
  }

  /** The last days and all that is planned, or all there is. */
  window() {
    const {timeline, span} = this.context;
    if (!timeline.past) return {min: 0, max: 1};
    const first = timeline.times[0];
    const from = Math.max(first, timeline.now - span * DAY);
    const to = this.parts?.extra.past ? timeline.now : timeline.end;
    return {min: to > from ? from : from - 60, max: to};
  }

  /** Where now is, in pixels of the canvas; null when nothing is to come. */
  nowAt(plot) {
    const timeline = this.context?.timeline;
    if (!timeline?.ends.length || this.parts.extra.past) return null;
    const at = Math.round(plot.valToPos(timeline.now, 'x', true));
    return at >= plot.bbox.left && at <= plot.bbox.left + plot.bbox.width ? at : null;
  }

  shade(plot) {
    const at = this.nowAt(plot);
    if (at === null) return;
    const {left, top, width, height} = plot.bbox;
    plot.ctx.fillStyle = colour('--ahead');
    plot.ctx.fillRect(at, top, left + width - at, height);
  }

  mark(plot) {
    const at = this.nowAt(plot);
    if (at === null) return;
    const {left, top, width, height} = plot.bbox;
    const {ctx} = plot;
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.fillStyle = colour('--soft');
    ctx.fillRect(at, top, Math.max(1, ratio), height);
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = 'top';
    const room = left + width - at > 40 * ratio;
    ctx.textAlign = room ? 'left' : 'right';
    ctx.fillText(word('now'), at + (room ? 4 : -4) * ratio, top + 2 * ratio);
    ctx.restore();
  }

  update(context) {
    this.context = context;
    if (!this.plot) this.build(context);
    this.plot.batch(() => {
      this.plot.setData(this.data(context), false);
      this.plot.setScale('x', this.window());
    });
    if (this.plot.cursor.idx === null || this.plot.cursor.left < 0) this.values(null);
  }

  values(index) {
    const timeline = this.context?.timeline;
    const items = this.legend.querySelectorAll('b');
    this.parts?.legend.forEach(({of, text}, i) => {
      const value = timeline ? of(timeline)[index ?? timeline.past - 1] : null;
      if (items[i]) items[i].textContent = known(value) ? text(value) : '–';
    });
  }

  resize() {
    this.plot?.setSize({width: this.width(), height: HEIGHT});
  }
}

const line = (name, extra = {}) => ({stroke: colour(name), width: 1.75, points: {show: false}, ...extra});

const dashed = (name, extra = {}) => line(name, {dash: [5, 4], ...extra});

const temperature = () => ({
  series: [
    line('--outdoor', {scale: 'right', width: 1.25}),
    {stroke: 'transparent', width: 0, points: {show: false}, paths: held},
    {stroke: 'transparent', width: 0, points: {show: false}, paths: held},
    line('--setpoint', {dash: [2, 3], paths: held}),
    dashed('--plan', {width: 1.25}),
    line('--ember', {width: 2.25}),
    dashed('--ember', {width: 1.75}),
  ],
  data: t => [t.happened('outdoor'), t.happened('high'), t.happened('low'), t.happened('setpoint'), t.happened('expected'), t.happened('room'), t.roomAhead()],
  legend: [
    {label: word('chart-room'), swatch: 'ember', of: t => either(t.happened('room'), t.roomAhead()), text: v => number(v, 1) + ' °C'},
    {label: word('chart-expected'), swatch: 'plan', of: t => t.happened('expected'), text: v => number(v, 1) + ' °C'},
    {label: word('chart-setpoint'), swatch: 'setpoint', of: t => t.happened('setpoint'), text: v => number(v, 1) + ' °C'},
    {label: word('chart-outdoor'), swatch: 'outdoor', of: t => t.happened('outdoor'), text: v => number(v, 1) + ' °C'},
  ],
  // outdoor has its own scale at the right: on a common one the room would be a flat line all winter
  extra: {
    range: around(4, 0.2),
    bands: [{series: [2, 3], fill: colour('--band')}],
    tick: tick => number(tick, Number.isInteger(tick) ? 0 : 1) + '°',
    right: {range: around(10, 0.2), colour: '--outdoor', tick: tick => number(tick, 0) + '°'},
  },
});

/** Stacked: the sum of all is drawn first and each smaller sum over it; plans are lines over all. */
const power = ({heaters}) => ({
  series: [
    ...heaters.map((_, i) => {
      const own = colour('--heater-' + (heaters.length - 1 - i) % HEATER_COLOURS);
      return {stroke: own, fill: own, width: 0.5, points: {show: false}, paths: held};
    }),
    dashed('--plan', {width: 1.25, paths: held}),
    line('--plan', {width: 1.75, paths: held, fill: colour('--plan-soft')}),
  ],
  data: t => {
    const sums = [];
    let below = new Array(t.past).fill(0);
    for (const {id} of heaters) {
      const own = t.series.column('watts.' + id);
      below = below.map((value, i) => value + (own[i] ?? 0));
      sums.unshift([...below, ...t.ends.map(() => null)]);
    }
    return [...sums, t.happened('planned'), t.wattsAhead()];
  },
  legend: [
    ...heaters.map(({id, name}, i) => ({
      label: name,
      swatch: 'heater-' + i % HEATER_COLOURS,
      of: t => t.happened('watts.' + id),
      text: v => number(v, 0) + ' W',
    })),
    {label: word('chart-planned'), swatch: 'plan', of: t => either(t.happened('planned'), t.wattsAhead()), text: v => number(v, 0) + ' W'},
  ],
  extra: {range: fromZero(100), tick: tick => number(tick, 0)},
});

const price = ({currency}) => ({
  series: [line('--price', {paths: held}), dashed('--price', {paths: held})],
  data: t => [t.happened('price'), t.priceAhead()],
  legend: [{
    label: word('chart-price-key'), swatch: 'price', of: t => either(t.happened('price'), t.priceAhead()),
    text: v => number(v, 4) + ' ' + currency + '/kWh',
  }],
  extra: {range: fromZero(0.01), tick: tick => number(tick, 2)},
});

/** In satoshis where a pool credits them, in money where pay is an estimate. */
const earned = ({currency, estimated}) => ({
  series: [line('--gold', {width: 2, fill: colour('--gold-soft')})],
  data: t => [t.happened(estimated ? 'pay' : 'earned')],
  legend: [{
    label: word(estimated ? 'chart-pay-key' : 'chart-earned-key'), swatch: 'gold', of: t => t.happened(estimated ? 'pay' : 'earned'),
    text: v => estimated ? money(v, currency) : satoshis(v * 1000) + ' sat',
  }],
  extra: {past: true, range: fromZero(0.01), tick: tick => number(tick, tick !== 0 && Math.abs(tick) < 1 ? 2 : 0)},
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

  /** context: {series, planning, heaters, currency, estimated, span}, planning as Timeline takes it. */
  update(told) {
    const context = {...told, timeline: new Timeline(told.series, told.planning)};
    this.context = told;
    const shape = context.currency + context.estimated + context.heaters.map(heater => heater.id).join();
    if (shape !== this.shape) this.charts.forEach(chart => {
      chart.context = context;
      chart.build(context);
    });
    this.shape = shape;
    this.charts.forEach(chart => chart.update(context));
  }
}
