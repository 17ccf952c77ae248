//! Random stories: what people try, one after another, with catalogue, contents and times. Shared by the properties that hold for every
//! story and by the long one whose journal is kept.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Context, Role},
    catalogue::{self, Catalogue},
    channel_state,
    notice::{self, Change, Content, Intent, Transition},
    project::{next_change, next_change_of, project},
    record::{Command, Entry, Event, upkeep},
    state::{State, replay},
    step::step,
    text::{Language, Localized},
    words::{ChannelId, NoticeId, PortalId, ProcedureId},
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use wire::{AtEnd, Entries, Kind, Severity, Stage, Untold};

pub(crate) const PORTALS: [&str; 2] = ["town", "county"];

fn catalogue() -> Catalogue {
    serde_json::from_value(serde_json::json!({
        "portal": [
            {"id": "town", "name": {"de": "Stadt"}, "languages": ["de", "en"], "time_zone": "Europe/Berlin", "region": "DE-BE", "services": ["base", "car", "dog"],
             "issuer": {"de": "Stadt"}, "linger_minutes": 90,
             "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example", "accessibility": "https://a.example", "feedback": "https://a.example"}},
            {"id": "county", "name": {"de": "Kreis"}, "languages": ["de"], "time_zone": "America/New_York", "region": "US", "services": ["pay"],
             "issuer": {"de": "Kreis"}, "linger_minutes": 0,
             "links": {"home": "https://b.example", "imprint": "https://b.example", "privacy": "https://b.example", "accessibility": "https://b.example", "feedback": "https://b.example"}},
        ],
        "service": [
            {"id": "base", "name": {"de": "Anmeldung"}, "channels": ["mail"]},
            {"id": "pay", "name": {"de": "Bezahlen"}, "requires": ["base"], "usual_minutes": 5},
            {"id": "car", "name": {"de": "Auto"}, "requires": ["base"], "uses": ["pay"], "channels": ["phone", "mail"], "procedures": ["paper"], "usual_minutes": 90},
            {"id": "dog", "name": {"de": "Hund"}},
        ],
        "channel": [
            {"id": "phone", "kind": "phone", "name": {"de": "Amt"}, "value": "030 23125 000", "hours": "Mo-Fr 08:00-16:00; PH off"},
            {"id": "mail", "kind": "email", "name": {"de": "E-Mail"}, "value": "amt@a.example"},
        ],
        "procedure": [{"id": "paper", "name": {"de": "Auf Papier"}, "steps": [{"text": {"de": "Schreiben Sie."}}]}],
    }))
    .unwrap()
}

/// One thing that someone tries, so many minutes after the last.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) minutes: i64,
    pub(crate) role: Role,
    pub(crate) act: Act,
}

#[derive(Clone, Debug)]
pub(crate) enum Act {
    Create {
        content: Box<Sketch>,
        publish: bool,
    },
    Edit {
        which: usize,
        content: Box<Sketch>,
        stale: bool,
    },
    Update {
        which: usize,
        stage: Option<Stage>,
        ends_in: Option<i64>,
    },
    Transit {
        which: usize,
        transition: Transition,
        ends_in: Option<i64>,
    },
    Linger {
        minutes: u32,
    },
    /// A channel is out of order from so many minutes on, for so many.
    Out {
        channel: &'static str,
        starts_in: i64,
        lasts: Option<i64>,
    },
    Back {
        channel: &'static str,
    },
    Redact {
        back: u64,
    },
}

/// A content with its times in minutes from now.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    pub(crate) kind: Kind,
    pub(crate) service: Option<&'static str>,
    pub(crate) portal: Option<&'static str>,
    pub(crate) text: String,
    pub(crate) starts_in: Option<i64>,
    pub(crate) ends_in: Option<i64>,
    pub(crate) announce_in: Option<i64>,
    pub(crate) at_end: AtEnd,
    /// Says all that a notice can say.
    pub(crate) full: bool,
}

pub(crate) fn later(now: Timestamp, minutes: i64) -> Timestamp {
    now + SignedDuration::from_mins(minutes)
}

