//! All rules of who may do what with a series, and when.

use std::collections::BTreeSet;

use jiff::{Timestamp, civil::Date};
use serde_json::Value;
use wire::Stage;

use super::{
    check::{EXCEPTIONS, check_day, check_exception, check_plan},
    command::Command,
    event::Event,
    model::{Plan, Series},
    not_planned::NotPlanned,
    recurrence::Exception,
    schedule::Schedule,
};
use crate::{
    access::{Context, Role, Where},
    catalogue::{Catalogue, InForce},
    notice::{
        self, Change, Content, Intent, Notices, Transition,
        check::{Purpose, check_content},
    },
    rejection::{Rejection, need},
    text::{Localized, rules::check_prose},
    words::{Code, Faults, PortalId, SeriesId},
};

/// What a decision comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Decision {
    /// What happens to series.
    pub(crate) events: Vec<Event>,
    /// What follows for the notices of their occurrences, to be decided by the rules of notices.
    pub(crate) notices: Vec<notice::Command>,
}

/// What a decision about a series follows from.
#[derive(Clone, Copy)]
pub(crate) struct Room<'a> {
    pub(crate) schedule: &'a Schedule,
    pub(crate) notices: &'a Notices,
    pub(crate) catalogue: &'a InForce,
}

/// Turns a command into what happens. Neither events nor commands mean that nothing would change.
///
/// # Errors
/// A [`Rejection`] that names what would be right.
pub(crate) fn decide(room: Room<'_>, command: Command, context: &Context) -> Result<Decision, Rejection> {
    match command {
        Command::Create { plan } => room.create(plan, context),
        Command::Edit { id, expected, plan, text } => room.edit(id, expected, plan, &text, context),
        Command::Split {
            id,
            expected,
            from,
            plan,
            text,
        } => room.split(id, (expected, from), plan, &text, context),
        Command::Decide {
            id,
            original,
            exception,
            text,
        } => room.decide_about(id, original, exception, &text, context),
        Command::Announce { id, original } => room.announce(id, original, context),
        Command::End { id, text } => room.end(id, &text, context),
    }
}

