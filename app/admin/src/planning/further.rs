//! What series have beyond the occurrences that they tell by themselves. The server is asked for the days that are shown: it knows the holidays
//! and the clocks of the place, and what was announced.

use api::{Occurrence, Series, UPCOMING};
use domain::words::SeriesId;
use jiff::{Timestamp, ToSpan, civil::Date};
use leptos::{prelude::*, task::spawn_local};

use super::{
    coming::Coming,
    lying::{LONGEST, midnight},
    plan::Plan,
};
use crate::calls;

/// What is asked: about which plan, and about which days.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Question {
    series: SeriesId,
    revision: u32,
    decided: u32,
    days: (Date, Date),
}

/// A question with its answer; `None`: it has not come yet.
type Asked = (Question, Option<Vec<Occurrence>>);

/// What was asked about the days that are shown.
#[derive(Clone, Copy)]
pub(super) struct Further(RwSignal<Vec<Asked>>);

/// The last beginning that a series tells by itself, where it may have one more before an instant.
fn told_until(series: &Series, end: Timestamp) -> Option<Timestamp> {
    let last = series.upcoming.last().map(|last| last.starts_at);
    last.filter(|last| series.upcoming.len() >= UPCOMING && *last < end)
}

impl Further {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    fn question(plan: Plan, series: &Series, days: (Date, Date)) -> Question {
        Question {
            series: series.id.clone(),
            revision: series.revision,
            decided: plan.decided.get(),
            days,
        }
    }

    /// The instant at which what is shown ends.
    fn end(plan: Plan, (_, last): (Date, Date)) -> Timestamp {
        midnight(&plan.desk.zone(), last.saturating_add(1.day()))
    }

    /// Asks about the days from one to another what was not asked yet; an answer that does not come is asked for again with the next tick.
    pub(super) fn ask(self, plan: Plan, days: (Date, Date)) {
        let end = Self::end(plan, days);
        let questions: Vec<Question> = plan.series.with(|all| {
            let far = all.iter().filter(|series| told_until(series, end).is_some());
            far.map(|series| Self::question(plan, series, days)).collect()
        });
        let known = self.0.with_untracked(|asked| {
            let known = asked.iter().filter(|(question, _)| questions.contains(question));
            known.cloned().collect::<Vec<Asked>>()
        });
        let is_new = |question: &&Question| !known.iter().any(|(other, _)| other == *question);
        let new: Vec<Question> = questions.iter().filter(is_new).cloned().collect();
        if new.is_empty() && self.0.with_untracked(Vec::len) == known.len() {
            return;
        }
        let asked = new.iter().map(|question| (question.clone(), None));
        self.0.set(known.into_iter().chain(asked).collect());
        for question in new {
            spawn_local(self.send(question));
        }
    }

    async fn send(self, question: Question) {
        let (first, last) = question.days;
        // Clocks of other places may be a day apart, and what lies on the first day may have begun before.
        let (from, to) = (first.saturating_sub(LONGEST.days()), last.saturating_add(1.day()));
        let answer = calls::occurrences(question.series.as_str(), from, to).await;
        self.0.try_update(|asked| match answer {
            Ok(answer) => {
                let own = asked.iter_mut().find(|(other, _)| *other == question);
                if let Some((_, known)) = own {
                    *known = Some(answer.occurrences);
                }
            }
            Err(_) => asked.retain(|(other, _)| *other != question),
        });
    }

    /// What was answered.
    pub(super) fn found(self, plan: Plan) -> Vec<Coming> {
        self.0.with(|asked| {
            plan.series.with(|all| {
                let of_one = |(question, known): &Asked| {
                    let series = all.iter().find(|series| series.id == question.series);
                    let known = series.zip(known.as_ref()).into_iter();
                    let comings = known.flat_map(|(series, known)| known.iter().map(|one| Coming::of(series, one)));
                    comings.collect::<Vec<_>>()
                };
                asked.iter().flat_map(of_one).collect()
            })
        })
    }

    /// From which instant on something may be missing in these days; `None`: nothing is.
    pub(super) fn missing_from(self, plan: Plan, days: (Date, Date)) -> Option<Timestamp> {
        let end = Self::end(plan, days);
        self.0.with(|asked| {
            plan.series.with(|all| {
                let far = all.iter().filter_map(|series| told_until(series, end).map(|until| (series, until)));
                let unanswered = far.filter(|(series, _)| {
                    let question = Self::question(plan, series, days);
                    !asked.iter().any(|(other, answer)| *other == question && answer.is_some())
                });
                unanswered.map(|(_, until)| until).min()
            })
        })
    }
}