impl Sketch {
    pub(crate) fn content(&self, now: Timestamp) -> Content {
        let de = Language::parse("de").unwrap();
        let severity = match self.kind {
            Kind::Information => Severity::Information,
            Kind::Maintenance => Severity::Outage,
            Kind::Outage => Severity::PartialOutage,
        };
        let content = Content {
            kind: self.kind,
            severity,
            services: self.service.iter().map(|id| domain::words::ServiceId::parse(id).unwrap()).collect(),
            portals: self.portal.iter().map(|id| PortalId::parse(id).unwrap()).collect(),
            title: Localized::default().with(de.clone(), self.text.clone()),
            impact: Localized::default().with(de, format!("**{}**", self.text)),
            guidance: Localized::default(),
            still_works: Localized::default(),
            entries: Entries::Unknown,
            entries_until: None,
            applications: Localized::default(),
            deadline_note: Localized::default(),
            deadline_source: None,
            video: None,
            channels: None,
            procedures: None,
            starts_at: self.starts_in.map(|minutes| later(now, minutes)),
            ends_at: self.ends_in.map(|minutes| later(now, minutes)),
            end_certainty: None,
            next_update_at: None,
            announce_from: self.announce_in.map(|minutes| later(now, minutes)),
            at_end: self.at_end,
            rollback_minutes: None,
        };
        if self.full { self.filled(content, now) } else { content }
    }

    /// With every text and choice that a notice can have.
    fn filled(&self, content: Content, now: Timestamp) -> Content {
        let [de, en] = ["de", "en"].map(|tag| Language::parse(tag).unwrap());
        let both = |german: &str, english: &str| {
            Localized::default()
                .with(de.clone(), format!("{german} {}", self.text))
                .with(en.clone(), format!("{english} {}", self.text))
        };
        Content {
            title: both("Störung bei", "Trouble with"),
            guidance: both(
                "Rufen Sie an: [Amt](tel:+493023125000), dann",
                "Call [the office](tel:+493023125000), then",
            ),
            still_works: both("- Termine\n- Auskunft\n-", "- appointments\n- information\n-"),
            entries: if self.text.len().is_multiple_of(2) {
                Entries::Saved
            } else {
                Entries::NotSaved
            },
            entries_until: self.text.len().is_multiple_of(2).then(|| later(now, 2_880)),
            applications: both("Gesendete Anträge sind angekommen:", "Applications that were sent have arrived:"),
            deadline_note: both("Die Frist läuft weiter.", "The deadline stands."),
            deadline_source: Some("§ 12 Musterordnung".into()),
            video: Some("https://a.example/video".into()),
            channels: (self.text.len() > 4).then(|| vec![ChannelId::parse("mail").unwrap()]),
            procedures: (self.text.len() > 4).then(|| vec![ProcedureId::parse("paper").unwrap()]),
            next_update_at: Some(later(now, 45)),
            ..content
        }
    }
}

fn sketch() -> impl Strategy<Value = Box<Sketch>> {
    let kind = prop::sample::select(vec![
        Kind::Outage,
        Kind::Outage,
        Kind::Outage,
        Kind::Maintenance,
        Kind::Maintenance,
        Kind::Information,
    ]);
    let service = prop::option::weighted(0.9, prop::sample::select(vec!["base", "pay", "car", "dog"]));
    let portal = prop::option::weighted(0.2, prop::sample::select(PORTALS.to_vec()));
    let minutes = |weight, range: std::ops::Range<i64>| prop::option::weighted(weight, range);
    let at_end = prop::sample::select(vec![AtEnd::Complete, AtEnd::Confirm]);
    (
        kind,
        service,
        portal,
        "[a-z]{1,8}",
        minutes(0.8, -30..900),
        minutes(0.8, -10..1500),
        minutes(0.3, -60..600),
        at_end,
        prop::bool::weighted(0.3),
    )
        .prop_map(|(kind, service, portal, text, starts_in, ends_in, announce_in, at_end, full)| {
            Box::new(Sketch {
                kind,
                service,
                portal,
                text,
                starts_in,
                ends_in,
                announce_in,
                at_end,
                full,
            })
        })
}

pub(crate) fn attempt() -> impl Strategy<Value = Attempt> {
    let stage = prop::option::weighted(
        0.8,
        prop::sample::select([Stage::ALL, &[Stage::Identified, Stage::Monitoring, Stage::Investigating]].concat()),
    );
    let channel = || prop::sample::select(vec!["phone", "mail"]);
    let ends = || prop::option::weighted(0.25, -20_i64..600);
    let act = prop_oneof![
        8 => (sketch(), prop::bool::weighted(0.8)).prop_map(|(content, publish)| Act::Create { content, publish }),
        4 => (0_usize..4, sketch(), prop::bool::weighted(0.1)).prop_map(|(which, content, stale)| Act::Edit { which, content, stale }),
        16 => (0_usize..4, stage, ends()).prop_map(|(which, stage, ends_in)| Act::Update { which, stage, ends_in }),
        16 => (0_usize..4, prop::sample::select(Transition::ALL.to_vec()), ends()).prop_map(|(which, transition, ends_in)| Act::Transit { which, transition, ends_in }),
        2 => (0_u32..240).prop_map(|minutes| Act::Linger { minutes }),
        3 => (channel(), -30_i64..400, prop::option::weighted(0.8, 1_i64..3_000)).prop_map(|(channel, starts_in, lasts)| Act::Out { channel, starts_in, lasts }),
        1 => channel().prop_map(|channel| Act::Back { channel }),
        1 => (0_u64..6).prop_map(|back| Act::Redact { back }),
    ];
    let role = prop::sample::select(vec![
        Role::Viewer,
        Role::Editor,
        Role::Publisher,
        Role::Publisher,
        Role::Publisher,
        Role::Admin,
        Role::Admin,
    ]);
    (1_i64..200, role, act).prop_map(|(minutes, role, act)| Attempt { minutes, role, act })
}

