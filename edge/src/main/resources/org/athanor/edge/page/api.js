// One way to ask the heater; what it refuses is an error with its sentence, in the reader's language.

import {refusal} from './format.js';

export async function ask(method, path, body) {
  const answer = await fetch(path, body === undefined ? {method}
    : {method, headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  const text = answer.status === 204 ? '' : await answer.text();
  let told = null;
  try {
    told = text ? JSON.parse(text) : null;
  } catch {
    // no JSON: the status says enough
  }
  if (!answer.ok)
    throw Object.assign(new Error(refusal(told?.refusal) ?? told?.error ?? `HTTP ${answer.status}`),
      {status: answer.status, field: told?.refusal?.values.field?.text});
  return told;
}
