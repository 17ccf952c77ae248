// Opens pages with the tag in frames, each of which is given hostile documents first and a sound one at last, and looks all the time
// at what stands there, at last whether the widget shows the sound one and the page is as it was.

import { difference, foreignIn, own } from '/inspection.js';

/** Longer than this is as good as never. */
const PATIENCE = 15_000;

const frame = (case_) =>
  new Promise((loaded) => {
    const frame = document.createElement('iframe');
    frame.src = '/host/' + case_;
    frame.addEventListener('load', () => loaded(frame));
    document.body.append(frame);
  });

const roots = (page) => [...page.document.querySelectorAll('umleitung-notice')].map((host) => host.shadowRoot).filter(Boolean);

/** True as soon as it is. */
const until = (condition) =>
  new Promise((done) => {
    const end = performance.now() + PATIENCE;
    const look = () => {
      if (condition()) done(true);
      else if (performance.now() > end) done(false);
      else setTimeout(look, 10);
    };
    look();
  });

const one = async (case_, untouched) => {
  const element = await frame(case_);
  const page = element.contentWindow;
  const title = 'Fall ' + case_ + ' gut';
  const harm = (what) => ({ case: case_, what });
  try {
    let foreign = null;
    // What a hostile document makes of the notice stands but for a moment.
    const clean = () => !(foreign ||= roots(page).map(foreignIn).find(Boolean));
    // The banner tells the title, and the widget has unfolded below it.
    const tells = (part) => roots(page).some((root) => {
      root.querySelector('.u[aria-expanded=false]')?.click();
      return root.querySelector(part) && root.querySelector('.banner')?.textContent.includes(title);
    });
    const shown = await until(() => !clean() || page.faults.length || tells('.notice'));
    // What is thrown within a promise is told a moment later.
    await new Promise((done) => setTimeout(done));
    if (page.faults.length) return harm(page.faults.join('\n'));
    if (!clean()) return harm(foreign);
    const all = roots(page).map((root) => root.textContent.slice(0, 200)).join(' | ');
    if (!shown) return harm('the widget never told the sound document; shown: ' + all);
    const now = own(page);
    if (now != untouched) return harm('the page has changed:\n' + difference(untouched, now));
    if (page.document.querySelector('input').value != 'getippt') return harm('what was typed is gone');
    return null;
  } finally {
    element.remove();
  }
};

/** The page as its author wrote it, from a copy without the tag. */
const untouched = async () => {
  const text = (await (await fetch('/host/0')).text()).replace(/<script src[^>]*><.script>/, '');
  const element = document.createElement('iframe');
  const loaded = new Promise((done) => element.addEventListener('load', done));
  element.srcdoc = text;
  document.body.append(element);
  await loaded;
  const page = own(element.contentWindow);
  element.remove();
  return page;
};

/** Tries the cases from `first` on, a few at a time; tells of the first that did harm. */
window.trial = async (first, count) => {
  const before = (window.before ??= await untouched());
  const began = performance.now();
  const cases = Array.from({ length: count }, (_, i) => first + i);
  let harm = null;
  const work = async () => {
    while (cases.length && !harm) {
      const found = await one(cases.shift(), before);
      harm ||= found;
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return harm || { documents: count, milliseconds: performance.now() - began };
};

window.ready = true;
