//! Writing a notice: from a template, from scratch, or an edit of one that exists; with the preview beside it.

mod kept;

use domain::{
    access::Role,
    notice::{Content, Notice},
};
use jiff::Timestamp;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use wire::Kind;

use self::kept::{Kept, Sent};
use crate::{
    calls, clock,
    conflict::{self, Conflict},
    desk::Desk,
    draft::{Draft, blank, difference, wire},
    drift::{self, Drift},
    failure::Failure,
    fields,
    form::Form,
    preview, publishing,
    route::Route,
    switch,
    unknown_place::unknown_place,
    unsaved::{self, Typed},
    words,
};

/// After how many minutes an outage promises news, unless its author says otherwise.
const FIRST_PROMISE: i64 = 60;
/// So often it is sent again by itself: an answer that never comes has a reason that repeating does not mend.
const REPETITIONS: u32 = 3;
/// For so many minutes what got no answer is sent again without asking; what is older may no longer be true.
const REPEATED: i64 = 5;
/// What was typed so many minutes ago is offered and not put into the form: its times are those of another night.
const FRESH: i64 = 12 * 60;

/// The notice that is edited, at the revision that the form knows.
#[derive(Clone, PartialEq)]
pub(crate) struct Original {
    pub(crate) notice: Notice,
    /// What the form said when it was filled with that revision.
    pub(crate) base: Content,
}

/// A new notice of a kind.
pub(crate) fn from_scratch(desk: Desk, kind: Kind) -> AnyView {
    let content = blank(kind, &desk.known_untracked());
    compose(desk, words::new_kind(kind).to_owned(), with_promise(desk, content), None)
}

/// A new notice from a template.
pub(crate) fn from_template(desk: Desk, id: &str) -> AnyView {
    let catalogue = desk.known_untracked();
    let Some(template) = catalogue.templates.iter().find(|template| template.id.as_str() == id) else {
        return unknown_place();
    };
    compose(desk, Desk::text(&template.name), with_promise(desk, template.notice.clone()), None)
}

/// An outage of a service, as it is prepared.
pub(crate) fn about(desk: Desk, service: &str) -> AnyView {
    let heading = words::new_kind(Kind::Outage).to_owned();
    switch::prepared(desk, service).map_or_else(unknown_place, |content| compose(desk, heading, with_promise(desk, content), None))
}

/// An edit of a notice.
pub(crate) fn edit(desk: Desk, notice: &Notice) -> AnyView {
    let heading = format!("{} {}", words::say().edit_heading, notice.id);
    compose(desk, heading, notice.content.clone(), Some(notice.clone()))
}

fn with_promise(desk: Desk, mut content: Content) -> Content {
    if content.kind == Kind::Outage && content.next_update_at.is_none() && content.ends_at.is_none() {
        content.next_update_at = Some(clock::later(desk.server_now(), FIRST_PROMISE));
    }
    content
}

/// The form with all that it needs to be sent.
#[derive(Clone, Copy)]
pub(crate) struct Composer {
    pub(crate) desk: Desk,
    pub(crate) form: Form,
    /// `None`: the notice does not exist yet.
    pub(crate) original: RwSignal<Option<Original>>,
    /// The notice as someone else has changed it meanwhile.
    pub(crate) theirs: RwSignal<Option<Notice>>,
    busy: RwSignal<bool>,
    place: StoredValue<String>,
    sent: StoredValue<Option<Sent>>,
    /// Under which key a change is known, until it is answered.
    key: StoredValue<String>,
    /// Set while what waits for a second person is older than what is typed.
    waits_for_older: StoredValue<bool>,
    /// What was meant when no answer came, and since when none comes.
    unanswered: RwSignal<Option<(Intent, Timestamp)>>,
    /// How often it was sent again by itself.
    repeated: StoredValue<u32>,
    /// What was typed long ago and is offered.
    offered: RwSignal<Option<Typed<Kept>>>,
    /// Set while the form holds what was typed before.
    was_restored: RwSignal<bool>,
    /// Set when what was typed is stored or meant to be lost.
    done: StoredValue<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    Keep,
    Publish,
}

