/*
 * How the notice behaves as a guest: where it comes to lie on somebody's page, who can see it there, when it can be heard, and that nothing
 * moves under a reader. The loader works without this file, at the top of `body`; with it, it looks where the notice came to lie.
 *
 * The server puts the object that stands here into the loader itself where there is trouble already; else it comes with the widget's code.
 * Each function is a wish of the loader, which asks before it calls. The build puts the banner's sheet in its gap.
 */
/**
 * @typedef {import('./loader').Wishes} Wishes
 * @typedef {import('./loader').Soon} Soon
 * @typedef {{ beside: number[][], over: number[] }} Measures
 */
export default (() => {
  /** Longer than two lines: where a headline begins at the latest, in pixels below the upper edge of the notice. */
  const HEADLINE = 48;
  /** A share of the window up to which something that covers it is an edge of it: a bar, a column. */
  const EDGE = 0.45;
  const PICTURE = 'iframe,canvas,embed,object,video';
  const DIALOG = 'dialog,[role=dialog],[role=alertdialog],[aria-modal=true]';

  /** @type {(element: Element) => Element} */
  const above = (element) => element.assignedSlot || element.parentElement || /** @type {ShadowRoot} */ (element.getRootNode()).host;
  /** @type {(element: Element) => Element[]} */
  const ancestors = (element) => {
    const all = [];
    for (let at = above(element); at; at = above(at)) all.push(at);
    return all;
  };
  const cutting = /hidden|clip/;
  /** @type {(style: CSSStyleDeclaration) => boolean} */
  const cuts = ({ overflowY }) => cutting.test(overflowY);

  /** An old browser shows the notice unstyled. */
  const canDress = window.CSSStyleSheet?.prototype.replaceSync && 'adoptedStyleSheets' in document;
  const sheet = canDress && new CSSStyleSheet();
  sheet?.replaceSync?.("__LOOK__");

  /**
   * Puts the banner's sheet on, beside what its place asks for.
   * @type {Wishes['dress']}
   */
  const dress = (root) => {
    if (canDress) root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets.slice(1)];
  };

  /* ---- what it is about ---- */

  /**
   * Since when nothing newer has come through, in the server's words.
   * @type {Wishes['since']}
   */
  const since = (words, heard, tag, { time_zone: timeZone }) => words.replace('{}', new Date(heard).toLocaleString(tag, { timeZone }));

  const odd = new Set();
  /**
   * Whether one of these services is none of the portal's; whoever looks into the console is told.
   * @type {Wishes['slips']}
   */
  const slips = (ids, { known }) => {
    const unknown = known && ids.find((id) => !known.includes(id));
    if (unknown && !odd.has(unknown)) console.warn(`umleitung: this portal has no service "${unknown}", so everything is shown. It has: ${known.join(' ')}`);
    odd.add(unknown);
    return !!unknown;
  };

  /** @type {(state: import('./loader').PublicState) => import('state').PageRule | undefined} */
  const ruleOf = ({ pages }) => {
    const here = [location.pathname, location.hostname + location.pathname];
    const fits = (/** @type {import('state').PageRule} */ { at }) => here.some((one) => (at.endsWith('*') ? one.startsWith(at.slice(0, -1)) : one == at));
    return pages?.find(fits);
  };
  /**
   * What the portal's rules say that this page is about, the narrowest first.
   * @type {Wishes['rule']}
   */
  const rule = (state) => ruleOf(state)?.services.join();
  /**
   * Whether they say that all is to be seen here.
   * @type {Wishes['opens']}
   */
  const opens = (state) => ruleOf(state)?.open;

  /* ---- where a reader is ---- */

  /**
   * Changes a host without moving what the visitor reads below it; nothing is left to do where the browser has anchored the page.
   * @type {Wishes['steady']}
   */
  const steady = (host, change, edge = host.getBoundingClientRect().bottom) => {
    // What scrolls: the page, or a part of it.
    const box = [host, ...ancestors(host)].find(({ scrollTop }) => scrollTop);
    // What is left below the upper edge; unlike the host's own edge it also knows of margins that no longer collapse.
    const rest = () => box?.scrollHeight - box?.scrollTop;
    const isAbove = edge < Math.max(box?.getBoundingClientRect().top, 1);
    const before = rest();
    change();
    if (isAbove) box.scrollBy({ top: rest() - before, behavior: 'instant' });
  };

  /**
   * Looks anew at a place in which something has grown.
   * @type {Wishes['grown']}
   */
  const grown = (host) => watched.get(host)?.later();

  /* ---- who sees and hears it ---- */

  /** @type {(element: Element) => boolean} */
  const isMute = (element) => element.hasAttribute('inert') || element.getAttribute('aria-hidden') == 'true';

  /**
   * Shapes that leave nothing of an element, as computed styles tell them.
   * @type {(style: CSSStyleDeclaration) => boolean}
   */
  const isCutAway = ({ clipPath, clip, position }) => {
    if (/^(inset\(([5-9]\d|\d{3,})(\.\d+)?%|(circle|ellipse)\(0(px|%)?[ )]|polygon\((0(px|%)? 0(px|%)?(, )?)+\))/.test(clipPath)) return true;
    const [top, right, bottom, left] = /** @type {any[]} */ (clip.match(/-?[\d.]+/g) || []);
    return /absolute|fixed/.test(position) && (right - left < 20 || bottom - top < 8);
  };

  /** @type {(host: Element) => boolean} */
  const isHidden = (host) => {
    const { left, right, top, bottom, width: wide, height } = host.getBoundingClientRect();
    // What is left of it by each part of the page around it.
    /** @type {Record<string, number>} */
    const box = { left, right, top, bottom };
    // A place that nothing stands in yet has no height.
    const isEmpty = !host.shadowRoot && height < 8;
    if (wide < 20 || (height < 8 && !isEmpty) || host.checkVisibility?.() === false) return true;
    let fixed = false;
    let shining = 1;
    for (const at of [host, ...ancestors(host)]) {
      const style = getComputedStyle(at);
      shining *= +style.opacity * +(style.filter.match(/opacity\(([\d.]+)\)/)?.[1] ?? 1);
      if (shining < 0.1 || isCutAway(style)) return true;
      fixed ||= style.position == 'fixed';
      // The host is visible whatever is around it, in a menu for example that is not.
      if (at == host) continue;
      if (style.visibility != 'visible' || style.contentVisibility == 'hidden') return true;
      if (!at.matches('html,body') && isMute(at)) return true;
      if (at.localName == 'details' && !/** @type {HTMLDetailsElement} */ (at).open && !host.closest('summary')) return true;
      const { overflowX, overflowY } = style;
      if ((overflowX == 'visible' && overflowY == 'visible') || at.matches('html,body')) continue;
      const cut = /** @type {DOMRect & Record<string, any>} */ (at.getBoundingClientRect());
      if (cut.width < 20 || (cut.height < 8 && !isEmpty)) return true;
      for (const [overflow, start, end] of [[overflowX, 'left', 'right'], [overflowY, 'top', 'bottom']]) {
        if (cutting.test(overflow) && !isEmpty && (box[end] <= cut[start] || box[start] >= cut[end])) return true;
        // What scrolls brings everything in it to where it is itself.
        if (/auto|scroll/.test(overflow)) [box[start], box[end]] = [cut[start], cut[end]];
      }
    }
    // Beyond an edge to which nobody can scroll.
    const { scrollLeft, scrollTop, scrollWidth } = document.scrollingElement || document.documentElement;
    const page = getComputedStyle(document.documentElement);
    const { overflowX } = page.overflowX == 'visible' ? getComputedStyle(document.body) : page;
    const [x, y, width] = fixed ? [0, 0, innerWidth] : [scrollLeft, scrollTop, cutting.test(overflowX) ? document.documentElement.clientWidth : Math.max(scrollWidth, innerWidth)];
    const start = page.direction == 'rtl' ? innerWidth - width : 0;
    return box.right + x <= start || box.left + x >= start + width || box.bottom + y <= 0 || (fixed && box.top >= innerHeight);
  };

  /**
   * Whether nobody can come to see what stands in a place. `soon` is called when that may have changed.
   * @type {Wishes['hidden']}
   */
  const hidden = (host, soon) => {
    watch(host, soon);
    return isMute(host) || isHidden(host);
  };

  /**
   * The document and every open shadow root in it: libraries of components keep their dialogs there.
   * @type {(root: Document | ShadowRoot) => (Document | ShadowRoot)[]}
   */
  const roots = (root) => [root, ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? roots(shadowRoot) : []))];

  /**
   * Whether no screen reader would read out what is written into a place now.
   * @type {Wishes['deaf']}
   */
  const deaf = (host) => {
    const around = ancestors(host);
    const leavesOut = (/** @type {Element} */ element) => element && !around.includes(element);
    const isModal = (/** @type {Element} */ element) => {
      try {
        return element.localName != 'dialog' || element.getAttribute('aria-modal') == 'true' || element.matches(':modal');
      } catch {
        return true;
      }
    };
    const isOpen = (/** @type {Element} */ element) => element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false && !isHidden(element);
    return document.hidden || document.visibilityState != 'visible' || document.prerendering || isHidden(host) || [host, ...around].some(isMute) || leavesOut(document.fullscreenElement)
      || roots(document).flatMap((root) => [...root.querySelectorAll('dialog[open],[aria-modal=true]')]).some((element) => leavesOut(element) && isModal(element) && isOpen(element));
  };

  /**
   * Sees to it that a place is judged anew when it is shown, hidden or covered.
   * @type {WeakMap<Element, { around: Element[], later: Soon, stop: () => void }>}
   */
  const watched = new WeakMap();
  /** @type {(host: Element, soon: Soon) => void} */
  const watch = (host, soon) => {
    const around = ancestors(host);
    const known = watched.get(host);
    if (known?.around.length == around.length && around.every((at, i) => at == known.around[i])) return;
    known?.stop();
    let due;
    const later = () => { due ||= setTimeout(() => { due = 0; soon(); }, 100); };
    // Its own size is no reason to try other places anew.
    const look = () => {
      tried = undefined;
      later();
    };
    // Also where a style sheet alone shows or hides it. Its size is not watched: WebKit would tell the page of an error of ours.
    const sights = new IntersectionObserver(later, { rootMargin: '99999px', threshold: [0, 0.5, 1] });
    const changes = new MutationObserver(look);
    sights.observe(host);
    for (const at of [host, ...around]) changes.observe(at, { attributes: true, attributeFilter: ['class', 'style', 'hidden', 'inert', 'open', 'aria-hidden'] });
    // What opens by itself, or moves slowly, tells so in the end.
    const events = ['toggle', 'transitionend', 'animationend', 'resize', 'load'];
    for (const name of events) addEventListener(name, look, true);
    watched.set(host, {
      around,
      later,
      stop() {
        sights.disconnect();
        changes.disconnect();
        for (const name of events) removeEventListener(name, look, true);
      },
    });
  };

  /* ---- where it comes to lie ---- */

  /** What the host wears beside its sheet: how far it keeps off the edges, in pixels (top, right, left), and where it stands otherwise. */
  let off = [0, 0, 0], base = '', worn = '';
  const extra = canDress && new CSSStyleSheet();
  /** @type {(host: HTMLElement, style: string) => void} */
  const wear = (host, style) => {
    if (style == worn) return;
    worn = style;
    extra.replaceSync(`:host{${style.replace(/;/g, '!important;')}}`);
    const { shadowRoot: root } = host;
    if (!root.adoptedStyleSheets.includes(extra)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, extra];
  };
  /** @type {(host: HTMLElement, ...edges: number[]) => void} */
  const keepOff = (host, ...edges) => {
    off = edges;
    wear(host, base + (edges.some((edge) => edge) ? `padding:${edges[0]}px ${edges[1]}px 0 ${edges[2]}px;box-sizing:border-box;` : ''));
  };
  /**
   * In the flow of the page, off no edge.
   * @type {(host: HTMLElement) => void}
   */
  const rest = (host) => {
    base = '';
    keepOff(host, 0, 0, 0);
  };

  /**
   * What lies over the upper part of the host, now or once the visitor is back at the top.
   * @type {(host: HTMLElement) => Element | undefined}
   */
  const coverOf = (host) => {
    const box = host.getBoundingClientRect();
    const [top, right, left] = off;
    const inView = box.bottom > 0 && box.top < innerHeight;
    const start = (inView ? box.top : box.top + ancestors(host).reduce((sum, { scrollTop }) => sum + scrollTop, 0)) + top;
    const width = box.width - left - right;
    for (const down of [6, Math.min(HEADLINE, (box.height - top) / 2)]) {
      for (const part of [0.03, 0.5, 0.97]) {
        for (const element of document.elementsFromPoint(box.left + left + width * part, start + down)) {
          if (element.contains(host)) break;
          // The outermost one that is lifted out of the page's flow.
          const lifted = [element, ...ancestors(element)].filter((at) => !at.contains(host) && getComputedStyle(at).position != 'static').pop();
          const isFixed = lifted && getComputedStyle(lifted).position == 'fixed';
          if ((inView || isFixed) && !(lifted || element).closest(DIALOG) && !lifted?.querySelector(DIALOG)) return lifted || element;
        }
      }
    }
  };

  /** @type {(cover: Element, box: DOMRect) => boolean} */
  const isEdge = (cover, box) => {
    const { width, height } = cover.getBoundingClientRect();
    return width < box.width * EDGE || height < innerHeight * EDGE;
  };

  /**
   * Moves what is told out from under a bar or a column at the edge of the window; gives what covers it still.
   * @type {(host: HTMLElement) => Element | undefined}
   */
  const dodge = (host) => {
    for (let round = 0; ; round += 1) {
      const cover = coverOf(host);
      if (!cover || round == 4) return cover;
      const box = host.getBoundingClientRect();
      const edge = cover.getBoundingClientRect();
      const [top, right, left] = off;
      if (edge.width < box.width * EDGE) {
        if (edge.left - box.left < box.right - edge.right) keepOff(host, top, right, Math.ceil(edge.right - box.left));
        else keepOff(host, top, Math.ceil(box.right - edge.left), left);
      } else if (edge.height < innerHeight * EDGE) keepOff(host, Math.ceil(edge.bottom - Math.max(box.top, 0)), right, left);
      else return cover;
    }
  };

  /**
   * Whether a cover is the page itself, rather than a question or a curtain before it.
   * @type {(cover: Element) => boolean}
   */
  const isPage = (cover) => {
    // A picture or a page of its own has no text, however much it shows.
    const shows = cover.matches(PICTURE) || cover.querySelector(PICTURE) ? 200 : 0;
    return ((/** @type {HTMLElement} */ (cover).innerText || '').trim().length + shows) * 2 > document.body.innerText.trim().length;
  };

  /** @type {(host: HTMLElement, target: Element, cover?: Element) => boolean} */
  const isFine = (host, target, cover = coverOf(host)) => {
    if (isHidden(host)) return false;
    const box = host.getBoundingClientRect();
    if (cover && (isEdge(cover, box) || isPage(cover))) return false;
    // In a place of its own choice it is as wide and as high up as the portal wants it.
    if (target != document.body && target.contains(host)) return true;
    const room = host.parentElement.clientWidth || innerWidth;
    const y = box.top + ancestors(host).reduce((sum, { scrollTop }) => sum + scrollTop, 0);
    return box.width > Math.min(room, innerWidth) * 0.7 && y < innerHeight * 0.6;
  };

  /**
   * Where the page itself lies over the host or under it, that lies over its lower edge.
   * @type {(host: HTMLElement) => void}
   */
  const lift = (host) => {
    const { left, top, width } = host.getBoundingClientRect();
    const isLifted = (/** @type {Element} */ element) => !element.contains(host) && [element, ...ancestors(element)].some((at) => !at.contains(host) && getComputedStyle(at).position != 'static' && isPage(at));
    if (document.elementsFromPoint(left + width / 2, Math.max(top, 0) + 6).some(isLifted)) wear(host, 'position:fixed;inset:auto 0 0;z-index:2147483647;max-height:40vh;overflow:auto;');
  };

  /**
   * The sizes of what stands beside the host, and how much of it is out of sight.
   * @type {(host: HTMLElement, parent?: Element) => Measures}
   */
  const measure = (host, parent = host.parentElement) => {
    const beside = /** @type {HTMLElement[]} */ ([...(parent == document.documentElement ? document.body : parent).children]).filter((one) => one != host).slice(0, 60);
    const over = [document.scrollingElement || document.documentElement, parent].map(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    return { beside: beside.map((one) => [one.offsetWidth, one.offsetHeight]), over };
  };

  /**
   * Whether what the host has come beside is as it was: as wide, no higher, and to be reached.
   * @type {(host: HTMLElement, before: Measures) => boolean}
   */
  const isWhole = (host, before) => {
    const { parentElement: parent } = host;
    const after = measure(host);
    // A scroll bar may have come, and what scrolls may give some of its height away.
    const isOther = (/** @type {number[]} */ [width, height], /** @type {number[]} */ [wide, high]) => Math.abs(width - wide) > 20 || height > high + 60 || height < high / 2;
    if (after.beside.some((one, i) => isOther(one, before.beside[i]))) return false;
    const page = getComputedStyle(document.documentElement);
    const own = getComputedStyle(parent);
    const lost = [
      cuts(page.overflowY == 'visible' ? getComputedStyle(document.body) : page),
      parent != document.documentElement && (cuts(own) || (own.position == 'fixed' && own.overflowY == 'visible')),
    ];
    return !after.over.some((over, i) => lost[i] && over > before.over[i] + 1);
  };

  /**
   * Places to try, in this order. Into a part of the page only once nobody takes it over any more.
   * @param {HTMLElement} host
   * @param {Element} target
   */
  function* spots(host, target) {
    const { body } = document;
    if (target != body) yield () => target.prepend(host);
    yield () => body.prepend(host);
    const cover = coverOf(host);
    yield () => body.before(host);
    const isBig = (/** @type {Element} */ element) => element.clientWidth > innerWidth * 0.6 && element.clientHeight > innerHeight * EDGE;
    const scrolls = (/** @type {Element} */ element) => /auto|scroll/.test(getComputedStyle(element).overflowY);
    const inside = [...body.querySelectorAll('*')].filter((element) => isBig(element) && scrolls(element) && !element.closest(DIALOG));
    for (const part of [cover && isPage(cover) && cover, ...inside.slice(0, 3), cover && isPage(cover) && cover.querySelector('main')]) {
      if (part && !part.matches(PICTURE) && document.readyState == 'complete' && !isTakenOver(part)) yield () => part.prepend(host);
    }
  }

  /** @type {string} The circumstances in which all places were tried last. */
  let tried;
  /** @type {number} How high the host was then. */
  let tall;
  /**
   * What was measured at the first place before the host came.
   * @type {Measures | undefined}
   */
  let without;
  /**
   * Looks where the host came to lie, and takes it elsewhere where it cannot be read or the page is not whole.
   * @type {Wishes['settle']}
   */
  const settle = (host, target, soon) => {
    watch(host, soon);
    if (!extra || host.shadowRoot.activeElement) return;
    if (waits) return dock(host);
    const isThere = target == document.body || target.contains(host);
    if (!isThere) watch(target, soon);
    // At first, and once it has grown, also whether the page is whole.
    const { offsetHeight: height } = host;
    if (tried && height < tall * 1.2 && isThere && isFine(host, target)) return;
    tall = height;
    const stamp = [height >> 7, innerWidth, innerHeight, document.readyState, isThere || isHidden(target), document.body.childElementCount, coverOf(host)?.localName].join();
    if (stamp == tried) return;
    tried = stamp;
    steady(host, () => {
      for (const go of spots(host, target)) {
        if (!without) {
          go();
          // As it is without the host: a page may style its first child.
          const { parentElement: parent, nextSibling: next } = host;
          host.remove();
          without = measure(host, parent);
          parent.insertBefore(host, next);
        }
        const before = without;
        without = undefined;
        rest(host);
        if (isFine(host, target, dodge(host)) && isWhole(host, before)) return;
      }
      // Nowhere: over the lower edge of the page, where it can at least be read.
      rest(host);
      document.body.prepend(host);
      lift(host);
    });
  };

  /* ---- while a page is being taken over by its own script ---- */

  /*
   * A framework that takes over what a server has written (React's `hydrateRoot`) compares it node by node, and where it finds one of ours
   * it builds the page anew: what somebody has typed meanwhile is lost. It minds nothing behind the last child of `body`. So until that
   * can be over, the host stands there, and room for it is made at the top by style alone: what is seen is the same.
   */
  /** @type {(node: Node | null, start: string) => boolean} */
  const has = (node, start) => node && Object.keys(node).some((key) => key.startsWith(start));
  /**
   * Whether React has begun to take over the page around this element and has not come to it yet.
   * @type {(element: Element) => boolean}
   */
  const isTakenOver = (element) => {
    for (let at = /** @type {Node} */ (element); at; at = at.parentNode) {
      const first = at == element ? element.firstElementChild : at == document ? document.body : element;
      if (has(at, '__reactContainer$') && !has(first, '__reactFiber$')) return true;
    }
    return false;
  };
  /**
   * A script that may do so: one of another file, or a module.
   * @type {(script: HTMLScriptElement) => boolean}
   */
  const isForeign = ({ src, type }) => (src ? !/\/umleitung\.js([?#]|$)/.test(src) : type == 'module');
  /** A page whose scripts have all run when it has loaded shows by then whether React is there. */
  const isLate = () => window.ReactDOM || [...document.scripts].some((script) => isForeign(script) && (script.defer || script.async || script.type == 'module'));
  /** Milliseconds after which another page that has loaded is no longer expected to be taken over, as long as nothing is typed. */
  const LATE = 8e3;
  /** @type {(element: EventTarget | null) => boolean} */
  const isField = (element) => /** @type {HTMLElement} */ (element)?.matches('input,textarea,select,[contenteditable]');
  let typed = false;
  const hasTyped = () => typed || isField(document.activeElement)
    || /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('input,textarea')]).some(({ value, defaultValue, type }) => value != defaultValue && !/hidden|submit|button/.test(type));

  /** @type {HTMLElement} The host that waits at the end of `body`. */
  let waits;
  /** @type {string} For which size of everything room was made. */
  let docked;
  const room = canDress && new CSSStyleSheet();
  const withoutRoom = () => document.adoptedStyleSheets.filter((sheet) => sheet != room);

  /**
   * Goes to the real place once React has been everywhere, or nobody is expected any more.
   * @type {(target: Element, soon: Soon) => void}
   */
  const stay = (target, soon) => {
    const { body } = document;
    const last = new MutationObserver(() => {
      if (waits.parentNode == body && body.lastChild != waits) body.append(waits);
    });
    last.observe(body, { childList: true });
    const note = (/** @type {Event} */ { target: field }) => { typed ||= isField(field); };
    addEventListener('input', note, true);
    /** @type {number} */
    let loaded;
    const go = () => {
      loaded ??= performance.now();
      const isReact = [document, ...document.querySelectorAll('body,body>*')].some((node) => has(node, '__reactContainer$'));
      if (isTakenOver(body) || isTakenOver(target) || (!isReact && isLate() && (performance.now() - loaded < LATE || hasTyped()))) return setTimeout(go, 250);
      last.disconnect();
      removeEventListener('input', note, true);
      const host = waits;
      const held = /** @type {HTMLElement} */ (host.shadowRoot?.activeElement);
      waits = undefined;
      steady(host, () => {
        document.adoptedStyleSheets = withoutRoom();
        if (!host.shadowRoot || !host.isConnected) return;
        rest(host);
        (target.isConnected ? target : document.body).prepend(host);
        held?.focus({ preventScroll: true });
      });
      soon();
    };
    if (document.readyState == 'complete') go();
    else addEventListener('load', go, { once: true });
  };

  /**
   * Puts a new, empty host into the page.
   * @type {Wishes['enter']}
   */
  const enter = (host, target, soon) => {
    tried = docked = undefined;
    base = worn = '';
    off = [0, 0, 0];
    without = undefined;
    const isEarly = document.readyState != 'complete' && [...document.scripts].some(isForeign);
    if (canDress && (waits || isEarly || isTakenOver(target))) {
      document.body.append(host);
      if (!waits) stay(target, soon);
      waits = host;
    } else {
      without = measure(host, target);
      target.prepend(host);
    }
    return host;
  };

  /**
   * Lets the host, which is the last child of `body`, be seen where it would lie at the top.
   * @type {(host: HTMLElement) => void}
   */
  const dock = (host) => {
    const { body, documentElement: root } = document;
    const size = () => [innerWidth, body.clientWidth, host.offsetHeight, document.readyState, getComputedStyle(body).display].join();
    if (docked == size()) return;
    steady(host, () => {
      document.adoptedStyleSheets = withoutRoom();
      const before = getComputedStyle(body, '::before').content;
      rest(host);
      // Exactly as the first child of a body that lets its content flow; else above a body that does not.
      const isFlow = /^(block|flow-root)$/.test(getComputedStyle(body).display) && getComputedStyle(body).columnCount == 'auto';
      let at = { left: scrollX * -1, top: scrollY * -1, width: root.clientWidth };
      if (isFlow) {
        body.prepend(host);
        at = host.getBoundingClientRect();
        body.append(host);
      }
      const place = (/** @type {number} */ left, /** @type {number} */ top) => {
        base = `position:absolute;left:${left}px;top:${top}px;width:${at.width}px;`;
        keepOff(host, ...off);
      };
      place(0, 0);
      const now = host.getBoundingClientRect();
      place(at.left - now.left, at.top - now.top);
      dodge(host);
      const height = host.offsetHeight;
      const isFree = isFlow && /^(none|normal)$/.test(before);
      room.replaceSync(isFree ? `body::before{content:""!important;display:flow-root!important;height:${height}px!important}` : `html{padding-top:${height}px!important}`);
      document.adoptedStyleSheets = [...withoutRoom(), room];
      lift(host);
    }, body.getBoundingClientRect().top);
    docked = size();
  };

  return { dress, since, slips, rule, opens, steady, grown, hidden, deaf, enter, settle };
})();
