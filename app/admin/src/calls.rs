//! The management API as this page uses it.

use api::{
    Acceptance, AddedPasskey, Approval, Approvals, Arrivals, Call, CatalogueChanges, CatalogueFile, Channel, Channels, Check, Condition,
    Credentials, Device, DeviceCode, Examination, FormQuery, Freeze, Health, Invitation, Invitations, Journal, JournalQuery, NewGrants,
    NewInvitation, NewPasskey, NewPassword, NewToken, NoticePage, OPEN_NOTICES, Occurrences, Opening, OpeningQuery, OwnSecondFactor,
    Passkeys, People, Person, PresentPassword, ProbeLook, Probed, Probes, RecoveryCodes, Redaction, ReportQuery, Reports, SeenQuery,
    Series, Session, SetUp, Token, Tokens, UploadedForm,
};
use domain::{
    access::Grants,
    approval::Standing,
    catalogue::{Catalogue, FormFile, PartKind},
    notice::Notice,
    words::ApprovalId,
};
use gloo_net::http::Response;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

pub(crate) use crate::request::get;
use crate::{
    failure::Failure,
    request::{Asked, Body, Header, read, send, text},
    tongue,
};

/// Notices, newest first, and the server's clock.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) notices: Vec<Notice>,
    pub(crate) now: Timestamp,
}

/// Sends what may take a second person: then it waits for one.
async fn ask<T: DeserializeOwned>(asked: impl Into<Asked<'_>>, body: &Value, headers: &[Header<'_>]) -> Result<T, Failure> {
    let mut body = body.clone();
    body["ask_approval"] = Value::Bool(true);
    let response = send(asked.into(), Some(Body::Json(body.to_string())), headers).await?;
    if response.status() == 202 {
        return Err(Failure::Waits(read::<Waiting>(response).await?.id));
    }
    read(response).await
}

/// What is read of something that waits.
#[derive(Deserialize)]
struct Waiting {
    id: ApprovalId,
    standing: Standing,
}

/// What is read of a list of such things.
#[derive(Deserialize)]
struct AllWaiting {
    approvals: Vec<Waiting>,
}

/// How much waits for a second person's answer.
pub(crate) async fn waiting() -> Result<usize, Failure> {
    let all: AllWaiting = get(Call::Approvals).await?;
    let needs_answer = |one: &&Waiting| matches!(one.standing, Standing::Waiting | Standing::Bypassed);
    Ok(all.approvals.iter().filter(needs_answer).count())
}

/// All that takes or took a second person, of what the person may read.
pub(crate) async fn approvals() -> Result<Vec<Approval>, Failure> {
    get::<Approvals>(Call::Approvals).await.map(|all| all.approvals)
}

/// Whether notices have arrived where people read.
pub(crate) async fn arrivals() -> Result<Arrivals, Failure> {
    get(Call::Arrivals).await
}

/// Whether the channels work, and who has nobody left.
pub(crate) async fn channels() -> Result<Channels, Failure> {
    get(Call::Channels).await
}

/// Says that a channel is out of order; fails as [`Failure::Stale`] when something else was said of it meanwhile.
pub(crate) async fn report_channel(id: &str, revision: u32, body: &Value, key: &str) -> Result<Channel, Failure> {
    let seen = format!("\"{revision}\"");
    post(Asked::about(Call::ReportChannel, &[id]), body, &[("If-Match", &seen), (ONCE, key)]).await
}

/// Says that it works.
pub(crate) async fn clear_channel(id: &str, revision: u32, key: &str) -> Result<Channel, Failure> {
    let seen = format!("\"{revision}\"");
    read(send(Asked::about(Call::ClearChannel, &[id]), None, &[("If-Match", &seen), (ONCE, key)]).await?).await
}

/// An entry of the catalogue, with its revision.
pub(crate) async fn catalogue_part(kind: PartKind, id: &str) -> Result<(u32, Value), Failure> {
    revised(send(Asked::about(Call::CataloguePart, &[kind.word(), id]), None, &[]).await?).await
}

