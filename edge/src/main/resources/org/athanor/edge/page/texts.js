// The page's words in the reader's language, from the server's bundles.

const answer = await fetch('api/texts');
const {language, languages, texts, phrases} = await answer.json();
document.documentElement.lang = language;

/** English sentences with places, by key, for what is told in English alone. */
export {language, languages, phrases};

/** The reader's own kind of that language, such as British English, for numbers and dates. */
export const locale = navigator.languages.find(tag => tag.toLowerCase().split('-')[0] === language) ?? language;

const PLACES = /\{(\w+)\}/;

/** The text with its places filled by plain values. */
export const t = (key, values = {}) =>
  (texts[key] ?? key).replace(new RegExp(PLACES, 'g'), (all, name) => values[name] ?? all);

export const has = key => key in texts;

/** The same where values may be templates: a list for lit to draw. */
export const parts = (key, values) =>
  (texts[key] ?? key).split(PLACES).map((piece, i) => i % 2 ? values[piece] ?? '' : piece);

/** From now on in this language. */
export function speak(tag) {
  document.cookie = `language=${tag}; Max-Age=31536000; SameSite=Strict`;
  location.reload();
}