impl<'a> Room<'a> {
    /// A series; for whoever may not even read it, there is none.
    fn find(self, id: &SeriesId, context: &Context) -> Result<&'a Series, Rejection> {
        let found = self.schedule.get(id);
        let readable = found.filter(|series| context.actor.grants.may(Role::Viewer, Where::OnOne(&self.portals(&series.plan))));
        readable.ok_or_else(|| Rejection::UnknownSeries(id.clone()))
    }

    /// The same, to be changed: it goes on, and the caller may publish wherever it shows.
    fn find_open(self, id: &SeriesId, context: &Context) -> Result<&'a Series, Rejection> {
        let series = self.find(id, context)?;
        self.need_for(&series.plan, context)?;
        if series.ended_at.is_some() {
            return Err(NotPlanned::Ended(id.clone()).into());
        }
        Ok(series)
    }

    fn portals(self, plan: &Plan) -> BTreeSet<PortalId> {
        self.catalogue.portals_of(&plan.notice)
    }

    /// What is planned is published by time, so whoever plans may publish.
    fn need_for(self, plan: &Plan, context: &Context) -> Result<(), Rejection> {
        need(Role::Publisher, Where::OnEach(&self.portals(plan)), context)
    }

    fn check(self, plan: &Plan) -> Result<(), Rejection> {
        let mut faults = Faults::default();
        check_plan(plan, self.catalogue.catalogue(), "", &mut faults);
        Ok(faults.into_result()?)
    }

    /// The same of what was found sound and kept to its days: whether the caller may, and whether there is anything to it.
    fn may_plan(self, plan: &Plan, context: &Context) -> Result<(), Rejection> {
        self.need_for(plan, context)?;
        if plan.recurrence.next(context.now, |_| true).is_none() {
            return Err(Faults::one("/recurrence", Code::Past, "has no day that lies ahead").into());
        }
        Ok(())
    }

    /// What was one series once, each part with the day from which on it holds; `None`: from the beginning.
    fn parts(self, series: &Series) -> Vec<(Option<Date>, &'a SeriesId)> {
        let root = self.schedule.root(&series.id);
        let parts = self.schedule.iter().filter(|other| self.schedule.root(&other.id) == root);
        let since = |part: &Series| part.continues.is_some().then_some(part.plan.recurrence.since).flatten();
        parts.map(|part| (since(part), &part.id)).collect()
    }

    /// Each day of what was one series once is one part's only.
    fn is_of(self, series: &Series, original: Date) -> Result<(), NotPlanned> {
        let holds = self.parts(series).into_iter().filter(|(since, _)| *since <= Some(original));
        match holds.max() {
            Some((_, owner)) if *owner != series.id => Err(NotPlanned::Elsewhere {
                original,
                series: owner.clone(),
            }),
            _ => Ok(()),
        }
    }

    /// The same for a plan: what lies after the days of a series is another part's.
    fn keep_to_its_days(self, series: &Series, plan: &mut Plan) {
        let since = series.continues.as_ref().and(series.plan.recurrence.since);
        let later = self
            .parts(series)
            .into_iter()
            .filter_map(|(other, _)| other.filter(|_| other > since));
        if let Some(later) = later.min() {
            plan.recurrence = plan.recurrence.split(later).0;
        }
    }

    fn create(self, plan: Box<Plan>, context: &Context) -> Result<Decision, Rejection> {
        need(Role::Publisher, Where::Somewhere, context)?;
        self.check(&plan)?;
        self.may_plan(&plan, context)?;
        let id = self.schedule.next_id();
        Ok(only(vec![Event::Created { id, plan, continues: None }]))
    }

    fn edit(self, id: SeriesId, expected: u32, mut plan: Box<Plan>, text: &Localized, context: &Context) -> Result<Decision, Rejection> {
        let series = self.find_open(&id, context)?;
        is_fresh(series, expected)?;
        self.check(&plan)?;
        has_its_since(series, &plan)?;
        plan.recurrence.exceptions.keys().try_for_each(|day| self.is_of(series, *day))?;
        self.keep_to_its_days(series, &mut plan);
        self.may_plan(&plan, context)?;
        if *plan == series.plan {
            return Ok(Decision::default());
        }
        let notices = self.follow(series, |_| true, Some(&plan), text, context)?;
        Ok(Decision {
            events: vec![Event::Edited { id, plan }],
            notices,
        })
    }

    fn split(
        self,
        id: SeriesId,
        (expected, from): (u32, Date),
        mut plan: Box<Plan>,
        text: &Localized,
        context: &Context,
    ) -> Result<Decision, Rejection> {
        let series = self.find_open(&id, context)?;
        is_fresh(series, expected)?;
        let today = context.now.to_zoned(series.plan.recurrence.clock()).date();
        if from <= today {
            return Err(Faults::one("/from", Code::Past, format!("is not after today, {today}")).into());
        }
        let begins = series.plan.recurrence.since.max(Some(series.plan.recurrence.first));
        if Some(from) <= begins {
            let detail = "leaves nothing before it; change the series as a whole";
            return Err(Faults::one("/from", Code::BeforeStart, detail).into());
        }
        let mut faults = Faults::default();
        check_day(from, "/from", &mut faults);
        faults.into_result()?;
        self.check(&plan)?;
        has_its_since(series, &plan)?;
        let (before, _) = series.plan.recurrence.split(from);
        self.keep_to_its_days(series, &mut plan);
        let recurrence = &mut plan.recurrence;
        recurrence.since = Some(from);
        recurrence.exceptions = recurrence.exceptions.split_off(&from);
        self.may_plan(&plan, context)?;
        let notices = self.follow(series, |original| original >= from, Some(&plan), text, context)?;
        let before = Box::new(Plan {
            recurrence: before,
            ..series.plan.clone()
        });
        let events = vec![
            Event::Created {
                id: self.schedule.next_id(),
                plan,
                continues: Some(id.clone()),
            },
            Event::Edited { id, plan: before },
        ];
        Ok(Decision { events, notices })
    }

    fn decide_about(
        self,
        id: SeriesId,
        original: Date,
        exception: Option<Exception>,
        text: &Localized,
        context: &Context,
    ) -> Result<Decision, Rejection> {
        let series = self.find_open(&id, context)?;
        self.is_of(series, original)?;
        let mut plan = series.plan.clone();
        let before = plan.recurrence.occurrence(original);
        if before.as_ref().is_some_and(|before| before.starts_at <= context.now) {
            return Err(NotPlanned::Begun(original).into());
        }
        if before.is_none() && exception == Some(Exception::Skipped) {
            return Err(NotPlanned::NoOccurrence { id, original }.into());
        }
        if let Some(notice) = series.announced.get(&original) {
            match self.notices.get(notice).and_then(|notice| notice.stage_at(context.now)) {
                Some(stage) if stage.is_final() && exception != Some(Exception::Skipped) => {
                    let notice = notice.clone();
                    return Err(NotPlanned::Apart { original, notice }.into());
                }
                Some(stage) if !stage.is_final() && stage != Stage::Scheduled => return Err(NotPlanned::Begun(original).into()),
                _ => {}
            }
        }
        let exceptions = &mut plan.recurrence.exceptions;
        match exception {
            Some(exception) => drop(exceptions.insert(original, exception)),
            None => drop(exceptions.remove(&original)),
        }
        if plan == series.plan {
            return Ok(Decision::default());
        }
        let mut faults = Faults::default();
        if let Some(exception) = &exception {
            check_exception(original, exception, "/exception", &mut faults);
        }
        if plan
            .recurrence
            .occurrence(original)
            .is_some_and(|after| after.ends_at <= context.now)
        {
            faults.add("/exception", Code::Past, "would be over already");
        }
        if plan.recurrence.exceptions.len() > EXCEPTIONS {
            let detail = format!("would be one of more than {EXCEPTIONS}; make a second series");
            faults.add("/exception", Code::TooLong, detail);
        }
        faults.into_result()?;
        let notices = self.follow(series, |one| one == original, Some(&plan), text, context)?;
        let decided = Event::Decided { id, original, exception };
        Ok(Decision {
            events: vec![decided],
            notices,
        })
    }

    fn announce(self, id: SeriesId, original: Date, context: &Context) -> Result<Decision, Rejection> {
        let series = self.find_open(&id, context)?;
        if let Some(notice) = series.announced.get(&original).cloned() {
            return Err(NotPlanned::Announced { original, notice }.into());
        }
        let Some(occurrence) = series.plan.recurrence.occurrence(original) else {
            return Err(NotPlanned::NoOccurrence { id, original }.into());
        };
        if occurrence.ends_at <= context.now {
            return Err(NotPlanned::Begun(original).into());
        }
        let notice = self.notices.next_id(context.now);
        Ok(Decision {
            events: vec![Event::Announced { id, original, notice }],
            notices: vec![notice::Command::Create {
                content: Box::new(series.plan.notice(&occurrence)),
                intent: Intent::Publish,
            }],
        })
    }

    fn end(self, id: SeriesId, text: &Localized, context: &Context) -> Result<Decision, Rejection> {
        let series = self.find_open(&id, context)?;
        let notices = self.follow(series, |_| true, None, text, context)?;
        Ok(Decision {
            events: vec![Event::Ended { id }],
            notices,
        })
    }

    /// What follows for the notices of those occurrences that were announced and have not begun. With no plan there is none of them any more.
    fn follow(
        self,
        series: &Series,
        touched: impl Fn(Date) -> bool,
        plan: Option<&Plan>,
        text: &Localized,
        context: &Context,
    ) -> Result<Vec<notice::Command>, Rejection> {
        let mut faults = Faults::default();
        check_prose(text, "/text", &mut faults);
        let mut commands = Vec::new();
        for (original, id) in series.announced.iter().filter(|(original, _)| touched(**original)) {
            let of = |plan: &Plan| plan.recurrence.occurrence(*original).map(|occurrence| plan.notice(&occurrence));
            let Some(notice) = self.notices.get(id) else { continue };
            match notice.stage_at(context.now) {
                Some(Stage::Scheduled) => {}
                Some(stage) if stage.is_final() => {
                    // What was called off is not told of again under the same name.
                    let is_ahead = |after: Content| after.starts_at.is_some_and(|starts_at| starts_at > context.now);
                    if of(&series.plan).is_none() && plan.and_then(of).is_some_and(is_ahead) {
                        let (original, notice) = (*original, id.clone());
                        return Err(NotPlanned::Apart { original, notice }.into());
                    }
                    continue;
                }
                _ => continue,
            }
            let change = || Change {
                text: text.clone(),
                ..Change::default()
            };
            let Some(after) = plan.and_then(of) else {
                commands.push(notice::Command::Transit {
                    id: id.clone(),
                    transition: Transition::Cancel,
                    change: change(),
                });
                continue;
            };
            if after.ends_at.is_some_and(|ends_at| ends_at <= context.now) {
                let detail =
                    format!("would put the occurrence of {original}, which was announced, into the past; decide about it alone first");
                faults.add("/recurrence", Code::Past, detail);
                continue;
            }
            let content = carried_over(of(&series.plan).as_ref(), &after, &notice.content);
            if content == notice.content {
                continue;
            }
            commands.push(notice::Command::Edit {
                id: id.clone(),
                expected: notice.revision,
                content: Box::new(content),
            });
            if !text.is_empty() {
                commands.push(notice::Command::Update {
                    id: id.clone(),
                    change: change(),
                });
            }
        }
        faults.into_result()?;
        Ok(commands)
    }
}