fn compose(desk: Desk, heading: String, content: Content, notice: Option<Notice>) -> AnyView {
    let draft = Draft::new(&content, desk.languages(), &desk.zone());
    let base = untrack(|| draft.content());
    let is_draft = notice.as_ref().is_none_or(|notice| notice.stage.is_none());
    let composer = Composer::new(desk, draft, &base, notice);
    let content = Memo::new(move |_| draft.content());
    let body = Memo::new(move |_| content.with(wire));
    let sight = preview::of_draft(desk, body);
    composer.follow_typing(content, base.clone());
    composer.follow_answers();
    let discard = move |_| composer.discard(&base);
    // Enter in a field does nothing: no notice goes out by a slip of the thumb.
    let submit = |event: leptos::ev::SubmitEvent| event.prevent_default();
    let back = move || match composer.original.get() {
        Some(original) => Route::Notice(original.notice.id.to_string()).href(),
        None => Route::Overview.href(),
    };
    let hint = if is_draft {
        words::say().preview_hint
    } else {
        words::say().preview_edit_hint
    };
    view! {
        <div class="composer">
            <div class="writing">
                <p class="crumb"><a href=back data-test="leave">{words::say().back}</a></p>
                <h1 id="heading" tabindex="-1">{heading}</h1>
                <div class="note" hidden=move || !composer.was_restored.get()>
                    <p>{words::say().restored}</p>
                    <button type="button" class="small" data-test="discard-input" on:click=discard>{words::say().discard_input}</button>
                </div>
                {move || composer.offer()}
                {conflict::panel(composer.conflict())}
                {composer.form.faults.summary(move |pointer| composer.form.reveal(pointer))}
                <form id="notice-form" novalidate on:submit=submit>
                    {composer.form.view()}
                    {composer.form.advice()}
                    {composer.bar(content, is_draft)}
                </form>
            </div>
            <div class="beside">
                {preview::pane(desk, Signal::stored(words::say().preview), hint, sight)}
                {composer.sheet(content, is_draft)}
            </div>
        </div>
    }
    .into_any()
}

impl Composer {
    /// The form of a notice, with what was typed into it before; `base` is what the form says of the notice as it is stored.
    fn new(desk: Desk, draft: Draft, base: &Content, notice: Option<Notice>) -> Self {
        let place = desk.route.get_untracked().hash();
        let typed = unsaved::at::<Kept>(&place)
            .filter(|typed| typed.what.content != *base || !typed.what.freeze_reason.is_empty() || typed.what.sent.is_some());
        let (restored, offered) = match typed {
            Some(typed) if clock::minutes_between(typed.at, clock::browser_now()) < FRESH => (Some(typed), None),
            old => (None, old),
        };
        let left = notice.as_ref().and_then(|notice| unsaved::at(&drift::place(notice.id.as_str())));
        let drift = Drift::new(base.clone(), left.map(|left| left.what).unwrap_or_default());
        let composer = Self {
            desk,
            form: Form::new(desk, draft, drift, notice.as_ref().map(|notice| notice.id.to_string())),
            original: RwSignal::new(notice.map(|notice| Original {
                notice,
                base: base.clone(),
            })),
            theirs: RwSignal::new(None),
            busy: RwSignal::new(false),
            place: StoredValue::new(place),
            sent: StoredValue::new(None),
            key: StoredValue::new(unsaved::fresh_key()),
            waits_for_older: StoredValue::new(false),
            unanswered: RwSignal::new(None),
            repeated: StoredValue::new(0),
            offered: RwSignal::new(offered),
            was_restored: RwSignal::new(false),
            done: StoredValue::new(false),
        };
        if let Some(typed) = restored {
            composer.restore(typed);
        }
        composer
    }

    /// From now on what is typed is kept for a reload.
    fn follow_typing(self, content: Memo<Content>, first: Content) {
        Effect::new(move |_| {
            let typed = content.get();
            self.form.freeze_reason.track();
            if self.offered.with(Option::is_some) {
                if typed == first {
                    return;
                }
                // Whoever writes anew has seen the offer.
                self.offered.set(None);
            }
            self.keep(typed, &first);
        });
    }

    /// Lets go of what was typed before and stands in the form again.
    fn discard(self, base: &Content) {
        self.form.draft.fill(base);
        self.form.freeze_reason.set(String::new());
        self.form.faults.0.set(Vec::new());
        self.sent.set_value(None);
        self.unanswered.set(None);
        unsaved::keep::<Kept>(&self.place.get_value(), None);
        self.was_restored.set(false);
        fields::focus("heading");
    }

