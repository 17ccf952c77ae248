/*
 * What a page needs only now and then, beside the widget's glue and in one file with it: the loader stays small, and one hash covers
 * both. Appended to the glue that the build generates, so `__wbg_init`, `mount` and `style` are those of that module.
 *
 * The server's build puts what the compiled widget and `placement.js` hash to in the places of two string literals.
 */
/**
 * @typedef {import('./loader').PublicState} PublicState
 * @typedef {import('./loader').Words} Words
 */

/** @type {RequestInit} */
const plain = { credentials: 'omit', referrerPolicy: 'no-referrer' };
/** Where this file is, and its neighbours. */
const folder = new URL('.', import.meta.url).href;

/** What `placement.js` beside this hashes to, for a loader that came without it. */
export const placement = "__PLACEMENT__";

/** @type {(tag: string) => Promise<Words>} */
const wordsOf = async (tag) => (await fetch(folder + 'messages/' + tag + '.json', plain)).json();

/**
 * The compiled widget, started once; what was altered on its way is refused.
 * @type {Promise<unknown>}
 */
let compiled;
/** @type {WebAssembly.CompileError} */
let refused;
const compile = async () => {
  // A page's policy does not change; asked again it would be broken again.
  if (refused) throw refused;
  try {
    return await __wbg_init({ module_or_path: fetch(folder + 'widget_bg.wasm', { ...plain, integrity: "__HASH__" }) });
  } catch (error) {
    compiled = null;
    if (error instanceof WebAssembly.CompileError) refused = error;
    throw error;
  }
};

/** @type {Set<{ words: () => void }>} Those that are mounted. */
const mounted = new Set();
/** @type {string} The language of all of them. */
let spoken;
/** @type {Words} Its words. */
let words;

/**
 * Where the portal's clocks are, if they show another time than the reader's, now or at a time that is told; empty where they agree.
 * @type {(state: PublicState, now: number) => string}
 */
const elsewhere = ({ time_zone: timeZone, notices }, now) => {
  /** @type {(at: string | number, options?: Intl.DateTimeFormatOptions) => string} */
  const shows = (at, options) => new Date(at).toLocaleString('en', options);
  try {
    /** @type {(string | number)[]} */
    const times = notices.flatMap(({ starts_at, ends_at, next_update_at }) => [starts_at, ends_at, next_update_at]);
    return [now, ...times].some((at) => at && shows(at, { timeZone }) != shows(at)) ? timeZone.split('/').pop().replaceAll('_', ' ') : '';
  } catch {
    // A zone that this browser does not know.
    return '';
  }
};

/**
 * The words for a reader in that case: no day is called today, which may be another one there, and each time says whose it is.
 * @type {(city: string) => Words}
 */
const suited = (city) => {
  if (!city) return words;
  const { moment, short } = words;
  const time = words['time.there']?.replace('{city}', city) || words.time;
  return { ...words, time, 'moment.today': moment, 'moment.tomorrow': moment, 'moment.yesterday': moment, 'short.today': short, 'short.tomorrow': short };
};

/**
 * The portal's languages, each named in itself, over a notice that is told whole.
 * @type {(choose: (tag: string) => void) => { bar: HTMLElement, show: (state: PublicState) => void }}
 */
const choice = (choose) => {
  const bar = document.createElement('nav');
  bar.id = 'languages';
  bar.className = 'bar';
  /** @type {string} */
  let shown;
  const show = (/** @type {PublicState} */ { languages }) => {
    const key = [spoken, languages].join();
    if (key == shown) return;
    shown = key;
    Object.assign(bar, { lang: words.lang, dir: words.dir, ariaLabel: words.language, hidden: !languages[1] });
    while (bar.children[languages.length]) bar.lastChild.remove();
    languages.forEach((lang, i) => {
      const button = /** @type {HTMLButtonElement} */ (bar.children[i]) || bar.appendChild(document.createElement('button'));
      Object.assign(button, { lang, type: 'button', onclick: () => choose(lang) });
      button.setAttribute('aria-pressed', String(lang == spoken));
      button.textContent = words['language.' + lang] || lang;
    });
  };
  return { bar, show };
};

/** @type {(tag: string) => Promise<void>} */
const speak = async (tag) => {
  words = await wordsOf(tag);
  spoken = tag;
  mounted.forEach((one) => one.words());
};

/**
 * Fetches what the widget needs. The answer mounts it in a place of the loader, in its own time, and takes the server's time in
 * milliseconds, the base of the notices' addresses, whether it is a preview, when the server was heard last, and what to call with
 * the language that a visitor wishes.
 * @type {import('./loader').Code['prepare']}
 */
