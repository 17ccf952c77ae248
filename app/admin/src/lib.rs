//! What ops staff work with, in WebAssembly: three pages with one frame. The *desk* is what a night shift needs, and small enough to come
//! at once over a bad line; the *office* is what is planned and agreed, the *registry* who may do what, what there is and what was done; each
//! comes when somebody goes there. Each is a program of its own (`main.rs`, `bin/`), which holds what it shows and nothing of the others.
//!
//! Browser tests find things by these hooks (`data-test`, and an id of the same name where it says so):
//!
//! | hook | what |
//! |---|---|
//! | `sign-in-form`, `sign-in-name` (id), `sign-in-password` (id), `sign-in` (id), `sign-in-provider` | the sign-in form |
//! | `setup-form`, `setup-name` (id), `setup-password` (id), `setup` (id) | the first account, at `#setup=TOKEN` |
//! | `tongue-de`, `tongue-en` | the language in which one works |
//! | `sign-out`, `status` | signing out; the live region that says what just happened |
//! | `secure` | the way to one's account for whoever has just come |
//! | `undo` | takes back what was just done, for ten seconds |
//! | `conditions` | what is wrong with the server |
//! | `situation`, `now`, `announced`, `drafts`, `over` | the line about everything, and the groups of notices |
//! | `template-{id}`, `new-outage`, `new-maintenance`, `new-information` | ways to a new notice |
//! | `services`, `place-{portal}`, `state-{service}`, `report-{service}` | all portals, one of them, how a service is, the way to an outage of it |
//! | `all-clear`, `all-clear-kept`, `all-clear-lost`, `all-clear-not-known` | the all-clear for an outage, and what became of what people had typed |
//! | `notice-{id}` | the link to a notice |
//! | `publish` (id), `save-draft`, `save`, `leave`, `to-preview`, `discard-input` | the buttons of the form |
//! | `field-title-de` (id), `field-impact-en` (id), `field-ends_at` (id), … | fields, by their JSON pointer with `-` for `/` |
//! | `service-{id}`, `portal-{id}`, `channel-{id}`, `procedure-{id}`, `language-{tag}` | choices in the form |
//! | `ends-at-plus-30`, `next-update-at-plus-60`, `ends-at-clear`, … | quick times |
//! | `sheet`, `reach`, `sheet-drift` | what publishing touches, and what to think of; holds `publish`, or `save` of what is published |
//! | `drift-{field}`, `drift-{field}-fits` | other languages of a text that was changed in one; they still fit |
//! | `ends-at-first`, `ends-at-second`, … | which of two equal clock times |
//! | `advice`, `preview`, `preview-{tag}` | advice to the author; the host of the preview's shadow root; its languages |
//! | `preview-nobody` | that what is written names no channel that works |
//! | `conflict`, `conflict-keep`, `conflict-take` | someone else changed the notice |
//! | `facts`, `stage`, `history`, `authors`, `edit` | the page of a notice |
//! | `add-update`, `publish`, `extend`, `resolve`, `start`, `complete`, `cancel`, `withdraw`, `reopen`, `go-on`, `roll-back` | buttons that open a step |
//! | `step-{name}`, `{name}-confirm`, `step-cancel` | the open step: `add-update-confirm`, `resolve-confirm`, … |
//! | `step-restored`, `step-discard`, `stranded` | typed before and still there; let go; what can no longer be sent |
//! | `obstacles`, `obstacles-none`, `take-free`, `freeze-reason` | what is in the way of planned work; the next free time; the field for the reason |
//! | `channels`, `channels-trouble`, `channels-left` | all channels; those out of order on the start page; who has nobody left |
//! | `channel-{id}`, `channel-report`, `channel-report-confirm`, `channel-clear` | one of them, on its page; that it is out of order; that it works |
//! | `repeat`, `sentence`, `dates`, `create-series` | the way from a maintenance to a series; the rule in words and its first dates; its creation |
//! | `coming`, `series`, `freezes` | the parts of the planning page |
//! | `view-list`, `view-week`, `view-month`, `earlier`, `to-today`, `later`, `known-until`, `past` | how what is planned is shown; the way to other weeks and months; what is not said there |
//! | `month`, `day-{date}` (id), `day`, `day-freeze-{id}` | the grid of a month, a day in it, and all of the day that was chosen |
//! | `week`, `week-{date}`, `lies-{series}-{day}`, `lies-{id}`, `details-{date}` | a week, a day of it, what lies there, and all of it |
//! | `occurrence-{series}-{day}`, `skip`, `hold`, `announce`, `{name}-confirm`, `waits` | one that comes, what can be decided about it, and that it waits |
//! | `change-waits` | that a change of one that comes waits for a second person |
//! | `series-{id}`, `exceptions`, `exception-{day}`, `take-back`, `end-series`, `end-series-confirm`, `freeze-{id}` | a series, what was decided about days of it, its end; a freeze |
//! | `waiting`, `bypassed`, `settled`, `nothing-waits`, `approval-{id}` | the parts of the page of approvals, and one of them |
//! | `approve`, `decline`, `break-glass`, `withdraw`, `review`, `{name}-confirm` | the answers to it |
//! | `record`, `entry-{seq}`, `record-filters`, `redact`, `seen` | what was done, one entry, what is looked for; content taken out; what people saw |
//! | `parts-{kind}`, `new-{kind}`, `exchange`, `export`, `changes`, `apply`, `file-faults` | the lists of the catalogue, the way to a new entry, the whole as a file |
//! | `part-form`, `part-save`, `remove`, `remove-confirm`, `users`, `missing-texts`, `graph`, `tag`, `examine`, `examination`, `hours`, `opening` | one entry, who names it, in which languages its texts are missing, what it needs and who needs it, the line to paste, whether pages have it, opening hours and what they come to |
//! | `second-factor`, `factor-device`, `recovery-codes` | one's own second factor, a device that is added, the codes for when it is lost |
//! | `field-text-de` (id), `field-ends_at` (id), `end-unknown` | fields of a step; the text of an update is `field-text-de` |

