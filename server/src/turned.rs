//! When a notice last said something else: by a person, or by time.

use domain::notice::Notice;
use jiff::Timestamp;

/// The last instant up to now at which a reader of the notice found something new. What was planned for after its end never came.
pub(crate) fn turned_at(notice: &Notice, now: Timestamp) -> Timestamp {
    let over = notice.ended_at(now);
    let content = &notice.content;
    let planned = [Some(notice.starts_at()), content.ends_at, content.next_update_at];
    let came = planned.into_iter().flatten().filter(|at| over.is_none_or(|over| *at <= over));
    let instants = came.chain(notice.visible_from()).chain(over).filter(|at| *at <= now);
    instants.chain([notice.updated_at]).max().unwrap_or(notice.updated_at)
}