export const prepare = async (lang) => {
  if (refused) throw refused;
  const [own] = await Promise.all([wordsOf(lang), (compiled ||= compile())]);
  return ({ root, state, services, isUnder }, now, home, preview, heard, wished) => {
    words = own;
    spoken = lang;
    const choose = async (/** @type {string} */ tag) => {
      try {
        await speak(tag);
        wished(tag);
      } catch {
        // Without the words the notice keeps its language.
      }
    };
    // Of the banner, which goes.
    const held = /** @type {HTMLAnchorElement} */ (root.activeElement);
    // A browser that cannot do this keeps the banner.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style());
    /** Who translates pages puts nodes of its own in the place of ours, so that what changes would change unseen. */
    let altered = false;
    /** @type {string} */
    let told;
    const alterations = new MutationObserver(() => { altered = true; });
    /** @type {import('./loader').Compiled} */
    let widget;
    const { bar, show } = choice(choose);
    /** @type {string} The city whose time is named. */
    let there;
    const fitting = () => suited(there = elsewhere(state, now));
    const build = (/** @type {Element | ShadowRoot} */ into) => mount(into, state, spoken, fitting(), now, home, services, preview, choose, heard, isUnder);
    /** @type {(how?: () => void) => void} */
    const change = (how) => {
      show(state);
      if (!altered && !alterations.takeRecords()[0]) how?.();
      else {
        altered = true;
        const aside = document.createElement('div');
        const other = build(aside);
        const isSame = aside.textContent == told;
        other.free();
        if (isSame) return;
        const open = root.querySelectorAll('details[open]');
        widget.free();
        widget = build(root);
        open.forEach(({ id }) => root.getElementById(id)?.setAttribute('open', ''));
        altered = false;
      }
      const frame = root.querySelector('.frame');
      told = frame.textContent;
      alterations.disconnect();
      alterations.observe(frame, { childList: true, subtree: true, characterData: true });
    };
    widget = build(root);
    if (!isUnder) root.querySelector('.frame').before(bar);
    change();
    // Behind the first one stands what the place asks for. A banner that stays keeps its own.
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.slice(0, isUnder ? 1 : 0), sheet, ...root.adoptedStyleSheets.slice(1)];
    if (held && !isUnder) keepFocus(root, held.href);
    const one = { words: () => change(() => widget.words(spoken, fitting())) };
    mounted.add(one);
    return {
      /** Beside what the widget takes, the language: that of the page may change. A loader of an earlier release does not name it. */
      state(newer, at, isPreview, about, tag) {
        [state, now, preview] = [newer, at, isPreview];
        services = about ?? services;
        change(() => widget.state(state, now, preview, services));
        if (tag && tag != spoken) speak(tag).catch(() => {});
        else if (elsewhere(state, now) != there) one.words();
      },
      tick(...when) {
        [now, heard] = when;
        change(() => widget.tick(now, heard));
      },
      free() {
        alterations.disconnect();
        mounted.delete(one);
        bar.remove();
        widget.free();
      },
    };
  };
};

/**
 * Gives the focus to the same link in the whole notice; where that one is folded away, to the first thing there.
 * @type {(root: ShadowRoot, href: string) => void}
 */
const keepFocus = (root, href) => {
  const all = /** @type {HTMLAnchorElement[]} */ ([...root.querySelectorAll('.notice :is(a, summary)')]).filter((element) => element.checkVisibility());
  (all.find((element) => element.href == href) || all[0])?.focus({ preventScroll: true });
};

/** Failures in a row after which trouble is believed; one alone may be a train in a tunnel. */
const BELIEVED = 3;
/** Milliseconds from try to try: while all is well, while it fails, and once the hint stands. */
const PAUSE = { well: 60e3, failing: 5e3, hinted: 20e3 };

/**
 * Whether the portal answers at an address of its own. What it says does not matter, unless it says itself that it is in trouble.
 * @type {(address: string) => Promise<boolean>}
 */
const answers = async (address) => {
  try {
    // Whoever sends elsewhere, to sign in for example, answers; that answer has the status 0.
    const { status } = await fetch(address, { ...plain, cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout?.(10e3) });
    return status < 500;
  } catch {
    return false;
  }
};

/** @type {(origins: string[], path: string) => Promise<PublicState | undefined>} */
const hintFrom = async (origins, path) => {
  for (const origin of origins) {
    try {
      const answer = await fetch(origin + path + 'hint.json', { ...plain, signal: AbortSignal.timeout?.(10e3) });
      const hint = await answer.json();
      if (hint.v == 1 && hint.notices[0]) return hint;
    } catch {
      // The next one may have it.
    }
  }
};

/**
 * Registers the portal's own service worker, and watches an address of the portal: after repeated failures `show` gets a hint to
 * show, which the first success takes away again (`show()`). Failures count once the address has answered: what never does, because a
 * policy forbids it for example, tells nothing.
 * @type {import('./loader').Code['attend']}
 */
export const attend = (probe, worker, origins, path, show) => {
  if (worker) register(worker);
  if (!probe) return;
  let known = false;
  let failures = 0;
  /** @type {PublicState} */
  let hint;
  const look = async () => {
    if (!document.hidden) {
      if (await answers(probe)) {
        if (failures >= BELIEVED) show();
        failures = 0;
        known = true;
      } else if (known) {
        failures += 1;
        // Asked for early: with the next failure the way to it may be gone as well.
        hint ||= await hintFrom(origins, path);
        // Trouble that comes back is news.
        if (failures == BELIEVED && hint) hint.notices[0].revision += 1;
        if (failures >= BELIEVED && hint) show(hint);
      }
    }
    const pause = !failures ? PAUSE.well : failures < BELIEVED ? PAUSE.failing : PAUSE.hinted;
    setTimeout(look, pause * (1 + Math.random() / 5));
  };
  look();
};

/** @type {(worker: string) => Promise<void>} */
const register = async (worker) => {
  try {
    await navigator.serviceWorker.register(worker);
  } catch {
    // A page without the right to one goes without.
  }
};
