//! Whether the channels work: one switch for each, effective wherever it is offered; and where nobody is left to turn to.

use api::{Channel, ChannelOutage, Channels, Lack, Left};
use domain::{access::Role, words::Code};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Value, json};

use crate::{
    calls,
    desk::Desk,
    draft::Moment,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    opened::Opened,
    route::Route,
    words,
};

/// What the page knows, and the one form that is open.
#[derive(Clone, Copy)]
struct Board {
    desk: Desk,
    all: RwSignal<Option<Channels>>,
    /// The channel of which something is being said.
    opened: Opened,
}

impl Board {
    fn new(desk: Desk) -> Self {
        let board = Self {
            desk,
            all: RwSignal::new(None),
            opened: Opened::new(),
        };
        board.follow();
        board
    }

    /// Asks now and with every tick.
    fn follow(self) {
        Effect::new(move |_| {
            self.desk.tick.track();
            self.ask();
        });
    }

    fn ask(self) {
        spawn_local(async move {
            match calls::channels().await {
                Ok(all) => drop(self.all.try_set(Some(all))),
                Err(Failure::SignedOut) => self.desk.failed(&Failure::SignedOut),
                Err(_) => {}
            }
        });
    }

    /// Those that are out of order first. While something is being said of one, each stays where it is.
    fn ordered(self) -> Memo<Vec<Channel>> {
        Memo::new(move |before: Option<&Vec<Channel>>| {
            let mut channels = self.all.get().map(|all| all.channels).unwrap_or_default();
            channels.sort_by_key(|channel| channel.outage.is_none());
            if let Some(before) = before.filter(|_| self.opened.is_any()) {
                channels.sort_by_key(|channel| before.iter().position(|other| other.id == channel.id));
            }
            channels
        })
    }

    fn left(self) -> Memo<Vec<Left>> {
        Memo::new(move |_| self.all.get().map(|all| all.left).unwrap_or_default())
    }
}

/// The page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let board = Board::new(desk);
    view! {
        <h1 id="heading" tabindex="-1">{words::say().channels}</h1>
        <p class="quiet">{words::office::say().channels_hint}</p>
        <p class="quiet" hidden=move || board.all.with(Option::is_some)>{words::say().loading}</p>
        <div class="situation">
            {lacks(board)}
            {list(board)}
        </div>
    }
    .into_any()
}

/// What is out of order, on the start page; nothing while nothing is.
pub(crate) fn trouble(desk: Desk) -> AnyView {
    let board = Board::new(desk);
    let out = Memo::new(move |_| {
        let channels = board.all.get().into_iter().flat_map(|all| all.channels);
        channels.filter(|channel| channel.outage.is_some()).collect::<Vec<_>>()
    });
    let lines = move || {
        let told = out.get().into_iter().filter_map(|channel| {
            let told = told(desk, channel.outage.as_ref()?);
            Some(view! { <li>{name(&channel)} ": " {told}</li> })
        });
        told.collect_view()
    };
    view! {
        <section class="card warning" data-test="channels-trouble" aria-labelledby="channels-trouble-heading" hidden=move || out.with(Vec::is_empty)>
            <h2 id="channels-trouble-heading"><a href=Route::Channels.href()>{words::say().channels_out}</a></h2>
            <ul>{lines}</ul>
        </section>
        {lacks(board)}
    }
    .into_any()
}

/// Whether its number is its own name, as 115 is.
fn is_its_name(channel: &Channel) -> bool {
    Desk::text(&channel.name).contains(&channel.value)
}

/// A channel as people know it.
fn name(channel: &Channel) -> AnyView {
    let value = (!is_its_name(channel)).then(|| format!(" ({})", channel.value));
    view! { <span lang=Desk::language_of(&channel.name)>{Desk::text(&channel.name)}</span>{value} }.into_any()
}

/// Since when or from when on, and until when.
fn told(desk: Desk, outage: &ChannelOutage) -> String {
    let (zone, now) = (desk.zone(), desk.now.get());
    let until = outage.until.map(|until| zone.moment(until, now));
    words::channel_out(outage.from <= now, &zone.moment(outage.from, now), until.as_deref())
}

