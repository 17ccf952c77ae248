// What may stand in a notice's shadow root, and what has to stay as it was on the page around it. Used by both trials.

/** Elements that show text and nothing else. */
const NAMES = new Set(
  ('div p span strong small em b i h1 h2 h3 h4 h5 h6 ul ol li dl dt dd summary details header footer main aside nav article section ' +
    'time a button select option abbr bdi bdo br hr slot svg path').split(' '),
);

const ATTRIBUTES = /^(class|lang|dir|id|href|value|data-open|hreflang|rel|datetime|open|type|role|tabindex|hidden|inert|viewBox|d|title|translate|part|aria-[a-z]+)$/;

const PROTOCOLS = ['https:', 'http:', 'mailto:', 'tel:'];

/** The first thing in a tree that does not belong there. */
export const foreignIn = (root) => {
  for (const element of root.querySelectorAll('*')) {
    if (!NAMES.has(element.localName)) return 'an element ' + element.localName;
    for (const { name, value } of element.attributes) {
      if (!ATTRIBUTES.test(name)) return 'an attribute ' + name + '=' + value.slice(0, 80) + ' at ' + element.localName;
    }
    // The browser's own reading of the address.
    if (element.hasAttribute('href') && !PROTOCOLS.includes(element.protocol)) {
      // What is no address at all leads nowhere.
      if (element.protocol != ':' || element.localName != 'a') return 'a link to ' + element.getAttribute('href').slice(0, 80);
    }
    if (element.shadowRoot) return 'a shadow root of its own';
  }
  return null;
};

/** Everything of a page but the notices: markup, names on window, and what all objects inherit. */
export const own = (page) => {
  const copy = page.document.documentElement.cloneNode(true);
  copy.querySelectorAll('umleitung-notice').forEach((notice) => notice.replaceChildren());
  // The tag, and the link by which the loader has the widget's code checked.
  copy.querySelectorAll('script[src], link[rel=modulepreload]').forEach((tag) => tag.remove());
  // Where the loader made its place, the page has one element more.
  copy.querySelectorAll('body > umleitung-notice:not([data-own])').forEach((notice) => notice.remove());
  const inherited = [page.Object, page.Array, page.String, page.Function].map((kind) => Reflect.ownKeys(kind.prototype).map(String).sort());
  const names = Object.keys(page).filter((name) => !/^(\d+|umleitung)$/.test(name));
  return JSON.stringify([copy.outerHTML, inherited, names.sort()], null, 1);
};

/** The lines that differ. */
export const difference = (before, after) => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [...old.filter((line) => !now.includes(line)).map((line) => '- ' + line), ...now.filter((line) => !old.includes(line)).map((line) => '+ ' + line)].join('\n');
};
