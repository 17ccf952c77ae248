//! A real browser of the test's own: a driver process on a free port, one session, a fresh profile, all gone when dropped.
//!
//! Waiting is always waiting for a condition in the page, never for a while.

mod devtools;
mod driver;
mod engine;
mod firefox;
mod places;

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::{
    By, Capabilities, TypingData, WebDriver, WebElement,
    error::{WebDriverError, WebDriverErrorInner},
};

pub(crate) use self::engine::{Engine, Preference, in_each_engine};
use self::{driver::Driver, places::Place};

/// When a test gives up on a page; far beyond what anything takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// When a driver gives up on a script that waits for something: later than every test does.
pub(crate) const SCRIPT_LIMIT: Duration = Duration::from_secs(180);

/// Where visitors are, unless a test says otherwise: where the demo's portal is.
const HOME: &str = "Europe/Berlin";

/// A browser with one session. The fields are dropped in this order: the browser is gone before the next test may start one.
pub(crate) struct Browser {
    pub(crate) session: WebDriver,
    pub(crate) engine: Engine,
    _driver: Driver,
    _place: Place,
}

impl Browser {
    /// Starts a Chromium that nobody has used before.
    pub(crate) async fn start() -> Self {
        Self::start_in(Engine::Chromium).await
    }

    /// Starts a browser that nobody has used before.
    pub(crate) async fn start_in(engine: Engine) -> Self {
        Self::start_preferring(engine, Preference::Nothing).await
    }

    /// Starts a browser of a visitor who has set this for all pages.
    pub(crate) async fn start_preferring(engine: Engine, preference: Preference) -> Self {
        Self::start_with(engine, preference, HOME).await
    }

    /// Starts a browser whose clock shows the time of this zone.
    pub(crate) async fn start_where(engine: Engine, zone: &str) -> Self {
        Self::start_with(engine, Preference::Nothing, zone).await
    }

    async fn start_with(engine: Engine, preference: Preference, zone: &str) -> Self {
        let place = Place::take().await;
        let driver = Driver::start(engine, zone).await;
        if engine == Engine::Firefox {
            firefox::furnish(driver.profile()).await;
        }
        let wanted: Capabilities = serde_json::from_value(engine.capabilities(driver.profile(), preference)).unwrap();
        let session = WebDriver::new(driver.address(), wanted)
            .await
            .unwrap_or_else(|error| panic!("{engine:?} did not start: {error}"));
        // The driver ends the session, also when a test fails; the client would do it again, much more slowly.
        session.clone().leak().unwrap();
        session.set_script_timeout(SCRIPT_LIMIT).await.unwrap();
        let browser = Self {
            session,
            engine,
            _driver: driver,
            _place: place,
        };
        match engine {
            Engine::Chromium => browser.emulate(preference).await,
            Engine::Firefox => {}
            Engine::WebKit => browser.session.set_window_rect(0, 0, 1280, 900).await.unwrap(),
        }
        browser
    }

    pub(crate) async fn open(&self, url: &str) {
        self.session.goto(url).await.unwrap();
    }