/// Changes an entry, or adds it where none was seen; fails as [`Failure::Stale`] when somebody else has changed it meanwhile.
pub(crate) async fn put_catalogue_part(
    kind: PartKind,
    id: &str,
    seen: Option<u32>,
    part: &Value,
    key: &str,
) -> Result<(u32, Value), Failure> {
    let seen = seen.map(|revision| format!("\"{revision}\""));
    let mut headers = vec![(ONCE, key)];
    headers.extend(seen.as_deref().map(|seen| ("If-Match", seen)));
    let gaps = [kind.word(), id];
    let asked = Asked::about(Call::PutCataloguePart, &gaps);
    revised(send(asked, Some(Body::Json(part.to_string())), &headers).await?).await
}

/// Takes an entry out of the catalogue.
pub(crate) async fn remove_catalogue_part(kind: PartKind, id: &str, revision: u32) -> Result<(), Failure> {
    let seen = format!("\"{revision}\"");
    let gaps = [kind.word(), id];
    let asked = Asked::about(Call::RemoveCataloguePart, &gaps);
    send(asked, None, &[("If-Match", &seen)]).await.map(drop)
}

/// An answer with its revision.
async fn revised(response: Response) -> Result<(u32, Value), Failure> {
    let tag = response.headers().get("ETag").unwrap_or_default();
    let revision = tag
        .trim_start_matches("W/")
        .trim_matches('"')
        .split(['-', ';'])
        .next()
        .and_then(|tag| tag.parse().ok());
    let revision = revision.ok_or(Failure::NoAnswer)?;
    Ok((revision, read(response).await?))
}

/// Where the catalogue lies as a file.
pub(crate) fn catalogue_toml() -> String {
    Call::CatalogueToml.path().with(&[])
}

/// Puts a catalogue file in force over the catalogue at this revision; without one it only says what it would change.
pub(crate) async fn apply_catalogue(toml: &str, over: Option<u32>) -> Result<CatalogueChanges, Failure> {
    let file = CatalogueFile {
        toml: toml.to_owned(),
        check_only: over.is_none(),
    };
    let seen = over.map(|revision| format!("\"{revision}\""));
    let headers: Vec<Header<'_>> = seen.iter().map(|seen| ("If-Match", seen.as_str())).collect();
    post(Call::ApplyCatalogue, &file, &headers).await
}

/// Uploads a form, under the name that its author gave it.
pub(crate) async fn upload_form(file: &web_sys::File) -> Result<UploadedForm, Failure> {
    let asked = Asked::with(Call::UploadForm, &[], parameters(&FormQuery { name: file.name() }));
    read(send(asked, Some(Body::Pdf(file.clone())), &[]).await?).await
}

/// Where staff read a form that was uploaded.
pub(crate) fn form(file: &FormFile) -> String {
    Call::ReadForm.path().with(&[file.digest(), file.name()])
}

/// What opening hours come to in the coming two weeks.
pub(crate) async fn opening(query: &OpeningQuery) -> Result<Opening, Failure> {
    get(Asked::with(Call::Opening, &[], parameters(query))).await
}

/// Whether a portal embeds the notices as it is to.
pub(crate) async fn examine(portal: &str) -> Result<Examination, Failure> {
    post(Asked::about(Call::Examine, &[portal]), &Value::Null, &[]).await
}

/// What the server itself looks at, and what it found last.
pub(crate) async fn probes() -> Result<Vec<Probed>, Failure> {
    get::<Probes>(Call::Probes).await.map(|all| all.probes)
}

/// Looks once at what is to be a probe.
pub(crate) async fn try_probe(probe: &Value) -> Result<ProbeLook, Failure> {
    post(Call::TryProbe, probe, &[]).await
}

/// Who has an account, of those whom the person manages.
pub(crate) async fn people() -> Result<Vec<Person>, Failure> {
    get::<People>(Call::People).await.map(|all| all.people)
}

