// What this engine can do of that which notices rely on: tried, not asked for by name, wherever it can be tried.
const asked = (name) => CSS.supports(name);
const tried = async (work) => {
  try {
    return (await work()) ?? true;
  } catch {
    return false;
  }
};
const digest = async (text) => {
  const hash = await crypto.subtle.digest("SHA-384", new TextEncoder().encode(text));
  return `sha384-${btoa(String.fromCharCode(...new Uint8Array(hash)))}`;
};
const loaded = (name, properties) =>
  new Promise((resolve) => {
    const element = Object.assign(document.createElement(name), properties, { onload: () => resolve(true), onerror: () => resolve(false) });
    document.head.append(element);
  });

(async () => {
  const refusals = [];
  addEventListener("securitypolicyviolation", ({ blockedURI }) => refusals.push(blockedURI));
  const other = await digest("something else");
  const same = await digest(await (await fetch("/module.js")).text());
  const wasm = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  const facts = {
    "adoptedStyleSheets": await tried(() => {
      const root = document.createElement("div").attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("p { color: red }");
      root.adoptedStyleSheets = [sheet];
    }),
    "declarative shadow DOM": await tried(() => {
      const element = document.createElement("div");
      element.setHTMLUnsafe("<p><template shadowrootmode=open>x</template></p>");
      return Boolean(element.firstChild.shadowRoot);
    }),
    "AbortSignal.timeout": await tried(() => AbortSignal.timeout(1000) instanceof AbortSignal),
    "checkVisibility": document.body.checkVisibility(),
    "EventSource": typeof EventSource === "function",
    "light-dark()": asked("color: light-dark(red, blue)"),
    "::details-content": asked("selector(::details-content)"),
    "overflow-anchor": asked("overflow-anchor: none"),
    "layout shifts are told": PerformanceObserver.supportedEntryTypes.includes("layout-shift"),
    "fetch refuses an altered file": !(await tried(async () => void (await fetch("/module.js", { integrity: other })))),
    "a script element refuses an altered module": !(await loaded("script", { type: "module", src: "/module.js?a", integrity: other })),
    "after a script element, import() is the same module":
      (await loaded("script", { type: "module", src: "/module.js?b", integrity: same })) && (await import("/module.js?b")) && globalThis.runs === 1,
    "modulepreload refuses an altered module": !(await tried(async () => {
      void loaded("link", { rel: "modulepreload", href: "/module.js?c", integrity: other });
      await import("/module.js?c");
    })),
    "WebAssembly is refused without 'wasm-unsafe-eval'": !(await tried(async () => void (await WebAssembly.instantiate(wasm)))),
  };
  // Another refusal, which every engine tells: those before it have been told by then.
  const told = new Promise((resolve) => addEventListener("securitypolicyviolation", ({ blockedURI }) => blockedURI === "inline" && resolve()));
  document.head.append(Object.assign(document.createElement("style"), { textContent: "p {}" }));
  await told;
  facts["the refusal of WebAssembly is told"] = refusals.includes("wasm-eval");
  window.facts = facts;
})();
