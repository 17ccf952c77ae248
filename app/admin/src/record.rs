//! The record: who did what and when; what was otherwise before; what people saw at a moment; and taking content out of it.

mod changes;
mod entry;
mod seen;
mod sentence;

use api::{Entry, JournalQuery, Order};
use domain::words::Subject;
use jiff::{SignedDuration, Timestamp};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    calls,
    desk::Desk,
    draft::Moment,
    fields::{self, Faults, label},
    opened::Opened,
    route::Route,
    words::{self, record::say},
};

/// Under which name the browser keeps when this page was looked at last.
const LOOKED: &str = "umleitung-record-looked";

/// What is looked for, and what was found.
#[derive(Clone, Copy)]
struct Board {
    desk: Desk,
    from: Moment,
    until: Moment,
    subject: RwSignal<Option<Subject>>,
    /// The opaque id of somebody, and what they are called.
    actor: RwSignal<Option<(String, String)>>,
    found: RwSignal<Vec<Entry>>,
    /// Where to go on; `None`: there is no more, or nothing was asked yet.
    next: RwSignal<Option<u64>>,
    is_asked: RwSignal<bool>,
    opened: Opened,
}

impl Board {
    fn new(desk: Desk, subject: Option<Subject>) -> Self {
        let zone = desk.zone();
        Self {
            desk,
            from: Moment::new(None, &zone),
            until: Moment::end(None, &zone),
            subject: RwSignal::new(subject),
            actor: RwSignal::new(None),
            found: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            is_asked: RwSignal::new(false),
            opened: Opened::new(),
        }
    }

    fn query(self) -> JournalQuery {
        JournalQuery {
            order: Order::NewestFirst,
            from: self.from.at(),
            until: self.until.at(),
            subject: self.subject.get(),
            actor: self.actor.with(|actor| actor.as_ref().map(|(id, _)| id.clone())),
            ..JournalQuery::default()
        }
    }

    /// Asks for the first page whenever something else is looked for.
    fn follow(self) {
        Effect::new(move |_| {
            let query = self.query();
            self.is_asked.set(false);
            self.ask(query, true);
        });
    }

    fn ask(self, query: JournalQuery, anew: bool) {
        spawn_local(async move {
            let answer = calls::journal(&query).await;
            // Something else may be looked for meanwhile.
            if self.is_asked.is_disposed() || untrack(|| self.query()) != (JournalQuery { before: None, ..query }) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.found.update(|found| {
                        if anew {
                            found.clear();
                        }
                        found.extend(page.entries);
                    });
                    self.next.set(page.next);
                    self.is_asked.set(true);
                }
                Err(failure) => self.desk.failed(&failure),
            }
        });
    }

    fn go_on(self) {
        let before = self.next.get_untracked();
        self.ask(
            JournalQuery {
                before,
                ..untrack(|| self.query())
            },
            false,
        );
    }

    fn again(self) {
        self.ask(untrack(|| self.query()), true);
    }
}

/// The page; `about`: of what alone.
pub(crate) fn page(desk: Desk, about: Option<&str>) -> AnyView {
    let board = Board::new(desk, about.and_then(|about| Subject::parse(Some(about)).ok()));
    board.follow();
    let none = move || board.is_asked.get() && board.next.get().is_none() && board.found.with(Vec::is_empty);
    let waits = move || !board.is_asked.get();
    view! {
        <h1 id="heading" tabindex="-1">{words::say().record}</h1>
        <p class="quiet">{say().hint}</p>
        {seen::section(desk, board.opened)}
        {filters(board)}
        <p class="quiet" role="status" hidden=move || !waits()>{move || waits().then(|| words::say().loading)}</p>
        <p data-test="record-none" hidden=move || !none()>{say().none}</p>
        <ul class="cards" data-test="record">
            <For each=move || board.found.get() key=|entry| (entry.seq, entry.payload.is_some()) children=move |entry| view! { <li>{entry::card(board, &entry)}</li> } />
        </ul>
        <div class="row" hidden=move || board.next.get().is_none()>
            <button type="button" data-test="record-more" on:click=move |_| board.go_on()>{say().more}</button>
        </div>
    }
    .into_any()
}

fn filters(board: Board) -> AnyView {
    let desk = board.desk;
    let faults = Faults::new();
    let now = move || desk.now.get();
    let last = looked();
    let since = move |at: Option<Timestamp>| {
        board.from.set(at);
        board.until.set(None);
    };
    let ago = move |hours| {
        since(Some(
            desk.server_now()
                .saturating_sub(SignedDuration::from_hours(hours))
                .unwrap_or(Timestamp::MIN),
        ))
    };
    let since_last = last.map(|last| {
        let name = words::record::since_last(&desk.zone().moment(last, desk.now.get_untracked()));
        view! { <button type="button" class="small" data-test="record-last" on:click=move |_| since(Some(last))>{name}</button> }
    });
    let only = move || {
        let subject = board.subject.get().and_then(|subject| Some(words::record::about(&subject.name()?)));
        let actor = board.actor.get().map(|(_, name)| name);
        let both: Vec<String> = subject.into_iter().chain(actor).collect();
        (!both.is_empty()).then(|| {
            view! {
                <div class="row" data-test="record-only">
                    <p>{say().only} " " <strong>{both.join(", ")}</strong></p>
                    <button type="button" class="small" data-test="record-lift" on:click=move |_| {
                        board.subject.set(None);
                        board.actor.set(None);
                        if board.desk.route.get_untracked() != Route::Record(None) {
                            Route::Record(None).go();
                        }
                    }>{say().lift}</button>
                </div>
            }
        })
    };
    let file = move |kind: &str| calls::journal_file(kind, &board.query());
    view! {
        <section class="card" aria-label=say().from data-test="record-filters">
            <div class="row">
                {since_last}
                <button type="button" class="small" data-test="record-half-day" on:click=move |_| ago(12)>{say().half_day}</button>
                <button type="button" class="small" data-test="record-week" on:click=move |_| ago(168)>{say().week}</button>
                <button type="button" class="small" data-test="record-all" on:click=move |_| since(None)>{say().everything}</button>
            </div>
            {fields::moment(faults, label("/from", say().from, say().bounds_hint), board.from, now, None)}
            {fields::moment(faults, label("/until", say().until, say().bounds_hint), board.until, now, None)}
            {only}
            <p class="row">
                <a href=move || file("csv") download="" data-test="record-csv">{say().as_csv}</a>
                <a href=move || file("jsonl") download="">{say().as_lines}</a>
            </p>
        </section>
    }
    .into_any()
}

/// When somebody looked here last in this browser, and that they do now.
fn looked() -> Option<Timestamp> {
    let storage = window().local_storage().ok().flatten()?;
    let last = storage.get_item(LOOKED).ok().flatten().and_then(|last| last.parse().ok());
    let _ = storage.set_item(LOOKED, &crate::clock::browser_now().to_string());
    last
}
