/*
 * The loader: the one script that a portal embeds. It says at once, with the few lines that the server has told for it, what is
 * wrong (`banner.js` paints them); the widget, which tells the rest, comes once the page is at rest. On a healthy page it makes no element, loads nothing more and stores nothing.
 *
 * Rules that hold throughout, because this runs on other people's pages:
 * - nothing is thrown: a document that cannot be read is as if it had not come;
 * - no markup is ever parsed (innerHTML, style attributes), so the strictest content security policies are met;
 * - the page's path is compared with the portal's rules in the browser alone (`placement.js`); no address and no query of it is sent.
 *
 * The server replaces two placeholders, each of which must occur exactly once: "__ASSETS__" by where the widget's files are and what
 * their code hashes to, and where there are notices what these wear and what `placement.js` holds (`{files, hash, look, …}`);
 * "__STATE__" by the state of the moment or null.
 *
 * Attributes of the script tag: data-portal, data-service, data-lang, data-live (poll, sse, off), data-target, data-compact,
 * data-open, data-server, data-mirrors, data-probe, data-worker; of an element `umleitung-notice`: service, compact, open, href.
 * Interface: `umleitung.current`, `umleitung.preview(sample)` and the event `umleitung:change` on window. All of it is told in
 * docs/embedding.md; what passes between this and the widget in docs/decisions/0010-one-agreement-of-loader-and-widget.md.
 */
/**
 * @typedef {import('./loader').Place} Place
 * @typedef {import('./loader').PublicState} PublicState
 * @typedef {import('./loader').Notice} Notice
 */
