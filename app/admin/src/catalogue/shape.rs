//! What the entries of a catalogue are made of: one table from which their forms are made.

use domain::catalogue::PartKind;

/// How a field is filled in.
#[derive(Clone, Copy)]
pub(super) enum Input {
    /// A line of text.
    Line,
    /// The address of a page.
    Link,
    /// A whole number.
    Number,
    /// A line in each language.
    Texts,
    /// A longer text in each language.
    Prose,
    /// Opening hours, with what they come to.
    Hours,
    /// A form: its address, or one that is uploaded.
    Form,
    /// Yes or no.
    Yes,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Some of these words.
    SomeOf(&'static [&'static str]),
    /// Another entry of the catalogue.
    Entry(PartKind),
    /// Other entries of the catalogue.
    Entries(PartKind),
    /// Other entries of the catalogue, in an order that matters.
    Ordered(PartKind),
    /// The same, or none: then others follow by themselves.
    Own(PartKind),
    /// A point in time; with its pointer.
    Instant(&'static str),
    /// Words, one a line.
    Lines,
    /// Fields that belong together.
    Group(&'static [Field]),
    /// The same, of what is seldom needed; its fields stand beside it.
    Folded(&'static [Field]),
    /// Any number of such groups.
    Rows(&'static [Field]),
}

/// A field: its name in a catalogue file, and how it is filled in.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// By which its words are found.
    pub(super) key: &'static str,
    pub(super) input: Input,
}

const fn field(key: &'static str, name: &'static str, input: Input) -> Field {
    Field { name, key, input }
}

const ROLES: &[&str] = &["viewer", "editor", "publisher", "admin"];

const CHANNEL_KINDS: &[&str] = &[
    "phone",
    "115",
    "email",
    "de_mail",
    "form",
    "chat",
    "fax",
    "post",
    "office",
    "sign_language",
];

const LINKS: &[Field] = &[
    field("link_home", "home", Input::Link),
    field("link_imprint", "imprint", Input::Link),
    field("link_privacy", "privacy", Input::Link),
    field("link_accessibility", "accessibility", Input::Link),
    field("link_feedback", "feedback", Input::Link),
];

const PAGE: &[Field] = &[
    field("page_at", "at", Input::Line),
    field("page_services", "services", Input::Entries(PartKind::Service)),
    field("page_open", "open", Input::Yes),
];

const STEP: &[Field] = &[
    field("step_text", "text", Input::Prose),
    field("step_form", "form", Input::Form),
    field("step_form_name", "form_name", Input::Texts),
];

const PORTAL: &[Field] = &[
    field("name", "name", Input::Texts),
    field("issuer", "issuer", Input::Texts),
    field("languages", "languages", Input::Lines),
    field("portal_services", "services", Input::Ordered(PartKind::Service)),
    // What is decided about how people work stands before what is set up once.
    field("four_eyes", "four_eyes", Input::SomeOf(&["maintenance", "information"])),
    field("second_factor", "second_factor", Input::OneOf(ROLES)),
    field("links", "links", Input::Group(LINKS)),
    field("pages", "page", Input::Rows(PAGE)),
    field("time_zone", "time_zone", Input::Line),
    field("region", "region", Input::Line),
    field("holidays", "holidays", Input::Lines),
    field("hosts", "hosts", Input::Lines),
    field("public_reports", "public_reports", Input::Yes),
    field("linger_minutes", "linger_minutes", Input::Number),
    field("approach_minutes", "approach_minutes", Input::Number),
];

const SERVICE: &[Field] = &[
    field("name", "name", Input::Texts),
    field("requires", "requires", Input::Entries(PartKind::Service)),
    field("uses", "uses", Input::Entries(PartKind::Service)),
    field("service_channels", "channels", Input::Ordered(PartKind::Channel)),
    field("service_procedures", "procedures", Input::Ordered(PartKind::Procedure)),
    field("usual_minutes", "usual_minutes", Input::Number),
    field("availability", "availability", Input::Line),
    field("responsible", "responsible", Input::Texts),
    field("owner", "owner", Input::Line),
    field("prerequisites", "prerequisites", Input::Prose),
];

const CHANNEL: &[Field] = &[
    field("channel_kind", "kind", Input::OneOf(CHANNEL_KINDS)),
    field("channel_name", "name", Input::Texts),
    field("value", "value", Input::Line),
    field("hours", "hours", Input::Hours),
    field("note", "note", Input::Prose),
    field("href", "href", Input::Link),
    field("abroad", "abroad", Input::Line),
];

const PROCEDURE: &[Field] = &[
    field("name", "name", Input::Texts),
    field("deadline", "deadline", Input::Prose),
    field("steps", "steps", Input::Rows(STEP)),
];

const KINDS: &[&str] = &["outage", "maintenance", "information"];

const SEVERITIES: &[&str] = &["information", "degraded", "partial_outage", "outage"];

const NOTICE_ENTRIES: &[Field] = &[
    field("notice_entries", "entries", Input::OneOf(&["saved", "not_saved", "unknown"])),
    field("notice_entries_until", "entries_until", Input::Instant("/notice/entries_until")),
    field("notice_applications", "applications", Input::Prose),
    field("notice_deadline_note", "deadline_note", Input::Prose),
    field("notice_deadline_source", "deadline_source", Input::Line),
];

const NOTICE_HELP: &[Field] = &[
    field("notice_channels", "channels", Input::Own(PartKind::Channel)),
    field("notice_procedures", "procedures", Input::Own(PartKind::Procedure)),
    field("notice_video", "video", Input::Link),
];

const NOTICE_TIMES: &[Field] = &[
    field("notice_starts_at", "starts_at", Input::Instant("/notice/starts_at")),
    field("notice_ends_at", "ends_at", Input::Instant("/notice/ends_at")),
    field(
        "notice_end_certainty",
        "end_certainty",
        Input::OneOf(&["exact", "estimated", "unknown"]),
    ),
    field("notice_at_end", "at_end", Input::OneOf(&["complete", "confirm"])),
    field("notice_rollback_minutes", "rollback_minutes", Input::Number),
    field("notice_next_update_at", "next_update_at", Input::Instant("/notice/next_update_at")),
    field("notice_announce_from", "announce_from", Input::Instant("/notice/announce_from")),
];

/// A template, with its notice.
const TEMPLATE: &[Field] = &[
    field("template_name", "name", Input::Texts),
    field("notice_kind", "notice/kind", Input::OneOf(KINDS)),
    field("notice_severity", "notice/severity", Input::OneOf(SEVERITIES)),
    field("notice_services", "notice/services", Input::Entries(PartKind::Service)),
    field("notice_portals", "notice/portals", Input::Entries(PartKind::Portal)),
    field("notice_title", "notice/title", Input::Texts),
    field("notice_impact", "notice/impact", Input::Prose),
    field("notice_guidance", "notice/guidance", Input::Prose),
    field("notice_still_works", "notice/still_works", Input::Prose),
    field("notice_entries_section", "notice", Input::Folded(NOTICE_ENTRIES)),
    field("notice_help_section", "notice", Input::Folded(NOTICE_HELP)),
    field("notice_times", "notice", Input::Folded(NOTICE_TIMES)),
];

const RULE: &[Field] = &[
    field("rule_name", "name", Input::Texts),
    field("rule_matchers", "matchers", Input::Lines),
    field("rule_template", "template", Input::Entry(PartKind::Template)),
    field("rule_publish", "publish", Input::Yes),
    field("rule_grace", "grace_minutes", Input::Number),
    field("rule_calm", "calm_minutes", Input::Number),
    field("rule_at_end", "at_end", Input::OneOf(&["complete", "confirm"])),
];

const PROBE_EXPECTED: &[Field] = &[
    field("probe_status", "status", Input::Number),
    field("probe_text", "text", Input::Line),
    field("probe_leads_to", "leads_to", Input::Link),
    field("probe_certificate_days", "certificate_days", Input::Number),
    field("probe_record", "record", Input::OneOf(&["A", "AAAA", "CNAME", "MX", "NS", "TXT"])),
    field("probe_server", "server", Input::Line),
];

const PROBE_PACE: &[Field] = &[
    field("probe_every", "every_seconds", Input::Number),
    field("probe_timeout", "timeout_seconds", Input::Number),
    field("probe_attempts", "attempts", Input::Number),
    field("probe_confirm", "confirm", Input::Number),
    field("probe_slow", "slow_milliseconds", Input::Number),
];

const PROBE: &[Field] = &[
    field("probe_name", "name", Input::Texts),
    field("probe_service", "service", Input::Entry(PartKind::Service)),
    field("probe_kind", "kind", Input::OneOf(&["http", "tcp", "tls", "dns"])),
    field("probe_target", "target", Input::Line),
    field("probe_expected", "", Input::Folded(PROBE_EXPECTED)),
    field("probe_pace", "", Input::Folded(PROBE_PACE)),
];

/// The fields of an entry, but for its id.
pub(super) const fn fields(kind: PartKind) -> &'static [Field] {
    match kind {
        PartKind::Portal => PORTAL,
        PartKind::Service => SERVICE,
        PartKind::Channel => CHANNEL,
        PartKind::Procedure => PROCEDURE,
        PartKind::Template => TEMPLATE,
        PartKind::Rule => RULE,
        PartKind::Probe => PROBE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::catalogue;

    const DOCS: &str = include_str!("../../../../docs/catalogue.md");

    /// The fields that the docs list under a heading.
    fn documented(heading: &str) -> Vec<&str> {
        let (_, section) = DOCS.split_once(&format!("\n## `{heading}`")).unwrap();
        let section = section.split("\n## ").next().unwrap_or_default();
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        rows.filter(|name| *name != "id").collect()
    }

    fn has(fields: &[Field], name: &str) -> bool {
        fields.iter().any(|field| match field.input {
            Input::Folded(folded) => has(folded, name),
            _ => field.name.rsplit('/').next() == Some(name),
        })
    }

    fn expect_words(fields: &[Field]) {
        for field in fields {
            assert!(!catalogue::field(field.key).0.is_empty(), "{}", field.key);
            if let Input::OneOf(choices) = field.input {
                for word in choices {
                    let said = catalogue::choice_of(field.key, word);
                    assert_ne!(said, catalogue::choice(""), "{} {word}", field.key);
                }
            }
            if let Input::Group(within) | Input::Folded(within) | Input::Rows(within) = field.input {
                expect_words(within);
            }
        }
    }

    #[test]
    fn what_a_file_can_say_the_page_can_say_in_words() {
        for (heading, fields) in [
            ("[[portal]]", PORTAL),
            ("[[portal.page]]", PAGE),
            ("[portal.links]", LINKS),
            ("[[service]]", SERVICE),
            ("[[channel]]", CHANNEL),
            ("[[procedure]]", PROCEDURE),
            ("[[procedure.steps]]", STEP),
            ("[template.notice]", TEMPLATE),
            ("[[rule]]", RULE),
            ("[[probe]]", PROBE),
        ] {
            let names = documented(heading);
            assert!(names.len() > 2, "{heading}");
            for name in names {
                assert!(has(fields, name), "{heading} {name}");
            }
            expect_words(fields);
        }
    }
}
