/*
 * The loader: the one script that a portal embeds. It says at once, with the few lines that the server has told for it, what is
 * wrong; then it fetches the widget, which tells the rest. On a healthy page it makes no element, loads nothing more and stores nothing.
 *
 * Rules that hold throughout, because this runs on other people's pages:
 * - nothing is thrown: a document that cannot be read is as if it had not come;
 * - no markup is ever parsed (innerHTML, style attributes), so the strictest content security policies are met;
 * - the page's path is compared with the portal's rules here and nowhere else; no address and no query of it is sent.
 *
 * The server replaces two placeholders, each of which must occur exactly once: "__ASSETS__" by where the widget's files are and what
 * their code hashes to (`{files, hash}`), "__STATE__" by the state of the moment or null.
 *
 * Attributes of the script tag: data-portal, data-service, data-lang, data-live (poll, sse, off), data-target, data-compact,
 * data-server, data-mirrors, data-probe, data-worker; of an element `umleitung-notice`: service, compact, href.
 * Interface: `umleitung.current`, `umleitung.preview(sample)` and the event `umleitung:change` on window. All of it is told in
 * docs/embedding.md; what passes between this and the widget in docs/decisions/0010-one-agreement-of-loader-and-widget.md.
 */
(() => {
  const script = document.currentScript;
  const taken = (frame) => {
    try {
      // An element with this id would be a property of a window, too.
      return frame.umleitung?.preview;
    } catch {
      // A page of another origin around this one keeps to itself.
    }
  };
  // A second copy of the tag has nothing to add, nor has one in a frame of a page that has it.
  if (!script || taken(window) || taken(parent)) return;

  const list = (words) => words?.match(/\S+/g) || [];
  const { portal, service, lang, live, target, compact, server, mirrors, probe, worker } = script.dataset;
  // The script may lie below any path of any origin, its own or the portal's.
  const [, base, own] = script.src.split(/[?#]/)[0].match(/^(.*?)(?:\/p\/([^/]+))?\/[^/]*$/);
  const origins = [server || base, ...list(mirrors)];
  const path = '/p/' + (portal || own) + '/';
  const assets = "__ASSETS__";
  const plain = { credentials: 'omit', referrerPolicy: 'no-referrer' };
  const interval = 3e4;

  /** The origin that answered last. */
  let home = origins[0];
  /** By how many milliseconds the server's clock is ahead of the visitor's; unknown before the first answer. */
  let ahead;
  /** The server's time when it was heard last. */
  let heard;
  /** The document that holds, a sample in its place, a hint of the visitor's own browser, and which of them is shown. */
  let current, sample, hint, shown;
  /** The language that the visitor chose; forgotten with the page. */
  let wish;
  /** The element that the loader makes where the page offers none. */
  let general;
  /** Host element → what stands in it. */
  const places = new Map();
  /** Id of a notice → the revision that was announced. */
  const announced = {};

  const now = () => Date.now() + (ahead || 0);

  /* ---- the essential notice ---- */

  // The same measures as in the widget's sheet, so that nothing moves when that takes over.
  const style = ':host{all:initial!important;display:flow-root!important}' +
    'section{color-scheme:light dark;color:CanvasText;background:Canvas;' +
    'font:1em/1.5 var(--kern-typography-font-family-default,system-ui);border-top:6px solid var(--c);overflow-wrap:break-word;padding:16px max(16px,50% - 36em)}' +
    '.info{--c:light-dark(#006b8c,#6fd0ef)}.success{--c:light-dark(#007155,#67d6b2)}.warning{--c:light-dark(#925400,#f7bd65)}.danger{--c:light-dark(#c31c13,#ff9b92)}' +
    '.m{margin-top:44px}p,h2{max-width:46em;margin:0 0 8px}h2{font-size:1.5em;line-height:1.25}.k{color:var(--c);font-weight:700;padding-inline-start:32px}' +
    '.c{padding:8px 16px}.c .k{padding:0}.v{position:absolute;clip-path:inset(50%)}';

  const make = (name, text, className = '') => {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text || '';
    return element;
  };

  /** A line that the server has told, in its language. */
  const told = (name, { s, lang }) => {
    const element = make(name, s);
    if (lang) Object.assign(element, { dir: 'auto', lang });
    return element;
  };

  const link = (href, text) => {
    const line = make('p');
    line.append(Object.assign(text, { href }));
    return line;
  };

  /** What the server has told of a notice in each of the portal's languages; of a fifty-first one, or if it is old, nothing but the title. */
  const briefly = ({ brief, title, id }, tag) => brief?.[tag] || { title: { s: title[tag] || Object.values(title)[0] }, lines: [], more: id };

  const essential = (notice, tag, small, more) => {
    const { lang, dir, tone, kicker, title, lines, phones, more: words } = briefly(notice, tag);
    const box = make('section', '', 'essential ' + tone + (small ? ' c' : shown.languages[1] ? ' m' : ''));
    Object.assign(box, { lang: lang || tag, dir, ariaLabel: title.s });
    box.append(make('p', kicker, 'k'));
    more ||= home + notice.url;
    if (small) {
      box.append(link(more, told('a', title)));
      return box;
    }
    box.append(told('h2', title), ...lines.map((line) => told('p', line)));
    const phone = phones?.find(({ open }) => !open || open.some(([from, to]) => from <= now() && now() < to));
    if (phone) box.append(link(phone.href, told('a', phone)));
    box.append(link(more, make('a', words)));
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
    const rest = () => document.scrollingElement?.scrollHeight - scrollY;
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
    const [calm, urgent] = ['status', 'alert'].map((role) => Object.assign(make('div', '', 'v'), { role }));
    root.replaceChildren(calm, urgent);
    const place = { host, root, calm, urgent, essential: [] };
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

  /** The widget's code, fetched once: from where the loader is, else from where the state is. */
  let code;
  const fetchCode = async () => {
    for (const at of [base, home]) {
      try {
        const href = at + assets.files + '/widget.js';
        // An altered file is refused, here and, for what comes from elsewhere than the cache, where the browser heeds the link.
        await fetch(href, { ...plain, integrity: assets.hash });
        document.head.append(Object.assign(make('link'), { rel: 'modulepreload', href, integrity: assets.hash, crossOrigin: '' }));
        return await import(href);
      } catch {
        // The other may have it.
      }
    }
    code = 0;
  };
  const getCode = () => (code ||= fetchCode());

  /** Puts the widget in place of the essential notice. Where the page's policy refuses it, that one stays. */
  const enrich = async (place) => {
    try {
      const mount = await (await getCode()).prepare(language());
      if (place.widget || places.get(place.host) != place) return;
      steady(place.host, () => {
        place.widget = mount(place, now(), home, !!sample, heard, (tag) => {
          wish = tag;
          render();
        });
        place.essential.forEach((box) => box.remove());
      });
    } catch {
      // Tried again with the next document.
    }
  };

  const show = (place, state, services, late) => {
    const { host, root, widget } = place;
    const tag = language();
    const key = [state.revision, services, tag, state.notices.map(({ id }) => id), !!sample].join();
    if (key == place.key) return;
    place.key = key;
    place.state = state;
    place.services = services;
    const small = host == general ? compact != null : host.hasAttribute('compact');
    steady(host, () => {
      if (widget) return widget.state(state, now(), !!sample, services);
      const boxes = (small ? state.notices : [state.notices[0]]).map((notice) => essential(notice, tag, small, host.getAttribute('href')));
      dress(root, style);
      const held = root.activeElement;
      place.essential.forEach((box) => box.remove());
      root.append(...(place.essential = boxes));
      // Who was on the link of a notice that is told anew stays there.
      if (held) boxes[0].lastChild.lastChild.focus();
    });
    const fresh = state.notices.find((notice) => announced[notice.id] != notice.revision + notice.stage);
    if (fresh) {
      // Urgent is only an outage that begins under the visitor's eyes.
      const region = late && !announced[fresh.id] && fresh.kind == 'outage' && fresh.timing == 'current' ? place.urgent : place.calm;
      const { lang, title, say = title } = briefly(fresh, tag);
      region.lang = say.lang || lang || tag;
      setTimeout(() => { region.textContent = say.s; }, 150);
      for (const notice of state.notices) announced[notice.id] = notice.revision + notice.stage;
    }
    if (!widget && !small) enrich(place);
  };

  const isIn = (services) => ({ id }) => !services || list(services).includes(id);
  /** A notice that names no service concerns the whole portal. */
  const concerns = (services) => ({ affected }) => !affected[0] || affected.some(isIn(services));

  /** What the tag is narrowed to: by itself, or by the portal's rules for its pages. */
  const scope = ({ pages }) => service || pages?.find(({ at }) => [location.pathname, location.hostname + location.pathname].some((here) =>
    at.endsWith('*') ? here.startsWith(at.slice(0, -1)) : here == at))?.services.join(' ');

  /** Shows what is to be shown in all its places. What an element on the page tells, the general place leaves out. */
  const render = (late) => {
    const within = (state) => state?.notices.filter(concerns(scope(state))) || [];
    shown = sample || (within(current)[0] || !hint ? current : hint);
    if (!shown) return;
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
      if (!element.hasAttribute('compact')) elsewhere.push(...notices);
      put(element, services, notices);
    }
    const rest = within(shown).filter((notice) => !elsewhere.includes(notice));
    if (rest[0] && !general?.isConnected) {
      general = make('umleitung-notice');
      try {
        document.querySelector(target).prepend(general);
      } catch {
        // There is no target, or it is no selector.
        document.body.prepend(general);
      }
    }
    put(general, scope(shown), rest);
    // What the page has taken out is over.
    places.forEach((place) => place.host.isConnected || close(place));
  };

  /** The page has changed under the notices. */
  let due;
  const renderSoon = () => {
    due ||= setTimeout(() => {
      due = 0;
      try {
        render();
      } catch {
        // What stands there stays.
      }
    });
  };

  /** Takes a document, also one that is still to be read, if it is one and says something new. */
  const accept = async (document) => {
    const before = current;
    try {
      const state = await document;
      // A mirror may lag behind.
      const older = home != origins[0] && new Date(state.generated_at) < new Date(current?.generated_at);
      if (state.v != 1 || state.revision === current?.revision || older) return;
      current = state;
      sample = 0;
      render(before);
      const mine = scope(state);
      const detail = { status: state.status, services: state.services.filter(isIn(mine)), notices: state.notices.filter(concerns(mine)) };
      umleitung.current = detail;
      dispatchEvent(new CustomEvent('umleitung:change', { detail }));
      // A clock that is wrong by hours would tell wrong hours.
      if (state.notices[0] && ahead == null) poll();
    } catch {
      current = before;
    }
  };

  /* ---- transport ---- */

  let timer, source;
  let polledAt = Date.now();

  /** Tells the widgets the time, and when the server was heard last. */
  const pulse = () => {
    if (live == 'off' || source?.readyState == 1) heard = now();
    places.forEach(({ widget }) => widget?.tick(now(), heard));
  };

  const poll = async () => {
    polledAt = Date.now();
    for (const one of origins) {
      try {
        const answer = await fetch(one + path + 'state.json', { ...plain, cache: 'no-cache', signal: AbortSignal.timeout?.(1e4) });
        if (!answer.ok) continue;
        const date = Date.parse(answer.headers.get('date'));
        if (date) ahead = date + answer.headers.get('age') * 1e3 - Date.now();
        heard = now();
        home = one;
        await accept(answer.json());
        break;
      } catch {
        // The next one may know.
      }
    }
    pulse();
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
    source.addEventListener('clock', ({ data }) => {
      ahead = data - Date.now();
      pulse();
    });
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
    pulse();
    setTimeout(tick, 6e4 - (now() % 6e4));
  };

  const umleitung = window.umleitung = {
    /** The `detail` of the last `umleitung:change`. */
    current: null,
    /** Shows a portal owner what a notice will look like: a given document, or a sample of the portal's own. `null` ends it. */
    async preview(document) {
      sample = document === null ? 0 : document || await (await fetch(home + path + 'sample.json', plain)).json();
      render();
    },
  };

  const begin = async () => {
    const state = "__STATE__";
    if (state) {
      heard = Date.parse(state.generated_at);
      accept(state);
    } else if (live != 'sse') await poll();
    follow();
    tick();
    document.addEventListener('visibilitychange', follow);
    window.navigation?.addEventListener('currententrychange', renderSoon);
    if (probe || worker) {
      (await getCode())?.attend?.(probe, worker, origins, path, (found) => {
        hint = found;
        renderSoon();
      });
    }
  };

  customElements.define('umleitung-notice', class extends HTMLElement {
    connectedCallback() { renderSoon(); }

    disconnectedCallback() { renderSoon(); }
  });
  if (document.body) begin();
  else addEventListener('DOMContentLoaded', begin);
  // Elements and targets that were not there yet.
  addEventListener('DOMContentLoaded', renderSoon);
})();
