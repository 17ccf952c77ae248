/*
 * The banner: what stands of a notice on somebody's page until they ask for more. It is painted once, from lines that the server has told,
 * and stays; the widget fills the fold below it.
 *
 * Like `placement.js` this is an object of wishes of the loader, and both are one file as served. What the loader lends: `briefly` (what the
 * server has told of a notice), `language`, `now`, `getCode`, `circumstances`, `shown`, `home`, `asked`, `since` and `wish`.
 */
/**
 * @typedef {import('./loader').Place} Place
 * @typedef {import('./loader').Loan} Loan
 * @typedef {import('./loader').Notice} Notice
 * @typedef {import('./loader').Line} Line
 * @typedef {import('./loader').PublicState} PublicState
 */
export default (() => {
  /** So many further notices are named; the others are counted, as is what is over beside what is not. */
  const NAMED = 3;
  /**
   * What the tones look like, on a field of 24 by 24.
   * @type {Record<string, string>}
   */
  const PICTURES = {
    danger: 'M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 16.5v.5',
    warning: 'M12 3 1.5 21h21zM12 10v5M12 17.8v.2',
    info: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M12 11v6M12 7v.3',
    success: 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20M7.5 12.5l3 3 6-6.5',
  };

  /** @type {<N extends keyof HTMLElementTagNameMap>(name: N, text?: string, className?: string) => HTMLElementTagNameMap[N]} */
  const make = (name, text = '', className = '') => Object.assign(document.createElement(name), { className, textContent: text });

  /**
   * A line that the server has told, in its language.
   * @type {<N extends keyof HTMLElementTagNameMap>(name: N, line: Line, className?: string) => HTMLElementTagNameMap[N]}
   */
  const told = (name, { s, lang }, className) => {
    const element = make(name, s, className);
    if (lang) Object.assign(element, { dir: 'auto', lang });
    return element;
  };

  /** @type {(href: string, line: Line, className?: string) => HTMLAnchorElement} */
  const link = (href, line, className) => Object.assign(told('a', line, className), { href });

  /** @type {(tone: string) => SVGElement} */
  const picture = (tone) => {
    const [svg, path] = ['svg', 'path'].map((name) => document.createElementNS('http://www.w3.org/2000/svg', name));
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    path.setAttribute('d', PICTURES[tone] || PICTURES.info);
    svg.append(path);
    return svg;
  };

  /**
   * A path below this server, whatever it says, or an address.
   * @type {(home: string, href: string) => string}
   */
  const address = (home, href) => (/^(https?|mailto|tel):/.test(href) ? href : home + '/' + href.replace(/^\/+/, ''));

  /**
   * Who can be reached now.
   * @type {import('./loader').Wishes['callable']}
   */
  const callable = ({ phones }, now) => phones?.find(({ open }) => !open || open.some(([from, to]) => from <= now && to > now));

  /**
   * On a page that stands for some of the services: the procedure that helps with all of these.
   * @type {(place: Place, shown: PublicState, tag: string) => (Line & { href: string }) | undefined}
   */
  const ownWay = ({ services, state: { notices: [{ id, url, affected, procedures }] } }, shown, tag) => {
    const mine = affected.filter((one) => services.split(' ').includes(one.id));
    const own = mine[0] && procedures.find((one) => mine.every((service) => service.procedures.includes(one)));
    const name = own && shown.procedures.find((one) => one.id == own)?.name;
    if (!name) return;
    const lang = name[tag] ? tag : Object.keys(name)[0];
    return { s: name[lang], lang, href: `${url}#u-${id}-${own}` };
  };

  /**
   * Whether the reader's clock shows another time than the portal's when it counts: the times as written are those of the portal's clock.
   * @type {(state: PublicState) => boolean}
   */
  const isElsewhere = ({ generated_at: now, notices }) =>
    [now, ...notices.flatMap(({ starts_at, ends_at, next_update_at }) => [starts_at, ends_at, next_update_at])]
      .some((at) => at && Math.abs(Date.parse(at.slice(0, 19)) - Date.parse(at)) > 6e4);

  /**
   * Whether the page's policy refuses the widget; then the control leads to the notice's own page.
   * @type {boolean}
   */
  let refused;
  /**
   * What unfolds, on its way, and in which language.
   * @type {Promise<import('./loader').Mount | undefined>}
   */
  let fetched;
  /** @type {string} */
  let spoken;
  /**
   * Fetches it once; tried again where it did not come.
   * @type {(loader: Loan) => Promise<import('./loader').Mount>}
   */
  const fetchSoon = ({ getCode, language }) => {
    const tag = language();
    if (fetched && spoken == tag) return fetched;
    spoken = tag;
    return fetched = (async () => {
      try {
        return await (await getCode()).prepare(tag);
      } catch (error) {
        fetched = undefined;
        refused = !window.WebAssembly || error instanceof WebAssembly.CompileError;
      }
    })();
  };

  /**
   * Once the page has all that it has asked for itself. Who saves data is asked first, by the control.
   * @type {(work: () => void) => void}
   */
  const whenQuiet = (work) => {
    const later = () => (window.requestIdleCallback || setTimeout)(work);
    if (navigator.connection?.saveData) return;
    if (document.readyState == 'complete') later();
    else addEventListener('load', later, { once: true });
  };

  /** @type {(loader: Loan, tag: string, label: string) => HTMLSelectElement} */
  const languages = ({ shown, wish }, tag, label) => {
    const choice = make('select', '', 'l');
    choice.ariaLabel = label;
    for (const one of shown.languages) choice.append(Object.assign(make('option', shown.controls[one]?.name || one), { value: one, lang: one }));
    choice.value = tag;
    choice.onchange = () => wish(choice.value);
    return choice;
  };

  /**
   * Whether the rest did not come when somebody asked for it; with the next document it is tried again.
   * @type {(place: Place) => boolean}
   */
  const gaveUp = ({ isRefused, state }) => isRefused == state.revision;

  /** @type {(place: Place) => void} */
  const mark = ({ boxes: [box], open }) => {
    box.toggleAttribute('data-open', !!open);
    box.querySelector('.u')?.setAttribute('aria-expanded', String(!!open));
  };

  /** @type {import('./loader').Painting & ThisType<import('./loader').Painting & import('./loader').Wishes>} */
  const painting = {
    callable,

    paint(place, loader) {
      const { root, state: { notices }, isSmall } = place;
      const tag = loader.language();
      const held = root.activeElement;
      const boxes = isSmall ? notices.map((notice, i) => this.line(place, loader, notice, tag, i)) : [this.banner(place, loader, tag)];
      this.dress(root);
      place.boxes.forEach((box) => box.remove());
      place.boxes = boxes;
      // What is unfolded stands below.
      root.querySelectorAll('[role]')[1].after(...boxes);
      if (!isSmall) mark(place);
      // Who was on something that is told anew stays there.
      if (held && !held.isConnected) /** @type {HTMLElement} */ (boxes[0].querySelector('.' + (held.className.split(' ').pop() || 'u')) || boxes[0].querySelector('.u,a')).focus({ preventScroll: true });
    },

    /** The compact form: the kind, and the title as a link. */
    line({ host }, loader, notice, tag, i) {
      const { lang, dir, tone, kicker, title } = loader.briefly(notice, tag);
      const box = make('section', '', 'banner c ' + tone + (i ? ' r' : ''));
      Object.assign(box, { lang: lang || tag, dir, ariaLabel: title.s });
      const line = make('p');
      line.append(link(host.getAttribute('href') || address(loader.home, notice.url), title));
      box.append(make('p', kicker, 'k'), line);
      return box;
    },

    banner(place, loader, tag) {
      const { host, state: { notices: [first, ...others] } } = place;
      const { shown, home } = loader;
      const now = loader.now();
      const brief = loader.briefly(first, tag);
      const { lang, dir, tone, kicker, title, lines, short, stale, more } = brief;
      // An earlier server tells neither these nor the line of times at the end; nor has what a browser sees itself any times.
      const words = shown.controls?.[tag];
      const named = others.filter(({ timing }) => first.timing == 'past' || timing != 'past').slice(0, NAMED);
      const href = host.getAttribute('href') || address(home, first.url);
      const box = make('section', '', 'banner ' + tone + (short ? ' s' : ''));
      Object.assign(box, { lang: lang || tag, dir, ariaLabel: title.s });
      const head = make('div', '', 'h');
      head.append(picture(tone), make('p', kicker, 'k'));
      const foot = make('div', '', 'foot');
      box.append(head, told('h2', title));
      if (!short) {
        const when = words && first.timing != 'seen' && lines.at(-1);
        const own = ownWay(place, shown, tag);
        // Advice to everybody follows the first line, and says no more than a way of one's own.
        const said = lines.filter((line, i) => line != when && !(own && words && i));
        box.append(...said.map((line) => told('p', line)));
        const ways = make('div', '', 'w');
        const call = callable(brief, now);
        const way = own || brief.way;
        if (way) ways.append(this.way(place, loader, way));
        if (call) ways.append(link(address(home, call.href), call, 'b call'));
        if (way || call) box.append(ways);
        if (when) {
          const line = told('p', when, 'f');
          if (words.zone && isElsewhere(place.state)) line.append(' · ' + words.zone);
          // Beside the control where nothing comes between.
          (named[0] ? box : foot).append(line);
        }
      }
      const since = stale && loader.since();
      if (since) box.append(make('p', this.since(stale, since, tag, shown), 'n'));
      if (named[0]) box.append(this.others(loader, named, tag));
      const rest = others.length - named.length;
      const label = words && (rest > 0 ? words.others.replace('{}', String(rest)) : words.unfold);
      if (place.isWhole || !words || refused || gaveUp(place)) {
        const s = words?.unfold || more;
        foot.append(Object.assign(link(href, { s }, 'a'), { ariaLabel: s + ': ' + title.s }));
      } else foot.append(this.control(place, loader, label, title.s), link(href, { s: more }, 'p'));
      // Where there is room for it in a row that is there anyway.
      if (words && shown.languages[1] && !place.isWhole) head.append(languages(loader, tag, words.language));
      box.append(foot);
      return box;
    },

    others({ briefly }, others, tag) {
      const list = make('ul', '', 'o');
      for (const notice of others) {
        const { kicker, title } = briefly(notice, tag);
        // What is over says by its kind what works again.
        const isOver = notice.timing == 'past' && kicker;
        const line = make('li', isOver ? kicker : kicker + ' · ');
        if (!isOver) line.append(told('strong', title));
        list.append(line);
      }
      return list;
    },

    /** The first thing to do. What is told further down is unfolded. */
    way(place, loader, way) {
      const anchor = link(address(loader.home, way.href), way, 'b to');
      const id = way.href.split('#')[1];
      anchor.onclick = (event) => {
        if (!id?.startsWith('u-') || refused || gaveUp(place) || place.isWhole || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.unfold(place, loader, true).then(() => {
          const fold = /** @type {HTMLDetailsElement} */ (place.root.getElementById(id));
          if (!fold) return;
          fold.open = true;
          fold.querySelector('summary').focus();
        });
      };
      return anchor;
    },

    control(place, loader, label, title) {
      const control = make('button', label, 'u');
      control.type = 'button';
      control.ariaLabel = label + ': ' + title;
      control.onclick = () => this.unfold(place, loader, !place.open);
      for (const event of ['pointerenter', 'focus', 'touchstart']) control.addEventListener(event, () => fetchSoon(loader), { passive: true });
      return control;
    },

    /** Shows or hides the rest, and says that it is coming while it is. */
    async unfold(place, loader, open) {
      place.open = open;
      mark(place);
      if (!open || place.widget) return;
      const { coming } = loader.shown.controls[loader.language()] || {};
      const note = make('p', coming);
      place.boxes[0].append(note);
      await this.enrich(place, loader);
      note.remove();
      if (place.widget || !place.boxes[0].isConnected) return;
      // It does not come: the notice has a page of its own.
      place.isRefused = place.state.revision;
      place.open = false;
      this.paint(place, loader);
    },

    /** Puts the widget below the banner, or in its place where all is to be seen. Where the page's policy refuses it, the banner stays. */
    async enrich(place, loader) {
      const { host, root } = place;
      const mount = await fetchSoon(loader);
      await loader.asked;
      // There is no more than the banner tells; or meanwhile another one was faster, or there is nothing to tell any more.
      if (!mount || loader.shown.revision.endsWith('~') || place.widget || place.boxes[0]?.getRootNode() != root) return;
      this.steady(host, () => {
        try {
          place.widget = mount({ ...place, isUnder: !place.isWhole }, ...loader.circumstances());
          if (place.isWhole) place.boxes.forEach((box) => box.remove());
        } catch (error) {
          // Compiled code may come to an end of its own, out of memory for example. The banner has told what counts, and leads on.
          console.error(error);
          for (const part of root.querySelectorAll('.frame,#languages')) part.remove();
        }
      });
      // It has grown.
      this.grown(host);
    },

    /** Brings what there is to unfold, when it is its time. */
    bring(place, loader) {
      if (place.isWhole) this.enrich(place, loader);
      else whenQuiet(async () => {
        await fetchSoon(loader);
        if (refused && place.boxes[0].isConnected && place.boxes[0].querySelector('.u')) this.paint(place, loader);
      });
    },
  };
  return painting;
})();
