//! The point of no return of planned work: how long rolling back takes, as it is planned; and, while the work goes on, until when it fits.

use domain::{notice::Notice, text::Localized};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    desk::Desk,
    draft::Draft,
    fields::{self, Faults, label},
    words::{self, prepared},
};

/// How long rolling back may take, in minutes, to choose from.
const LENGTHS: [u16; 7] = [15, 30, 45, 60, 90, 120, 240];

/// The field by which somebody says how long rolling back takes. A length that others have written stays to be chosen.
pub(crate) fn field(faults: Faults, draft: Draft) -> AnyView {
    let mut lengths: Vec<u16> = LENGTHS.into_iter().chain(draft.rollback_minutes.get_untracked()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let said = |minutes: u16| (Some(minutes), words::span(minutes.into()));
    let options = std::iter::once((None, words::no_rollback().to_owned())).chain(lengths.into_iter().map(said));
    fields::choice(
        faults,
        label("/rollback_minutes", words::rollback(), words::rollback_hint()),
        options.collect(),
        draft.rollback_minutes,
    )
}

/// Until when rolling back fits, or what was decided, and whether somebody has to decide now; `None`: there is nothing to decide.
pub(crate) fn told(desk: Desk, notice: &Notice, now: Timestamp) -> Option<(String, bool)> {
    let takes = words::span(notice.content.rollback_minutes?.into());
    let until = notice.decide_until().filter(|_| notice.can_be_decided(now))?;
    let moment = |at: Timestamp| desk.zone().moment(at, now);
    let has_to = notice.has_to_be_decided(now);
    let told = match &notice.decided {
        Some(decided) if !has_to => words::decided(decided.decision, &words::author(&decided.by), &moment(decided.at)),
        _ => words::rollback_fits(&moment(until), &takes),
    };
    Some((told, has_to))
}

/// What people are told of work that is rolled back, in the languages in which they read of it.
pub(crate) fn rolled_back(notice: &Notice) -> Localized {
    let languages = notice.content.title.iter().map(|(language, _)| language);
    languages.fold(Localized::default(), |text, language| {
        match prepared::rolled_back(language.as_str()) {
            Some(said) => text.with(language.clone(), said),
            None => text,
        }
    })
}
