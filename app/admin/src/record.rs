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
    /// Where to go on; `None`: there is no more.
    next: RwSignal<Option<u64>>,
    is_asking: RwSignal<bool>,
    /// How often was asked: an answer to an earlier question is none.
    asked: StoredValue<u32>,
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
            is_asking: RwSignal::new(true),
            asked: StoredValue::new(0),
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
            self.found.set(Vec::new());
            self.ask(query);
        });
    }

    /// Goes on until something is found, or there is no more.
    fn ask(self, mut query: JournalQuery) {
        let number = self.asked.get_value() + 1;
        self.asked.set_value(number);
        self.next.set(None);
        self.is_asking.set(true);
        spawn_local(async move {
            loop {
                let answer = calls::journal(&query).await;
                // Something else may be looked for meanwhile, or the page was left.
                if self.asked.try_get_value() != Some(number) {
                    return;
                }
                match answer {
                    Ok(page) if page.entries.is_empty() && page.next.is_some() => {
                        query.before = page.next;
                        continue;
                    }
                    Ok(page) => {
                        self.found.update(|found| found.extend(page.entries));
                        self.next.set(page.next);
                    }
                    Err(failure) => {
                        self.next.set(query.before);
                        self.desk.failed(&failure);
                    }
                }
                return self.is_asking.set(false);
            }
        });
    }

    fn go_on(self) {
        if !self.is_asking.get_untracked() {
            let before = self.next.get_untracked();
            self.ask(JournalQuery {
                before,
                ..untrack(|| self.query())
            });
        }
    }

    fn again(self) {
        self.found.set(Vec::new());
        self.ask(untrack(|| self.query()));
    }
}

/// The page; `about`: of what alone.
pub(crate) fn page(desk: Desk, about: Option<&str>) -> AnyView {
    let board = Board::new(desk, about.and_then(|about| Subject::parse(Some(about)).ok()));
    board.follow();
    let waits = move || board.is_asking.get();
    let none = move || !waits() && board.next.get().is_none() && board.found.with(Vec::is_empty);
    view! {
        <h1 id="heading" tabindex="-1">{words::say().record}</h1>
        <p class="quiet">{say().hint}</p>
        <div class="situation">
            {seen::section(desk, board.opened)}
            {filters(board)}
            <section class="group-of-notices" aria-label=words::say().record>
                <p class="quiet" role="status" hidden=move || !waits()>{move || waits().then(|| words::say().loading)}</p>
                <p data-test="record-none" hidden=move || !none()>{say().none}</p>
                <ul class="cards" data-test="record">
                    <For each=move || board.found.get() key=|entry| (entry.seq, entry.payload.is_some()) children=move |entry| view! { <li>{entry::card(board, &entry)}</li> } />
                </ul>
                <div class="row" hidden=move || board.next.get().is_none()>
                    <button type="button" data-test="record-more" on:click=move |_| board.go_on()>{say().more}</button>
                </div>
            </section>
        </div>
    }
    .into_any()
}

fn filters(board: Board) -> AnyView {
    let desk = board.desk;
    let faults = Faults::new();
    let now = move || desk.now.get();
    let last = looked(desk);
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
                        fields::focus("heading");
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
        <section class="card" aria-label=say().filters data-test="record-filters">
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

/// For so long after a look it is the same look: whoever opens the page twice in a row has not missed anything in between.
const ONE_LOOK: SignedDuration = SignedDuration::from_hours(1);

/// When this person looked here before, in this browser; and that they do now.
fn looked(desk: Desk) -> Option<Timestamp> {
    let storage = window().local_storage().ok().flatten()?;
    let person = desk
        .session
        .with_untracked(|session| session.as_ref().map(|session| session.id.clone()))?;
    let key = format!("{LOOKED}-{person}");
    let kept = storage.get_item(&key).ok().flatten().unwrap_or_default();
    let mut looks = kept.split(' ').map(|at| at.parse::<Timestamp>().ok());
    let (before, last) = (looks.next().flatten(), looks.next().flatten());
    let now = desk.server_now();
    let is_same = last.is_some_and(|last| now.duration_since(last) < ONE_LOOK);
    let before = if is_same { before } else { last };
    let told = before.map(|at| at.to_string()).unwrap_or_default();
    let _ = storage.set_item(&key, &format!("{told} {now}"));
    before
}
