// Hands hostile documents to the released widget, as the loader does, and looks after each call whether all is well.

import glueInit, * as glue from '/assets/x/widget.js';
import { difference, foreignIn, own } from '/inspection.js';

/** Slower than this is as good as never. */
const PATIENCE = 5000;

const LANGUAGES = ['de', 'en', 'de-simple', 'fr', 'ar', '', '__proto__', 'x-<b>', 'de-DE-1996'];

/** Numbers that follow from a seed (mulberry32). */
const dice = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return (t ^ (t >>> 14)) >>> 0;
};

let words;
let host, widget;

const begin = async () => {
  await glueInit({ module_or_path: fetch('/assets/x/widget_bg.wasm') });
  words = await Promise.all(['de', 'en', 'de-simple'].map(async (tag) => (await fetch('/assets/x/messages/' + tag + '.json')).json()));
};

const fresh = () => {
  host?.remove();
  host = document.createElement('umleitung-notice');
  host.attachShadow({ mode: 'open' });
  document.body.append(host);
};

/** Everything that can be done with one document; `step` is told what is being done. */
const use = (doc, roll, step) => {
  const one = (list) => list[roll() % list.length];
  const now = () => one([Date.parse('2026-05-04T08:00:00Z'), Date.parse('2026-05-04T08:00:00Z') + (roll() % 1e9), 0, -1, NaN, Infinity, -Infinity, 8.64e15, 1e300]);
  const file = () => (roll() % 8 ? one(words) : one([doc, null, 7, 'x', [], {}, { lang: '<b>', 'open.until': '{}{}{', language: '"><script>' }]));
  const services = () => one(['', 'kfz-zulassung', 'kfz-zulassung wohngeld', '<b> __proto__', ' ']);
  // Most documents replace the last one; some come to a fresh page.
  if (!widget || roll() % 3 == 0) {
    step('free');
    widget?.free();
    widget = null;
    if (host?.shadowRoot.childElementCount) throw new Error('freed, and still there');
    fresh();
    step('mount');
    widget = glue.mount(host.shadowRoot, doc, one(LANGUAGES), file(), now(), one(['', location.origin]), services(), roll() % 4 == 0, () => {});
  } else {
    step('state');
    widget.state(doc, now(), roll() % 4 == 0);
  }
  for (let more = roll() % 3; more > 0; more--) {
    const things = [...host.shadowRoot.querySelectorAll('details, a, button, summary')];
    const thing = things.length ? one(things) : null;
    switch (roll() % 4) {
      case 0:
        step('tick');
        widget.tick(now());
        break;
      case 1:
        step('words');
        widget.words(one(LANGUAGES), file());
        break;
      case 2:
        step('unfold');
        if (thing?.localName == 'details') thing.open = true;
        else thing?.focus();
        break;
      default:
        step('click');
        if (thing?.localName == 'button') thing.click();
        step('state again');
        widget.state(doc, now(), false);
    }
  }
};

/** Tries the documents from `first` on; tells of the first that does harm. */
window.trial = async (seed, first, count) => {
  const began = performance.now();
  const lines = (await (await fetch('/documents/' + first + '/' + count)).text()).split('\n');
  const before = own(window);
  let calls = 0;
  for (const [i, line] of lines.entries()) {
    const roll = dice(seed ^ (first + i));
    let doing = 'parse';
    const harm = (what) => ({ number: first + i, doing, what });
    const step = (name) => {
      doing = name;
      calls++;
    };
    const from = performance.now();
    try {
      use(JSON.parse(line), roll, step);
    } catch (error) {
      return harm(String(error?.stack || error));
    }
    const took = performance.now() - from;
    if (took > PATIENCE) return harm('it took ' + Math.round(took) + ' ms');
    const foreign = host && foreignIn(host.shadowRoot);
    if (foreign) return harm(foreign);
    if (faults.length) return harm(faults.join('; '));
    if (i % 50 == 49 || i == lines.length - 1) {
      const after = own(window);
      if (after != before) return harm('the page has changed:\n' + difference(before, after));
    }
  }
  return { documents: lines.length, calls, milliseconds: performance.now() - began };
};

const faults = [];
addEventListener('error', (event) => faults.push('error: ' + event.message));
addEventListener('unhandledrejection', (event) => faults.push('rejection: ' + event.reason));
window.pwned = () => faults.push('a script of the document ran');
begin().then(
  () => (window.ready = true),
  (error) => (window.ready = String(error)),
);
