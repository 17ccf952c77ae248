//! What a portal can offer while its services are out of reach: every way to a person and every procedure, whether or not something is
//! published; and until when a page about a document says the truth.

use jiff::Timestamp;

use super::{
    document::next_change_of,
    portal::{PortalView, Shown},
    ways::{merge, procedure},
};
use crate::{
    state::State,
    words::{ChannelId, PortalId, ProcedureId, ServiceId},
};
use wire::{ByLanguage, EndCertainty, Entries, Kind, PublicState, RichText, Severity, Stage, Status, Text, Timing, Untold};

/// The notice that the loader shows when the visitor's browser sees trouble has this instead of a number.
const SEEN: &str = "seen";

/// A portal without its online services.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The current notices, below them the announced ones, and every channel and procedure of the portal's services. Who reads a copy of
    /// this days later may be in the midst of what was announced.
    pub state: Untold,
    /// The portal's services in its order, each with its channels and procedures.
    pub services: Vec<wire::Affected>,
}

/// What a portal offers at an instant beside its online services; `None`: there is no such portal.
pub fn project_offer(state: &State, portal: &PortalId, now: Timestamp) -> Option<Offer> {
    let view = PortalView::new(state, portal, now)?;
    let mut shown = view.shown();
    shown.retain(|shown| shown.timing != Timing::Past);
    Some(view.offer_beside(shown))
}

/// The document by which a loader tells what its visitor's browser sees: one notice that nobody has published, in the words given, with
/// all that the portal offers. `None`: there is no such portal.
pub fn project_seen(state: &State, portal: &PortalId, now: Timestamp, title: Text, impact: RichText) -> Option<Untold> {
    let view = PortalView::new(state, portal, now)?;
    let Offer {
        state: mut document,
        services,
    } = view.offer_beside(Vec::new());
    let at = document.generated_at.clone();
    document.notices = vec![wire::Notice {
        id: SEEN.to_owned(),
        revision: 1,
        kind: Kind::Information,
        severity: Severity::Information,
        stage: Stage::Published,
        timing: Timing::Seen,
        approaching: false,
        services: Vec::new(),
        affected: services,
        title,
        impact,
        guidance: RichText::default(),
        still_works: RichText::default(),
        entries: Entries::Unknown,
        entries_until: None,
        applications: RichText::default(),
        deadline_note: RichText::default(),
        deadline_source: None,
        starts_at: at.clone(),
        ends_at: None,
        end_certainty: EndCertainty::Unknown,
        next_update_at: None,
        channels: document.channels.iter().map(|channel| channel.id.clone()).collect(),
        procedures: document.procedures.iter().map(|procedure| procedure.id.clone()).collect(),
        updates: Vec::new(),
        issuer: view.portal.issuer.to_public(),
        published_at: at.clone(),
        updated_at: at,
        url: format!("/p/{}/", view.portal.id),
        video: None,
        brief: ByLanguage::default(),
    }];
    document.pages = view.pages();
    Some(document)
}

/// The next instant after `now` at which a page that tells this document of this portal has to be told anew: when something changes by
/// time, someone comes or goes, a promise falls due, or *tomorrow* becomes *today*. `None`: there is no such portal.
pub fn next_words_of(state: &State, portal: &PortalId, document: &PublicState, now: Timestamp) -> Option<Timestamp> {
    let midnight = PortalView::new(state, portal, now)?.midnight(1);
    let doors = document.channels.iter().filter_map(|channel| channel.open.as_ref()).flatten();
    let doors = doors.flat_map(|interval| [&interval.from, &interval.to]);
    let promises = document
        .notices
        .iter()
        .flat_map(|notice| [notice.ends_at.as_ref(), notice.next_update_at.as_ref()])
        .flatten();
    doors
        .chain(promises)
        .filter_map(|instant| instant.parse::<Timestamp>().ok())
        .chain(midnight)
        .chain(next_change_of(state, portal, now))
        .filter(|instant| *instant > now)
        .min()
}

