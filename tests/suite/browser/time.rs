//! A page whose time the test moves: what waits for minutes comes at once, and no test does.

use crate::support::browser::SCRIPT_LIMIT;

// As in the script below.
const _: () = assert!(SCRIPT_LIMIT.as_millis() == 180_000);

/// To be the first script of a page: clocks and timers go by the page's real time and what the test has added to it, in milliseconds
/// at `data-ahead` of the root element.
pub(super) const TIME: &str = "
    {
        const real = Date.now.bind(Date), later = setTimeout, waiting = new Map();
        let count = 1e6;
        const ahead = () => Number(document.documentElement?.dataset.ahead || 0), steady = performance.now.bind(performance);
        Date.now = () => real() + ahead();
        performance.now = () => steady() + ahead();
        window.setTimeout = (what, wait = 0, ...rest) => {
            // WebKit's driver keeps its own limit for scripts with a timer of the page; that one goes by real time.
            if (wait == 180e3) return later(what, wait, ...rest);
            count += 1;
            waiting.set(count, { what, rest, due: Date.now() + Number(wait) });
            return count;
        };
        const forget = clearTimeout;
        window.clearTimeout = (id) => { waiting.delete(id) || forget(id); };
        const pump = () => {
            for (const [id, { what, rest, due }] of [...waiting].sort(([, a], [, b]) => a.due - b.due)) {
                if (due <= Date.now() && waiting.delete(id)) what(...rest);
            }
            later(pump, 5);
        };
        pump();
    }";

/// An expression that lets so many seconds pass each time it is looked at, and is true once the condition is.
pub(super) fn pass(seconds: u32, condition: &str) -> String {
    format!("(document.documentElement.dataset.ahead = Number(document.documentElement.dataset.ahead || 0) + {seconds}e3) && ({condition})")
}
