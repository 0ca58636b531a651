// The page of a training job: every second the coordinator tells how it goes, and of rounds those that are new.

import uPlot from './lib/uplot.js';

const HEIGHT = 240;
const $ = id => document.getElementById(id);
const known = value => value !== null && value !== undefined;
const number = (value, digits = 0) => known(value)
  ? value.toLocaleString('en', {minimumFractionDigits: digits, maximumFractionDigits: digits}) : '–';
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const bytes = value => value < 1e6 ? number(value / 1e3, 1) + ' kB' : number(value / 1e6, 1) + ' MB';

let rounds = [];
let plot = null;

function show(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

function data() {
  return [rounds.map(each => each.round + 1), rounds.map(each => each.loss), rounds.map(each => each.validation ?? null)];
}

function draw() {
  plot?.destroy();
  const axis = {
    stroke: colour('--soft'),
    grid: {stroke: colour('--grid'), width: 1},
    ticks: {stroke: colour('--grid'), width: 1, size: 4},
    font: '11px system-ui, sans-serif',
  };
  plot = new uPlot({
    width: Math.max(200, $('curve').clientWidth),
    height: HEIGHT,
    legend: {show: false},
    cursor: {drag: {x: false, y: false}},
    scales: {x: {time: false}},
    axes: [axis, {...axis, size: 48}],
    series: [
      {},
      {stroke: colour('--ember'), width: 2, points: {show: rounds.length < 2}},
      {stroke: colour('--unseen'), width: 2, spanGaps: true, points: {show: true, size: 5}},
    ],
  }, data(), $('curve'));
}

const rating = better => known(better)
  ? number(100 * better.chance) + ' (' + number(100 * better.low) + ' to ' + number(100 * better.high) + ')' : 'not yet';

function workers({workers: all, open}) {
  document.querySelectorAll('.strangers').forEach(each => { each.hidden = !open; });
  $('workers').replaceChildren(...all.map(worker => {
    const row = document.createElement('tr');
    const cells = [worker.name, worker.excluded ? 'excluded' : worker.doing, number(worker.round + 1),
      worker.step + ' of ' + worker.steps, number(worker.loss, 3), number(worker.watts), number(worker.secondsAgo) + ' s ago',
      number(worker.counted), ...(open ? [number(worker.replayed), rating(worker.better)] : [])];
    row.append(...cells.map(text => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return cell;
    }));
    return row;
  }));
}

function heat({cpuSeconds, joules, kilowattHours, rounds: counted}) {
  const by = Object.entries(kilowattHours).map(([name, value]) => name + ' ' + number(value, 3)).join(', ');
  show('heat', number(cpuSeconds / 3600, 2) + ' hours of processor'
    + (joules > 0 ? ', ' + number(joules / 3.6e6, 3) + ' kWh metered or declared by heaters (' + by + ')' : '; no heater has metered it'));
  const all = Object.values(counted).reduce((sum, each) => sum + each, 0);
  $('shares').replaceChildren(...Object.entries(counted).map(([name, count]) => {
    const item = document.createElement('li');
    item.textContent = name + ': ' + number(100 * count / all) + ' % (' + count + (count === 1 ? ' round)' : ' rounds)');
    return item;
  }));
}

function refusals({excluded, dropped}) {
  const lines = Object.entries(excluded).map(([name, reason]) => name + ' is excluded: ' + reason)
    .concat(dropped.map(({round, worker, reason}) => 'round ' + (round + 1) + ', ' + worker + ': ' + reason));
  $('refusals').hidden = lines.length === 0;
  $('refused').replaceChildren(...lines.map(text => {
    const item = document.createElement('li');
    item.textContent = text;
    return item;
  }));
}

function ofAll(job) {
  return job.round + (job.budget > 0 ? '' : ' of ' + job.rounds);
}

function take(job) {
  show('name', job.name);
  document.title = job.name + ': round ' + ofAll(job) + (job.waiting ? ', waits' : '');
  show('phase', job.waiting ? 'waiting' : job.phase.toLowerCase());
  $('phase').className = 'pill ' + (job.waiting ? '' : {RUNNING: 'good', DONE: 'good', FAILED: 'alarm'}[job.phase] ?? '');
  $('reason').hidden = !job.reason;
  show('reason', job.reason ?? '');
  $('waiting').hidden = !job.waiting;
  show('waiting', job.waiting ? 'The job waits: ' + job.waiting + '.' : '');
  $('progress').value = job.share;
  show('round', ofAll(job));
  show('speed', number(job.tokensPerSecond));
  show('tokens', number(job.tokens) + (job.budget > 0 ? ' of ' + number(job.budget) : ''));
  show('ends', job.budget > 0
    ? 'It is over when its workers have learned from so many tokens, however many rounds that takes.'
    : 'It is over after its rounds, however many tokens its workers have learned from by then.');
  show('up', bytes(job.bytes.up));
  show('down', bytes(job.bytes.down));
  workers(job);
  refusals(job);
  heat(job.heat);
  if (job.history.length > 0) {
    const first = job.history[0].round;
    rounds = [...rounds.filter(each => each.round < first), ...job.history];
    const validated = rounds.filter(each => known(each.validation)).at(-1);
    show('loss', number(rounds.at(-1).loss, 3));
    show('validation', number(validated?.validation, 3));
    if (plot === null || rounds.length < 3) draw();
    else plot.setData(data());
  }
}

const events = new EventSource('api/events');
events.onopen = () => { rounds = []; };
events.onmessage = event => take(JSON.parse(event.data));
events.onerror = () => {
  if ($('phase').textContent !== 'done') {
    show('phase', 'the coordinator does not answer');
    $('phase').className = 'pill alarm';
  }
};
addEventListener('resize', () => plot?.setSize({width: Math.max(200, $('curve').clientWidth), height: HEIGHT}));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot && draw());
