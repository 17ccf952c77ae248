//! What comes before what: each of a list has a button up and a button down. The focus stays on the button of what was moved, and where that
//! stands now is told.

use leptos::prelude::*;

use crate::{
    fields,
    words::{self, catalogue::say},
};

/// Where something is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

impl Way {
    const ALL: [Self; 2] = [Self::Up, Self::Down];

    const fn slug(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Up => "↑",
            Self::Down => "↓",
        }
    }

    fn called(self) -> &'static str {
        match self {
            Self::Up => say().move_up,
            Self::Down => say().move_down,
        }
    }

    /// The place next to this one of so many; `None`: it is the last on this way.
    pub(super) fn from(self, place: usize, count: usize) -> Option<usize> {
        let next = match self {
            Self::Up => place.checked_sub(1)?,
            Self::Down => place + 1,
        };
        (next < count).then_some(next)
    }

    /// Moves what stands at a place of a list, and tells where it stands then.
    pub(super) fn shift<T>(self, list: &mut [T], place: usize) -> Option<usize> {
        let next = self.from(place, list.len()).filter(|_| place < list.len())?;
        list.swap(place, next);
        Some(next)
    }
}

/// Brings the focus back to the button of what was moved.
pub(super) fn follow(id: &str, way: Way) {
    let id = format!("{id}-{}", way.slug());
    fields::focus_soon(id);
}

/// The buttons that move something; `id`: theirs begin so. `is_last`: whether it can go no further.
pub(super) fn buttons(
    id: &str,
    name: &str,
    is_last: impl Fn(Way) -> bool + Clone + Send + Sync + 'static,
    go: impl Fn(Way) + Clone + Send + Sync + 'static,
) -> AnyView {
    let button = |way: Way| {
        let (go, is_last) = (go.clone(), is_last.clone());
        let stays = is_last.clone();
        let press = move |_| {
            if !untrack(|| stays(way)) {
                go(way);
            }
        };
        view! {
            <button type="button" class="small move" id=format!("{id}-{}", way.slug()) aria-label=words::said_of(way.called(), name)
                aria-disabled=move || is_last(way).then_some("true") on:click=press>{way.sign()}</button>
        }
    };
    Way::ALL.map(button).into_iter().collect_view().into_any()
}

/// Those that are chosen, to be moved; nothing while there are fewer than two. `id`: what belongs to it begins so.
pub(super) fn list(
    id: String,
    called: &str,
    names: Vec<(String, String)>,
    chosen: RwSignal<Vec<String>>,
    moved: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let told = RwSignal::new(String::new());
    let line = move |entry: String| {
        let name = names
            .iter()
            .find(|(known, _)| *known == entry)
            .map_or_else(|| entry.clone(), |(_, name)| name.clone());
        let own = format!("{id}-{entry}");
        // Its own: what the row holds may be asked once more when the row is gone.
        let place = move || {
            chosen
                .with(|chosen| chosen.iter().position(|other| *other == entry))
                .unwrap_or_default()
        };
        let number = place.clone();
        let at = place.clone();
        let is_last = move |way: Way| way.from(place(), chosen.with(Vec::len)).is_none();
        let (moved_name, moved_id) = (name.clone(), own.clone());
        let go = move |way: Way| {
            let at = untrack(&at);
            let mut now = None;
            chosen.update(|chosen| now = way.shift(chosen, at));
            let Some(now) = now else { return };
            moved();
            told.set(words::catalogue::placed(&moved_name, now + 1, chosen.with_untracked(Vec::len)));
            follow(&moved_id, way);
        };
        view! {
            <li class="row">
                <span class="quiet">{move || number() + 1} "."</span>
                <span class="moved">{name.clone()}</span>
                {buttons(&own, &name, is_last, go)}
            </li>
        }
    };
    view! {
        <details class="fold order" hidden=move || chosen.with(|chosen| chosen.len() < 2)>
            <summary>{words::said_of(say().order, called)}</summary>
            <ol><For each=move || chosen.get() key=Clone::clone children=line /></ol>
            <p class="visually-hidden" role="status">{move || told.get()}</p>
        </details>
    }
    .into_any()
}