const fn only(events: Vec<Event>) -> Decision {
    Decision {
        events,
        notices: Vec::new(),
    }
}

/// From which day on a part holds was decided when it became one.
fn has_its_since(series: &Series, plan: &Plan) -> Result<(), Faults> {
    match (&series.continues, series.plan.recurrence.since) {
        (Some(before), Some(since)) if plan.recurrence.since != Some(since) => {
            let detail = format!("stays {since}; what lies before it is of the series {before}");
            Err(Faults::one("/recurrence/since", Code::Kept, detail))
        }
        _ => Ok(()),
    }
}

const fn is_fresh(series: &Series, expected: u32) -> Result<(), Rejection> {
    if series.revision == expected {
        return Ok(());
    }
    Err(Rejection::Stale {
        expected,
        actual: series.revision,
    })
}

/// What a plan has changed, put into a notice that somebody may have worked on since: each field of which the plan says something else than
/// before is as it says now, and the others stay. Its two times are one thing.
fn carried_over(before: Option<&Content>, after: &Content, current: &Content) -> Content {
    let fields = |content: &Content| match serde_json::to_value(content) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let Some(before) = before.map(fields) else {
        return after.clone();
    };
    let (after_fields, mut merged) = (fields(after), fields(current));
    const TIMES: [&str; 2] = ["starts_at", "ends_at"];
    let names: BTreeSet<&String> = before.keys().chain(after_fields.keys()).collect();
    if TIMES.iter().any(|name| before.get(*name) != after_fields.get(*name)) {
        let times = TIMES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), after_fields.get(*name)?.clone())));
        merged.extend(times);
        // Whoever put the announcement off meant other times.
        if current.announce_from > after.starts_at {
            merged.remove("announce_from");
        }
    }
    for name in names {
        match (before.get(name), after_fields.get(name)) {
            (old, new) if old == new => {}
            (_, Some(new)) => drop(merged.insert(name.clone(), new.clone())),
            (_, None) => drop(merged.remove(name)),
        }
    }
    serde_json::from_value(Value::Object(merged)).unwrap_or_else(|_| after.clone())
}

/// What a series that goes on names may not be taken away under its feet, and each portal on which it shows has its title.
pub(crate) fn check_still_named(schedule: &Schedule, catalogue: &Catalogue, now: Timestamp) -> Faults {
    let mut faults = Faults::default();
    for series in schedule.iter().filter(|series| series.next_unannounced(now).is_some()) {
        let mut of_series = Faults::default();
        check_content(&series.plan.notice, catalogue, Purpose::Template, "", &mut of_series);
        for fault in of_series.into_vec() {
            let at = ["service", "portal", "channel", "procedure"]
                .into_iter()
                .find(|part| fault.pointer.strip_prefix('/').is_some_and(|field| field.starts_with(part)));
            let detail = format!(
                "would leave the series {} with a fault: its `{}` {}; change or end that series first",
                series.id, fault.pointer, fault.detail
            );
            faults.add(format!("/{}", at.unwrap_or("portal")), Code::InUse, detail);
        }
    }
    faults
}
