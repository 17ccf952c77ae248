/*
 * The page in the frame of a preview. It carries the tag as any page of a portal does, and shows with it the document that stands on the frame:
 * `data-portal` and `data-lang` say for which tag, `data-state` holds the document, which may change. So what staff see is what the portal's
 * visitors get, by the same loader and the same widget, at whatever width the frame has.
 */
(() => {
  const frame = /** @type {HTMLElement | null} */ (window.frameElement);
  const screen = frame?.parentElement;
  if (!screen) return;
  const { portal, lang } = frame.dataset;

  /** As wide as it says, and as large as fits: a wide page is shown smaller where there is less room. */
  const fit = () => {
    if (!frame.offsetWidth) return;
    const height = document.body.offsetHeight;
    const scale = Math.min(1, screen.clientWidth / frame.offsetWidth);
    frame.style.blockSize = height + 'px';
    frame.style.transform = scale < 1 ? `scale(${scale})` : '';
    screen.style.blockSize = height * scale + 'px';
  };

  let shown = 0;
  let isUnfolded = false;
  const show = async () => {
    const document = JSON.parse(frame.dataset.state || 'null');
    if (!document || !window.umleitung) return;
    // Drafts of one moment are otherwise one document.
    document.revision = 'preview-' + ++shown;
    await window.umleitung.preview(document, true);
    // Nothing is read out to somebody who is writing: what would be stands below the frame.
    const root = window.document.querySelector('umleitung-notice')?.shadowRoot;
    for (const region of root?.querySelectorAll('[role=status],[role=alert]') || []) region.setAttribute('aria-live', 'off');
    // Once all is to be seen; whoever folds it up again wants it so.
    const control = root?.querySelector('button.u');
    if (!control || isUnfolded) return;
    isUnfolded = true;
    /** @type {HTMLElement} */ (control).click();
  };

  document.body.style.margin = '0';
  new ResizeObserver(fit).observe(document.body);
  new ResizeObserver(fit).observe(screen);
  new ResizeObserver(fit).observe(frame);
  new MutationObserver(show).observe(frame, { attributeFilter: ['data-state'] });
  // A document of the portal's own takes the place of any other.
  addEventListener('umleitung:change', show);
  const tag = document.createElement('script');
  tag.src = `/p/${portal}/umleitung.js`;
  tag.dataset.lang = lang;
  tag.dataset.live = 'off';
  tag.addEventListener('load', show);
  document.head.append(tag);
})();
