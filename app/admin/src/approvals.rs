//! What takes a second person: what waits for a yes, what could not wait, and what became of the rest.

use std::collections::BTreeSet;

use api::{Approval, Deed, ProblemKind, Request};
use domain::{
    access::{Role, Where},
    approval::Standing,
    notice::{Content, Transition},
    schedule::Exception,
    text::Language,
    words::{Code, Fault},
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::json;

use crate::{
    calls,
    desk::Desk,
    failure::Failure,
    fields::{self, Faults, label},
    once::Once,
    planning::rules,
    route::Route,
    words,
};

/// So many are shown that need no answer any more.
const SETTLED: usize = 10;

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Approve,
    /// Somebody else's yes, over the phone.
    Heard,
    Decline,
    BreakGlass,
    Withdraw,
    Review,
}

/// A field of what is said with an answer: where it stands in the call, what it is called, and what goes into it.
type Field = (&'static str, &'static str, &'static str);

impl Answer {
    /// The word in the call's path.
    const fn path(self) -> &'static str {
        match self {
            Self::Heard => "approve",
            other => other.word(),
        }
    }

    /// The hook of its button.
    const fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Heard => "heard",
            Self::Decline => "decline",
            Self::BreakGlass => "break-glass",
            Self::Withdraw => "withdraw",
            Self::Review => "review",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Approve => words::office::say().approve,
            Self::Heard => words::heard()[0],
            Self::Decline => words::office::say().decline,
            Self::BreakGlass => words::office::say().break_glass,
            Self::Withdraw => words::office::say().withdraw_request,
            Self::Review => words::office::say().review,
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Approve | Self::Heard => words::office::say().approved,
            Self::Decline => words::office::say().declined,
            Self::BreakGlass => words::office::say().broken_glass,
            Self::Withdraw => words::office::say().withdrawn_request,
            Self::Review => words::office::say().reviewed,
        }
    }

    /// The fields for what is said with it.
    fn fields(self) -> Vec<Field> {
        match self {
            Self::Approve | Self::Withdraw => Vec::new(),
            Self::Heard => {
                let [.., name, code, hint, _] = words::heard();
                vec![("/spoken/name", name, ""), ("/spoken/code", code, hint)]
            }
            Self::Decline => vec![("/text", words::office::say().why_not, "")],
            Self::BreakGlass => vec![("/break_glass", words::say().why_now, "")],
            Self::Review => vec![("/text", words::office::say().what_was_found, "")],
        }
    }

    /// What is said before one does it.
    fn question(self) -> &'static str {
        match self {
            Self::Approve => words::office::say().approve_question,
            Self::Heard => words::heard()[1],
            Self::BreakGlass => words::office::say().break_glass_question,
            Self::Decline | Self::Withdraw | Self::Review => "",
        }
    }

    /// The name of the button that does it.
    fn confirm(self) -> &'static str {
        match self {
            Self::Heard => words::heard()[5],
            other => other.name(),
        }
    }
}

/// What the page knows, and the one answer that is just given.
#[derive(Clone, Copy)]
struct Desktop {
    desk: Desk,
    all: RwSignal<Option<Vec<Approval>>>,
    /// To which one an answer is being written, and which.
    open: RwSignal<Option<(String, Answer)>>,
}

/// The page.
pub(crate) fn page(desk: Desk) -> AnyView {
    let desktop = Desktop {
        desk,
        all: RwSignal::new(None),
        open: RwSignal::new(None),
    };
    desktop.follow();
    let of = move |wanted: &'static [Standing]| {
        Memo::new(move |_| {
            let all = desktop.all.get().unwrap_or_default();
            all.into_iter().filter(|one| wanted.contains(&one.standing)).collect::<Vec<_>>()
        })
    };
    let waiting = of(&[Standing::Waiting]);
    let bypassed = of(&[Standing::Bypassed]);
    let settled = of(&[Standing::Granted, Standing::Declined, Standing::Withdrawn, Standing::Reviewed]);
    let settled = Memo::new(move |_| settled.with(|all| all.iter().take(SETTLED).cloned().collect::<Vec<_>>()));
    view! {
        <h1 id="heading" tabindex="-1">{words::say().approvals}</h1>
        <p class="quiet" hidden=move || desktop.all.with(Option::is_some)>{words::say().loading}</p>
        <p class="quiet" data-test="nothing-waits" hidden=move || desktop.all.with(Option::is_none) || !waiting.with(Vec::is_empty)>{words::office::say().nothing_waits}</p>
        <div class="situation">
            {section(desktop, "waiting", words::office::say().waiting, waiting)}
            {section(desktop, "bypassed", words::office::say().to_review, bypassed)}
            {section(desktop, "settled", words::office::say().settled, settled)}
        </div>
    }
    .into_any()
}

