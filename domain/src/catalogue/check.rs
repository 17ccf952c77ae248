//! What is wrong with a catalogue, its templates aside: it is taken whole or refused whole.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use wire::{ChannelKind, Kind};

use super::{
    check_probes::check_probes,
    check_rules::check_rules,
    dependencies,
    form_file::FormFile,
    model::{Catalogue, Channel, Portal, Procedure, Service},
    names::{Known, check_name, check_names},
};
use crate::{
    text::{
        Shape,
        link::check_link,
        phone_number::number_fault,
        rules::{check_prose, check_text},
    },
    time::hours,
    words::{Code, Faults},
};

/// All faults of a catalogue but those of its templates, which are notices. Pointers follow the file: `/service/3/requires/0`.
pub(crate) fn check_catalogue(catalogue: &Catalogue) -> Faults {
    let mut faults = Faults::default();
    let f = &mut faults;
    unique(catalogue.portals.iter().map(|x| x.id.as_str()), "/portal", f);
    unique(catalogue.services.iter().map(|x| x.id.as_str()), "/service", f);
    unique(catalogue.channels.iter().map(|x| x.id.as_str()), "/channel", f);
    unique(catalogue.procedures.iter().map(|x| x.id.as_str()), "/procedure", f);
    unique(catalogue.templates.iter().map(|x| x.id.as_str()), "/template", f);
    unique(catalogue.rules.iter().map(|x| x.id.as_str()), "/rule", f);
    unique(catalogue.probes.iter().map(|x| x.id.as_str()), "/probe", f);
    let known = Known::of(catalogue);
    for (i, portal) in catalogue.portals.iter().enumerate() {
        check_portal(portal, &format!("/portal/{i}"), &known, f);
        check_region(portal, &catalogue.channels, &format!("/portal/{i}/region"), f);
    }
    for (i, service) in catalogue.services.iter().enumerate() {
        check_service(service, &format!("/service/{i}"), &known, f);
    }
    for (i, channel) in catalogue.channels.iter().enumerate() {
        check_channel(channel, &format!("/channel/{i}"), f);
    }
    for (i, procedure) in catalogue.procedures.iter().enumerate() {
        check_procedure(procedure, &format!("/procedure/{i}"), f);
    }
    check_cycle(&catalogue.services, f);
    check_rules(catalogue, f);
    check_probes(catalogue, &known, f);
    check_hosts(&catalogue.portals, f);
    faults
}

fn unique<'a>(ids: impl Iterator<Item = &'a str>, list: &str, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (i, id) in ids.enumerate() {
        if !seen.insert(id) {
            faults.add(
                format!("{list}/{i}/id"),
                Code::Taken,
                format!("is `{id}`, which is taken already; ids are unique"),
            );
        }
    }
}

fn check_portal(portal: &Portal, at: &str, known: &Known<'_>, faults: &mut Faults) {
    check_name(&portal.name, &format!("{at}/name"), faults);
    check_name(&portal.issuer, &format!("{at}/issuer"), faults);
    match portal.languages.first() {
        None => faults.add(
            format!("{at}/languages"),
            Code::Empty,
            "is empty; name the portal's default language first",
        ),
        Some(default) if portal.name.get(default).is_none() => {
            faults.add(
                format!("{at}/name"),
                Code::DefaultLanguageMissing,
                format!("has no text in the portal's default language `{default}`"),
            );
        }
        Some(_) => {}
    }
    let mut seen = BTreeSet::new();
    for (i, language) in portal.languages.iter().enumerate() {
        if !seen.insert(language) {
            faults.add(
                format!("{at}/languages/{i}"),
                Code::Repeated,
                format!("names `{language}` a second time"),
            );
        }
    }
    for (i, kind) in portal.four_eyes.iter().enumerate() {
        let (at, kind) = (format!("{at}/four_eyes/{i}"), kind.word());
        if kind == Kind::Outage.word() {
            faults.add(
                at,
                Code::NotWithOutage,
                "is `outage`, which waits for nobody; name `maintenance`, `information` or both",
            );
        } else if portal.four_eyes[..i].iter().any(|other| other.word() == kind) {
            faults.add(at, Code::Repeated, format!("names `{kind}` a second time"));
        }
    }
    if TimeZone::get(&portal.time_zone).is_err() {
        faults.add(
            format!("{at}/time_zone"),
            Code::Malformed,
            format!(
                "is `{}`, which is no time zone; write an IANA name such as `Europe/Berlin`",
                portal.time_zone
            ),
        );
    }
    check_names(
        portal.services.iter().map(|id| id.as_str()),
        &known.services,
        "service",
        &format!("{at}/services"),
        faults,
    );
    check_pages(portal, at, faults);
    let links = &portal.links;
    for (name, link) in [
        ("home", &links.home),
        ("imprint", &links.imprint),
        ("privacy", &links.privacy),
        ("accessibility", &links.accessibility),
        ("feedback", &links.feedback),
    ] {
        check_link(link, &format!("{at}/links/{name}"), faults);
    }
}