/// Who has nobody left.
fn lacks(board: Board) -> AnyView {
    let left = board.left();
    let desk = board.desk;
    let one = move |left: Left| {
        let portal = desk.portal_name(&left.portal);
        let what = match (&left.notice, &left.service) {
            (Some(id), _) => {
                let href = Route::Notice(id.to_string()).href();
                view! { <a href=href>{words::notice_named(id.as_str())}</a> }.into_any()
            }
            (None, Some(service)) => desk.service_name(service).into_any(),
            (None, None) => ().into_any(),
        };
        let lack = match left.lack {
            Lack::Nobody => words::say().nobody_left,
            Lack::OnlyVoice => words::say().only_voice_left,
        };
        // Whose now is later than this page's, by what the answer took.
        let now = board.all.with(|all| all.as_ref().map_or(left.from, |all| all.now));
        let from = (left.from > now).then(|| format!(" ({})", words::from_day(&desk.zone().moment(left.from, now))));
        view! { <li>{what} ", " {portal} ": " {lack} {from}</li> }
    };
    view! {
        <section class="card danger" data-test="channels-left" aria-labelledby="channels-left-heading" hidden=move || left.with(Vec::is_empty)>
            <h2 id="channels-left-heading">{words::say().left_heading}</h2>
            <ul>{move || left.get().into_iter().map(one).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn list(board: Board) -> AnyView {
    let list = board.ordered();
    view! {
        <section class="group-of-notices" data-test="channels" aria-labelledby="heading">
            <ul class="cards">
                <For each=move || list.get() key=|one| one.id.clone() children=move |channel| {
                    let id = channel.id.clone();
                    let found = move || list.with(|list| list.iter().find(|other| other.id == id).cloned());
                    let latest = Memo::new(move |_| found().unwrap_or_else(|| channel.clone()));
                    view! { <li>{card(board, latest)}</li> }
                } />
            </ul>
        </section>
    }
    .into_any()
}

/// What `channel` says may change while somebody types; the form stays.
fn card(board: Board, channel: Memo<Channel>) -> AnyView {
    let desk = board.desk;
    let id = channel.with_untracked(|channel| channel.id.to_string());
    let class = move || match channel.with(|channel| channel.outage.as_ref().map(|outage| outage.from)) {
        None => "card",
        Some(from) if from <= desk.now.get() => "card danger",
        Some(_) => "card warning",
    };
    let head = move || {
        let channel = channel.get();
        let value = (!is_its_name(&channel)).then(|| view! { <p class="value">{channel.value.clone()}</p> });
        view! { <h2 lang=Desk::language_of(&channel.name)>{Desk::text(&channel.name)}</h2>{value} }
    };
    let portals = move || {
        let portals = channel.with(|channel| channel.portals.iter().map(|id| desk.portal_name(id)).collect::<Vec<_>>());
        portals.join(", ")
    };
    let outage = move || {
        let outage = channel.get().outage?;
        let by = words::settled_by(
            words::office::say().channel_reported,
            &words::author(&outage.reported_by),
            &desk.zone().moment(outage.reported_at, desk.now.get()),
        );
        let note = outage.note.clone().map(|note| view! { <p>{note}</p> });
        Some(view! {
            <p><strong class="late">{told(desk, &outage)}</strong></p>
            {note}
            <p class="quiet">{by}</p>
        })
    };
    view! {
        <article class=class data-test=format!("channel-{id}")>
            {head}
            <p class="quiet">{portals}</p>
            {outage}
            {buttons(board, channel)}
        </article>
    }
    .into_any()
}

fn buttons(board: Board, channel: Memo<Channel>) -> AnyView {
    let desk = board.desk;
    let id = channel.with_untracked(|channel| channel.id.to_string());
    let may = move || channel.with(|channel| channel.may_report);
    let is_out = move || channel.with(|channel| channel.outage.is_some());
    let opener = format!("report-{id}");
    let is_open = board.opened.is(opener.clone());
    let once = Once::new();
    let clear = {
        let id = id.clone();
        move |_| {
            let Some(key) = once.begin() else { return };
            desk.hush();
            let (id, revision) = (id.clone(), channel.with_untracked(|channel| channel.revision));
            // What was sent without an answer is not sent again over what was said since.
            let key = format!("{key}-{revision}");
            spawn_local(async move {
                let outcome = calls::clear_channel(&id, revision, &key).await;
                if let Some(outcome) = once.ended(outcome) {
                    board.answered(outcome, words::office::say().channel_cleared, Faults::new());
                }
            });
        }
    };
    let report = move || {
        if is_out() {
            words::office::say().channel_change
        } else {
            words::office::say().channel_report
        }
    };
    // For those who go from button to button.
    let about = move |what: &str| words::said_of(what, &channel.with(|channel| Desk::text(&channel.name)));
    view! {
        <p class="quiet" hidden=move || may() || !desk.may(Role::Publisher)>{words::office::say().channel_elsewhere}</p>
        <div class="row" hidden=move || !may()>
            <button type="button" class="small primary" data-test="channel-clear" hidden=move || !is_out()
                aria-label=move || about(words::office::say().channel_clear) aria-disabled=move || once.is_busy() on:click=clear>{words::office::say().channel_clear}</button>
            {board.opened.button(opener, "channel-report", "small", report, move || Some(about(report())))}
        </div>
        {move || is_open.get().then(|| form(board, channel))}
    }
    .into_any()
}

/// What is typed about a channel that is out of order.
#[derive(Clone, Copy)]
struct Form {
    board: Board,
    channel: Memo<Channel>,
    faults: Faults,
    from: Moment,
    until: Moment,
    note: RwSignal<String>,
    /// The revision over which it was written; none once its author was told that there is a later one.
    seen: StoredValue<Option<u32>>,
    once: Once,
}

fn form(board: Board, channel: Memo<Channel>) -> AnyView {
    let desk = board.desk;
    let zone = desk.zone();
    let known = channel.with_untracked(|channel| channel.outage.clone());
    let form = Form {
        board,
        channel,
        faults: Faults::new(),
        from: Moment::new(known.as_ref().map(|outage| outage.from), &zone),
        until: Moment::end(known.as_ref().and_then(|outage| outage.until), &zone),
        note: RwSignal::new(known.and_then(|outage| outage.note).unwrap_or_default()),
        seen: StoredValue::new(Some(channel.with_untracked(|channel| channel.revision))),
        once: Once::new(),
    };
    let now = move || desk.now.get();
    view! {
        <div class="step" id="step" tabindex="-1" data-test="step-channel">
            {form.faults.summary(|_| {})}
            {fields::moment(form.faults, label("/until", words::say().channel_until, words::office::say().channel_until_hint), form.until, now, Some(|now| now))}
            {fields::moment(form.faults, label("/from", words::say().channel_from, words::office::say().channel_from_hint), form.from, now, None)}
            {fields::line(form.faults, label("/note", words::say().channel_note, words::office::say().channel_note_hint), "text", form.note)}
            <div class="row">
                <button type="button" class="primary" data-test="channel-report-confirm" aria-disabled=move || form.once.is_busy()
                    on:click=move |_| form.send()>{words::office::say().channel_report}</button>
                <button type="button" on:click=move |_| board.opened.close()>{words::say().cancel}</button>
            </div>
        </div>
    }
    .into_any()
}

impl Form {
    fn body(self) -> Value {
        let mut body = json!({});
        if let Some(from) = untrack(|| self.from.at()) {
            body["from"] = from.to_string().into();
        }
        if let Some(until) = untrack(|| self.until.at()) {
            body["until"] = until.to_string().into();
        }
        let note = self.note.get_untracked();
        if !note.trim().is_empty() {
            body["note"] = note.into();
        }
        body
    }

    fn send(self) {
        let unfinished = ["/until", "/from"].into_iter().filter(|pointer| fields::is_unfinished(pointer));
        let unfinished: Vec<_> = unfinished.map(|pointer| fields::fault(pointer, Code::Malformed)).collect();
        if !unfinished.is_empty() {
            return self.faults.show(unfinished);
        }
        let Some(key) = self.once.begin() else { return };
        self.board.desk.hush();
        let (id, revision) = self.channel.with_untracked(|channel| (channel.id.to_string(), channel.revision));
        spawn_local(async move {
            let revision = self.seen.get_value().unwrap_or(revision);
            let outcome = calls::report_channel(&id, revision, &self.body(), &key).await;
            if let Some(outcome) = self.once.ended(outcome) {
                if matches!(outcome, Err(Failure::Stale)) {
                    self.seen.set_value(None);
                }
                self.board
                    .answered(outcome, words::office::say().channel_reported_done, self.faults);
            }
        });
    }
}

impl Board {
    fn answered(self, outcome: Result<Channel, Failure>, done: &'static str, faults: Faults) {
        match outcome {
            Ok(channel) => {
                self.opened.done();
                let name = Desk::text(&channel.name);
                self.all.update(|all| {
                    let known = all.iter_mut().flat_map(|all| &mut all.channels);
                    if let Some(old) = known.into_iter().find(|old| old.id == channel.id) {
                        *old = channel;
                    }
                });
                self.ask();
                self.desk.say(format!("{name}: {done}"));
                fields::focus("heading");
            }
            Err(Failure::NoAnswer) => self.desk.lost(words::office::say().unanswered_plan.to_owned()),
            Err(Failure::Stale) => {
                self.ask();
                self.desk.warn(words::office::say().channel_stale.to_owned());
            }
            Err(failure) => {
                let found = failure.faults();
                if found.is_empty() {
                    self.desk.failed(&failure);
                } else {
                    faults.show(found);
                }
            }
        }
    }
}
