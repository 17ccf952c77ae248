/* What the tests of accessibility look at in a page: everything in `window.look` measures, nothing alters the page. */
(() => {
  const host = () => document.querySelector('umleitung-notice');
  /** Where the notice is: the shadow root, or the page that the server has made. */
  const root = () => host()?.shadowRoot || document.querySelector('main');
  const elements = () => [...root().querySelectorAll('*')];
  const isSeen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const around = (node) => node.parentElement || node.getRootNode().host;
  const name = (element) => `${element.localName}.${element.className.baseVal ?? element.className} "${element.textContent.trim().slice(0, 50)}"`;

  /** The visible text nodes, without what only live regions say. */
  const texts = () => {
    const found = [];
    const walk = document.createTreeWalker(root(), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node.data.trim() && isSeen(node.parentElement) && !node.parentElement.closest('.v')) found.push(node);
    }
    return found;
  };
  const boxes = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
  };

  /* ---- colours ---- */

  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  /** What is behind an element: the nearest opaque background; the page's canvas at last. */
  const ground = (element) => {
    for (let at = element; at; at = around(at)) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] == 255) return color;
    }
    return parse('Canvas');
  };
  const ratio = (color, behind) => {
    const [a, b] = [light(parse(color)), light(behind)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };

  /** Texts below 4.5:1, pictures and coloured edges below 3:1. */
  const faint = () => {
    const found = [];
    for (const node of texts()) {
      const element = node.parentElement;
      const contrast = ratio(getComputedStyle(element).color, ground(element));
      if (!(contrast >= 4.5)) found.push(`text ${contrast.toFixed(2)} ${name(element)}`);
    }
    for (const element of elements().filter(isSeen)) {
      const style = getComputedStyle(element);
      if (element.localName == 'svg') {
        const contrast = ratio(style.stroke, ground(element));
        if (!(contrast >= 3)) found.push(`picture ${contrast.toFixed(2)} in ${name(element.parentElement)}`);
      }
      const side = element.matches('.notice:not(.banner ~ .frame article), .banner') ? 'Top' : element.matches('.way, .help') ? 'Left' : '';
      if (side && style.direction == 'ltr') {
        const contrast = ratio(style[`border${side}Color`], ground(element));
        if (!(contrast >= 3) || style[`border${side}Style`] != 'solid') found.push(`edge ${contrast.toFixed(2)} of ${name(element)}`);
      }
    }
    return found;
  };

  /* ---- geometry ---- */

  /** What cannot be read because it runs out of its box, is cut off, or lies on another text. */
  const spilt = () => {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) {
      const all = [...document.querySelectorAll('body *'), ...root().querySelectorAll('*')];
      const wide = all.filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5 || element.scrollWidth > clientWidth);
      found.push(`the page is ${scrollWidth - clientWidth} px too wide: ${wide.map(name).join(', ')}`);
    }
    const lines = texts().flatMap((node) => boxes(node).map((box) => ({ node, box })));
    for (const { node, box } of lines) {
      if (box.left < -0.5 || box.right > clientWidth + 0.5) found.push(`over the edge: ${node.data.trim().slice(0, 50)}`);
      for (let at = node.parentElement; at && at != host(); at = around(at)) {
        if (getComputedStyle(at).overflow == 'visible') continue;
        const outer = at.getBoundingClientRect();
        if (box.bottom > outer.bottom + 1 || box.right > outer.right + 1) found.push(`cut off: ${node.data.trim().slice(0, 50)}`);
      }
    }
    for (const [i, one] of lines.entries()) {
      for (const other of lines.slice(i + 1)) {
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 1 && high > 2) found.push(`on each other: ${one.node.data.trim().slice(0, 40)} / ${other.node.data.trim().slice(0, 40)}`);
      }
    }
    return found;
  };

  const targets = () => elements().filter((element) => element.matches('a[href], button, summary, input, select, [tabindex]') && isSeen(element));
  /** A link in the middle of a text is as high as its line. */
  const isInSentence = (element) => getComputedStyle(element).display == 'inline' && !!element.closest('.prose');
  /** Targets below 24 by 24 pixels; those in a sentence may be, and those that keep a distance of that much from all others. */
  const small = () => {
    const all = targets().map((element) => ({ element, box: element.getBoundingClientRect() }));
    const isSmall = ({ box }) => box.width < 23.99 || box.height < 23.99;
    const middle = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
    const distance = ([x, y], { left, right, top, bottom }) => Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    const isClose = (one) => (other) => other != one && !one.element.contains(other.element) && (distance(middle(one), other.box) < 12
      || isSmall(other) && Math.hypot(middle(one)[0] - middle(other)[0], middle(one)[1] - middle(other)[1]) < 24);
    return all.filter((one) => isSmall(one) && !isInSentence(one.element) && all.some(isClose(one)))
      .map(({ element, box }) => `${box.width.toFixed(1)} × ${box.height.toFixed(1)} ${name(element)}`);
  };

  /* ---- languages ---- */

  const nearest = (node, attribute) => {
    for (let at = node.parentElement; at; at = around(at)) if (at.hasAttribute(attribute)) return at.getAttribute(attribute);
    return '';
  };
  /** Each visible text with the language and the direction that it is in for a screen reader. */
  const languages = () => texts().map((node) => ({ text: node.data.trim(), lang: nearest(node, 'lang'), dir: node.parentElement.closest('.where') ? 'ltr' : nearest(node, 'dir').replace('auto', getComputedStyle(node.parentElement).direction), painted: getComputedStyle(node.parentElement).direction }));

  /* ---- calm ---- */

  const moving = () => {
    const found = elements().flatMap((element) => ['', '::before', '::after'].flatMap((part) => {
      const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element, part || null);
      return /[1-9]/.test(transitionDuration) || animationName != 'none' || scrollBehavior == 'smooth' ? [name(element) + part] : [];
    }));
    return [...found, ...document.getAnimations().map(String)];
  };
  /** What can only be learnt by resting a pointer on it. */
  const hinted = () => elements().filter((element) => element.hasAttribute('title')).map(name);

  /* ---- what is in the way of somebody with forced colours ---- */

  const lostInForcedColours = () => {
    const found = [];
    const text = parse('CanvasText').join();
    for (const element of elements().filter(isSeen)) {
      const style = getComputedStyle(element);
      if (element.localName == 'svg' && parse(style.stroke).join() != text) found.push(`picture in ${style.stroke}: ${name(element.parentElement)}`);
      if (element.localName == 'svg' && element.getBoundingClientRect().width < 20) found.push(`no room for the picture of ${name(element.parentElement)}`);
      const side = element.matches('.notice:not(.banner ~ .frame article), .banner') ? 'Top' : element.matches('.way, .help') ? (style.direction == 'rtl' ? 'Right' : 'Left') : '';
      if (side && !(parseFloat(style[`border${side}Width`]) >= 2 && style[`border${side}Style`] == 'solid' && ratio(style[`border${side}Color`], ground(element)) >= 3)) found.push(`no edge: ${name(element)}`);
      if (element.localName == 'summary') {
        const mark = getComputedStyle(element, element.matches('.head') ? '::after' : '::before');
        if (!(ratio(mark.borderRightColor, ground(element)) >= 3)) found.push(`no mark of a fold: ${name(element)}`);
      }
      if (element.getAttribute('aria-pressed') == 'true' && !(parseFloat(style.borderTopWidth) >= 1)) found.push(`the chosen language looks like the others: ${name(element)}`);
    }
    return found;
  };

  /** The focused element, wherever it is, and how the focus is shown. */
  const focused = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(at);
    const { left, top, bottom } = at.getBoundingClientRect();
    return { is: name(at), local: at.localName, id: at.id, href: at.getAttribute('href'), within: !!host()?.shadowRoot?.contains(at), tabindex: at.getAttribute('tabindex'),
      ring: outlineStyle != 'none' && parseFloat(outlineWidth) >= 2 && ratio(outlineColor, ground(around(at))) >= 3, left, top: top + scrollY, onScreen: bottom > 0 && top < innerHeight };
  };

  const unfold = (open = true) => {
    for (const fold of root().querySelectorAll('details')) fold.open = open;
  };

  window.look = { root, texts, faint, spilt, small, targets, languages, moving, hinted, lostInForcedColours, focused, unfold, name };
})();