/// Whoever names public holidays has to say whose. A notice may offer any channel on any portal.
fn check_region(portal: &Portal, channels: &[Channel], at: &str, faults: &mut Faults) {
    const GERMAN_ZONES: [&str; 2] = ["Europe/Berlin", "Europe/Busingen"];
    let Some(region) = &portal.region else {
        let by_holidays = |channel: &&Channel| channel.hours.as_deref().is_some_and(hours::depends_on_holidays);
        if let Some(channel) = channels.iter().find(by_holidays) {
            faults.add(
                at,
                Code::Missing,
                format!(
                    "is missing; the hours of `{}` depend on public holidays (PH), which differ by region: write an ISO 3166-2 code, \
                     such as `DE-BY` for Bavaria",
                    channel.id
                ),
            );
        }
        return;
    };
    let shape = region
        .split('-')
        .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    if !shape || !hours::knows_holidays(region) {
        faults.add(
            at,
            Code::Malformed,
            format!("is `{region}`, whose holidays are not known; write an ISO 3166-2 code, such as `DE-BY` for Bavaria"),
        );
    } else if !region.starts_with("DE") && GERMAN_ZONES.iter().any(|zone| zone.eq_ignore_ascii_case(&portal.time_zone)) {
        faults.add(
            at,
            Code::Malformed,
            format!(
                "is `{region}`, which is not in Germany, while the time zone is `{}`; a Land begins with `DE-`: `DE-BY` is Bavaria, \
                 `BY` is Belarus",
                portal.time_zone
            ),
        );
    }
}

fn check_pages(portal: &Portal, at: &str, faults: &mut Faults) {
    let own: BTreeSet<&str> = portal.services.iter().map(|id| id.as_str()).collect();
    let mut seen = BTreeSet::new();
    for (i, page) in portal.pages.iter().enumerate() {
        let at = format!("{at}/page/{i}");
        let pattern = page.at.strip_suffix('*').unwrap_or(&page.at);
        let shaped = pattern.contains('/') && pattern.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'*' | b'?' | b'#'));
        if !shaped || pattern.contains("//") {
            faults.add(
                format!("{at}/at"),
                Code::Malformed,
                format!(
                    "is `{}`, which is no path; write one as it stands in the address, such as `/kfz/*` or `kfz.musterstadt.example/*`, \
                     with a star at its end only, without scheme, query and fragment",
                    page.at
                ),
            );
        } else if !seen.insert(&page.at) {
            faults.add(
                format!("{at}/at"),
                Code::Repeated,
                format!("is `{}` a second time; name all services of a page at once", page.at),
            );
        }
        if page.services.is_empty() {
            faults.add(
                format!("{at}/services"),
                Code::Empty,
                "is empty; name the services that the page stands for",
            );
        }
        check_names(
            page.services.iter().map(|id| id.as_str()),
            &own,
            "service of this portal",
            &format!("{at}/services"),
            faults,
        );
    }
}

/// Whoever takes longer than a day for something has made a break.
const LONGEST_USE: u32 = 1_440;