fn section(desktop: Desktop, id: &'static str, heading: &'static str, list: Memo<Vec<Approval>>) -> AnyView {
    let heading_id = format!("{id}-heading");
    let labelled_by = heading_id.clone();
    view! {
        <section class="group-of-notices" data-test=id aria-labelledby=labelled_by hidden=move || list.with(Vec::is_empty)>
            <h2 id=heading_id>{heading}</h2>
            <ul class="cards">
                <For each=move || list.get() key=|one| one.id.clone() children=move |one| view! { <li>{card(desktop, &one)}</li> } />
            </ul>
        </section>
    }
    .into_any()
}

/// What is asked, in words.
fn deed(request: &Request) -> String {
    let what = match request.deed {
        Deed::CreateNotice => words::office::say().deed_publish,
        Deed::EditNotice => words::office::say().deed_edit,
        Deed::UpdateNotice => words::office::say().deed_update,
        Deed::MoveNotice => match request.transition {
            Some(Transition::Publish) => words::office::say().deed_publish,
            Some(Transition::Start) => words::office::say().deed_start,
            Some(Transition::Reopen) => words::office::say().deed_reopen,
            _ => words::office::say().deed_extend,
        },
        Deed::CreateSeries => words::office::say().deed_series,
        Deed::EditSeries | Deed::SplitSeries => words::office::say().deed_edit_series,
        Deed::DecideOccurrence => match request.exception {
            Some(Exception::Held { .. }) => words::office::say().deed_hold,
            _ => words::office::say().deed_take_back,
        },
        Deed::AnnounceOccurrence => words::office::say().deed_announce,
        Deed::EndSeries => words::office::say().end_series,
    };
    let which = request.notice.as_ref().map(ToString::to_string);
    let which = which.or_else(|| request.series.as_ref().map(ToString::to_string));
    let day = request.day.map(words::day);
    let parts: Vec<String> = [Some(what.to_owned()), which, day].into_iter().flatten().collect();
    parts.join(" · ")
}

fn card(desktop: Desktop, approval: &Approval) -> AnyView {
    let desk = desktop.desk;
    let (zone, now) = (desk.zone(), desk.now.get_untracked());
    let (who, when) = (words::author(&approval.asked_by), zone.moment(approval.asked_at, now));
    let asked = if approval.request.is_some() {
        words::asked_by(&who, &when)
    } else {
        words::settled_by(words::office::say().broken_glass, &who, &when)
    };
    let request = approval.request.as_ref().map(|request| told(desk, request));
    let line = |test: &'static str, name: &'static str, text: Option<&String>| {
        text.map(|text| view! { <p data-test=test><strong>{name} ": "</strong>{text.clone()}</p> })
    };
    let settled = approval.settled.as_ref().map(|settled| {
        let what = match approval.standing {
            Standing::Granted => words::office::say().approved,
            Standing::Declined => words::office::say().declined,
            Standing::Withdrawn => words::office::say().withdrawn_request,
            _ => words::office::say().reviewed,
        };
        let by = words::settled_by(what, &words::author(&settled.by), &zone.moment(settled.at, now));
        let text = settled.text.clone().map(|text| format!(": {text}")).unwrap_or_default();
        let heard = settled.heard_by.as_ref().map(|listener| words::heard_by(&words::author(listener)));
        view! { <p data-test="settled-by">{by}{heard}{text}</p> }
    });
    let notices = approval.notices.iter().map(|id| {
        let id = id.to_string();
        let href = Route::Notice(id.clone()).href();
        view! { <p><a href=href>{words::office::say().see_notice} " " {id}</a></p> }
    });
    view! {
        <article class="card" data-test=format!("approval-{}", approval.id)>
            <p class="quiet">{approval.id.to_string()} " · " {asked}</p>
            {request}
            {line("frozen-because", words::say().freeze_reason, approval.freeze_reason.as_ref())}
            {line("why-now", words::say().why_now, approval.break_glass.as_ref())}
            {settled}
            {notices.collect_view()}
            {buttons(desktop, approval)}
        </article>
    }
    .into_any()
}