    /// What was typed long ago, to be used or not; nothing while there is none.
    fn offer(self) -> Option<AnyView> {
        let typed = self.offered.get()?;
        let told = words::typed_earlier(&self.desk.zone().moment(typed.at, self.desk.now.get_untracked()));
        let using = move |_| {
            self.offered.set(None);
            self.restore(typed.clone());
            fields::focus("heading");
        };
        let refuse = move |_| {
            self.offered.set(None);
            unsaved::keep::<Kept>(&self.place.get_value(), None);
            fields::focus("heading");
        };
        let offer = view! {
            <div class="note">
                <p>{told}</p>
                <div class="row">
                    <button type="button" class="small" data-test="use-input" on:click=using>{words::say().use_input}</button>
                    <button type="button" class="small" data-test="refuse-input" on:click=refuse>{words::say().discard_input}</button>
                </div>
            </div>
        };
        Some(offer.into_any())
    }

    /// What two people did, side by side.
    fn conflict(self) -> Conflict {
        Conflict {
            theirs: self.theirs.into(),
            base: Signal::derive(move || self.original.get().map(|original| original.base)),
            mine: self.form.draft,
            zone: StoredValue::new(self.desk.zone()),
            keep: Callback::new(move |()| self.keep_mine()),
            take: Callback::new(move |()| self.take_theirs()),
        }
    }

    /// Puts what was typed before into the form again.
    fn restore(self, typed: Typed<Kept>) {
        self.form.draft.fill(&typed.what.content);
        self.form.freeze_reason.set(typed.what.freeze_reason);
        if let Some(sent) = typed.what.sent {
            let intent = if sent.body.get("publish").is_some() {
                Intent::Publish
            } else {
                Intent::Keep
            };
            self.sent.set_value(Some(sent));
            self.unanswered.set(Some((intent, typed.at)));
        }
        self.was_restored.set(true);
    }

    fn keep(self, content: Content, first: &Content) {
        if self.done.get_value() {
            return;
        }
        let sent = self.sent.get_value();
        let freeze_reason = self.form.freeze_reason.get_untracked();
        let is_typed = content != *first || !freeze_reason.is_empty();
        let kept = (is_typed || sent.is_some()).then_some(Kept {
            content,
            freeze_reason,
            sent,
        });
        unsaved::keep(&self.place.get_value(), kept);
    }

    /// The buttons, always in reach.
    fn bar(self, content: Memo<Content>, is_draft: bool) -> AnyView {
        let may_keep = self.may_on(content, Role::Editor);
        let keep = move || {
            (is_draft && may_keep.get()).then(|| {
                view! {
                    <button type="button" data-test="save-draft" aria-disabled=move || self.busy.get().to_string()
                        on:click=move |_| self.send(Intent::Keep)>{words::say().save_draft}</button>
                }
            })
        };
        view! {
            <div class="bar" class:narrow-only=!is_draft>
                {keep}
                <button type="button" class="primary narrow-only" data-test="to-preview" on:click=|_| preview::reveal()>{words::say().to_preview}</button>
            </div>
        }
        .into_any()
    }

    /// What goes out with one tap, below how it will look.
    fn sheet(self, content: Memo<Content>, is_draft: bool) -> AnyView {
        let drifted = move || content.with(|content| drift::before_publishing(&self.form.drift.of(content)));
        let may_publish = self.may_on(content, Role::Publisher);
        let sheet = move || {
            if !may_publish.get() {
                return self
                    .desk
                    .may(Role::Publisher)
                    .then(|| view! { <p class="note" data-test="not-there">{words::say().not_on_all_portals}</p> }.into_any());
            }
            Some({
                let (heading, text, test, intent) = if is_draft {
                    (words::say().publish_heading, words::say().publish, "publish", Intent::Publish)
                } else {
                    (words::say().save_heading, words::say().save, "save", Intent::Keep)
                };
                let button = view! {
                    <div class="row">
                        <button type="button" class="primary" id=test data-test=test aria-describedby="reach"
                            aria-disabled=move || self.busy.get().to_string() on:click=move |_| self.send(intent)>{text}</button>
                        <span class="quiet" aria-hidden="true" hidden=move || !self.busy.get()>{words::say().busy}</span>
                    </div>
                };
                publishing::sheet(self.desk, content, heading, drifted, button.into_any())
            })
        };
        sheet.into_any()
    }

    /// Whether the author has this role on all portals that the notice would show on.
    fn may_on(self, content: Memo<Content>, role: Role) -> Memo<bool> {
        Memo::new(move |_| {
            let shown_on = self
                .original
                .with(|original| original.as_ref().map(|original| original.notice.shown_on.clone()));
            content.with(|content| self.desk.may_on(role, content, &shown_on.unwrap_or_default()))
        })
    }

    fn send(self, intent: Intent) {
        self.repeated.set_value(0);
        self.dispatch(intent);
    }