/// Does something about a person: `disable`, `enable`, `sign-out`.
pub(crate) async fn about_person(call: Call, id: &str) -> Result<Person, Failure> {
    post(Asked::about(call, &[id]), &Value::Null, &[]).await
}

/// Changes what a person may do.
pub(crate) async fn change_grants(id: &str, grants: Grants) -> Result<Person, Failure> {
    post(Asked::about(Call::ChangeGrants, &[id]), &NewGrants { grants }, &[]).await
}

/// Who is invited, of those whom the person manages.
pub(crate) async fn invitations() -> Result<Vec<Invitation>, Failure> {
    get::<Invitations>(Call::Invitations).await.map(|all| all.invitations)
}

/// Invites somebody; the answer has the link.
pub(crate) async fn invite(label: String, grants: Grants) -> Result<Invitation, Failure> {
    post(Call::Invite, &NewInvitation { label, grants }, &[]).await
}

/// Takes an invitation back.
pub(crate) async fn withdraw_invitation(id: &str) -> Result<(), Failure> {
    send(Asked::about(Call::WithdrawInvitation, &[id]), None, &[]).await.map(drop)
}

/// Makes the account of somebody who was invited.
pub(crate) async fn accept(token: &str, name: &str, password: &str) -> Result<(), Failure> {
    let acceptance = Acceptance {
        token: token.to_owned(),
        name: name.to_owned(),
        password: password.to_owned(),
    };
    post::<Session>(Call::AcceptInvitation, &acceptance, &[]).await.map(drop)
}

/// Which programs have a token, of those that the person manages.
pub(crate) async fn tokens() -> Result<Vec<Token>, Failure> {
    get::<Tokens>(Call::Tokens).await.map(|all| all.tokens)
}

/// Makes a token; the answer has what it is sent as.
pub(crate) async fn create_token(name: String, grants: Grants, expires_at: Option<Timestamp>) -> Result<Token, Failure> {
    let new = NewToken { name, grants, expires_at };
    post(Call::CreateToken, &new, &[]).await
}

/// Ends a token.
pub(crate) async fn revoke_token(id: &str) -> Result<Token, Failure> {
    post(Asked::about(Call::RevokeToken, &[id]), &Value::Null, &[]).await
}

/// Gives oneself another password.
pub(crate) async fn change_password(current: String, password: String) -> Result<Session, Failure> {
    post(Call::ChangePassword, &NewPassword { current, password }, &[]).await
}

/// A page of the record.
pub(crate) async fn journal(query: &JournalQuery) -> Result<Journal, Failure> {
    get(Asked::with(Call::Journal, &[], parameters(query))).await
}

/// The address of the same as a file.
pub(crate) fn journal_file(kind: &str, query: &JournalQuery) -> String {
    let call = if kind == "csv" { Call::JournalCsv } else { Call::JournalLines };
    call.path().with(&[]) + &parameters(query)
}

/// Of which months there are reports.
pub(crate) async fn reports() -> Result<Reports, Failure> {
    get(Call::Reports).await
}

/// The address of one of them.
pub(crate) fn report_file(portal: &str, file: &str) -> String {
    let lang = Some(tongue::spoken().tag().to_owned());
    Call::Report.path().with(&[portal, file]) + &parameters(&ReportQuery { lang })
}

/// Takes the content of an entry out of the record.
pub(crate) async fn redact(seq: u64, reason: String) -> Result<(), Failure> {
    let body = serde_json::to_string(&Redaction { reason }).unwrap_or_default();
    send(Asked::about(Call::Redact, &[&seq.to_string()]), Some(Body::Json(body)), &[])
        .await
        .map(drop)
}

/// The address of a portal's page as it was.
pub(crate) fn seen(portal: &str, at: Timestamp) -> String {
    Call::Seen.path().with(&[portal]) + &parameters(&SeenQuery { at, lang: None })
}