/// What a second person has to know: what is to be done, what people would read, and where.
fn told(desk: Desk, request: &Request) -> AnyView {
    let (zone, now) = (desk.zone(), desk.now.get_untracked());
    let content = request.content.as_deref();
    let moment = match (&request.exception, &request.plan, content) {
        (Some(Exception::Held { day, times }), ..) => Some(words::held_at(&words::day(*day), &rules::times(times))),
        (_, Some(plan), _) => Some(rules::sentence(&plan.recurrence)),
        (_, _, Some(content)) => match (
            content.starts_at,
            request.change.as_ref().and_then(|change| change.ends_at).or(content.ends_at),
        ) {
            (Some(from), Some(to)) => Some(zone.window(from, to, now)),
            (Some(from), None) => Some(zone.moment(from, now)),
            _ => None,
        },
        _ => None,
    };
    let read = content.map(in_each_language);
    let weight = content.map(|content| format!("{} · {} · ", words::kind(content.kind), words::severity(content.severity)));
    let told_from = content.and_then(|content| content.announce_from);
    let told_from = told_from.map(|from| words::announced_from(&zone.moment(from, now)));
    let told_from = told_from.or_else(|| request.plan.as_ref().map(|plan| words::lead(plan.announce_hours)));
    let exceptions = request.plan.iter().flat_map(|plan| plan.recurrence.exceptions.iter());
    let exceptions = exceptions.map(|(day, exception)| match exception {
        Exception::Skipped => words::skipped_on(&words::day(*day)),
        Exception::Held { day: other, times } => words::held_on(&words::day(*day), &words::day(*other), &rules::times(times)),
    });
    let exceptions = exceptions.map(|told| view! { <p>{told}</p> }).collect_view();
    let said = request.change.as_ref().map(|change| &change.text).or(request.text.as_ref());
    let said = said
        .filter(|text| !text.is_empty())
        .map(|text| view! { <p lang=Desk::language_of(text)>"„" {Desk::text(text)} "“"</p> });
    view! {
        <p><strong>{deed(request)}</strong></p>
        <p>{moment}</p>
        {exceptions}
        <p class="quiet">{weight}{content.map(|content| desk.concerned(content))}</p>
        <p class="quiet">{told_from}</p>
        {read}
        {said}
    }
    .into_any()
}

/// What people would read, language by language, each part with its name.
fn in_each_language(content: &Content) -> AnyView {
    let parts = [
        (words::say().impact, &content.impact),
        (words::say().still_works, &content.still_works),
        (words::say().guidance, &content.guidance),
        (words::say().applications, &content.applications),
        (words::say().deadline_note, &content.deadline_note),
    ];
    let mut languages: Vec<&Language> = Vec::new();
    for (language, _) in content.title.iter().chain(parts.iter().flat_map(|(_, text)| text.iter())) {
        if !languages.contains(&language) {
            languages.push(language);
        }
    }
    let read = languages.into_iter().map(|language| {
        let tag = language.to_string();
        let title = content.title.get(language).map(str::to_owned);
        let lines = parts.iter().filter_map(|(name, text)| {
            // What reads the notations would double the page.
            let said = text.get(language)?.replace("**", "");
            Some(view! { <p><span class="group-name">{*name}</span><br /><span lang=tag.clone()>{said}</span></p> })
        });
        let lines = lines.collect_view();
        view! {
            <div class="group" role="group" aria-label=words::language(&tag)>
                <p class="group-name">{words::language(&tag)}</p>
                {title.map(|title| view! { <h3 lang=tag.clone()>{title}</h3> })}
                {lines}
            </div>
        }
    });
    read.collect_view().into_any()
}

fn buttons(desktop: Desktop, approval: &Approval) -> AnyView {
    let desk = desktop.desk;
    let who = desk
        .session
        .with_untracked(|session| session.as_ref().map(|session| session.id.clone()));
    let is_own = who.as_ref() == Some(&approval.asked_by.id);
    let portals: BTreeSet<_> = approval.portals.clone();
    let may = desk.session.with_untracked(|session| {
        session
            .as_ref()
            .is_some_and(|session| session.grants.may(Role::Publisher, Where::OnEach(&portals)))
    });
    let answers: &'static [Answer] = match (approval.standing, is_own, may) {
        (Standing::Waiting, true, true) => &[Answer::Heard, Answer::Withdraw, Answer::BreakGlass],
        (Standing::Waiting, true, false) => &[Answer::Heard, Answer::Withdraw],
        (Standing::Waiting, false, true) => &[Answer::Approve, Answer::Decline],
        (Standing::Bypassed, false, true) => &[Answer::Review],
        _ => &[],
    };
    let note =
        (approval.standing == Standing::Waiting && is_own).then(|| view! { <p class="quiet">{words::office::say().own_request}</p> });
    let id = approval.id.to_string();
    let chosen = {
        let id = id.clone();
        Memo::new(move |_| {
            desktop
                .open
                .with(|open| open.as_ref().filter(|(of, _)| *of == id).map(|(_, answer)| *answer))
        })
    };
    let buttons = answers.iter().map(|answer| {
        let (answer, of) = (*answer, id.clone());
        let toggle = move |_| {
            let is_open = chosen.get_untracked() == Some(answer);
            desktop.open.set((!is_open).then(|| (of.clone(), answer)));
            if !is_open {
                fields::focus_soon("step");
            }
        };
        let class = if answer == Answer::Approve { "small primary" } else { "small" };
        view! {
            <button type="button" class=class id=format!("{}-{id}", answer.word()) data-test=answer.word()
                aria-expanded=move || (chosen.get() == Some(answer)).to_string() on:click=toggle>{answer.name()}</button>
        }
    });
    let buttons = buttons.collect_view();
    view! {
        {note}
        <div class="row">{buttons}</div>
        {move || chosen.get().map(|answer| form(desktop, id.clone(), answer))}
    }
    .into_any()
}