    /// Runs a script in the page and returns what it returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.session
            .execute(script, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("{error}\nin: {script}"))
            .json()
            .clone()
    }

    /// Runs a script that ends by calling `done`.
    pub(crate) async fn run_until_done(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        self.session
            .execute_async(script, Vec::new())
            .await
            .unwrap_or_else(|error| panic!("{error}"))
            .json()
            .clone()
    }

    /// Runs a script that ends by calling `done`; where the page goes away meanwhile, then in the page that comes.
    async fn run_across_pages(&self, script: &str) -> Value {
        let script = format!("const done = arguments[arguments.length - 1];\n{script}");
        loop {
            match self.session.execute_async(&script, Vec::new()).await {
                Ok(done) => return done.json().clone(),
                Err(error) => {
                    let said = error.to_string();
                    // In the words of each driver.
                    let gone = [
                        "unload",
                        "script timeout",
                        "navigation",
                        "navigated",
                        "detached",
                        "no such execution context",
                    ];
                    assert!(gone.iter().any(|word| said.contains(word)), "{said}\nin: {script}");
                }
            }
        }
    }

    /// Waits until an expression is true in the page, and returns its value.
    pub(crate) async fn until(&self, expression: &str) -> Value {
        self.within(PATIENCE, expression).await
    }

    /// Waits until an expression is true in the page, and returns its value; fails after this time.
    pub(crate) async fn within(&self, patience: Duration, expression: &str) -> Value {
        let script = format!(
            // The time of an event is the browser's own, whatever a test has made of the page's clocks.
            "const time = () => new Event('look').timeStamp, end = time() + {};
            const look = () => {{
                let found;
                try {{ found = ({expression}); }} catch {{ found = null; }}
                if (found) done(found);
                else if (time() > end) done(null);
                else setTimeout(look, 20);
            }};
            look();",
            patience.as_millis()
        );
        let looked = tokio::time::timeout(patience, self.run_across_pages(&script)).await;
        let found = looked.unwrap_or(Value::Null);
        if found.is_null() {
            let seen = self.run("return location.href + '\\n' + document.readyState + '\\n' + document.body?.innerText + '\\n---\\n' + [...document.querySelectorAll('umleitung-notice')].map((host) => host.shadowRoot?.textContent).join('\\n')").await;
            panic!(
                "never true within {patience:?}: {expression}\nThe page: {}",
                seen.as_str().unwrap_or_default()
            );
        }
        found
    }

    /// The element that this selector finds, once it can be seen. Where the page replaces it, or itself, between the look and the finding:
    /// the one that comes.
    pub(crate) async fn visible(&self, selector: &str) -> WebElement {
        let quoted = json!(selector);
        loop {
            self.until(&format!("document.querySelector({quoted})?.checkVisibility()")).await;
            match self.session.find(By::Css(selector)).await {
                Ok(element) => return element,
                Err(error) => assert!(is_gone(&error), "{selector}: {error}"),
            }
        }
    }

    /// Clicks as a person does: the browser refuses if something covers the element. An element that has left the page was not clicked; then
    /// the one that comes is.
    pub(crate) async fn click(&self, selector: &str) {
        while let Err(error) = self.visible(selector).await.click().await {
            assert!(is_gone(&error), "{selector}: {error}");
        }
    }

    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        self.visible(selector).await.send_keys(text).await.unwrap();
    }

    /// Presses keys, wherever the focus is.
    pub(crate) async fn keys(&self, keys: impl Into<TypingData>) {
        let focused = self.session.active_element().await.unwrap();
        focused.send_keys(keys).await.unwrap();
    }

    /// Makes the viewport this wide and this high. Chromium can be as narrow as wanted, other windows cannot: there, a narrow page is a
    /// page in a frame.
    pub(crate) async fn viewport(&self, width: u32, height: u32) {
        if self.engine == Engine::Chromium {
            self.device(width, height).await;
            return;
        }
        let narrowest = self.engine.narrowest();
        assert!(
            width >= narrowest,
            "a window of {:?} is at least {narrowest} px wide; open the page in a frame of {width} px instead",
            self.engine
        );
        let frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]").await;
        let around = |side: usize| u32::try_from(frame[side].as_u64().unwrap()).unwrap();
        self.session
            .set_window_rect(0, 0, width + around(0), height + around(1))
            .await
            .unwrap();
        self.until(&format!("innerWidth == {width} && innerHeight == {height}")).await;
    }

    /// Opens a page that shows another one in a frame, and goes into that frame: from now on scripts and selectors are of that page.
    pub(crate) async fn open_framed(&self, url: &str) {
        self.open(url).await;
        self.session.enter_frame(0).await.unwrap();
        self.until("location.href != 'about:blank' && document.readyState == 'complete'")
            .await;
    }
}

/// True where a driver says that an element is not, or no longer, in the page.
fn is_gone(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::NoSuchElement(_) | WebDriverErrorInner::StaleElementReference(_)
    )
}