    fn dispatch(self, intent: Intent) {
        if self.busy.get_untracked() {
            return;
        }
        self.form.faults.0.set(Vec::new());
        self.desk.hush();
        let content = untrack(|| self.form.draft.content());
        self.busy.set(true);
        spawn_local(async move {
            let outcome = match self.original.get_untracked() {
                None => self.create(&content, intent).await,
                Some(original) => self.change(&original, &content, intent).await,
            };
            // The person may have left for another page meanwhile.
            if self.busy.try_set(false).is_some() {
                return;
            }
            if !matches!(outcome, Err(Failure::NoAnswer)) {
                self.unanswered.set(None);
                self.key.set_value(unsaved::fresh_key());
            }
            match outcome {
                Ok(Some(notice)) => self.leave(&notice, intent),
                Ok(None) => self.desk.say(words::say().nothing_changed.to_owned()),
                Err(Failure::Stale) => self.fetch_theirs(intent).await,
                Err(failure @ Failure::Waits(_)) if self.waits_for_older.get_value() => {
                    self.waits_for_older.set_value(false);
                    self.desk.warn(format!("{}. {}", failure.sentence(), words::say().older_waits));
                }
                Err(failure @ Failure::Waits(_)) => self.hand_on(&failure),
                Err(Failure::NoAnswer) => {
                    let now = clock::browser_now();
                    self.unanswered
                        .update(|since| *since = Some((intent, since.map_or(now, |(_, since)| since))));
                    self.desk.lost(words::say().unanswered.to_owned());
                }
                Err(failure) => self.refused(&failure),
            }
        });
    }

    /// Once the server answers again: sends again what got no answer, for as long as it can be taken to hold.
    fn follow_answers(self) {
        Effect::new(move |_| {
            self.desk.tick.track();
            let Some((intent, since)) = self.unanswered.get_untracked() else {
                return;
            };
            if !self.desk.reachable.get_untracked() || self.busy.get_untracked() || self.desk.open.with_untracked(Option::is_none) {
                return;
            }
            self.repeated.update_value(|times| *times += 1);
            let is_old = clock::minutes_between(since, clock::browser_now()) >= REPEATED;
            if is_old || self.repeated.get_value() > REPETITIONS {
                self.unanswered.set(None);
                self.desk.warn(words::say().unanswered_long.to_owned());
            } else if self.original.with_untracked(Option::is_some) {
                spawn_local(self.fetch_theirs(intent));
            } else {
                self.dispatch(intent);
            }
        });
    }

    async fn create(self, content: &Content, intent: Intent) -> Result<Option<Notice>, Failure> {
        let mut body = wire(content);
        if intent == Intent::Publish {
            body["publish"] = Value::Bool(true);
        }
        self.add_reason(&mut body);
        let sent = self.sent.get_value().unwrap_or_else(|| Sent {
            key: unsaved::fresh_key(),
            body: body.clone(),
        });
        self.sent.set_value(Some(sent.clone()));
        let kept = Kept {
            content: content.clone(),
            freeze_reason: self.form.freeze_reason.get_untracked(),
            sent: Some(sent.clone()),
        };
        let place = self.place.get_value();
        unsaved::keep(&place, Some(kept));
        let outcome = calls::create(&sent.body, &sent.key).await;
        let is_open = match &outcome {
            Err(Failure::Refused(problem)) => problem.status >= 500,
            outcome => matches!(outcome, Err(Failure::NoAnswer)),
        };
        if !is_open {
            self.sent.try_set_value(None);
            kept::answered(&place);
        }
        let is_older = matches!(outcome, Err(Failure::Waits(_))) && sent.body != body;
        self.waits_for_older.try_set_value(is_older);
        if matches!(outcome, Ok(_) | Err(Failure::Waits(_))) && !is_older {
            // Also when its author has left for another page meanwhile.
            unsaved::keep::<Kept>(&place, None);
        }
        let notice = outcome?;
        if sent.body == body {
            return Ok(Some(notice));
        }
        // What was sent first has arrived; what was typed since is a change of it.
        let base = notice.content.clone();
        let original = Original { notice, base };
        self.original.try_set(Some(original.clone()));
        let changed = self.change(&original, content, intent).await?;
        Ok(changed.or(Some(original.notice)))
    }