mod account;
mod approvals;
mod arrival;
mod authoring;
mod calls;
mod catalogue;
mod channels;
mod clock;
mod composer;
mod conditions;
mod conflict;
mod desk;
mod draft;
mod drift;
mod facts;
mod failure;
mod fields;
mod form;
mod frame;
mod notice_page;
mod obstacles;
mod occasion;
mod once;
mod opened;
mod overview;
mod passkey;
mod people;
mod planning;
mod preview;
mod provider;
mod publishing;
mod record;
mod refusal;
mod reports;
mod request;
mod rights;
mod route;
mod settled;
mod sign_in;
mod steps;
mod style;
mod switch;
mod told_once;
mod tongue;
mod turning;
mod undo;
mod unknown_place;
mod unsaved;
mod words;

use leptos::prelude::*;

use self::route::{House, Route};

/// Starts the page of a night shift: the situation, notices, and what is written about them.
pub fn open_desk() {
    begin(House::Desk, None, |desk, route| match route {
        Route::Overview | Route::Setup(_) | Route::Invitation(_) => overview::page(desk),
        Route::New(kind) => composer::from_scratch(desk, kind),
        Route::Template(id) => composer::from_template(desk, &id),
        Route::Report(service) => composer::about(desk, &service),
        Route::Notice(id) => notice_page::page(desk, id),
        Route::Edit(id) => notice_page::edit(desk, &id),
        _ => unknown_place::unknown_place(),
    });
}

/// Starts the page of what is not urgent: channels, planning, and what takes a second person.
pub fn open_office() {
    refusal::own::speak(refusal::own::office);
    begin(
        House::Office,
        Some(include_str!(concat!(env!("OUT_DIR"), "/office.css"))),
        |desk, route| match route {
            Route::Channels => channels::page(desk),
            Route::Planning => planning::page(desk),
            Route::Approvals => approvals::page(desk),
            Route::Reports => reports::page(desk),
            Route::Repeat(id) => planning::repeat(desk, &id),
            _ => unknown_place::unknown_place(),
        },
    );
}

/// Starts the page of those who administrate: people, the catalogue, the record, and one's own account.
pub fn open_registry() {
    refusal::own::speak(refusal::own::registry);
    begin(
        House::Registry,
        Some(include_str!(concat!(env!("OUT_DIR"), "/registry.css"))),
        |desk, route| match route {
            Route::People => people::page(desk),
            Route::Catalogue => catalogue::page(desk),
            Route::NewPart(kind) => catalogue::new(desk, kind),
            Route::Part(kind, id) => catalogue::one(desk, kind, id),
            Route::Record(about) => record::page(desk, about.as_deref()),
            Route::Account => account::page(desk),
            _ => unknown_place::unknown_place(),
        },
    );
}

/// `own` is the style of what no other program shows; it comes after the shared one.
fn begin(house: House, own: Option<&str>, rooms: frame::Rooms) {
    tongue::begin();
    house.enter();
    for sheet in [Some(include_str!(concat!(env!("OUT_DIR"), "/admin.css"))), own]
        .into_iter()
        .flatten()
    {
        style::adopt(&document(), sheet);
    }
    leptos::mount::mount_to_body(move || frame::page(rooms));
}
