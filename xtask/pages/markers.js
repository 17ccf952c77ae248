/*
 * Put into each measured page before any of its scripts: notes when what is waited for has been painted, by the page's own clock.
 * One function expression. `wanted` is a table from the name of a mark to {host, text} or {host, selector}: the text, or an element found
 * by the selector, in an open shadow root of an element called `host`, or in the document itself where no host is named. What has `tap` is
 * tapped as soon as it can be seen.
 */
(wanted) => {
  const marks = {};
  /** When it came into the document, not painted yet. */
  const inserted = {};
  const roots = [];
  const wasm = {};
  const waiting = new Set(Object.keys(wanted));
  let shift = 0;

  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });

  /** When the largest thing so far was painted, of the page or of what tells of trouble. */
  let largest;
  new PerformanceObserver((list) => { largest = list.getEntries().at(-1).startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });

  /** The innermost element with that text. */
  const holder = (place, text) => {
    if (!place.textContent.includes(text)) return undefined;
    let inner = place;
    for (let next = place; next; ) {
      inner = next;
      next = [...inner.children].find((child) => child.textContent.includes(text));
    }
    return inner;
  };

  const find = ({ host, text, selector }) => {
    const places = host ? roots.filter((root) => root.host.localName == host) : [document.body].filter(Boolean);
    for (const place of places) {
      const found = text ? holder(place, text) : place.querySelector(selector);
      if (found) return found;
    }
    return undefined;
  };

  /** What is in the document now is on the screen after the next frame; a message is handled only when that has been made. */
  const confirm = (name) => requestAnimationFrame(() => {
    const found = find(wanted[name]);
    // A text for screen readers alone, one pixel high, has told nobody anything yet.
    if (!(found?.getBoundingClientRect().height > 1)) return waiting.add(name);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      marks[name] = performance.now();
      if (wanted[name].tap) found.click();
    };
    port2.postMessage(0);
  });

  const look = () => {
    for (const name of waiting) {
      if (!find(wanted[name])) continue;
      waiting.delete(name);
      inserted[name] ??= performance.now();
      confirm(name);
    }
  };
  const observer = new MutationObserver(look);
  const watched = { subtree: true, childList: true, characterData: true };
  observer.observe(document, watched);

  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) {
    const root = attach.call(this, options);
    roots.push(root);
    observer.observe(root, watched);
    return root;
  };

  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...rest) => {
      wasm.start ??= performance.now();
      const made = await original.apply(WebAssembly, rest);
      wasm.end ??= performance.now();
      return made;
    };
  }

  /** How long a fixed piece of work takes this processor; the fastest of some, since whatever else runs can only slow it down. */
  const work = () => {
    let fastest = Infinity;
    for (let turn = 0; turn < 3; turn++) {
      const start = performance.now();
      let sum = 0;
      for (let i = 0; i < 1e6; i++) sum = (sum + i * i) % 1000003;
      if (sum >= 0) fastest = Math.min(fastest, performance.now() - start);
    }
    return fastest;
  };

  const complete = () => document.readyState == 'complete' && Object.keys(wanted).every((name) => marks[name]);
  const result = () => ({
    marks,
    inserted,
    shift,
    wasm,
    shown: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    largest,
    loaded: performance.getEntriesByType('navigation')[0].loadEventEnd,
    answered: performance.getEntriesByType('navigation')[0].responseEnd,
    resources: performance.getEntriesByType('resource').map(({ name, startTime, responseEnd }) => ({ name, start: startTime, end: responseEnd })),
  });
  window.measurement = {
    work,
    /** Resolves when all marks are there and whatever follows at once has had its time, or when `patience` milliseconds are over. */
    finished: (patience) => new Promise((resolve) => {
      const check = () => {
        if (complete()) setTimeout(() => resolve(result()), 700);
        else if (performance.now() > patience) resolve({ ...result(), missing: Object.keys(wanted).filter((name) => !marks[name]) });
        else setTimeout(check, 50);
      };
      check();
    }),
  };
}