/// A story as it unfolds, checked at every turn.
pub(crate) struct Story {
    pub(crate) now: Timestamp,
    pub(crate) state: State,
    pub(crate) entries: Vec<Entry>,
    /// What each portal showed when somebody looked.
    pub(crate) seen: Vec<(Timestamp, &'static str, Untold)>,
}

impl Story {
    pub(crate) fn begin() -> Self {
        // The night before the clocks change in Berlin, which is neither in New York.
        let mut story = Self {
            now: "2026-03-28T15:00:00Z".parse().unwrap(),
            state: State::default(),
            entries: vec![],
            seen: vec![],
        };
        let catalogue = Box::new(catalogue());
        let command = Command::Catalogue(catalogue::Command::Apply { catalogue });
        let context = story.context(Role::Admin);
        let entries = step(&mut story.state, command, &context).expect("the catalogue is good");
        story.entries = entries.into_iter().map(Entry::from).collect();
        story
    }

    fn context(&self, role: Role) -> Context {
        Context {
            now: self.now,
            actor: Actor::new("someone", role),
        }
    }

    /// A notice, counted from the newest.
    fn nth(&self, which: usize) -> Option<NoticeId> {
        let mut ids: Vec<_> = self.state.notices().map(|notice| notice.id.clone()).collect();
        ids.reverse();
        if ids.is_empty() {
            None
        } else {
            ids.get(which % ids.len()).cloned()
        }
    }

    fn command(&self, act: &Act) -> Option<Command> {
        let change = |stage, ends_in: &Option<i64>| Change {
            stage,
            ends_at: ends_in.map(|minutes| later(self.now, minutes)),
            text: ends_in.map_or_else(Localized::default, |minutes| {
                Localized::default().with(Language::parse("de").unwrap(), format!("Noch *{minutes}* Minuten."))
            }),
            ..Change::default()
        };
        Some(match act {
            Act::Create { content, publish } => Command::Notice(notice::Command::Create {
                content: Box::new(content.content(self.now)),
                intent: if *publish { Intent::Publish } else { Intent::Draft },
            }),
            Act::Edit { which, content, stale } => {
                let id = self.nth(*which)?;
                let revision = self.state.notice(&id)?.revision;
                Command::Notice(notice::Command::Edit {
                    id,
                    expected: revision + u32::from(*stale),
                    content: Box::new(content.content(self.now)),
                })
            }
            Act::Update { which, stage, ends_in } => Command::Notice(notice::Command::Update {
                id: self.nth(*which)?,
                change: change(*stage, ends_in),
            }),
            Act::Transit {
                which,
                transition,
                ends_in,
            } => Command::Notice(notice::Command::Transit {
                id: self.nth(*which)?,
                transition: *transition,
                change: change(None, ends_in),
            }),
            Act::Linger { minutes } => {
                let mut catalogue = self.state.catalogue().clone();
                catalogue.portals.first_mut()?.linger_minutes = *minutes;
                Command::Catalogue(catalogue::Command::Apply {
                    catalogue: Box::new(catalogue),
                })
            }
            Act::Out { channel, starts_in, lasts } => Command::Channel(channel_state::Command::Report {
                id: ChannelId::parse(channel).unwrap(),
                expected: None,
                report: Box::new(channel_state::Report {
                    from: Some(later(self.now, *starts_in)),
                    until: lasts.map(|minutes| later(self.now, starts_in + minutes)),
                    note: None,
                }),
            }),
            Act::Back { channel } => Command::Channel(channel_state::Command::Clear {
                id: ChannelId::parse(channel).unwrap(),
                expected: None,
            }),
            Act::Redact { back } => Command::Upkeep(upkeep::Command::Redact {
                seq: self.state.position().checked_sub(*back)?,
                reason: "data protection".into(),
            }),
        })
    }