/// A query as it stands behind the question mark.
fn parameters(query: &impl Serialize) -> String {
    let value = serde_json::to_value(query).unwrap_or_default();
    let pairs = value.as_object().into_iter().flatten().map(|(key, value)| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{key}={}", js_sys::encode_uri_component(&text))
    });
    format!("?{}", pairs.collect::<Vec<_>>().join("&"))
}

/// How one's own second factor stands.
pub(crate) async fn own_second_factor() -> Result<OwnSecondFactor, Failure> {
    get(Call::OwnSecondFactor).await
}

/// Begins to add a device.
pub(crate) async fn begin_second_factor(current: String) -> Result<Device, Failure> {
    post(Call::BeginSecondFactor, &PresentPassword { current }, &[]).await
}

/// Adds the device with the first code of it; the answer has the codes for when it is lost.
pub(crate) async fn confirm_second_factor(code: String) -> Result<Vec<String>, Failure> {
    let confirmed = post::<RecoveryCodes>(Call::ConfirmSecondFactor, &DeviceCode { code }, &[]).await;
    confirmed.map(|codes| codes.recovery_codes)
}

/// Other codes for when the device is lost.
pub(crate) async fn new_recovery_codes(current: String) -> Result<Vec<String>, Failure> {
    let made = post::<RecoveryCodes>(Call::NewRecoveryCodes, &PresentPassword { current }, &[]).await;
    made.map(|codes| codes.recovery_codes)
}

/// Asks for the password alone from now on.
pub(crate) async fn remove_second_factor(current: String) -> Result<(), Failure> {
    let body = serde_json::to_string(&PresentPassword { current }).unwrap_or_default();
    send(Call::RemoveSecondFactor.into(), Some(Body::Json(body)), &[]).await.map(drop)
}

/// One's own passkeys.
pub(crate) async fn passkeys() -> Result<Passkeys, Failure> {
    get(Call::Passkeys).await
}

/// What a device is to make a key of.
pub(crate) async fn begin_passkey(current: String) -> Result<String, Failure> {
    let body = serde_json::to_string(&PresentPassword { current }).unwrap_or_default();
    text(send(Call::BeginPasskey.into(), Some(Body::Json(body)), &[]).await?).await
}

/// Adds the passkey that a device has made.
pub(crate) async fn add_passkey(name: String, answer: &str) -> Result<AddedPasskey, Failure> {
    let credential = serde_json::from_str(answer).unwrap_or_default();
    post(Call::AddPasskey, &NewPasskey { name, credential }, &[]).await
}

/// Removes a passkey.
pub(crate) async fn remove_passkey(id: &str, current: String) -> Result<(), Failure> {
    let body = serde_json::to_string(&PresentPassword { current }).unwrap_or_default();
    send(Asked::about(Call::RemovePasskey, &[id]), Some(Body::Json(body)), &[])
        .await
        .map(drop)
}

/// Ends all sessions of one's own.
pub(crate) async fn sign_out_everywhere() -> Result<(), Failure> {
    send(Call::SignOutEverywhere.into(), None, &[]).await.map(drop)
}

/// Answers to something that takes a second person: `approve`, `decline`, …
pub(crate) async fn answer(id: &str, answer: &str, body: &Value, key: &str) -> Result<Approval, Failure> {
    let call = match answer {
        "approve" => Call::Approve,
        "decline" => Call::Decline,
        "break-glass" => Call::BreakGlass,
        "withdraw" => Call::WithdrawRequest,
        _ => Call::Review,
    };
    post(Asked::about(call, &[id]), body, &[(ONCE, key)]).await
}

async fn post<T: DeserializeOwned>(asked: impl Into<Asked<'_>>, body: &impl Serialize, headers: &[Header<'_>]) -> Result<T, Failure> {
    let body = serde_json::to_string(body).unwrap_or_default();
    read(send(asked.into(), Some(Body::Json(body)), headers).await?).await
}