impl<'a> PortalView<'a> {
    fn offer_beside(&self, shown: Vec<Shown<'a>>) -> Offer {
        let valid_from = self.shown_from();
        let (mut channels, mut procedures) = (Vec::<&ChannelId>::new(), Vec::<&ProcedureId>::new());
        for service in self.portal.services.iter().filter_map(|id| self.state.service(id)) {
            merge(&mut channels, &service.channels);
            merge(&mut procedures, &service.procedures);
        }
        let mut document = self.document(&self.offering(shown), valid_from);
        // A notice may offer by hand what no service of the portal has.
        let has = |id: &str| channels.iter().any(|known| known.as_str() == id);
        let more = std::mem::take(&mut document.channels)
            .into_iter()
            .filter(|channel| !has(&channel.id));
        let more: Vec<_> = more.collect();
        let channels = channels.into_iter().filter_map(|id| self.state.channel(id));
        let channels = channels.filter(|channel| self.offers(channel));
        document.channels = channels.map(|channel| self.channel(channel)).chain(more).collect();
        let has = |id: &str| procedures.iter().any(|known| known.as_str() == id);
        let more = std::mem::take(&mut document.procedures).into_iter().filter(|one| !has(&one.id));
        let more: Vec<_> = more.collect();
        let procedures = procedures.into_iter().filter_map(|id| self.state.procedure(id));
        document.procedures = procedures.map(|one| procedure(&self.portal.id, one)).chain(more).collect();
        // The hours of the channels are those of the coming days, also where no notice shows any.
        if let Some(midnight) = document
            .channels
            .iter()
            .any(|channel| channel.open.is_some() || channel.always)
            .then(|| self.midnight(0))
            .flatten()
        {
            let from = valid_from.max(midnight);
            document.generated_at = self.time(from);
            document.revision = format!("{}-{:x}", self.listing.position, from.as_millisecond());
        }
        let services = self.portal.services.iter().map(|id| self.offered_by(id)).collect();
        Offer { state: document, services }
    }

    /// A service with all that it offers, as if it were the only one in question.
    fn offered_by(&self, id: &ServiceId) -> wire::Affected {
        let service = self.state.service(id);
        let is_offered = |id: &&ChannelId| self.state.channel(id).is_some_and(|channel| self.offers(channel));
        wire::Affected {
            id: id.to_string(),
            name: service.map(|service| service.name.to_public()).unwrap_or_default(),
            status: Status::Operational,
            severity: Severity::Information,
            because: None,
            because_name: Text::default(),
            channels: service
                .map(|service| service.channels.iter().filter(is_offered).map(ToString::to_string).collect())
                .unwrap_or_default(),
            procedures: service
                .map(|service| service.procedures.iter().map(ToString::to_string).collect())
                .unwrap_or_default(),
            usual_minutes: service.and_then(|service| service.usual_minutes),
            too_late: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        catalogue::{self, Catalogue},
        notice,
        project::project_history,
        record::{Entry, Event},
        state::{apply, replay},
        words::{NoticeId, Subject},
    };

    fn at(instant: &str) -> Timestamp {
        instant.parse().unwrap()
    }

    fn town() -> PortalId {
        PortalId::parse("town").unwrap()
    }

    /// Its rules for pages, in no order.
    const PAGES: [&str; 8] = [
        "/*",
        "/kfz/*",
        "TOWN.example/*",
        "/kfz/neu",
        "town.example/kfz/*",
        "town.example/kfz/neu",
        "/kfz/neu/*",
        "a.example/",
    ];

    /// A town with two services, and an outage of the first for each start given, each over an hour later but the last.
    fn state(starts: &[&str]) -> State {
        state_with("Mo-Fr 08:00-16:00; PH off", starts)
    }

    /// The same, where someone answers the phone at these hours.
    fn state_with(hours: &str, starts: &[&str]) -> State {
        let catalogue: Catalogue = serde_json::from_value(serde_json::json!({
            "portal": [{
                "id": "town", "name": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "region": "DE-BE",
                "services": ["dog", "car"], "issuer": {"de": "Stadt"}, "linger_minutes": 0,
                "page": PAGES.map(|at| serde_json::json!({"at": at, "services": ["car"]})),
                "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example",
                          "accessibility": "https://a.example", "feedback": "https://a.example"},
            }],
            "service": [
                {"id": "car", "name": {"de": "Auto"}, "channels": ["phone", "mail"], "procedures": ["paper"]},
                {"id": "dog", "name": {"de": "Hund"}, "channels": ["mail"]},
                {"id": "elsewhere", "name": {"de": "Anderswo"}, "channels": ["fax"]},
            ],
            "channel": [
                {"id": "phone", "kind": "phone", "name": {"de": "Amt"}, "value": "030 23125 000", "hours": hours},
                {"id": "mail", "kind": "email", "name": {"de": "E-Mail"}, "value": "amt@a.example"},
                {"id": "fax", "kind": "fax", "name": {"de": "Fax"}, "value": "030 23125 001"},
            ],
            "procedure": [{"id": "paper", "name": {"de": "Auf Papier"}, "steps": [{"text": {"de": "Schreiben Sie."}}]}],
        }))
        .unwrap();
        let entry = |seq, at, event| Entry {
            seq,
            at,
            actor: "test".to_owned(),
            subject: Subject::Whole,
            event: Some(event),
        };
        let mut entries = vec![entry(
            1,
            at("2026-01-01T00:00:00Z"),
            Event::Catalogue(catalogue::Event::Applied {
                catalogue: Box::new(catalogue),
            }),
        )];
        for (number, start) in (1_u32..).zip(starts) {
            let mut content = serde_json::json!({
                "kind": "outage", "severity": "outage", "services": ["car"], "portals": [], "title": {"de": format!("Nr. {number}")},
                "entries": "unknown", "starts_at": start, "next_update_at": "2026-05-04T09:30:00Z",
            });
            if (number as usize) < starts.len() {
                content["ends_at"] = (at(start) + jiff::SignedDuration::from_hours(1)).to_string().into();
                content["at_end"] = "complete".into();
            }
            entries.push(entry(
                u64::from(number) + 1,
                at(start),
                Event::Notice(notice::Event::Created {
                    id: NoticeId::new(2026, number),
                    content: Box::new(serde_json::from_value(content).unwrap()),
                    stage: Some(Stage::Investigating),
                }),
            ));
        }
        replay(&entries)
    }