fn check_service(service: &Service, at: &str, known: &Known<'_>, faults: &mut Faults) {
    check_name(&service.name, &format!("{at}/name"), faults);
    if service.usual_minutes.is_some_and(|minutes| !(1..=LONGEST_USE).contains(&minutes)) {
        faults.add(
            format!("{at}/usual_minutes"),
            Code::OutOfRange,
            format!("is not between 1 and {LONGEST_USE}; leave it out where nobody knows"),
        );
    }
    service.responsible.check(&format!("{at}/responsible"), Shape::Line, faults);
    if let Some(owner) = &service.owner {
        check_text(owner, &format!("{at}/owner"), Shape::Line, faults);
    }
    check_prose(&service.prerequisites, &format!("{at}/prerequisites"), faults);
    check_names(
        service.requires.iter().map(|id| id.as_str()),
        &known.services,
        "service",
        &format!("{at}/requires"),
        faults,
    );
    check_names(
        service.uses.iter().map(|id| id.as_str()),
        &known.services,
        "service",
        &format!("{at}/uses"),
        faults,
    );
    check_names(
        service.channels.iter().map(|id| id.as_str()),
        &known.channels,
        "channel",
        &format!("{at}/channels"),
        faults,
    );
    check_names(
        service.procedures.iter().map(|id| id.as_str()),
        &known.procedures,
        "procedure",
        &format!("{at}/procedures"),
        faults,
    );
    let voice = |id: &str| known.voice_channels.contains(id);
    if !service.channels.is_empty() && service.channels.iter().all(|id| voice(id.as_str())) {
        // Whoever cannot speak or hear needs another way (EN 301 549, clause 12.2.3).
        faults.add(
            format!("{at}/channels"),
            Code::VoiceOnly,
            "names only channels that need a voice; add one that works in writing or by sign language",
        );
    }
}

fn check_channel(channel: &Channel, at: &str, faults: &mut Faults) {
    check_name(&channel.name, &format!("{at}/name"), faults);
    check_text(&channel.value, &format!("{at}/value"), Shape::Line, faults);
    check_prose(&channel.note, &format!("{at}/note"), faults);
    if let Some(href) = &channel.href {
        check_link(href, &format!("{at}/href"), faults);
    }
    let is_number = matches!(channel.kind, ChannelKind::Phone | ChannelKind::Number115 | ChannelKind::Fax);
    if let Some(fault) = number_fault(&channel.value).filter(|_| is_number && channel.href.is_none()) {
        faults.add(
            format!("{at}/value"),
            Code::Malformed,
            format!("{fault}; or say with `href`, such as `tel:+493023125140`, what is dialled"),
        );
    }
    match (&channel.abroad, channel.kind) {
        (Some(abroad), _) => {
            check_text(abroad, &format!("{at}/abroad"), Shape::Line, faults);
            if let Some(fault) = number_fault(abroad) {
                faults.add(format!("{at}/abroad"), Code::Malformed, fault);
            }
        }
        (None, ChannelKind::Number115) => {
            faults.add(
                format!("{at}/abroad"),
                Code::Missing,
                "is missing; 115 cannot be reached from abroad, so give the full number too",
            );
        }
        (None, _) => {}
    }
    if let Some(fault) = channel.hours.as_deref().and_then(hours::fault) {
        faults.add(format!("{at}/hours"), Code::Malformed, fault);
    }
}

fn check_procedure(procedure: &Procedure, at: &str, faults: &mut Faults) {
    check_name(&procedure.name, &format!("{at}/name"), faults);
    check_prose(&procedure.deadline, &format!("{at}/deadline"), faults);
    if procedure.steps.is_empty() {
        faults.add(format!("{at}/steps"), Code::Empty, "is empty; a procedure has at least one step");
    }
    for (i, step) in procedure.steps.iter().enumerate() {
        if step.text.is_empty() {
            faults.add(
                format!("{at}/steps/{i}/text"),
                Code::Empty,
                "has no text in any language; write at least one",
            );
        }
        check_prose(&step.text, &format!("{at}/steps/{i}/text"), faults);
        step.form_name.check(&format!("{at}/steps/{i}/form_name"), Shape::Line, faults);
        // Whether what was uploaded is there, whoever keeps it knows.
        if let Some(form) = step.form.as_ref().filter(|form| FormFile::parse(form).is_none()) {
            check_link(form, &format!("{at}/steps/{i}/form"), faults);
        }
    }
}

fn check_cycle(services: &[Service], faults: &mut Faults) {
    let Some(chain) = dependencies::cycle(services) else { return };
    let at = services
        .iter()
        .position(|service| Some(&&service.id) == chain.first())
        .unwrap_or_default();
    let shown: Vec<&str> = chain.iter().map(|id| id.as_str()).collect();
    faults.add(
        format!("/service/{at}"),
        Code::Cycle,
        format!("depends on itself: {}; take one of these dependencies out", shown.join(" needs ")),
    );
}

