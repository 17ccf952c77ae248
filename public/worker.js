/*
 * The service worker's part: when the portal itself does not answer, visitors who have been there before get the fallback page
 * instead of their browser's error page. A portal installs it with a file of one line on its own origin,
 *
 *     importScripts('https://notices.example/p/musterstadt/worker.js');
 *
 * and `data-worker` on the tag. It touches nothing but whole pages: no form that is sent, no file, no request of a script.
 *
 * The server puts the address of the fallback page in the place of `page`.
 */
(() => {
  const page = "__FALLBACK__";
  const shelf = 'umleitung';
  /** A copy that is older than this, in milliseconds, is renewed in passing. */
  const fresh = 10 * 60e3;
  /** Stands in each fallback page, those of earlier releases included, and nowhere else; with the address of the portal's own notices. */
  const signs = ['class="end umleitung"', page.match(/\/p\/[^/]+\//)[0] + '"'];
  /** How long a visitor waits for a newer copy, in milliseconds, when the portal is down. */
  const patience = 3e3;

  const isOurs = (text) => signs.every((sign) => text.includes(sign));

  /** Fetches the page and keeps it. */
  const renew = async (signal) => {
    const answer = await fetch(page, { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-cache', signal });
    const text = await answer.text();
    // Anything may answer with 200 in its place: a page to sign in on, that of a hotel's network, a portal's own start page.
    if (!answer.ok || !isOurs(text)) throw new Error('this is no fallback page');
    const kept = new Response(text, { headers: { 'Content-Type': 'text/html; charset=utf-8', 'X-Kept-At': String(Date.now()) } });
    await (await caches.open(shelf)).put(page, kept.clone());
    return kept;
  };

  /** The copy; an earlier release may have kept anything. */
  const kept = async () => {
    const copy = await (await caches.open(shelf)).match(page);
    return copy && isOurs(await copy.clone().text()) ? copy : undefined;
  };

  const renewWhenOld = async () => {
    const copy = await kept();
    if (!copy || Math.abs(Date.now() - copy.headers.get('X-Kept-At')) > fresh) await renew().catch(() => {});
  };

  /** The newest fallback page that is to be had, answered as what it is: the portal does not work at the moment. */
  const fallback = async () => {
    const copy = await renew(AbortSignal.timeout?.(patience)).catch(kept);
    return copy && new Response(await copy.text(), {
      status: 503,
      statusText: 'Service Unavailable',
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Retry-After': '60',
        'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
      },
    });
  };

  // For a worker that answers pages itself and is at its wits' end.
  self.umleitungFallback = fallback;

  const answer = async (event) => {
    try {
      const response = await ((await event.preloadResponse) || fetch(event.request));
      if (![502, 503, 504].includes(response.status)) {
        event.waitUntil(renewWhenOld());
        return response;
      }
      return (await fallback()) || response;
    } catch (error) {
      const instead = await fallback();
      if (instead) return instead;
      throw error;
    }
  };

  addEventListener('install', (event) => {
    // Without a first copy it is installed all the same: the next page that works brings one.
    event.waitUntil(renew().catch(() => {}));
  });
  addEventListener('fetch', (event) => {
    if (event.request.destination == 'document' && event.request.method == 'GET') event.respondWith(answer(event));
  });
})();