    #[test]
    fn an_offer_has_all_ways_of_the_portals_services_and_no_other() {
        let offer = project_offer(&state(&[]), &town(), at("2026-05-04T08:00:00Z")).unwrap();
        let ids: Vec<&str> = offer.state.channels.iter().map(|channel| channel.id.as_str()).collect();
        assert_eq!(ids, ["mail", "phone"], "in the order of the portal's services, each once");
        assert_eq!(offer.state.procedures.len(), 1);
        assert_eq!(offer.state.notices, []);
        let car = &offer.services[1];
        assert_eq!((car.id.as_str(), car.channels.len(), car.procedures.len()), ("car", 2, 1));
        assert_eq!(
            offer.state.generated_at, "2026-05-04T00:00:00+02:00",
            "its hours are those from today on"
        );
        assert_eq!(
            project_offer(&state(&[]), &PortalId::parse("city").unwrap(), Timestamp::UNIX_EPOCH),
            None
        );
    }

    #[test]
    fn an_offer_tells_what_is_current_and_what_is_announced_but_nothing_past() {
        let mut state = state(&["2026-05-04T05:00:00Z", "2026-05-04T07:00:00Z"]);
        let content = serde_json::json!({
            "kind": "maintenance", "severity": "outage", "services": ["dog"], "portals": [], "title": {"de": "Wartung"}, "entries": "unknown",
            "starts_at": "2026-05-06T07:00:00Z", "ends_at": "2026-05-06T09:00:00Z",
        });
        let announced = Entry {
            seq: state.position() + 1,
            at: at("2026-05-04T07:30:00Z"),
            actor: "test".to_owned(),
            subject: Subject::Whole,
            event: Some(Event::Notice(notice::Event::Created {
                id: NoticeId::new(2026, 3),
                content: Box::new(serde_json::from_value(content).unwrap()),
                stage: Some(Stage::Scheduled),
            })),
        };
        apply(&mut state, &announced);
        let offer = project_offer(&state, &town(), at("2026-05-04T08:00:00Z")).unwrap();
        let titles: Vec<_> = offer
            .state
            .notices
            .iter()
            .filter_map(|notice| notice.title.get("de").cloned())
            .collect();
        assert_eq!(titles, ["Nr. 2", "Wartung"]);
        assert_eq!(offer.state.services.len(), 1, "what is to come is no trouble yet");
    }

    #[test]
    fn what_a_browser_sees_is_one_notice_that_nobody_published() {
        let title = wire::ByLanguage(vec![("de".to_owned(), "Hier antwortet etwas nicht".to_owned())]);
        let seen = project_seen(
            &state(&["2026-05-04T07:00:00Z"]),
            &town(),
            at("2026-05-04T08:00:00Z"),
            title,
            RichText::default(),
        )
        .unwrap();
        let [notice] = &seen.notices[..] else {
            panic!("not one notice: {:?}", seen.notices)
        };
        assert_eq!((notice.timing, notice.id.as_str()), (Timing::Seen, "seen"));
        assert_eq!(
            (seen.status, seen.services.len()),
            (Status::Operational, 0),
            "nobody has said that anything is broken"
        );
        assert_eq!((notice.affected.len(), notice.channels.len(), notice.procedures.len()), (2, 2, 1));
    }

    /// The spans that the phone of a town with these hours has at an instant, and whether it is there day and night.
    fn phone(hours: &str, now: &str) -> (Vec<String>, bool, String) {
        let offer = project_offer(&state_with(hours, &[]), &town(), at(now)).unwrap();
        let phone = offer.state.channels.iter().find(|channel| channel.id == "phone").unwrap();
        let spans = phone
            .open
            .iter()
            .flatten()
            .map(|span| format!("{} {}", &span.from[..16], &span.to[..16]));
        (spans.collect(), phone.always, offer.state.revision.clone())
    }