    pub(crate) fn take(&mut self, attempt: &Attempt) -> Result<(), TestCaseError> {
        self.wait(attempt.minutes)?;
        let Some(command) = self.command(&attempt.act) else { return Ok(()) };
        let before: BTreeMap<NoticeId, Option<Stage>> = self
            .state
            .notices()
            .map(|notice| (notice.id.clone(), notice.stage_at(self.now)))
            .collect();
        let context = self.context(attempt.role);
        let Ok(entries) = step(&mut self.state, command, &context) else {
            return Ok(());
        };
        prop_assert!(attempt.role >= Role::Editor || entries.is_empty(), "a viewer changed something");
        let redacted = entries.iter().find_map(|entry| match entry.event {
            Event::Upkeep(upkeep::Event::Redacted { seq, .. }) => Some(seq),
            _ => None,
        });
        self.entries.extend(entries.into_iter().map(Entry::from));
        for notice in self.state.notices() {
            let after = notice.stage_at(self.now);
            let from = before.get(&notice.id).copied().flatten();
            prop_assert!(
                reachable(notice.content.kind, from, after),
                "{:?} went from {from:?} to {after:?}",
                notice.content.kind
            );
            prop_assert!(
                belongs(notice.content.kind, after, notice.published_at.is_some()),
                "{:?} is {after:?}",
                notice.content.kind
            );
        }
        if let Some(seq) = redacted {
            // What is known is told anew without the redacted entry; what was seen before then cannot be told any more.
            self.entries[usize::try_from(seq).unwrap() - 1].event = None;
            self.state = replay(&self.entries);
            self.seen.clear();
        }
        self.look();
        Ok(())
    }

    /// Lets time pass, from turn to turn, and sees that nothing changes in between.
    pub(crate) fn wait(&mut self, minutes: i64) -> Result<(), TestCaseError> {
        let end = later(self.now, minutes);
        for portal in PORTALS {
            let id = PortalId::parse(portal).unwrap();
            let mut here = self.now;
            for _ in 0..50 {
                // Where the catalogue itself was redacted there is no portal any more.
                let Some(shown) = project(&self.state, &id, here) else { break };
                let turn = next_change_of(&self.state, &id, here);
                prop_assert!(turn.is_none_or(|turn| turn > here), "the next change lies in the past");
                prop_assert!(
                    next_change(&self.state, here) <= turn || turn.is_none(),
                    "the earliest change of all portals is later than that of one"
                );
                let last = turn
                    .filter(|turn| *turn <= end)
                    .map_or(end, |turn| turn - SignedDuration::from_millis(1));
                for instant in [last, here + (last.duration_since(here)) / 2] {
                    prop_assert_eq!(
                        &project(&self.state, &id, instant).unwrap(),
                        &shown,
                        "something changed between {} and {}",
                        here,
                        instant
                    );
                }
                match turn {
                    Some(turn) if turn <= end => here = turn,
                    _ => break,
                }
            }
        }
        // What comes next happens at `end`; look just before.
        self.now = end - SignedDuration::from_millis(1);
        self.look();
        self.now = end;
        Ok(())
    }

    fn look(&mut self) {
        for portal in PORTALS {
            let shown = project(&self.state, &PortalId::parse(portal).unwrap(), self.now);
            self.seen.extend(shown.map(|shown| (self.now, portal, shown)));
        }
    }
}

/// The stages of each kind, written down a second time on purpose.
fn belongs(kind: Kind, stage: Option<Stage>, published: bool) -> bool {
    use Stage::*;
    match (kind, stage) {
        (_, None) => !published,
        (_, Some(Cancelled)) if !published => true,
        (Kind::Outage, Some(stage)) => matches!(stage, Investigating | Identified | Monitoring | Resolved | Withdrawn),
        (Kind::Maintenance, Some(stage)) => matches!(stage, Scheduled | InProgress | Overrunning | Completed | Cancelled | Withdrawn),
        (Kind::Information, Some(stage)) => matches!(stage, Published | Withdrawn),
    }
}

/// Which stage may follow which through one act of a person; what is over is withdrawn or taken up again, and nothing else.
fn reachable(kind: Kind, from: Option<Stage>, to: Option<Stage>) -> bool {
    use Stage::*;
    let Some(to) = to else { return from.is_none() };
    let Some(from) = from else { return true };
    if from == to || to == Withdrawn {
        return true;
    }
    match kind {
        Kind::Outage => match from {
            Resolved | Withdrawn => to == Investigating,
            _ => matches!(to, Identified | Monitoring | Investigating | Resolved),
        },
        Kind::Maintenance => match from {
            // Editing the window of what is announced or running may move it to before, into or after now.
            Scheduled | InProgress | Overrunning => true,
            Completed => matches!(to, InProgress | Overrunning),
            _ => matches!(to, Scheduled | InProgress | Overrunning),
        },
        Kind::Information => from == Withdrawn && to == Published,
    }
}