/// A notice as the rules know it.
fn known(notice: api::Notice) -> Notice {
    notice.into()
}

/// The header by which the server knows what it has done already, however often it is sent.
const ONCE: &str = "Idempotency-Key";

pub(crate) async fn session() -> Result<Session, Failure> {
    get(Call::Session).await
}

/// Signs in; `code` is asked for where more than a password is shown.
pub(crate) async fn sign_in(name: &str, password: &str, code: Option<String>) -> Result<Session, Failure> {
    let credentials = Credentials {
        name: name.to_owned(),
        password: password.to_owned(),
        code,
    };
    post(Call::SignIn, &credentials, &[]).await
}

/// What a device is to sign, for whoever wants to sign in.
pub(crate) async fn begin_sign_in_by_passkey() -> Result<String, Failure> {
    text(send(Call::BeginSignInByPasskey.into(), None, &[]).await?).await
}

/// Signs in with what a device has answered.
pub(crate) async fn sign_in_by_passkey(answer: String) -> Result<Session, Failure> {
    read(send(Call::SignInByPasskey.into(), Some(Body::Json(answer)), &[]).await?).await
}

pub(crate) async fn sign_out() -> Result<(), Failure> {
    send(Call::SignOut.into(), None, &[]).await.map(drop)
}

/// Makes the first account, with the token of the one-time link.
pub(crate) async fn set_up(token: &str, name: &str, password: &str) -> Result<(), Failure> {
    let first = SetUp {
        token: token.to_owned(),
        name: name.to_owned(),
        password: password.to_owned(),
    };
    post::<Session>(Call::SetUp, &first, &[]).await.map(drop)
}

pub(crate) async fn catalogue() -> Result<Catalogue, Failure> {
    get(Call::Catalogue).await
}

/// Drafts and what is not over, all of it.
pub(crate) async fn open_notices() -> Result<Listing, Failure> {
    let (mut notices, mut after) = (Vec::new(), String::new());
    loop {
        let page: NoticePage = get(Asked::narrowed(Call::Notices, &format!("{OPEN_NOTICES}{after}"))).await?;
        notices.extend(page.notices.into_iter().map(known));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(Listing { notices, now: page.now }),
        }
    }
}

/// The newest notices that are over.
pub(crate) async fn past_notices() -> Result<Listing, Failure> {
    let page: NoticePage = get(Asked::narrowed(Call::Notices, "stage=past")).await?;
    Ok(Listing {
        notices: page.notices.into_iter().map(known).collect(),
        now: page.now,
    })
}

pub(crate) async fn notice(id: &str) -> Result<Notice, Failure> {
    get(Asked::about(Call::Notice, &[id])).await.map(known)
}

/// Creates a notice; the same key makes it once, however often it is sent.
pub(crate) async fn create(content: &Value, key: &str) -> Result<Notice, Failure> {
    ask(Call::CreateNotice, content, &[(ONCE, key)]).await.map(known)
}

/// Changes fields of a notice; fails as [`Failure::Stale`] when it is no longer at this revision. The same key changes it once.
pub(crate) async fn patch(id: &str, revision: u32, changes: &Value, key: &str) -> Result<Notice, Failure> {
    let seen = format!("\"{revision}\"");
    let gaps = [id];
    ask(Asked::about(Call::EditNotice, &gaps), changes, &[("If-Match", &seen), (ONCE, key)])
        .await
        .map(known)
}

/// Adds an update (`updates`) or makes a transition (`publish`, `extend`, …).
pub(crate) async fn act(id: &str, action: &str, body: &Value, key: &str) -> Result<Notice, Failure> {
    let gaps = [id, action];
    let asked = match action {
        "updates" => Asked::about(Call::UpdateNotice, &gaps[..1]),
        _ => Asked::about(Call::MoveNotice, &gaps),
    };
    ask(asked, body, &[(ONCE, key)]).await.map(known)
}