    #[test]
    fn a_door_that_stays_shut_for_weeks_tells_when_it_opens() {
        let closed = "Mo-Fr 08:00-16:00; Dec 21-Jan 10 off";
        let opens = "2027-01-11T08:00 2027-01-11T16:00";
        // On the last day before it, on the days amid, and where the next days are in sight.
        assert_eq!(
            phone(closed, "2026-12-18T18:00:00Z").0,
            ["2026-12-18T08:00 2026-12-18T16:00", opens]
        );
        assert_eq!(phone(closed, "2026-12-19T10:00:00Z").0, [opens]);
        assert_eq!(phone(closed, "2026-12-30T10:00:00Z").0, [opens]);
        let near = phone(closed, "2027-01-09T10:00:00Z").0;
        assert_eq!((near.len(), near[0].as_str()), (5, opens));
        // A day of the month.
        let monthly = phone("Mo[1] 08:00-12:00", "2026-11-03T10:00:00Z").0;
        assert_eq!(monthly, ["2026-12-07T08:00 2026-12-07T12:00"]);
        // What is too far away is not told.
        assert_eq!(phone("Nov 2 08:00-12:00", "2026-11-03T10:00:00Z").0, Vec::<String>::new());
        // Within a day the same is told, under the same revision.
        assert_eq!(phone(closed, "2026-12-30T01:00:00Z"), phone(closed, "2026-12-30T22:59:59Z"));
    }

    #[test]
    fn an_offer_has_a_revision_of_its_own_whenever_its_hours_are_told_otherwise() {
        // Day and night until the one evening off comes into sight.
        let told: Vec<_> = [
            "2026-11-20T10:00:00Z",
            "2026-11-21T10:00:00Z",
            "2026-12-20T10:00:00Z",
            "2026-12-26T10:00:00Z",
        ]
        .map(|now| phone("24/7; Dec 24 off", now))
        .into();
        assert_eq!(
            told.iter().map(|(_, always, _)| *always).collect::<Vec<_>>(),
            [true, true, false, true]
        );
        let revisions: BTreeSet<&str> = told.iter().map(|(.., revision)| revision.as_str()).collect();
        assert_eq!(revisions.len(), 4, "{revisions:?}");
    }

    #[test]
    fn the_narrowest_rule_for_pages_comes_first() {
        let state = state(&[]);
        let seen = project_seen(&state, &town(), at("2026-05-04T08:00:00Z"), Text::default(), RichText::default()).unwrap();
        let order: Vec<&str> = seen.pages.iter().map(|rule| rule.at.as_str()).collect();
        assert_eq!(
            order,
            [
                "town.example/kfz/neu",
                "a.example/",
                "town.example/kfz/*",
                "town.example/*",
                "/kfz/neu",
                "/kfz/neu/*",
                "/kfz/*",
                "/*"
            ]
        );
    }

    #[test]
    fn words_change_at_doors_promises_and_midnights() {
        let state = state(&["2026-05-04T05:00:00Z"]);
        // A Monday in Berlin: the door opens at 8:00 and closes at 16:00, news are promised for 11:30.
        for (now, next) in [
            ("2026-05-04T05:59:00Z", "2026-05-04T06:00:00Z"),
            ("2026-05-04T06:00:00Z", "2026-05-04T09:30:00Z"),
            ("2026-05-04T09:30:00Z", "2026-05-04T14:00:00Z"),
            ("2026-05-04T14:00:00Z", "2026-05-04T22:00:00Z"),
        ] {
            let offer = project_offer(&state, &town(), at(now)).unwrap();
            assert_eq!(next_words_of(&state, &town(), &offer.state, at(now)), Some(at(next)), "after {now}");
        }
    }

    #[test]
    fn the_past_comes_in_pages_the_latest_first() {
        let state = state(&[
            "2026-05-01T07:00:00Z",
            "2026-05-02T07:00:00Z",
            "2026-05-03T07:00:00Z",
            "2026-05-04T07:00:00Z",
        ]);
        let now = at("2026-05-04T08:00:00Z");
        let told = |page| {
            let past = project_history(&state, &town(), now, page, 2)?;
            let titles: Vec<_> = past
                .state
                .notices
                .iter()
                .filter_map(|notice| notice.title.get("de").cloned())
                .collect();
            Some((titles.join(", "), past.pages))
        };
        assert_eq!(told(1), Some(("Nr. 3, Nr. 2".to_owned(), 2)));
        assert_eq!(told(2), Some(("Nr. 1".to_owned(), 2)));
        assert_eq!((told(0), told(3)), (None, None));
        let empty = project_history(&self::state(&[]), &town(), now, 1, 2).unwrap();
        assert_eq!((empty.pages, empty.state.notices.len()), (1, 0));
    }
}