(() => {
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  /** @type {(frame: Window) => unknown} */
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

  /** @type {(words?: string | null) => string[]} */
  const list = (words) => words?.match(/[^\s,;]+/g) || [];
  const { portal, service, lang, live, target, compact, open: whole, server, mirrors, probe, worker } = script.dataset;
  // The script may lie below any path of any origin, its own or the portal's.
  const [, base, own] = script.src.split(/[?#]/)[0].match(/^(.*?)(?:\/p\/([^/]+))?\/[^/]*$/);
  const origins = [server || base, ...list(mirrors)].map((one) => one.replace(/\/$/, ''));
  const path = '/p/' + (portal || own) + '/';
  /** @type {import('./loader').Assets} */
  const assets = /** @type {any} */ ("__ASSETS__");
  /** @type {() => RequestInit} */
  const limited = () => ({ credentials: 'omit', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout?.(6e3) });
  const interval = 3e4;

  /** The origin that answered last. */
  let home = origins[0];
  /** By how many milliseconds the server's clock is ahead of the visitor's; 0 before the first answer. */
  let ahead = 0;
  /**
   * The server's time when it was heard last.
   * @type {number | undefined}
   */
  let heard;
  /** @type {PublicState} The document that holds. */
  let current;
  /** @type {PublicState | 0} A sample in its place. */
  let sample;
  /** @type {boolean | undefined} Whether that is shown as if it were none. */
  let plain;
  /** @type {PublicState} A hint of the visitor's own browser. */
  let hint;
  /** @type {PublicState} Which of them is shown. */
  let shown;
  /**
   * The language that the visitor chose; forgotten with the page.
   * @type {string | undefined}
   */
  let wish;
  /**
   * The element that the loader makes where the page offers none.
   * @type {HTMLElement | undefined}
   */
  let general;
  /**
   * Host element → what stands in it.
   * @type {Map<Element, Place>}
   */
  const places = new Map();
  /**
   * Id of a notice → the revision that was announced; before, whether it was there with the page (0) or came later (1).
   * @type {Record<string, string | number>}
   */
  const announced = {};
  /**
   * What the page was told of last.
   * @type {string | undefined}
   */
  let said;
  /**
   * Whether the rest of a document that has only what a banner needs is still to come. The page is told of the whole one.
   * @type {boolean | undefined}
   */
  let awaits;
  /**
   * The first time that a server is asked for more.
   * @type {Promise<void> | undefined}
   */
  let asked;

  const now = () => Date.now() + ahead;
  /** Some polls may fail before anybody is told. */
  const isOld = () => now() - heard > 15e4;

  /* ---- what is painted ---- */

  /** @type {<N extends keyof HTMLElementTagNameMap>(name: N | 'umleitung-notice', text?: string, className?: string) => HTMLElementTagNameMap[N]} */
  const make = (name, text, className = '') => /** @type {any} */ (Object.assign(document.createElement(name), { className, textContent: text }));

  /**
   * What the server has told of a notice in each of the portal's languages; of a fifty-first one, or if it is old, nothing but the title.
   * @type {import('./loader').Loan['briefly']}
   */
  const briefly = ({ brief, title, id }, tag) => brief?.[tag] || /** @type {any} */ ({ title: { s: title[tag] || Object.values(title)[0] }, lines: [], more: id });

  /**
   * The lines without their clothes, where what paints a banner has not come.
   * @type {(notice: Notice, tag: string) => HTMLElement}
   */
  const bare = (notice, tag) => {
    const { lang, dir, kicker, title, lines, more } = briefly(notice, tag);
    const box = make('section', '', 'banner');
    Object.assign(box, { lang: lang || tag, dir, ariaLabel: title.s });
    const line = make('p');
    line.append(Object.assign(make('a', more), { href: home + '/' + notice.url.slice(1) }));
    box.append(make('p', kicker), make('h2', title.s), ...lines.map(({ s }) => make('p', s)), line);
    return box;
  };

  /* ---- places ---- */

  /** The portal's language that fits the wish best: the same tag, else with ever less of its end (RFC 4647, "lookup"). */
  const language = () => {
    const parts = list([wish, lang, document.documentElement.lang, 0] + '')[0].toLowerCase().split(/[^a-z\d]+/);
    let found;
    for (; parts[0] && !found; parts.pop()) found = shown.languages.find((tag) => tag.toLowerCase() == parts.join('-'));
    return found || shown.languages[0];
  };

  /**
   * Changes a host without moving what the visitor reads below it.
   * @type {(host: HTMLElement, change: () => void) => void}
   */
  const steady = (host, change) => (assets.steady ? assets.steady(host, change) : change());

  /** @type {(host: HTMLElement) => Place} */
  const open = (host) => {
    const root = host.shadowRoot || host.attachShadow({ mode: 'open' });
    // Live regions are there before they say something, or they are not heard.
    root.replaceChildren(...['status', 'alert'].map((role) => Object.assign(make('div', '', 'v'), { role })));
    const place = /** @type {Place} */ ({ host, root, boxes: [] });
    places.set(host, place);
    return place;
  };

  /** @type {(place: Place) => void} */
  const close = ({ host, root, widget }) => {
    places.delete(host);
    steady(host, () => {
      widget?.free();
      host == general ? host.remove() : root.replaceChildren();
    });
  };

  /**
   * A file of the widget's: from where the loader is, else from where the state is.
   * @type {(name: string, integrity: string) => Promise<any>}
   */
  const load = async (name, integrity) => {
    for (const at of new Set([base, home])) {
      try {
        const href = at + assets.files + name;
        // An altered file is refused, here and, for what comes from elsewhere than the cache, where the browser heeds the link.
        await fetch(href, { ...limited(), integrity });
        document.head.append(Object.assign(make('link'), { rel: 'modulepreload', href, integrity, crossOrigin: '' }));
        return await import(href);
      } catch {
        // The other may have it.
      }
    }
  };
  /** Its code, fetched once. */
  let code;
  const getCode = async () => (await (code ||= load('/widget.js', assets.hash))) || (code = 0);
  /** What paints the banner and finds its place: it came with the loader where there was trouble already. */
  const prepare = async () => {
    const hash = !assets.settle && (await getCode()).placement;
    if (hash) Object.assign(assets, (await load('/placement.js', hash))?.default);
  };

  /**
   * Reads out what is new, once, in a place where it is heard; what nobody can hear now is tried again.
   * @type {ReturnType<typeof setTimeout> | 0}
   */
  let saying;
  const saySoon = () => { saying ||= setTimeout(say, 200); };
  const say = () => {
    saying = 0;
    places.forEach(({ host, root, state: { notices } }) => {
      try {
        const fresh = notices.find(({ id, revision, stage }) => announced[id] != revision + stage);
        if (!fresh) return;
        if (assets.deaf?.(host)) return saySoon();
        // Urgent is only an outage that begins under the visitor's eyes.
        const urgent = announced[fresh.id] == 1 && fresh.timing == 'current' && fresh.kind == 'outage';
        const tag = language();
        const { lang, title, say: words = title } = briefly(fresh, tag);
        const region = /** @type {HTMLElement} */ (root.children[urgent ? 1 : 0]);
        region.lang = words.lang || lang || tag;
        region.textContent = words.s;
        // Who reads on through the page later does not come upon what may no longer be so.
        setTimeout(() => { region.textContent = ''; }, 9e3);
        for (const { id, revision, stage } of notices) announced[id] = revision + stage;
      } catch {
        // What cannot be read cannot be read out.
      }
    });
  };

  /** Whether what is shown is to be marked as one. */
  const isSample = () => !!sample && !plain;

  /**
   * What this lends to the file that paints.
   * @type {import('./loader').Loan}
   */
  const loan = {
    briefly,
    language,
    now,
    getCode,
    /** When the server was heard last, if that is long ago. */
    since: () => isOld() && heard,
    circumstances: () => [now(), home, isSample(), heard, loan.wish],
    wish(tag) {
      wish = tag;
      render();
    },
    get home() { return home; },
    get shown() { return shown; },
    /** Kept once the rest of a short document has come, or has not. */
    get asked() { return asked; },
  };

  /** @type {(place: Place, state: PublicState, services: string) => void} */
  const show = (place, state, services) => {
    const { host, root, widget } = place;
    const tag = language();
    const key = [state.revision, services, tag, state.notices.map(({ id }) => id), isSample(), assets.callable?.(briefly(state.notices[0], tag), now())?.s, isOld()].join();
    if (key == place.key) return;
    place.key = key;
    const isSmall = host == general ? compact != null : host.hasAttribute('compact');
    const isWhole = place.isWhole ?? (whole != null || host.hasAttribute('open') || !!(host == general && assets.opens?.(state)));
    Object.assign(place, { state, services, isSmall, isWhole });
    steady(host, () => {
      if (!widget || !place.isWhole) {
        if (assets.paint) assets.paint(place, loan);
        else {
          place.boxes.forEach((box) => box.remove());
          root.append(...(place.boxes = state.notices.map((notice) => bare(notice, tag))));
        }
      }
      widget?.state(state, now(), isSample(), services, tag);
    });
    saySoon();
    if (!widget && !place.isSmall) assets.bring?.(place, loan);
  };

  /**
   * The services that are named, by their ids. A slip of the pen must hide nothing.
   * @type {(words: string | null | undefined, state: PublicState) => string[]}
   */
  const named = (words, state) => {
    const ids = list(words?.toLowerCase());
    return assets.slips?.(ids, state) ? [] : ids;
  };

  /**
   * What concerns one of these services. A notice that names none concerns the whole portal.
   * @type {(ids: string[]) => (service: { id: string }) => boolean}
   */
  const isIn = (ids) => ({ id }) => !ids[0] || ids.includes(id);
  /** @type {(ids: string[]) => (notice: Notice) => boolean} */
  const concerns = (ids) => ({ affected }) => !affected[0] || affected.some(isIn(ids));

  /**
   * What the tag is narrowed to: by itself, or by the portal's rules for its pages.
   * @type {(state: PublicState) => string[]}
   */
  const scope = (state) => named(service || assets.rule?.(state), state);

  /**
   * Shows what is to be shown in all its places. What an element on the page tells, the general place leaves out.
   * @type {(news?: unknown) => void}
   */
  const render = (news) => {
    /** @type {(state?: PublicState) => Notice[]} */
    const within = (state) => state?.notices.filter(concerns(scope(state))) || [];
    shown = sample || (hint && !within(current).some(({ timing, kind }) => kind != 'information' && timing == 'current') ? hint : current);
    if (!shown) return;
    for (const { id } of shown.notices) announced[id] ??= news ? 1 : 0;
    const about = current && scope(current);
    if (current && !awaits && said != current.revision + about) {
      said = current.revision + about;
      const detail = { status: current.status, services: current.services.filter(isIn(about)), notices: within(current) };
      dispatchEvent(new CustomEvent('umleitung:change', { detail: umleitung.current = detail }));
    }
    /** @type {(host: HTMLElement, ids: string[], notices: Notice[]) => void} */
    const put = (host, ids, notices) => {
      const place = places.get(host);
      if (notices[0]) show(place || open(host), { ...shown, notices }, ids.join(' '));
      // A part of the page that was made on a server may tell what is over.
      else place ? close(place) : host?.shadowRoot?.replaceChildren();
    };
    /** @type {Notice[]} */
    const elsewhere = [];
    /** @type {Element} */
    let at;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('umleitung-notice'))) {
      // A page that copies itself copies the general element, too.
      if (element.dataset.general) {
        element == general || element.remove();
        continue;
      }
      const ids = named(element.getAttribute('service'), shown);
      const notices = shown.notices.filter(concerns(ids));
      put(element, ids, notices);
      // Who cannot see this place has to find it at the top.
      if (!element.hasAttribute('compact') && !assets.hidden?.(element, renderSoon)) elsewhere.push(...notices);
    }
    const rest = within(shown).filter((notice) => !elsewhere.includes(notice));
    if (rest[0]) {
      try {
        at = document.querySelector(target);
      } catch {
        // What is no selector finds nothing.
      }
      at ||= document.body;
      if (!at) return setTimeout(renderSoon, 99);
      if (!general?.isConnected) {
        // Not the same again: regions that come back filled would speak a second time.
        general?.remove();
        general = make('umleitung-notice');
        general.dataset.general = String(++made);
        assets.enter?.(general, at, renderSoon) ?? at.prepend(general);
      }
    }
    put(general, scope(shown), rest);
    if (rest[0]) assets.settle?.(general, at, renderSoon);
    // What the page has taken out is over.
    places.forEach((place) => place.host.isConnected || close(place));
  };

  /** The page has changed under the notices. Where it takes them out again and again, they come ever later. */
  let due, made = 0;
  const renderSoon = () => {
    due ||= setTimeout(() => {
      due = 0;
      try {
        render();
        places.forEach(({ host, widget }) => steady(host, () => widget?.tick(now(), heard)));
      } catch {
        // What stands there stays.
      }
    }, made ** 2);
  };

  /**
   * Takes a document if it is one and says something new.
   * @type {string | undefined}
   */
  let newest;
  /** @type {(state: PublicState) => Promise<void>} */
  const accept = async (state) => {
    if (state?.v !== 1 || newest === state.revision) return;
    newest = state.revision;
    const before = current;
    try {
      if (state.notices[0]) await prepare();
      if (newest != state.revision) return;
      current = state;
      awaits = state.revision.endsWith('~');
      sample = 0;
      render(before);
      // A clock that is wrong by hours would tell wrong hours, and there may be more to tell.
      if (state.notices[0] && !ahead) asked = poll();
    } catch {
      current = before;
    }
  };

  /* ---- transport ---- */

  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  /** @type {EventSource} */
  let source;
  /** When a server was asked or heard last, on a clock that nobody sets. */
  let last = performance.now();

  /** Tells what has changed by time alone. */
  const pulse = () => {
    if (live == 'off') heard = now();
    renderSoon();
  };

  const poll = async () => {
    const before = newest;
    last = performance.now();
    for (const one of origins) {
      try {
        const answer = await fetch(one + path + 'state.json', { ...limited(), cache: 'no-cache' });
        const state = await answer.json();
        const age = answer.headers.get('age');
        // A cache or a mirror may lag behind, and a stream may have been faster. The first server itself knows best.
        if (state.v !== 1 || newest != before || (age || one != origins[0]) && Date.parse(state.generated_at) < Date.parse(current?.generated_at)) continue;
        const date = Date.parse(answer.headers.get('date'));
        if (date) ahead = date + +age * 1e3 - Date.now();
        // A cache may answer for a server that does not.
        heard = date || now();
        home = one;
        await accept(state);
        if (!isOld()) return pulse();
      } catch {
        // The next one may know.
      }
    }
    // What came with the page counts from its own time, but only once asking has failed; and there is no more of it.
    awaits = false;
    heard ||= Date.parse(current?.generated_at);
    pulse();
  };

  const listen = () => {
    source = new EventSource(origins[0] + path + 'events');
    /** @type {(name: string, take: (message: any) => void) => void} */
    const on = (name, take) => source.addEventListener(name, ({ data }) => {
      try {
        take(JSON.parse(data));
        heard = now();
        last = performance.now();
        pulse();
      } catch {
        // As if it had not come.
      }
    });
    on('clock', (time) => { ahead = time - Date.now(); });
    on('state', accept);
  };

  /** Goes on while somebody looks, at intervals that differ from visitor to visitor. A line that is silent for so long is asked anew. */
  const follow = () => {
    clearTimeout(timer);
    if (live == 'off' || document.hidden) return source?.close();
    if (live == 'sse' && !(source?.readyState < 2)) listen();
    const spread = 1 + Math.random() / 5;
    timer = setTimeout(async () => {
      if (performance.now() - last >= interval) {
        source?.close();
        await poll();
      }
      follow();
    }, Math.max(last + interval * spread - performance.now(), 1e3 * spread));
  };

  /** "Open now" goes with the clock, on each full minute. */
  let helper = !!(probe || worker);
  const tick = async () => {
    made >>= 1;
    pulse();
    setTimeout(tick, 6e4 - (now() % 6e4));
    const attend = helper && (await getCode()).attend;
    if (helper && attend) {
      attend(probe, worker, origins, path, (/** @type {PublicState} */ found) => {
        // Not before all is there that it is shown with.
        prepare().then(() => {
          hint = found;
          renderSoon();
        });
      });
      helper = false;
    }
  };

  const umleitung = window.umleitung = {
    /** The `detail` of the last `umleitung:change`. */
    current: /** @type {unknown} */ (null),
    /**
     * Shows a portal owner what a notice will look like: a given document, or a sample of the portal's own. `null` ends it. It is marked as a
     * sample, unless `asIs` says that whoever sees it knows.
     */
    async preview(document, asIs) {
      plain = asIs;
      sample = document === undefined ? await (await fetch(home + path + 'sample.json', limited())).json() : document;
      if (sample) await prepare();
      render();
    },
  };

  const begin = async () => {
    const state = /** @type {any} */ ("__STATE__");
    if (state && performance.navigation?.type != 2) accept(state);
    else await poll();
    follow();
    tick();
    document.addEventListener('visibilitychange', follow);
    // On the way back a browser shows the page, or the loader, as it was.
    addEventListener('pageshow', ({ persisted }) => persisted && poll());
    window.navigation?.addEventListener('currententrychange', renderSoon);
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