fn check_hosts(portals: &[Portal], faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (p, portal) in portals.iter().enumerate() {
        for (i, host) in portal.hosts.iter().enumerate() {
            let at = format!("/portal/{p}/hosts/{i}");
            let shape = !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
            if !shape {
                faults.add(
                    at,
                    Code::Malformed,
                    format!("is `{host}`, which is no host name; write it in lower case, without scheme and port"),
                );
            } else if !seen.insert(host) {
                faults.add(
                    at,
                    Code::Taken,
                    format!("is `{host}`, which another portal claims; a host means one portal"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// What is said of a town whose catalogue is changed so.
    fn faults(change: impl FnOnce(&mut Value)) -> Vec<String> {
        let mut catalogue = json!({
            "portal": [{
                "id": "town", "name": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "region": "DE-BE",
                "services": ["car"], "issuer": {"de": "Stadt"},
                "links": {"home": "https://a.example", "imprint": "https://a.example", "privacy": "https://a.example",
                          "accessibility": "https://a.example", "feedback": "https://a.example"},
            }],
            "service": [{"id": "car", "name": {"de": "Auto"}, "channels": ["phone", "mail"]}],
            "channel": [
                {"id": "phone", "kind": "phone", "name": {"de": "Amt"}, "value": "030 23125 100", "hours": "Mo-Fr 08:00-16:00; PH off"},
                {"id": "mail", "kind": "email", "name": {"de": "E-Mail"}, "value": "amt@a.example"},
            ],
        });
        change(&mut catalogue);
        let catalogue: Catalogue = serde_json::from_value(catalogue).unwrap();
        let faults = check_catalogue(&catalogue).into_vec();
        faults
            .into_iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.detail))
            .collect()
    }

    /// The one thing that is said.
    fn fault(change: impl FnOnce(&mut Value)) -> String {
        let said = faults(change);
        assert_eq!(said.len(), 1, "{said:?}");
        said.concat()
    }

    #[test]
    fn a_sound_catalogue_has_no_faults() {
        assert_eq!(faults(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn what_would_dial_another_number_is_refused() {
        for (kind, value) in [
            ("phone", "030 23125-140"),
            ("phone", "+49 (0)30 23125-140"),
            ("phone", "0049 (0) 30 23125-140"),
            ("phone", "(030) 23125/0"),
            ("phone", "110"),
            ("fax", "030 23125.199"),
        ] {
            let said = faults(|it| {
                it["channel"][0]["kind"] = kind.into();
                it["channel"][0]["value"] = value.into();
            });
            assert_eq!(said, Vec::<String>::new(), "{value}");
        }
        for (value, reason) in [
            ("030 23125-0 oder 030 23125-200", "`o`"),
            ("0800 1234567 (Mo–Fr 8–18 Uhr)", "`M`"),
            ("030 23125 140, Zimmer 12", "`,`"),
            ("030 23125–140", "`–`"),
            ("030 +49 23125", "at its beginning"),
            ("030 23125-0 / 030 23125-200", "another number"),
            ("0151 234/0171 345", "another number"),
            ("030 23125-0 30 23125-200", "digits"),
            ("( )", "digits"),
            ("+49 030 23125-140", "+49 30"),
            ("+49 (030) 23125-140", "+49 30"),
            ("+49 ( 0 ) 30 23125-140", "+49 30"),
        ] {
            for kind in ["phone", "fax"] {
                let said = fault(|it| {
                    it["channel"][0]["kind"] = kind.into();
                    it["channel"][0]["value"] = value.into();
                });
                assert!(said.starts_with("/channel/0/value ") && said.contains(reason), "{value}: {said}");
                assert!(said.contains("href"), "{said}");
            }
            let told = faults(|it| {
                it["channel"][0]["value"] = value.into();
                it["channel"][0]["href"] = "tel:+493023125140".into();
            });
            assert_eq!(told, Vec::<String>::new(), "{value}: where a click leads is told");
        }
        let said = fault(|it| {
            it["channel"][0]["abroad"] = "+49 30 23125 115 (Festnetz)".into();
            it["channel"][0]["href"] = "tel:115".into();
        });
        assert!(said.starts_with("/channel/0/abroad ") && !said.contains("href"), "{said}");
    }

    #[test]
    fn a_region_is_one_whose_holidays_are_known() {
        for region in ["DE-BY", "DE-BE", "DE", "DE-SH"] {
            assert_eq!(
                faults(|it| it["portal"][0]["region"] = region.into()),
                Vec::<String>::new(),
                "{region}"
            );
        }
        for (zone, region) in [("Europe/Vienna", "AT-9"), ("Europe/Paris", "FR"), ("Europe/Minsk", "BY")] {
            let said = faults(|it| {
                it["portal"][0]["time_zone"] = zone.into();
                it["portal"][0]["region"] = region.into();
            });
            assert_eq!(said, Vec::<String>::new(), "{region}");
        }
        for (zone, region, reason) in [
            ("Europe/Berlin", "XX", "such as `DE-BY`"),
            ("Europe/Berlin", "WX-AB", "such as `DE-BY`"),
            ("Europe/Berlin", "DE-XX", "such as `DE-BY`"),
            ("Europe/Berlin", "de-by", "such as `DE-BY`"),
            ("Europe/Berlin", "Bayern", "such as `DE-BY`"),
            ("Europe/Berlin", "", "such as `DE-BY`"),
            ("Europe/Vienna", "XX", "such as `DE-BY`"),
            ("Europe/Vienna", "AT-Wien", "such as `DE-BY`"),
            // Belarus, Belgium, Switzerland, Austria: none of them has the time of Berlin as its own.
            ("Europe/Berlin", "BY", "`DE-BY` is Bavaria"),
            ("Europe/Berlin", "BE", "`DE-BY` is Bavaria"),
            ("Europe/Busingen", "CH", "`DE-BY` is Bavaria"),
            ("Europe/Berlin", "AT-9", "`DE-BY` is Bavaria"),
        ] {
            let said = fault(|it| {
                it["portal"][0]["time_zone"] = zone.into();
                it["portal"][0]["region"] = region.into();
            });
            assert!(said.starts_with("/portal/0/region ") && said.contains(reason), "{region}: {said}");
        }
    }

    #[test]
    fn holidays_that_nobody_knows_are_not_promised() {
        let said = fault(|it| it["portal"][0]["region"] = Value::Null);
        assert!(said.starts_with("/portal/0/region ") && said.contains("`phone`"), "{said}");
        let told = faults(|it| {
            it["portal"][0]["region"] = Value::Null;
            it["channel"][0]["hours"] = "Mo-Fr 08:00-16:00; Dec 25-26 off".into();
        });
        assert_eq!(told, Vec::<String>::new(), "hours without holidays need no region");
    }

    #[test]
    fn the_scheme_of_a_link_is_read_in_lower_case() {
        let read: Catalogue = serde_json::from_value(json!({
            "portal": [{
                "id": "town", "name": {"de": "Stadt"}, "languages": ["de"], "time_zone": "Europe/Berlin", "services": [], "issuer": {"de": "Stadt"},
                "links": {"home": "HTTPS://a.example/A", "imprint": "Http://a.example", "privacy": "https://a.example",
                          "accessibility": "hTTps://a.example", "feedback": "MAILTO:amt@a.example"},
            }],
            "channel": [{"id": "form", "kind": "form", "name": {"de": "Formular"}, "value": "Formular", "href": "HTTPS://a.example/F?A=B:C"}],
            "procedure": [{"id": "paper", "name": {"de": "Auf Papier"}, "steps": [{"text": {"de": "[hier](HTTPS://a.example/T)"}, "form": "HTTPS://a.example/P"}]}],
            "template": [{"id": "t", "name": {"de": "T"}, "notice": {"kind": "outage", "severity": "outage", "services": [], "portals": ["town"],
                          "title": {"de": "T"}, "entries": "unknown", "video": "HTTPS://a.example/V"}}],
        }))
        .unwrap();
        let links = &read.portals[0].links;
        assert_eq!(
            [&links.home, &links.imprint, &links.privacy, &links.accessibility, &links.feedback],
            [
                "https://a.example/A",
                "http://a.example",
                "https://a.example",
                "https://a.example",
                "mailto:amt@a.example"
            ]
        );
        assert_eq!(read.channels[0].href.as_deref(), Some("https://a.example/F?A=B:C"));
        assert_eq!(read.procedures[0].steps[0].form.as_deref(), Some("https://a.example/P"));
        assert_eq!(read.templates[0].notice.video.as_deref(), Some("https://a.example/V"));
        let told = format!("{:?}", crate::text::markdown::nodes("de", "[hier](HTTPS://a.example/T)"));
        assert!(told.contains("\"https://a.example/T\""), "{told}");
    }
}
