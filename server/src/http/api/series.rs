//! `/api/v1/series`: planned work that recurs. What was announced of it and has not begun follows what is changed here.

use std::sync::Arc;

use api::{AllSeries, Announcement, Occurrence, OccurrenceDecision, Occurrences, OccurrencesQuery, ProblemKind, Series, SeriesEnd};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    access::Actor,
    record::{self, Event, Grounds},
    schedule::{self, Command, Plan, read_day},
    text::Localized,
    words::{Code, SeriesId},
};
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::http::{
    answer::{problem::Problem, revised::revised},
    api::{approvals::waits, names::names},
    ask::{
        authentication::Known,
        idempotency_key::IdempotencyKey,
        json_body::{self, JsonBody},
        merge_patch::{languages_in_usual_case, merge},
        parameters::Parameters,
        revision::if_match,
    },
    site::Site,
};

/// How many days are told at once.
const MOST_DAYS: i32 = 400;

/// Reads the id out of an address.
fn id(given: &str) -> Result<SeriesId, Problem> {
    SeriesId::parse(given).map_err(|_| no_series(given))
}

fn no_series(id: &str) -> Problem {
    let id: String = id.chars().take(80).collect();
    Problem::new(
        ProblemKind::NoSeries,
        format!("There is no series `{id}`; an id looks like S-0007."),
    )
}

/// Reads the name of an occurrence out of an address.
fn original(given: &str) -> Result<Date, Problem> {
    let given: String = given.chars().take(80).collect();
    let wrong = || {
        let detail = format!("`{given}` names no occurrence; the day on which the rule puts it does, such as 2026-12-01.");
        Problem::new(ProblemKind::NoOccurrence, detail)
    };
    read_day(&given).ok_or_else(wrong)
}

/// A series that the caller may read; any other there is not.
fn readable<'a>(state: &'a domain::state::State, id: &SeriesId, actor: &Actor) -> Result<&'a schedule::Series, Problem> {
    let found = state.one_series(id).filter(|series| state.may_read_series(&actor.grants, series));
    found.ok_or_else(|| no_series(id.as_str()))
}

/// Answers with a series as it stands in memory, and its revision as the `ETag`.
async fn answer(site: &Site, actor: &Actor, id: &SeriesId, status: StatusCode) -> Result<Response, Problem> {
    let names = names(site).await;
    let (state, now) = site.publisher.present();
    let answer = Series::new(readable(&state, id, actor)?, now, &names, &state);
    Ok(revised(status, answer.revision, &answer))
}

pub(crate) async fn list(State(site): State<Arc<Site>>, Known(identity): Known) -> Result<Json<AllSeries>, Problem> {
    let names = names(&site).await;
    let all = site.publisher.read(|state, now| {
        let readable = state
            .series()
            .filter(|series| state.may_read_series(&identity.actor.grants, series));
        let series = readable.map(|series| Series::new(series, now, &names, state)).collect();
        AllSeries { series, now }
    });
    Ok(Json(all.await?))
}

pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    key: IdempotencyKey,
    mut body: JsonBody,
) -> Result<Response, Problem> {
    let key = key.with(&body);
    let grounds = body.take_grounds()?;
    let plan: Box<Plan> = body.read()?;
    let command = record::Command::from(Command::Create { plan }).on(grounds);
    let done = site.submit(identity.actor.clone(), command, key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    // It may be the first.
    site.going_out.look_again();
    let id = done.subject.series().ok_or_else(|| no_series(""))?;
    answer(&site, &identity.actor, id, StatusCode::CREATED).await
}

pub(crate) async fn show(State(site): State<Arc<Site>>, Known(identity): Known, Path(given): Path<String>) -> Result<Response, Problem> {
    let id = id(&given)?;
    // So that what another process has written is there.
    site.publisher.read(|_, _| ()).await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// What comes beside a patch of the plan.
#[derive(Deserialize)]
struct Beside {
    #[serde(default)]
    text: Localized,
    from: Option<Date>,
}

/// A change of a plan as it was sent, in its parts.
struct Patched {
    plan: Box<Plan>,
    /// The revision that the author saw.
    expected: u32,
    beside: Beside,
    /// What is said for it.
    grounds: Grounds,
}

async fn patched(site: &Site, actor: &Actor, id: &SeriesId, headers: &HeaderMap, mut body: JsonBody) -> Result<Patched, Problem> {
    let seen = if_match(headers)?;
    let grounds = body.take_grounds()?;
    let beside = json_body::read(json!({"text": body.take("text").unwrap_or_else(|| json!({})), "from": body.take("from")}))?;
    let found = site
        .publisher
        .read(|state, _| readable(state, id, actor).map(|series| (series.plan.clone(), series.revision)));
    let (plan, revision) = found.await??;
    let mut patch = body.into_value();
    if !patch.is_object() {
        // It says what is wrong with it.
        json_body::read::<Plan>(patch.take())?;
    }
    if let Some(notice) = patch.get_mut("notice") {
        languages_in_usual_case(notice);
    }
    let mut merged = serde_json::to_value(&plan).unwrap_or_default();
    // Of these there are several forms, which have nothing in common: another one takes the place of what there was.
    let each = |plan: &Value| plan.pointer("/recurrence/rule/each").cloned();
    let is_other_rule = each(&patch).is_some_and(|other| Some(other) != each(&merged));
    let is_other_end = patch.pointer("/recurrence/until").is_some();
    for (name, is_given) in [("rule", is_other_rule), ("until", is_other_end)] {
        if let Some(recurrence) = merged.get_mut("recurrence").and_then(Value::as_object_mut).filter(|_| is_given) {
            recurrence.remove(name);
        }
    }
    merge(&mut merged, patch);
    Ok(Patched {
        plan: json_body::read(merged)?,
        expected: seen.expected(revision),
        beside,
        grounds,
    })
}

/// A JSON merge patch of the plan, for all that has not begun.
pub(crate) async fn edit(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    headers: HeaderMap,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let Patched {
        plan,
        expected,
        beside,
        grounds,
    } = patched(&site, &identity.actor, &id, &headers, body).await?;
    if beside.from.is_some() {
        let detail = "goes with `split`; this call changes all that has not begun";
        return Err(Problem::field("/from", Code::Malformed, detail));
    }
    let command = Command::Edit {
        id: id.clone(),
        expected,
        plan,
        text: beside.text,
    };
    let command = record::Command::from(command).on(grounds);
    let done = site.submit(identity.actor.clone(), command, key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// The same, from a day on; the rest stays as it is.
pub(crate) async fn split(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    headers: HeaderMap,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let Patched {
        plan,
        expected,
        beside,
        grounds,
    } = patched(&site, &identity.actor, &id, &headers, body).await?;
    let Some(from) = beside.from else {
        return Err(Problem::field(
            "/from",
            Code::Missing,
            "is missing; give the day from which on it goes on in another way",
        ));
    };
    let command = Command::Split {
        id: id.clone(),
        expected,
        from,
        plan,
        text: beside.text,
    };
    let command = record::Command::from(command).on(grounds);
    let done = site.submit(identity.actor.clone(), command, key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    // What happens first is that there is another one.
    let made = done.events.iter().find_map(|event| match event {
        Event::Schedule(schedule::Event::Created { id, .. }) => Some(id),
        _ => None,
    });
    let made = made.or_else(|| done.subject.series()).unwrap_or(&id);
    answer(&site, &identity.actor, made, StatusCode::CREATED).await
}

pub(crate) async fn occurrences(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    Parameters(query): Parameters<OccurrencesQuery>,
) -> Result<Json<Occurrences>, Problem> {
    let id = id(&given)?;
    let OccurrencesQuery { from, to } = query;
    if to < from || (to - from).get_days() > MOST_DAYS {
        let detail = format!("`to` is not within {MOST_DAYS} days from `from` on.");
        return Err(Problem::new(ProblemKind::BadParameters, detail));
    }
    let read = site.publisher.read(|state, now| {
        let series = readable(state, &id, &identity.actor)?;
        let clock = series.plan.recurrence.clock();
        let begin = |day: Date| day.to_zoned(clock.clone()).map(|day| day.timestamp()).unwrap_or(now);
        let found = series.plan.recurrence.between(begin(from), begin(to.saturating_add(1.day())));
        let told = found.into_iter().map(|one| Occurrence::new(series, one, now, state));
        Ok(Occurrences {
            occurrences: told.collect(),
        })
    });
    read.await?.map(Json)
}

pub(crate) async fn decide(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path((given, day)): Path<(String, String)>,
    key: IdempotencyKey,
    mut body: JsonBody,
) -> Result<Response, Problem> {
    let (id, original) = (id(&given)?, original(&day)?);
    let key = key.with(&body);
    let grounds = body.take_grounds()?;
    let OccurrenceDecision { exception, text } = body.read()?;
    let command = Command::Decide {
        id: id.clone(),
        original,
        exception,
        text,
    };
    let command = record::Command::from(command).on(grounds);
    let done = site.submit(identity.actor.clone(), command, key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

/// Tells people of an occurrence ahead of its time.
pub(crate) async fn announce(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path((given, day)): Path<(String, String)>,
    key: IdempotencyKey,
    mut body: JsonBody,
) -> Result<Response, Problem> {
    let (id, original) = (id(&given)?, original(&day)?);
    let key = key.with(&body);
    let grounds = body.take_grounds()?;
    let Announcement {} = body.read()?;
    let command = record::Command::from(Command::Announce { id: id.clone(), original }).on(grounds);
    let done = site.submit(identity.actor.clone(), command, key).await?;
    if let Some(waits) = waits(&site, &identity.actor, &done).await {
        return waits;
    }
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}

pub(crate) async fn end(
    State(site): State<Arc<Site>>,
    Known(identity): Known,
    Path(given): Path<String>,
    key: IdempotencyKey,
    body: JsonBody,
) -> Result<Response, Problem> {
    let id = id(&given)?;
    let key = key.with(&body);
    let SeriesEnd { text } = body.read()?;
    site.submit(identity.actor.clone(), Command::End { id: id.clone(), text }, key)
        .await?;
    answer(&site, &identity.actor, &id, StatusCode::OK).await
}