/// What a draft would look like. Nothing is stored.
pub(crate) async fn preview(content: &Value) -> Result<Value, Failure> {
    post(Call::Preview, content, &[]).await
}

/// What is in the way of work on these services at a time, and the next one at which nothing is; `own` is the notice of the work itself.
pub(crate) async fn check(services: &[String], from: Timestamp, to: Timestamp, own: Option<&str>) -> Result<Check, Failure> {
    let own = own.map(|id| format!("&notice={id}")).unwrap_or_default();
    let query = format!("service={}&from={from}&to={to}{own}", services.join(","));
    get(Asked::narrowed(Call::Check, &query)).await
}

/// What a series has on the days from one to another.
pub(crate) async fn occurrences(series: &str, from: Date, to: Date) -> Result<Occurrences, Failure> {
    let (call, query) = (Call::Occurrences, format!("?from={from}&to={to}"));
    let gaps = &[series];
    get(Asked::with(call, gaps, query)).await
}

/// Plans a series: what is told, by which rule it recurs, how long before people are told.
pub(crate) async fn create_series(plan: &Value, key: &str) -> Result<Series, Failure> {
    ask(Call::CreateSeries, plan, &[(ONCE, key)]).await
}

/// Changes a series: all that has not begun, or what it has from a day on.
pub(crate) async fn edit_series(id: &str, from: Option<Date>, revision: u32, changes: &Value, key: &str) -> Result<Series, Failure> {
    let seen = format!("\"{revision}\"");
    let headers = [("If-Match", seen.as_str()), (ONCE, key)];
    let Some(from) = from else {
        return ask(Asked::about(Call::EditSeries, &[id]), changes, &headers).await;
    };
    let mut changes = changes.clone();
    changes["from"] = from.to_string().into();
    ask(Asked::about(Call::SplitSeries, &[id]), &changes, &headers).await
}

/// Lays down a freeze, or changes one that is known by its id and revision.
pub(crate) async fn lay_down(known: Option<(String, u32)>, terms: &Value, key: &str) -> Result<Freeze, Failure> {
    match known {
        None => post(Call::CreateFreeze, terms, &[(ONCE, key)]).await,
        Some((id, revision)) => {
            let seen = format!("\"{revision}\"");
            post(Asked::about(Call::EditFreeze, &[&id]), terms, &[("If-Match", &seen), (ONCE, key)]).await
        }
    }
}

/// Lifts a freeze.
pub(crate) async fn lift(id: &str, key: &str) -> Result<Freeze, Failure> {
    post(Asked::about(Call::EndFreeze, &[id]), &serde_json::json!({}), &[(ONCE, key)]).await
}

/// Ends a series, with a word for those who have read what was announced.
pub(crate) async fn end_series(id: &str, text: Option<&Value>, key: &str) -> Result<Series, Failure> {
    let said = text.map_or_else(|| serde_json::json!({}), |text| serde_json::json!({ "text": text }));
    post(Asked::about(Call::EndSeries, &[id]), &said, &[(ONCE, key)]).await
}

/// Decides about the occurrence of a day.
pub(crate) async fn decide(series: &str, day: &str, body: &Value, key: &str) -> Result<Series, Failure> {
    ask(Asked::about(Call::DecideOccurrence, &[series, day]), body, &[(ONCE, key)]).await
}

/// Announces the occurrence of a day now.
pub(crate) async fn announce(series: &str, day: &str, body: &Value, key: &str) -> Result<Series, Failure> {
    ask(Asked::about(Call::AnnounceOccurrence, &[series, day]), body, &[(ONCE, key)]).await
}

/// What is wrong with the server now.
pub(crate) async fn conditions() -> Result<Vec<Condition>, Failure> {
    get::<Health>(Call::Health).await.map(|health| health.conditions)
}

/// What a portal shows right now.
pub(crate) async fn portal_state(portal: &str) -> Result<Value, Failure> {
    get(Asked::about(Call::State, &[portal])).await
}
