// Letting other devices of the home in, and showing them out.

import {html, nothing} from 'lit';
import {ask} from './api.js';
import {dateAndTime} from './format.js';
import {t} from './texts.js';

let told = null; // {code, devices}
let trouble = null;
let again = 0;

const WHILE_OPEN = 3000;

/** What a stranger sees: the place for the code, or that there is none. */
export function strangers({access, draw}) {
  if (!access.pairing) return html`<section class="card narrow"><h1>Athanor</h1><p>${t('pair-none')}</p></section>`;
  const pair = async event => {
    event.preventDefault();
    const form = new FormData(event.target);
    try {
      await ask('POST', 'api/pair', {code: form.get('code').replace(/\s/g, ''), name: form.get('name')});
      location.reload();
    } catch (error) {
      trouble = error.field === 'code' ? t('pair-wrong') : error.message;
      draw();
    }
  };
  return html`
  <form class="card narrow form" @submit=${pair}>
    <h1><img src="icon.svg" alt="" width="28" height="28"> Athanor</h1>
    <p>${t('pair-how')}</p>
    <label>${t('pair-code')}
      <input id="pair-code" name="code" required inputmode="numeric" autocomplete="one-time-code" pattern="[0-9 ]{8,10}" maxlength="10"></label>
    <label>${t('pair-name')}
      <input id="pair-name" name="name" required maxlength="60" autocomplete="off" value=${t('pair-name-example')}></label>
    <p><button id="pair-send" class="solid">${t('pair-send')}</button></p>
    ${trouble ? html`<p id="pair-refusal" class="refusal" role="alert">${trouble}</p>` : nothing}
  </form>`;
}

export async function refresh(draw) {
  try {
    told = await ask('GET', 'api/pairing');
    clearTimeout(again);
    if (told.code) again = setTimeout(refresh, WHILE_OPEN, draw); // to see it used
  } catch (error) {
    trouble = error.message;
  }
  draw();
}

/** The list of devices, and on the heater's own computer the code for the next. */
export function devices({access, draw}) {
  if (!access.pairing || !told) return nothing;
  const change = async action => {
    trouble = null;
    try {
      await action();
    } catch (error) {
      trouble = error.message;
    }
    await refresh(draw);
  };
  const code = told.code && Date.parse(told.code.until) > Date.now() ? told.code : null;
  return html`
  <section class="card form" aria-labelledby="devices-title">
    <h3 id="devices-title">${t('devices')}</h3>
    <p class="hint">${t('devices-hint')}</p>
    ${told.devices.length ? html`<ul id="devices" class="rows">${told.devices.map(device => html`
      <li><span><b>${device.name}</b>${device.self ? html` <span class="pill quiet">${t('device-self')}</span>` : nothing}
          <small>${t('device-times', {paired: dateAndTime(device.paired), seen: dateAndTime(device.seen)})}</small></span>
        <button type="button" class="plain" aria-label=${t('device-revoke-of', {name: device.name})}
          @click=${() => change(() => ask('DELETE', 'api/pairing/' + device.id)).then(() => device.self && location.reload())}>${t('device-revoke')}</button></li>`)}</ul>`
      : html`<p id="devices">${t('devices-none')}</p>`}
    ${access.own ? html`
      ${code ? html`<p role="status">${t('pair-shown')} <b id="pairing-code" class="code">${
        code.digits.slice(0, 4)} ${code.digits.slice(4)}</b><small>${t('pair-until', {time: dateAndTime(code.until)})}</small></p>` : nothing}
      <p><button id="pairing-open" type="button" class="solid" @click=${() => change(() => ask('POST', 'api/pairing'))}>${
        t('pair-open')}</button></p>` : html`<p class="hint">${t('pair-elsewhere')}</p>`}
    ${trouble ? html`<p class="refusal" role="alert">${trouble}</p>` : nothing}
  </section>`;
}
