//! What a calendar shows: which view, about which day, and what lies on its days.

use jiff::civil::Date;
use leptos::prelude::*;

use super::{
    calendar::View,
    further::Further,
    lying::{Entry, Lying, lying},
    plan::Plan,
};
use crate::words;

/// See the module. One value, copied everywhere.
#[derive(Clone, Copy)]
pub(super) struct Agenda {
    pub(super) plan: Plan,
    pub(super) view: RwSignal<View>,
    /// The day about which the view is; in a month the keyboard stands there.
    pub(super) at: RwSignal<Date>,
    pub(super) today: Memo<Date>,
    /// The day of which all is shown.
    opened: RwSignal<Option<Date>>,
    /// The first and the last day that are shown.
    pub(super) days: Memo<Option<(Date, Date)>>,
    lying: Memo<Vec<Lying>>,
    /// The day from which on something may be missing.
    pub(super) missing_from: Memo<Option<Date>>,
}

impl Agenda {
    pub(super) fn new(plan: Plan) -> Self {
        let zone = move || plan.desk.zone();
        let today = Memo::new(move |_| zone().local(plan.desk.now.get()).date());
        let (view, at) = (RwSignal::new(View::List), RwSignal::new(today.get_untracked()));
        let further = Further::new();
        let days = Memo::new(move |_| view.get().days(at.get()));
        Effect::new(move |_| {
            if let Some(days) = days.get() {
                further.ask(plan, days);
            }
        });
        let missing_from = Memo::new(move |_| {
            let missing = further.missing_from(plan, days.get()?)?;
            Some(zone().local(missing).date())
        });
        let lying = Memo::new(move |_| {
            let shown = days.get();
            shown.map_or_else(Vec::new, |(first, last)| lying(plan, first, last, further.found(plan)))
        });
        Self {
            plan,
            view,
            at,
            today,
            opened: RwSignal::new(None),
            days,
            lying,
            missing_from,
        }
    }

    /// What lies on a day; of days that are over nothing is said.
    pub(super) fn on(self, day: Date) -> Memo<Vec<Entry>> {
        Memo::new(move |_| {
            if day < self.today.get() {
                return Vec::new();
            }
            self.lying.with(|all| all.iter().filter_map(|one| one.on(day)).collect())
        })
    }

    /// Shows all of this day, and of no other.
    pub(super) fn open(self, day: Option<Date>) {
        if self.opened.get_untracked() != day {
            self.opened.set(day);
        }
    }

    /// The day of which all is shown, where it is one of those in view.
    pub(super) fn opened(self) -> Option<Date> {
        let (first, last) = self.days.get()?;
        self.opened.get().filter(|day| (first..=last).contains(day))
    }

    /// Shows another view, about the same day.
    pub(super) fn turn_to(self, view: View) {
        if self.view.get_untracked() != view {
            self.open(None);
            self.view.set(view);
        }
    }

    /// What a day is called with all that lies on it.
    pub(super) fn told(self, day: Date, entries: &[Entry]) -> String {
        let works = entries.iter().filter(|entry| entry.work().is_some()).count();
        let mut told: Vec<String> = (works > 0).then(|| words::works(works)).into_iter().collect();
        for freeze in entries.iter().filter_map(Entry::freeze) {
            let name = words::freeze_named(&freeze.name, freeze.level);
            if !told.contains(&name) {
                told.push(name);
            }
        }
        if day < self.today.get() {
            told.push(words::past().to_owned());
        } else if self.may_miss(day) {
            told.push(words::not_all_known().to_owned());
        }
        let name = words::full_day(day);
        if told.is_empty() {
            name
        } else {
            format!("{name}: {}", told.join(", "))
        }
    }

    /// Whether something may lie on a day that is not known yet.
    pub(super) fn may_miss(self, day: Date) -> bool {
        self.missing_from.get().is_some_and(|from| from <= day)
    }
}
