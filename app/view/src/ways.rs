//! What people can do while something does not go: what the notice advises, the ways without the service, and who helps.

use leptos::prelude::AnyView;
use wire::{Affected, Notice, PublicState, Timing};

use super::{
    channel::channels,
    clock::{decimal, fill},
    course::never_was,
    element::{Views, div, fold, nothing, say, summary},
    procedure::procedure,
    reader::Sight,
    wording::{absent, prose, titled},
};

/// Ways and help, narrowed to what serves the services of this reader; `mine` are those of the notice.
pub(super) fn ways(sight: &Sight<'_>, state: &PublicState, notice: &Notice, mine: &[&Affected]) -> AnyView {
    let ways = way(sight, state, notice, mine);
    let help = help(sight, state, notice, mine);
    div("ways", None, vec![ways, help])
}

/// Whether the reader has services of their own among those that the notice touches.
fn is_narrow(sight: &Sight<'_>, mine: &[&Affected]) -> bool {
    !sight.reader.services.is_empty() && !mine.is_empty()
}

fn way(sight: &Sight<'_>, state: &PublicState, notice: &Notice, mine: &[&Affected]) -> AnyView {
    let narrow = is_narrow(sight, mine);
    // In the notice's order.
    let offered = notice
        .procedures
        .iter()
        .filter(|id| !narrow || mine.iter().any(|affected| affected.procedures.contains(id)));
    let procedures: Views = offered
        .filter_map(|id| state.procedures.iter().find(|procedure| procedure.id == *id))
        .map(|one| procedure(sight, &notice.id, one))
        .collect();
    let procedures = shortened(sight, &notice.id, procedures);
    let has_way = !absent(&notice.guidance) || !procedures.is_empty();
    if !has_way || never_was(notice) {
        return nothing();
    }
    let way = vec![prose(sight, "guidance", &notice.guidance), div("procedures", None, procedures)];
    let key = match notice.timing {
        Timing::Announced => "way.announced",
        Timing::Seen => "way.seen",
        Timing::Current => "way",
        Timing::Past => {
            let mut children = vec![summary("", None, vec![say(sight.word("way.past"))])];
            children.extend(way);
            return fold("part way", ["u-", &notice.id, "-way"].concat(), children);
        }
    };
    titled("part way", sight, key, way)
}

/// The first few ways; a page about everything that is broken would otherwise be nothing but ways.
fn shortened(sight: &Sight<'_>, owner: &str, mut procedures: Views) -> Views {
    const AT_FIRST: usize = 4;
    // One alone is not worth a fold.
    if procedures.len() > AT_FIRST + 1 {
        let more = procedures.split_off(AT_FIRST);
        let count = fill(sight.word("procedures.more"), &[("count", &decimal(more.len() as i64, 1))]);
        let mut children = vec![summary("", None, vec![say(&count)])];
        children.extend(more);
        procedures.push(fold("procedure", ["u-", owner, "-ways"].concat(), children));
    }
    procedures
}

/// Who helps while it lasts.
fn help(sight: &Sight<'_>, state: &PublicState, notice: &Notice, mine: &[&Affected]) -> AnyView {
    let narrow = is_narrow(sight, mine);
    // In the notice's order.
    let offered = notice
        .channels
        .iter()
        .filter(|id| !narrow || mine.iter().any(|affected| affected.channels.contains(id)));
    let list: Vec<_> = offered
        .filter_map(|id| state.channels.iter().find(|channel| channel.id == *id))
        .collect();
    if notice.timing == Timing::Past || list.is_empty() {
        return nothing();
    }
    titled("part help", sight, "channels", channels(sight, &notice.id, list.into_iter()))
}
