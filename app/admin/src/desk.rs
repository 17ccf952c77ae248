//! What the page knows: who is signed in, the catalogue, the notices, the server's clock. One value, copied everywhere.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use api::{Condition, ProblemKind, SecondFactor, Session};
use domain::{
    access::{Role, Where},
    catalogue::{Catalogue, Portal, dependencies::Dependents},
    notice::{Content, Notice},
    text::{Language, Localized},
    words::{PortalId, ServiceId},
};
use jiff::Timestamp;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    calls::{self, Listing},
    clock::{self, Zone},
    failure::Failure,
    route::Route,
    tongue::{self, Tongue},
    unsaved::{self, Heir},
    words,
};

/// How often the situation is fetched while the page is visible.
const REFRESH: Duration = Duration::from_secs(10);
/// So many of those that are over are shown.
const RECENT: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Calm,
    /// Somebody has just come; a link to their account stands beside it.
    Welcome,
    Grave,
    /// No answer came. It holds until one comes.
    Lost,
}

/// Nothing to say.
const QUIET: (String, Tone) = (String::new(), Tone::Calm);

/// What takes back what was just done to a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Undo {
    pub(crate) id: String,
    /// The transition that takes it back.
    pub(crate) action: &'static str,
    pub(crate) key: String,
}

/// Codes that are told once, and that nobody has said to have kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unkept {
    /// The name of the person whose they are.
    pub(crate) of: String,
    pub(crate) codes: Vec<String>,
    /// The heading below which they stand.
    pub(crate) heading: &'static str,
    /// What is said to whoever goes away from them.
    pub(crate) warning: &'static str,
}

