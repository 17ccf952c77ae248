/*
 * The loader: the one script that a portal embeds. It says at once, with a few lines of its own, what is wrong; then it fetches
 * the widget, which tells the rest. On a healthy page it makes no element, loads nothing more and stores nothing.
 *
 * Rules that hold throughout, because this runs on other people's pages:
 * - nothing is thrown: a document that cannot be read is as if it had not come;
 * - no markup is ever parsed (innerHTML, style attributes), so the strictest content security policies are met;
 * - no address and no query of the host page is read or sent.
 *
 * The server replaces two placeholders, each of which must occur exactly once: "__ASSETS__" by the path of the widget's files,
 * "__STATE__" by the state of the moment or null.
 *
 * Attributes of the script tag: data-portal, data-service, data-lang, data-live (poll, sse, off), data-target, data-mirrors.
 * Interface: `umleitung.preview(sample)` and the event `umleitung:change` on window.
 */
(() => {
  const script = document.currentScript;
  // A second copy of the tag has nothing to add. (An element with this id would be a property of window, too.)
  if (!script || window.umleitung?.preview) return;

  const list = (words) => words?.match(/\S+/g) || [];
  const { portal, service, lang, live, target, mirrors } = script.dataset;
  const { origin, pathname } = new URL(script.src);
  const origins = [origin, ...list(mirrors)];
  const path = '/p/' + (portal || pathname.split('/')[2]) + '/';
  const assets = "__ASSETS__";
  const plain = { credentials: 'omit', referrerPolicy: 'no-referrer' };
  const interval = 3e4;

  /** The origin that answered last. */
  let home = origin;
  /** By how many milliseconds the server's clock is ahead of the visitor's. */
  let ahead = 0;
  /** The document that holds, and the one that is shown: they differ during a preview. */
  let current, shown;
  let previewing = false;
  /** The language that the visitor chose; forgotten with the page. */
  let wish;
  /** The element that the loader makes where the page offers none. */
  let general;
  /** Host element → what stands in it. */
  const places = new Map();

  const now = () => Date.now() + ahead;

  /* ---- the essential notice ---- */

  const german = {
    outage: 'Störung', maintenance: 'Wartung', information: 'Hinweis', past: 'Behoben',
    from: 'Ab ', until: 'Bis ', estimated: 'voraussichtlich ', clock: ' Uhr', unknown: 'Das Ende ist noch nicht bekannt.', sample: 'Beispiel', more: 'Mehr lesen',
  };
  const dictionary = {
    de: german,
    en: {
      outage: 'Outage', maintenance: 'Maintenance', information: 'Information', past: 'Resolved',
      from: 'From ', until: 'Until ', estimated: 'probably ', clock: '', unknown: 'The end is not known yet.', sample: 'Example', more: 'Read more',
    },
    'de-simple': {
      ...german, outage: 'Etwas ist kaputt', maintenance: 'Arbeiten an der Technik', past: 'Es geht wieder',
      estimated: 'vielleicht ',
    },
  };

  // The same measures as in the widget's sheet, so that nothing moves when that takes over.
  const style = ':host{all:initial!important;direction:ltr!important;display:flow-root!important}' +
    'section{color-scheme:light dark;--c:light-dark(#006b8c,#6fd0ef);color:CanvasText;background:Canvas;' +
    'font:16px/1.5 var(--kern-typography-font-family-default,system-ui);border-top:6px solid var(--c);padding:16px max(16px,50% - 36rem);overflow-wrap:break-word}' +
    '.d{--c:light-dark(#c31c13,#ff9b92)}.w{--c:light-dark(#925400,#f7bd65)}' +
    '.m{margin-top:44px}p,h2{margin:0 0 8px;max-width:46rem}h2{font-size:1.5em;line-height:1.25}.k{color:var(--c);font-weight:700;padding-left:32px}' +
    '.v{position:absolute;clip-path:inset(50%)}';

  const make = (name, text, className = '') => {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text || '';
    return element;
  };

  /** The language of the words around a notice. */
  const tongue = (tag) => (dictionary[tag] ? tag : 'de');

  /** The variant in the language, else in its wider one, else in the portal's default, else any. */
  const pick = (texts = {}, tag) => texts[tag] || texts[tag.split('-')[0]] || texts[shown.languages[0]] || Object.values(texts)[0];

  /** The first paragraph of a formatted text. */
  const first = (rich, tag) => pick(rich, tag)?.find((node) => node.c)?.c.map((node) => node.s).join('');

  /** Weekday, date and clock time. An instant carries the portal's offset, so no time zone is needed. */
  const told = (instant, tag) =>
    new Date(instant.slice(0, 19) + 'Z').toLocaleString(tag == 'en' ? 'en-GB' : 'de', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' }) +
    dictionary[tag].clock;

  const headline = ({ timing, kind, title }, tag) => [dictionary[tongue(tag)][previewing ? 'sample' : timing == 'past' ? timing : kind], pick(title, tag)];

  const essential = ({ notices: [notice], channels, languages }, tag) => {
    const { timing, kind, severity, ends_at: end, end_certainty: certainty } = notice;
    const spoken = tongue(tag);
    const words = dictionary[spoken];
    const over = timing == 'past';
    const calm = timing == 'announced' || kind == 'information' || severity == 'information';
    const tone = over || calm ? '' : kind == 'maintenance' || severity == 'degraded' ? 'w' : 'd';
    const box = make('section', '', tone + (languages[1] ? ' m' : ''));
    box.lang = spoken;
    const [kicker, title] = headline(notice, tag);
    box.ariaLabel = title;
    box.append(make('p', kicker, 'k'), make('h2', title), make('p', first(notice.impact, tag)));
    const link = (href, text) => {
      const line = make('p');
      line.append(Object.assign(make('a', text), { href }));
      box.append(line);
    };
    if (!over) {
      const time = timing == 'announced'
        ? words.from + told(notice.starts_at, spoken)
        : end && certainty != 'unknown'
          ? words.until + (certainty == 'estimated' ? words.estimated : '') + told(end, spoken)
          : !calm && words.unknown;
      box.append(make('p', time), make('p', first(notice.guidance, tag)));
      const phone = channels.find(({ id, kind, always, open }) => notice.channels.includes(id) && /phone|115/.test(kind) &&
        (always || open?.some(({ from, to }) => new Date(from) <= now() && now() < new Date(to))));
      if (phone) link('tel:' + phone.value.replace(/[^+\d]/g, ''), pick(phone.name, tag) + ': ' + phone.value);
    }
    link(home + notice.url, words.more);
    return box;
  };

  /* ---- places ---- */

  const language = () => {
    const wished = wish || lang || document.documentElement.lang;
    return [wished, wished.split('-')[0]].find((tag) => shown.languages.includes(tag)) || shown.languages[0];
  };

  /** Changes a host without moving what the visitor reads below it; nothing is left to do where the browser has anchored the page. */
  const steady = (host, change) => {
    // What is left below the top edge of the window; unlike the host's own edge it also knows of margins that no longer collapse.
    const rest = () => document.documentElement.scrollHeight - scrollY;
    const above = scrollY > 0 && host.getBoundingClientRect().bottom < 1;
    const before = rest();
    change();
    if (above) scrollBy({ top: rest() - before, behavior: 'instant' });
  };

  const dress = (root, css) => {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // An old browser shows it unstyled.
    }
  };

  const open = (host) => {
    const root = host.shadowRoot || host.attachShadow({ mode: 'open' });
    // Live regions are there before they say something, or they are not heard.
    const [calm, urgent] = ['status', 'alert'].map((role) => {
      const node = make('div', '', 'v');
      node.role = role;
      return node;
    });
    root.replaceChildren(calm, urgent);
    const place = { host, root, calm, urgent, seen: {} };
    places.set(host, place);
    return place;
  };

  const close = ({ host, root, widget }) => {
    places.delete(host);
    steady(host, () => {
      widget?.free();
      root.replaceChildren();
      if (host == general) host.remove();
    });
  };

  const words = async (tag) => (await fetch(home + assets + '/messages/' + tongue(tag) + '.json', plain)).json();

  const choose = (tag) => words(tag).then((file) => {
    wish = tag;
    places.forEach(({ widget }) => widget?.words(tag, file));
  }, () => {}); // Without the words the notice keeps its language.

  /** The widget's code, fetched once. */
  let code;
  const fetchCode = async () => {
    const files = home + assets + '/widget';
    const wasm = fetch(files + '_bg.wasm', plain);
    const glue = await import(files + '.js');
    await glue.default({ module_or_path: wasm });
    return glue;
  };

  /** Puts the widget in place of the essential notice. Where the page's policy refuses it, that one stays. */
  const enrich = async (place) => {
    try {
      const tag = language();
      const [glue, file] = await Promise.all([(code ||= fetchCode()), words(tag)]);
      if (place.widget || places.get(place.host) != place) return;
      steady(place.host, () => {
        place.widget = glue.mount(place.root, place.state, tag, file, now(), home, place.services, previewing, choose);
        dress(place.root, glue.style());
        place.essential.remove();
      });
    } catch {
      code = 0;
    }
  };

  const show = (place, state, services, late) => {
    const { seen, widget } = place;
    place.state = state;
    place.services = services;
    steady(place.host, () => {
      if (widget) return widget.state(state, now(), previewing);
      const box = essential(state, language());
      dress(place.root, style);
      place.essential?.remove();
      place.root.append((place.essential = box));
    });
    const mark = (notice) => notice.revision + notice.stage;
    const fresh = state.notices.find((notice) => seen[notice.id] != mark(notice));
    if (fresh) {
      // Urgent is only an outage that begins under the visitor's eyes.
      const urgent = late && !seen[fresh.id] && fresh.kind == 'outage' && fresh.timing == 'current';
      const said = headline(fresh, language()).join(': ');
      setTimeout(() => { place[urgent ? 'urgent' : 'calm'].textContent = said; }, 150);
      for (const notice of state.notices) seen[notice.id] = mark(notice);
    }
    if (!widget) enrich(place);
  };

  const isIn = (services) => ({ id }) => !services || list(services).includes(id);
  /** A notice that names no service concerns the whole portal. */
  const concerns = (services) => ({ affected }) => !affected[0] || affected.some(isIn(services));

  /** Shows the document in all its places. What an element on the page tells, the general place leaves out. */
  const render = (late) => {
    const put = (host, services, notices) => {
      const place = places.get(host);
      if (notices[0]) show(place || open(host), { ...shown, notices }, services || '', late);
      else if (place) close(place);
    };
    const elsewhere = [];
    for (const element of document.querySelectorAll('umleitung-notice')) {
      if (element == general) continue;
      const services = element.getAttribute('service');
      const notices = shown.notices.filter(concerns(services));
      elsewhere.push(...notices);
      put(element, services, notices);
    }
    const mine = shown.notices.filter(concerns(service));
    const rest = mine.filter((notice) => !elsewhere.includes(notice));
    if (rest[0] && !general?.isConnected) {
      general = make('umleitung-notice');
      ((target && document.querySelector(target)) || document.body).prepend(general);
    }
    put(general, service, rest);
    return mine;
  };

  /** Takes a document, also one that is still to be read, if it is one and says something new. */
  const accept = async (document) => {
    let before = 0;
    try {
      const state = await document;
      before = shown;
      // A mirror may lag behind.
      const older = home != origin && new Date(state.generated_at) < new Date(current?.generated_at);
      if (state.v != 1 || state.revision == current?.revision || older) return;
      shown = state;
      previewing = false;
      const notices = render(current);
      const services = state.services.filter(isIn(service));
      current = state;
      dispatchEvent(new CustomEvent('umleitung:change', { detail: { status: state.status, services, notices } }));
    } catch {
      if (before !== 0) shown = before;
    }
  };

  /* ---- transport ---- */

  let timer, source;
  let polledAt = Date.now();

  const poll = async () => {
    polledAt = Date.now();
    for (const one of origins) {
      try {
        const answer = await fetch(one + path + 'state.json', { ...plain, cache: 'no-cache', signal: AbortSignal.timeout?.(1e4) });
        if (!answer.ok) continue;
        const date = Date.parse(answer.headers.get('date'));
        if (date) ahead = date + answer.headers.get('age') * 1e3 - Date.now();
        home = one;
        return accept(answer.json());
      } catch {
        // The next one may know.
      }
    }
  };

  /** Polls at intervals that differ from visitor to visitor. */
  const wait = () => {
    const spread = 1 + Math.random() / 5;
    timer = setTimeout(async () => {
      await poll();
      follow();
    }, Math.max(polledAt + interval * spread - Date.now(), 1e3 * spread));
  };

  /** Where events do not get through, each failed try ends in a poll. */
  const listen = () => {
    source = new EventSource(home + path + 'events');
    source.addEventListener('state', ({ data }) => accept(new Response(data).json()));
    source.onerror = () => {
      source.close();
      wait();
    };
  };

  /** Goes on while somebody looks. */
  const follow = () => {
    clearTimeout(timer);
    source?.close();
    if (!document.hidden && live != 'off') live == 'sse' ? listen() : wait();
  };

  /** "Open now" goes with the clock, on each full minute. */
  const tick = () => {
    places.forEach(({ widget }) => widget?.tick(now()));
    setTimeout(tick, 6e4 - (now() % 6e4));
  };

  const start = async () => {
    const state = "__STATE__";
    if (state) accept(state);
    else if (live != 'sse') await poll();
    follow();
    tick();
    document.addEventListener('visibilitychange', follow);
  };

  window.umleitung = {
    /** Shows a portal owner what a notice will look like: a given document, or a sample of the portal's own. `null` ends it. */
    async preview(sample) {
      if (sample !== null) sample ||= await (await fetch(home + path + 'sample.json', plain)).json();
      previewing = !!sample;
      shown = sample || current;
      if (shown) render();
    },
  };

  if (document.body) start();
  else addEventListener('DOMContentLoaded', start);
  // Elements and targets that were not there yet.
  addEventListener('DOMContentLoaded', () => shown && render());
})();
