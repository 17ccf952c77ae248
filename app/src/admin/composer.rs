//! Writing a notice: from a template, from scratch, or an edit of one that exists; with the preview beside it.

use domain::{
    notice::{Content, Notice},
    role::Role,
    vocabulary::Kind,
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;

use crate::{
    api::{self, Failure},
    clock, conflict,
    desk::Desk,
    draft::{Draft, blank, difference, wire},
    fields,
    form::Form,
    preview,
    route::Route,
    words,
};

/// After how many minutes an outage promises news, unless its author says otherwise.
const FIRST_PROMISE: i64 = 60;

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
        return crate::frame::unknown_place();
    };
    compose(
        desk,
        Desk::german(&template.name),
        with_promise(desk, template.notice.clone()),
        None,
    )
}

/// An edit of a notice.
pub(crate) fn edit(desk: Desk, notice: &Notice) -> AnyView {
    let heading = format!("{} {}", words::EDIT_HEADING, notice.id);
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
    /// Set when what was typed is stored or meant to be lost.
    done: StoredValue<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Intent {
    Keep,
    Publish,
}

fn compose(desk: Desk, heading: String, content: Content, notice: Option<Notice>) -> AnyView {
    let place = desk.route.get_untracked().hash();
    let draft = Draft::new(&content, desk.languages(), &desk.zone());
    let base = untrack(|| draft.content());
    let restored = desk.unsaved_at(&place).filter(|typed| *typed != base);
    if let Some(typed) = &restored {
        draft.fill(typed);
    }
    let is_draft = notice.as_ref().is_none_or(|notice| notice.stage.is_none());
    let composer = Composer {
        desk,
        form: Form::new(desk, draft),
        original: RwSignal::new(notice.map(|notice| Original {
            notice,
            base: base.clone(),
        })),
        theirs: RwSignal::new(None),
        busy: RwSignal::new(false),
        place: StoredValue::new(place),
        done: StoredValue::new(false),
    };
    let content = Memo::new(move |_| draft.content());
    let body = Memo::new(move |_| content.with(wire));
    let sight = preview::of_draft(desk, body);
    let first = base.clone();
    Effect::new(move |_| {
        let typed = content.get();
        if !composer.done.get_value() {
            let place = composer.place.get_value();
            desk.keep_unsaved(place, (typed != first).then_some(typed));
        }
    });
    let was_restored = RwSignal::new(restored.is_some());
    let discard = move |_| {
        draft.fill(&base);
        was_restored.set(false);
        fields::focus("heading");
    };
    // Enter in a field does nothing: no notice goes out by a slip of the thumb.
    let submit = |event: leptos::ev::SubmitEvent| event.prevent_default();
    let back = move || match composer.original.get() {
        Some(original) => Route::Notice(original.notice.id.to_string()).hash(),
        None => Route::Overview.hash(),
    };
    let hint = if is_draft { words::PREVIEW_HINT } else { words::PREVIEW_EDIT_HINT };
    view! {
        <div class="composer">
            <div class="writing">
                <p class="crumb"><a href=back data-test="leave">{words::BACK}</a></p>
                <h1 id="heading" tabindex="-1">{heading}</h1>
                <div class="note" hidden=move || !was_restored.get()>
                    <p>{words::RESTORED}</p>
                    <button type="button" class="small" data-test="discard-input" on:click=discard>{words::DISCARD_INPUT}</button>
                </div>
                {conflict::panel(composer)}
                {composer.form.faults.summary(move |pointer| composer.form.reveal(pointer))}
                <form id="notice-form" novalidate on:submit=submit>
                    {composer.form.view()}
                    {composer.form.advice()}
                    {composer.bar(is_draft)}
                </form>
            </div>
            {preview::pane(desk, words::PREVIEW, hint, sight)}
        </div>
    }
    .into_any()
}

impl Composer {
    /// The buttons, always in reach.
    fn bar(self, is_draft: bool) -> AnyView {
        let publishes = move || self.desk.may(Role::Publisher);
        let busy = move || self.busy.get().to_string();
        let keep = if is_draft { words::SAVE_DRAFT } else { words::SAVE };
        let (keep_class, keep_test) = if is_draft { ("", "save-draft") } else { ("primary", "save") };
        let may_keep = move || self.desk.may(if is_draft { Role::Editor } else { Role::Publisher });
        let publish = move || {
            (is_draft && publishes()).then(|| {
                view! {
                    <button type="button" class="primary" id="publish" data-test="publish" aria-disabled=busy
                        on:click=move |_| self.send(Intent::Publish)>
                        {words::PUBLISH}
                    </button>
                }
            })
        };
        view! {
            <div class="bar">
                {publish}
                {move || {
                    may_keep().then(|| {
                        view! { <button type="button" class=keep_class data-test=keep_test aria-disabled=busy
                            on:click=move |_| self.send(Intent::Keep)>{keep}</button> }
                    })
                }}
                <button type="button" class="narrow-only" data-test="to-preview" on:click=|_| preview::reveal()>{words::TO_PREVIEW}</button>
                <span class="quiet" aria-hidden="true" hidden=move || !self.busy.get()>{words::BUSY}</span>
            </div>
        }
        .into_any()
    }

    fn send(self, intent: Intent) {
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
            match outcome {
                Ok(Some(notice)) => self.leave(&notice, intent),
                Ok(None) => self.desk.say(words::NOTHING_CHANGED.to_owned()),
                Err(Failure::Stale) => self.fetch_theirs().await,
                Err(failure) => self.refused(&failure),
            }
        });
    }

    async fn create(self, content: &Content, intent: Intent) -> Result<Option<Notice>, Failure> {
        let mut body = wire(content);
        if intent == Intent::Publish {
            body["publish"] = Value::Bool(true);
        }
        api::create(&body).await.map(Some)
    }

    /// Sends only what was changed here, so that others' changes to other fields stay.
    async fn change(self, original: &Original, content: &Content, intent: Intent) -> Result<Option<Notice>, Failure> {
        let changes = difference(&wire(&original.base), &wire(content));
        let id = original.notice.id.as_str();
        let unchanged = changes.as_object().is_some_and(serde_json::Map::is_empty);
        let saved = if unchanged {
            None
        } else {
            Some(api::patch(id, original.notice.revision, &changes).await?)
        };
        if intent == Intent::Publish {
            if let Some(saved) = saved {
                // Should publishing fail now, the next attempt starts from what is stored.
                self.original.set(Some(Original {
                    notice: saved,
                    base: content.clone(),
                }));
            }
            return api::act(id, "publish", &serde_json::json!({})).await.map(Some);
        }
        Ok(saved)
    }

    fn leave(self, notice: &Notice, intent: Intent) {
        self.done.set_value(true);
        let place = self.place.get_value();
        self.desk.keep_unsaved(place, None);
        self.desk.refresh_all();
        let done = match (intent, notice.stage) {
            (Intent::Publish, _) => words::PUBLISHED,
            (Intent::Keep, None) => words::DRAFT_SAVED,
            (Intent::Keep, Some(_)) => words::SAVED,
        };
        self.desk
            .go_with(&Route::Notice(notice.id.to_string()), format!("{done}: {}", notice.id));
    }

    fn refused(self, failure: &Failure) {
        let faults = failure.faults();
        if let Some(first) = faults.first() {
            self.form.reveal(&first.pointer);
            let pointer = first.pointer.clone();
            self.form.faults.0.set(faults);
            // The field appears with the language that was just chosen.
            request_animation_frame(move || fields::Faults::focus(&pointer));
        } else {
            self.desk.failed(failure);
        }
    }

    async fn fetch_theirs(self) {
        let Some(id) = self
            .original
            .with_untracked(|original| original.as_ref().map(|original| original.notice.id.to_string()))
        else {
            return;
        };
        match api::notice(&id).await {
            Ok(notice) => {
                self.theirs.try_set(Some(notice));
                request_animation_frame(|| {
                    fields::focus("conflict");
                });
            }
            Err(failure) => self.desk.failed(&failure),
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
        self.original.set(Some(Original { notice: theirs, base }));
        fields::focus("heading");
    }
}