fn form(desktop: Desktop, id: String, answer: Answer) -> AnyView {
    let (faults, once) = (Faults::new(), Once::new());
    let said: Vec<_> = answer
        .fields()
        .into_iter()
        .map(|field| (field, RwSignal::new(String::new())))
        .collect();
    let asked = said
        .iter()
        .map(|((pointer, name, hint), text)| fields::line(faults, label(pointer, name, hint), "text", *text))
        .collect_view();
    let question = answer.question();
    let (of, opener) = (id.clone(), format!("{}-{id}", answer.word()));
    let close = move |_| {
        desktop.open.set(None);
        fields::focus(&opener);
    };
    let send = move |_| {
        let said: Vec<_> = said.iter().map(|((pointer, ..), text)| (*pointer, text.get_untracked())).collect();
        let (given, missing): (Vec<_>, Vec<_>) = said.into_iter().partition(|(_, text)| !text.trim().is_empty());
        if !missing.is_empty() && answer != Answer::Review {
            let missing = missing.into_iter().map(|(pointer, _)| fields::fault(pointer, Code::Missing));
            return faults.show(missing.collect());
        }
        let mut body = json!({});
        for (pointer, text) in given {
            let names = pointer.split('/').skip(1);
            *names.fold(&mut body, |within, name| &mut within[name]) = text.into();
        }
        let Some(key) = once.begin() else { return };
        desktop.desk.hush();
        let id = of.clone();
        spawn_local(async move {
            let outcome = calls::answer(&id, answer.path(), &body, &key).await;
            if let Some(outcome) = once.ended(outcome) {
                desktop.answered(answer, outcome, faults);
            }
        });
    };
    view! {
        <div class="step" id="step" tabindex="-1" data-test=format!("step-{}", answer.word())>
            {faults.summary(|_| {})}
            <p hidden=question.is_empty()>{question}</p>
            {asked}
            <div class="row">
                <button type="button" class="primary" data-test=format!("{}-confirm", answer.word()) aria-disabled=move || once.is_busy()
                    on:click=send>{answer.confirm()}</button>
                <button type="button" on:click=close>{words::say().cancel}</button>
            </div>
        </div>
    }
    .into_any()
}

impl Desktop {
    /// Asks now and with every tick.
    fn follow(self) {
        Effect::new(move |_| {
            self.desk.tick.track();
            spawn_local(async move {
                match calls::approvals().await {
                    Ok(all) => drop(self.all.try_set(Some(all))),
                    Err(Failure::SignedOut) => self.desk.failed(&Failure::SignedOut),
                    Err(_) => {}
                }
            });
        });
    }

    fn answered(self, answer: Answer, outcome: Result<Approval, Failure>, faults: Faults) {
        match outcome {
            Ok(approval) => {
                self.open.set(None);
                let done = format!("{}: {}", answer.done(), approval.id);
                self.all.update(|all| {
                    if let Some(old) = all.iter_mut().flatten().find(|old| old.id == approval.id) {
                        *old = approval;
                    }
                });
                self.desk.refresh_all();
                self.desk.say(done);
                fields::focus("heading");
            }
            Err(Failure::NoAnswer) => self.desk.lost(words::office::say().unanswered_plan.to_owned()),
            Err(Failure::Stale) => self.desk.warn(words::office::say().request_stale.to_owned()),
            Err(Failure::Refused(problem)) if answer == Answer::Heard && problem.kind == ProblemKind::TooManyAttempts => {
                self.desk.warn(words::too_many_heard().to_owned());
            }
            Err(failure) => {
                // What was asked for may have become wrong; that is no fault of these fields.
                let found: Vec<Fault> = failure.faults();
                let own = answer.fields();
                if found.iter().any(|fault| own.iter().any(|(pointer, ..)| *pointer == fault.pointer)) {
                    faults.show(found);
                } else {
                    self.desk.failed(&failure);
                }
            }
        }
    }
}