    /// Sends only what was changed here, so that others' changes to other fields stay.
    async fn change(self, original: &Original, content: &Content, intent: Intent) -> Result<Option<Notice>, Failure> {
        let mut changes = difference(&wire(&original.base), &wire(content));
        let id = original.notice.id.as_str();
        let unchanged = changes.as_object().is_some_and(serde_json::Map::is_empty);
        self.add_reason(&mut changes);
        let saved = if unchanged {
            None
        } else {
            Some(calls::patch(id, original.notice.revision, &changes, &format!("{}-save", self.key.get_value())).await?)
        };
        if intent == Intent::Publish && original.notice.stage.is_none() {
            if let Some(saved) = saved {
                // Should publishing fail now, the next attempt starts from what is stored.
                self.original.set(Some(Original {
                    notice: saved,
                    base: content.clone(),
                }));
            }
            let mut body = serde_json::json!({});
            self.add_reason(&mut body);
            let key = format!("{}-publish", self.key.get_value());
            return calls::act(id, "publish", &body, &key).await.map(Some);
        }
        Ok(saved)
    }

    /// Says why planned work may be in frozen time, where its author has said so.
    fn add_reason(self, body: &mut Value) {
        let reason = self.form.freeze_reason.get_untracked();
        if !reason.trim().is_empty() {
            body["freeze_reason"] = Value::String(reason);
        }
    }

    fn leave(self, notice: &Notice, intent: Intent) {
        self.done.set_value(true);
        unsaved::keep::<Kept>(&self.place.get_value(), None);
        let left = self.form.drift.left(&untrack(|| self.form.draft.content()));
        let id = notice.id.as_str();
        unsaved::keep(&drift::place(id), (!left.is_empty()).then_some(left));
        self.desk.refresh_all();
        let done = match (intent, notice.stage) {
            (Intent::Publish, _) => self.desk.has_published(id),
            (Intent::Keep, None) => words::say().draft_saved,
            (Intent::Keep, Some(_)) => words::say().saved,
        };
        self.desk.go_with(&Route::Notice(id.to_owned()), format!("{done}: {id}"));
    }

    /// What was typed waits for a second person, and lies with the server.
    fn hand_on(self, failure: &Failure) {
        self.done.set_value(true);
        unsaved::keep::<Kept>(&self.place.get_value(), None);
        self.desk.refresh_all();
        let original = self.original.get_untracked();
        let next = original.map_or(Route::Overview, |original| Route::Notice(original.notice.id.to_string()));
        self.desk.go_with(&next, failure.sentence());
    }

    fn refused(self, failure: &Failure) {
        let faults = failure.faults();
        if let Some(first) = faults.first() {
            self.form.reveal(&first.pointer);
            let pointer = first.pointer.clone();
            self.form.faults.0.set(faults);
            // The field appears with the language that was just chosen.
            fields::Faults::focus_soon(pointer);
        } else {
            self.desk.failed(failure);
        }
    }

    /// Looks what is stored: what was typed here, what somebody else wrote, or what was there before.
    async fn fetch_theirs(self, intent: Intent) {
        let Some(original) = self.original.get_untracked() else { return };
        let notice = match calls::notice(original.notice.id.as_str()).await {
            Ok(notice) => notice,
            Err(failure) => {
                self.desk.failed(&failure);
                return;
            }
        };
        if self.unanswered.try_set(None).is_some() {
            return;
        }
        let typed = untrack(|| self.form.draft.content());
        let stored = untrack(|| Draft::new(&notice.content, self.form.draft.languages.get_value(), &self.desk.zone()).content());
        if stored == typed && (intent == Intent::Keep || notice.stage.is_some()) {
            // It had arrived.
            self.leave(&notice, intent);
        } else if notice.revision == original.notice.revision {
            self.dispatch(intent);
        } else if stored == typed {
            self.original.set(Some(Original { notice, base: stored }));
            self.dispatch(intent);
        } else {
            self.theirs.set(Some(notice));
            fields::focus_soon("conflict");
        }
    }

    /// Saves what is typed here on top of theirs.
    pub(crate) fn keep_mine(self) {
        let Some(theirs) = self.theirs.get_untracked() else { return };
        self.theirs.set(None);
        self.original.update(|original| {
            if let Some(original) = original {
                original.notice = theirs;
            }
        });
        self.send(Intent::Keep);
    }

    /// Lets go of what is typed here.
    pub(crate) fn take_theirs(self) {
        let Some(theirs) = self.theirs.get_untracked() else { return };
        self.theirs.set(None);
        self.form.draft.fill(&theirs.content);
        let base = untrack(|| self.form.draft.content());
        self.form.drift.rebase(base.clone());
        self.original.set(Some(Original { notice: theirs, base }));
        fields::focus("heading");
    }
}