/// See the module.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) session: RwSignal<Option<Session>>,
    /// Whether the first question to the server, who is signed in, is answered.
    pub(crate) asked: RwSignal<bool>,
    /// Set with the first sign-in, unset by signing out. A session that merely ends leaves it, so that typed text stays.
    pub(crate) catalogue: RwSignal<Option<Arc<Catalogue>>>,
    /// Drafts and what is not over, newest first; `None`: not fetched yet.
    pub(crate) open: RwSignal<Option<Vec<Notice>>>,
    /// What is over, latest end first.
    pub(crate) recent: RwSignal<Vec<Notice>>,
    /// The server's clock at the last tick.
    pub(crate) now: RwSignal<Timestamp>,
    /// Seconds by which the server's clock is ahead of the browser's.
    ahead: RwSignal<i64>,
    /// Counts the fetches; pages with their own data fetch when it grows.
    pub(crate) tick: RwSignal<u32>,
    /// Whether the last fetch was answered.
    pub(crate) reachable: RwSignal<bool>,
    /// How much waits for a second person's answer, of what the person may read.
    pub(crate) waiting: RwSignal<usize>,
    /// What is wrong with the server.
    pub(crate) conditions: RwSignal<Vec<Condition>>,
    /// What just happened, shown and announced; and whether something went wrong.
    message: RwSignal<(String, Tone)>,
    /// What was just done, and can be taken back for a moment.
    pub(crate) undo: RwSignal<Option<Undo>>,
    /// Codes that would be lost with the page.
    pub(crate) unkept: RwSignal<Option<Unkept>>,
    /// What to say at the next place.
    parting: StoredValue<(String, Tone)>,
    pub(crate) route: RwSignal<Route>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            session: RwSignal::new(None),
            asked: RwSignal::new(false),
            catalogue: RwSignal::new(None),
            open: RwSignal::new(None),
            recent: RwSignal::new(Vec::new()),
            now: RwSignal::new(clock::browser_now()),
            ahead: RwSignal::new(0),
            tick: RwSignal::new(0),
            reachable: RwSignal::new(true),
            waiting: RwSignal::new(0),
            conditions: RwSignal::new(Vec::new()),
            message: RwSignal::new(QUIET),
            undo: RwSignal::new(None),
            unkept: RwSignal::new(None),
            parting: StoredValue::new(QUIET),
            route: RwSignal::new(Route::current()),
        }
    }

    /// Follows the address and fetches by the clock, for as long as the page lives.
    pub(crate) fn start(self) {
        window_event_listener(leptos::ev::hashchange, move |_| {
            self.message.set(self.parting.get_value());
            self.parting.set_value(QUIET);
            self.route.set(Route::current());
            if self.route.get_untracked() != Route::Account {
                self.warn_of_unkept();
            }
        });
        // Who comes back to a page that the browser has kept comes to something new.
        window_event_listener(leptos::ev::pagehide, move |_| {
            self.parting.set_value(QUIET);
            self.goes_on();
        });
        spawn_local(async move {
            if !matches!(self.route.get_untracked(), Route::Setup(_) | Route::Invitation(_)) {
                self.ask_session().await;
            }
            self.asked.set(true);
        });
        set_interval(
            move || {
                if document().visibility_state() == web_sys::VisibilityState::Visible {
                    self.look();
                }
            },
            REFRESH,
        );
        document_visible(move || self.look());
        window_event_listener(leptos::ev::online, move |_| self.look());
    }

    /// Looks how things are: the situation, or, after a first question without an answer, who is signed in.
    fn look(self) {
        if self.session.with_untracked(Option::is_some) {
            self.refresh();
        } else if !self.reachable.get_untracked() {
            spawn_local(self.ask_session());
        }
    }

    async fn ask_session(self) {
        match calls::session().await {
            Ok(session) => self.enter(session).await,
            Err(Failure::SignedOut) => self.is_back(),
            Err(failure) => self.failed(&failure),
        }
    }

    /// An answer came, so what was said about none is over.
    fn is_back(self) {
        self.reachable.set(true);
        if self.message.with_untracked(|(_, tone)| *tone == Tone::Lost) {
            self.hush();
        }
    }

    /// Takes a session up: fetches the catalogue, where it is not there yet, and the situation.
    pub(crate) async fn enter(self, session: Session) {
        if unsaved::hand_over(&session.name) == Heir::Other {
            // What stands in the forms was typed by the person before.
            self.catalogue.set(None);
        }
        self.drop_codes_of_others(&session);
        if session.second_factor == SecondFactor::Needed {
            // Nothing else is answered before.
            self.catalogue.set(Some(Arc::default()));
            self.session.set(Some(session));
            return;
        }
        let mut catalogue = self.catalogue.get_untracked();
        if catalogue.is_none() {
            match calls::catalogue().await {
                Ok(fetched) => catalogue = Some(Arc::new(fetched)),
                Err(failure) => {
                    self.failed(&failure);
                    return;
                }
            }
        }
        let situation = calls::open_notices().await;
        // All of it is painted at once.
        self.catalogue.set(catalogue);
        self.hush();
        if Route::was_refused_elsewhere() {
            self.warn(words::say().provider_refused.to_owned());
        }
        self.session.set(Some(session));
        self.take(situation, true).await;
        self.fetch_further().await;
    }

    /// Ends the session and forgets everything, typed text included.
    pub(crate) fn sign_out(self) {
        if self.warn_of_unkept() {
            return;
        }
        spawn_local(async move {
            if let Err(failure @ (Failure::NoAnswer | Failure::Refused(_))) = calls::sign_out().await {
                self.failed(&failure);
                return;
            }
            self.forget();
        });
    }

    /// Nobody sees the codes of somebody who was here before.
    fn drop_codes_of_others(self, session: &Session) {
        let is_others = |unkept: &Unkept| unkept.of != session.name;
        if self.unkept.with_untracked(|unkept| unkept.as_ref().is_some_and(is_others)) {
            self.unkept.set(None);
        }
    }

    /// Says that there are codes that nobody has kept; `false`: there are none.
    pub(crate) fn warn_of_unkept(self) -> bool {
        let warning = self.unkept.with_untracked(|unkept| unkept.as_ref().map(|unkept| unkept.warning));
        if let Some(warning) = warning {
            self.warn(warning.to_owned());
        }
        warning.is_some()
    }

    /// Forgets everything of a session that was ended, typed text included.
    pub(crate) fn forget(self) {
        self.undo.set(None);
        self.unkept.set(None);
        self.hush();
        self.session.set(None);
        self.catalogue.set(None);
        self.open.set(None);
        self.recent.set(Vec::new());
        unsaved::forget();
        Route::Overview.go();
    }

    /// Tells what has been done.
    pub(crate) fn say(self, text: String) {
        self.message.set((text, Tone::Calm));
    }

    /// Tells what went wrong.
    pub(crate) fn warn(self, text: String) {
        self.message.set((text, Tone::Grave));
    }

    /// Somebody turns to something else by themselves: what was done before is no news any more, unless it can still be taken back.
    pub(crate) fn goes_on(self) {
        let is_done = !untrack(|| self.message_is_grave()) && self.undo.with_untracked(Option::is_none);
        if is_done && self.message.with_untracked(|(text, _)| !text.is_empty()) {
            self.hush();
        }
    }

    pub(crate) fn hush(self) {
        self.say(String::new());
    }

    /// What just happened; empty: nothing to say.
    pub(crate) fn message(self) -> String {
        self.message.with(|(text, _)| text.clone())
    }

    pub(crate) fn message_is_grave(self) -> bool {
        self.message.with(|(_, tone)| matches!(tone, Tone::Grave | Tone::Lost))
    }

    pub(crate) fn message_is_welcome(self) -> bool {
        self.message.with(|(_, tone)| *tone == Tone::Welcome)
    }

    /// Shows the start page to somebody who has just come, with a word to them.
    pub(crate) fn welcome(self, text: String) {
        if self.session.with_untracked(Option::is_some) {
            self.parting.set_value((text, Tone::Welcome));
        }
        Route::Overview.replace();
    }

    /// Goes somewhere and says there what has just happened.
    pub(crate) fn go_with(self, route: &Route, message: String) {
        if self.route.get_untracked() == *route {
            self.say(message);
        } else {
            // Said by the handler of the change of address, which otherwise clears what was said before.
            self.parting.set_value((message, Tone::Calm));
            route.go();
        }
    }

    /// Deals with what any call may come back with: a session that is over brings the sign-in form.
    pub(crate) fn failed(self, failure: &Failure) {
        match failure {
            Failure::NoAnswer => self.lost(failure.sentence()),
            Failure::SignedOut => {
                self.session.set(None);
                self.warn(failure.sentence());
            }
            Failure::Waits(_) => self.say(failure.sentence()),
            Failure::Stale | Failure::Refused(_) => self.warn(failure.sentence()),
        }
    }

    /// No answer came: says this until one comes, and looks at once whether only that one was lost.
    pub(crate) fn lost(self, text: String) {
        self.reachable.set(false);
        self.message.set((text, Tone::Lost));
        if self.session.with_untracked(Option::is_some) {
            self.refresh();
        }
    }

    /// Fetches the catalogue: somebody has changed it, or may have.
    pub(crate) fn refresh_catalogue(self) {
        spawn_local(async move {
            if let Ok(catalogue) = calls::catalogue().await {
                self.catalogue.set(Some(Arc::new(catalogue)));
            }
        });
    }

    /// Fetches the situation.
    pub(crate) fn refresh(self) {
        spawn_local(self.fetch(false));
    }

    /// Fetches the situation, and what is over too: after an own action.
    pub(crate) fn refresh_all(self) {
        spawn_local(self.fetch(true));
    }

    async fn fetch(self, all: bool) {
        if untrack(|| self.lacks_factor()) {
            return;
        }
        self.take(calls::open_notices().await, all).await;
        self.fetch_further().await;
    }

    /// Takes the situation up as it was answered.
    async fn take(self, situation: Result<Listing, Failure>, all: bool) {
        match situation {
            Ok(listing) => {
                self.is_back();
                self.ahead.set(listing.now.as_second() - clock::browser_now().as_second());
                self.now.set(listing.now);
                let gone = self.open.with_untracked(|open| {
                    open.iter()
                        .flatten()
                        .any(|old| old.stage.is_some() && !listing.notices.iter().any(|notice| notice.id == old.id))
                });
                if self.open.with_untracked(|open| open.as_ref() != Some(&listing.notices)) {
                    self.open.set(Some(listing.notices));
                }
                self.tick.update(|tick| *tick += 1);
                // It takes another request, so it is read only when something may have joined what is over.
                if (all || gone)
                    && let Ok(listing) = calls::past_notices().await
                {
                    let now = listing.now;
                    let mut over: Vec<_> = listing
                        .notices
                        .into_iter()
                        .filter(|notice| notice.published_at.is_some() && notice.stage_at(now).is_some_and(|stage| stage.is_final()))
                        .collect();
                    over.sort_by_key(|notice| std::cmp::Reverse(notice.ended_at(now)));
                    over.truncate(RECENT);
                    self.recent.set(over);
                }
            }
            Err(Failure::SignedOut) => self.failed(&Failure::SignedOut),
            // Since the last question their role has come to need one.
            Err(Failure::Refused(problem)) if problem.kind == ProblemKind::SecondFactorNeeded => self.learn_session(),
            Err(_) => {
                self.reachable.set(false);
                self.now.set(self.server_now());
            }
        }
    }

    /// What stands beside the situation. An answer that does not come is told by the next question.
    async fn fetch_further(self) {
        if self.session.with_untracked(Option::is_none) {
            return;
        }
        if let Ok(conditions) = calls::conditions().await
            && self.conditions.with_untracked(|known| *known != conditions)
        {
            self.conditions.set(conditions);
        }
        if let Ok(waiting) = calls::waiting().await
            && self.waiting.get_untracked() != waiting
        {
            self.waiting.set(waiting);
        }
    }

    /// The server's clock right now.
    pub(crate) fn server_now(self) -> Timestamp {
        let browser = clock::browser_now();
        Timestamp::from_second(browser.as_second() + self.ahead.get_untracked()).unwrap_or(browser)
    }

    /// The catalogue, or an empty one before it is there.
    pub(crate) fn known(self) -> Arc<Catalogue> {
        self.catalogue.get().unwrap_or_default()
    }

    /// The catalogue without following its changes.
    pub(crate) fn known_untracked(self) -> Arc<Catalogue> {
        self.catalogue.get_untracked().unwrap_or_default()
    }

    /// The zone in which times are typed and read: that of the first portal.
    pub(crate) fn zone(self) -> Zone {
        Zone::new(&self.time_zone())
    }

    /// The name of that zone.
    pub(crate) fn time_zone(self) -> String {
        let catalogue = self.known_untracked();
        let first = catalogue.portals.first();
        first.map_or("Europe/Berlin", |portal| portal.time_zone.as_str()).to_owned()
    }

    /// Whether the person at the desk has at least this role, wherever it is.
    pub(crate) fn may(self, role: Role) -> bool {
        self.holds(role, Where::Somewhere)
    }

    /// Whether they have it on all portals that show this content, as far as they know them, and on those that showed it.
    pub(crate) fn may_on(self, role: Role, content: &Content, shown_on: &BTreeSet<PortalId>) -> bool {
        let mut portals: BTreeSet<PortalId> = self.portals_of(content).into_iter().map(|portal| portal.id).collect();
        portals.extend(shown_on.iter().cloned());
        // What concerns nothing yet may still come to concern something of theirs.
        let place = if portals.is_empty() {
            Where::Somewhere
        } else {
            Where::OnEach(&portals)
        };
        self.holds(role, place)
    }

    /// Asks what the person who is signed in may do by now.
    pub(crate) fn learn_session(self) {
        spawn_local(async move {
            if let Ok(session) = calls::session().await {
                self.drop_codes_of_others(&session);
                self.session.set(Some(session));
            }
        });
    }

    /// Whether they have to add a second factor before they do anything else.
    pub(crate) fn lacks_factor(self) -> bool {
        let needs = |session: &Session| session.second_factor == SecondFactor::Needed;
        self.session.with(|session| session.as_ref().is_some_and(needs))
    }

    fn holds(self, role: Role, place: Where<'_>) -> bool {
        // While the sign-in form covers the page, what is under it stays as it was.
        self.session
            .with(|session| session.as_ref().is_none_or(|session| session.grants.may(role, place)))
    }

    /// The same without following who is signed in: a place stays what it is while someone signs in again.
    pub(crate) fn may_untracked(self, role: Role) -> bool {
        untrack(|| self.may(role))
    }

    /// Every language of every portal, the first portal's first.
    pub(crate) fn languages(self) -> Vec<Language> {
        let catalogue = self.known_untracked();
        let mut languages: Vec<Language> = Vec::new();
        for language in catalogue.portals.iter().flat_map(|portal| &portal.languages) {
            if !languages.contains(language) {
                languages.push(language.clone());
            }
        }
        if languages.is_empty() {
            languages.extend(Language::parse("de"));
        }
        languages
    }

    /// A text in the language of this page; where it has none, in German, or in whichever there is.
    pub(crate) fn text(text: &Localized) -> String {
        Self::variant(text).map(|(_, text)| text.to_owned()).unwrap_or_default()
    }

    /// The language of that text, where it is another than that of the page.
    pub(crate) fn language_of(text: &Localized) -> Option<String> {
        let tag = Self::variant(text)?.0.to_string();
        (tag != tongue::spoken().tag()).then_some(tag)
    }

    fn variant(text: &Localized) -> Option<(&Language, &str)> {
        let wanted = [tongue::spoken(), Tongue::German].map(Tongue::tag);
        let of = |tag: &str| text.iter().find(|(language, _)| language.as_str() == tag);
        wanted.into_iter().find_map(of).or_else(|| text.iter().next())
    }

    pub(crate) fn service_name(self, id: &ServiceId) -> String {
        let catalogue = self.known_untracked();
        catalogue
            .services
            .iter()
            .find(|service| service.id == *id)
            .map_or_else(|| id.to_string(), |service| Self::text(&service.name))
    }

    /// Each portal with its name, in the order of the catalogue.
    pub(crate) fn known_portals(self) -> Vec<(PortalId, String)> {
        let catalogue = self.known_untracked();
        let portals = catalogue.portals.iter();
        portals.map(|portal| (portal.id.clone(), Self::text(&portal.name))).collect()
    }

    pub(crate) fn portal_name(self, id: &PortalId) -> String {
        let catalogue = self.known_untracked();
        catalogue
            .portals
            .iter()
            .find(|portal| portal.id == *id)
            .map_or_else(|| id.to_string(), |portal| Self::text(&portal.name))
    }

    /// What a notice concerns, by name: services, then whole portals.
    pub(crate) fn concerned(self, content: &Content) -> String {
        let services = content.services.iter().map(|id| self.service_name(id));
        let portals = content
            .portals
            .iter()
            .map(|id| format!("{} ({})", self.portal_name(id), words::say().whole_portal));
        services.chain(portals).collect::<Vec<_>>().join(", ")
    }

    /// Those services that depend on these, by whatever number of steps; without these themselves.
    pub(crate) fn dependents(self, of: &[ServiceId]) -> Vec<ServiceId> {
        let catalogue = self.known_untracked();
        let dependents = Dependents::of(&catalogue.services);
        let all = catalogue.services.iter().map(|service| &service.id).filter(|id| !of.contains(id));
        all.filter(|id| of.iter().any(|cause| dependents.reach(cause, id).is_some()))
            .cloned()
            .collect()
    }

    /// The portals that show such a notice.
    pub(crate) fn portals_of(self, content: &Content) -> Vec<Portal> {
        let mut touched = content.services.clone();
        touched.extend(self.dependents(&content.services));
        let concerned =
            |portal: &&Portal| content.portals.contains(&portal.id) || portal.services.iter().any(|service| touched.contains(service));
        self.known_untracked().portals.iter().filter(concerned).cloned().collect()
    }
}

fn document_visible(mut then: impl FnMut() + 'static) {
    let listener = wasm_bindgen::closure::Closure::<dyn FnMut()>::new(move || {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            then();
        }
    });
    // The page listens for as long as it lives, so the closure is never taken back.
    let _ = document().add_event_listener_with_callback("visibilitychange", wasm_bindgen::JsCast::unchecked_ref(listener.as_ref()));
    listener.forget();
}
