//! What a mail says: a notice, told by the view that the pages are made of, as a page and as plain text; or the link by which somebody confirms.

use domain::{
    project::project_notice,
    state::State,
    text::{Language, Localized},
};
use jiff::Timestamp;
use store::subscriptions::{Subscription, Told};
use view::Messages;
use wire::Brief;

use crate::{
    assets,
    http::pages::{self, escape, in_tags, reader},
    reactors::news::{News, seen},
    show::snapshot::tell_to_keep,
};

/// The style of a letter.
const STYLE: &str = include_str!("letter.css");

/// What is sent to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Letter {
    /// Who writes, by name.
    pub(super) sender: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) html: String,
    pub(super) language: String,
    /// What tells it from all others to the same person.
    pub(super) id: String,
    /// The first one of its thread; `None`: it is the first.
    pub(super) answers: Option<String>,
    /// What it says, so that it is not said twice.
    pub(super) says: String,
    /// Where it can be ended by a POST; `None`: it is no mail of a list.
    pub(super) end: Option<String>,
}

/// What all letters of a portal have in common.
struct Desk<'a> {
    subscription: &'a Subscription,
    origin: &'a str,
    language: String,
    words: Messages,
    portal: String,
    imprint: String,
    privacy: String,
}

impl<'a> Desk<'a> {
    /// `None`: there is no such portal any more.
    fn of(state: &State, subscription: &'a Subscription, origin: &'a str) -> Option<Self> {
        let portal = state.portal(&subscription.portal)?;
        let languages: Vec<String> = portal.languages.iter().map(ToString::to_string).collect();
        let language = pages::choose(&languages, Some(&subscription.language), &axum::http::HeaderMap::new());
        let named = |text: &Localized| {
            let known = Language::parse(&language);
            known.as_ref().map_or("", |known| text.get_or_any(known)).to_owned()
        };
        Some(Self {
            subscription,
            origin,
            words: pages::frame_words(&language),
            portal: named(&portal.name),
            imprint: portal.links.imprint.clone(),
            privacy: portal.links.privacy.clone(),
            language,
        })
    }

    fn word(&self, key: &str) -> String {
        pages::word(&self.words, key).replace("{}", &self.portal)
    }

    /// Where somebody changes or ends it.
    fn own_page(&self) -> String {
        format!("{}/s/{}", self.origin, self.subscription.secret.0)
    }

    /// A letter with this in it, as HTML. What stands below all of them is put below it.
    fn letter(self, subject: String, body: &str, why: &str) -> Letter {
        let own = self.own_page();
        let link = |address: &str, key: &str| format!("<a href=\"{}\">{}</a>", escape(address), escape(&self.word(key)));
        let end = if why.is_empty() {
            String::new()
        } else {
            format!("<p>{} {}</p>", escape(&self.word(why)), link(&own, "mail.letter.change"))
        };
        let foot = format!(
            "{end}<p>{}</p><p>{}</p><p>{}</p>",
            escape(&self.portal),
            link(&self.imprint, "imprint"),
            link(&self.privacy, "privacy"),
        );
        let html = format!(
            "{}<style>{STYLE}</style></head><body><main>{body}</main><hr><footer>{foot}</footer></body></html>\n",
            pages::head(&self.words, pages::direction(&assets::messages(&self.language)), &escape(&subject)),
        );
        let text = format!("{}\n\n-- \n{}\n", tag::in_words(body), tag::in_words(&foot));
        Letter {
            sender: self.portal.clone(),
            subject,
            text,
            html,
            id: String::new(),
            answers: None,
            says: String::new(),
            end: (!why.is_empty()).then_some(own),
            language: self.language,
        }
    }
}

impl Letter {
    /// The link by which somebody confirms; for whoever has done so, the one by which they change it. `None`: there is no such portal any more.
    pub(super) fn with_link(state: &State, subscription: &Subscription, origin: &str, asked_at: Timestamp) -> Option<Self> {
        let desk = Desk::of(state, subscription, origin)?;
        let key = match subscription.confirmed_at {
            None => "mail.letter.confirm",
            Some(_) => "mail.letter.link",
        };
        let part = |part: &str| desk.word(&format!("{key}.{part}"));
        let own = escape(&desk.own_page());
        let body = format!(
            "<h1>{}</h1><p>{}</p><p class=\"do\"><a href=\"{own}\">{}</a></p><p>{}</p>",
            escape(&part("title")),
            escape(&part("text")),
            escape(&part("do")),
            escape(&part("else")),
        );
        let subject = part("title");
        Some(Self {
            id: format!("link-{}", asked_at.as_millisecond()),
            ..desk.letter(subject, &body, "")
        })
    }

    /// A notice as it is now; `None`: there is nothing to tell. `last`: what somebody was told of it last, if anything.
    pub(super) fn about(
        state: &State,
        subscription: &Subscription,
        news: &News,
        last: Option<&Told>,
        origin: &str,
        now: Timestamp,
    ) -> Option<Self> {
        let desk = Desk::of(state, subscription, origin)?;
        let stored = state.notice(&news.notice)?;
        let stage = seen(stored, now)?;
        let document = tell_to_keep(project_notice(state, &news.portal, &news.notice, now)?);
        let notice = document.notices.first()?;
        let (_, Brief { kicker, title, .. }) = notice.brief.lookup(&desk.language).or(notice.brief.0.first())?;
        let reader = view::Reader {
            base: origin.to_owned(),
            ..reader(&desk.language, now)
        };
        let page = format!("{origin}{}?lang={}", notice.url, desk.language);
        let body = format!(
            "{}<p class=\"do\"><a href=\"{}\">{}</a></p>",
            unfolded(&view::to_html(|| view::notice(&reader, &document, notice))),
            escape(&page),
            escape(&desk.word("mail.letter.page")),
        );
        let says = format!("{}-{}", stored.position, stage.word());
        let subject = format!("{kicker}: {}", title.s);
        let thread = news.notice.to_string();
        Some(Self {
            id: format!("{thread}.{says}"),
            answers: last.map(|last| format!("{thread}.{}", last.first)),
            says,
            ..desk.letter(subject, &body, "mail.letter.why")
        })
    }
}

/// A notice as mail programs show it: nothing to unfold, no drawings, and without the lines below it, which a letter has itself.
fn unfolded(html: &str) -> String {
    let html = match (html.rfind("<footer"), html.rfind("</footer>")) {
        (Some(start), Some(end)) => [&html[..start], &html[end + "</footer>".len()..]].concat(),
        _ => html.to_owned(),
    };
    in_tags(&html, |tag| {
        let name = tag
            .trim_start_matches(['<', '/'])
            .split(|c: char| !c.is_ascii_alphanumeric())
            .next()
            .unwrap_or_default();
        match name {
            "svg" | "path" | "circle" | "rect" | "g" => String::new(),
            "details" => tag.replacen("details", "div", 1),
            "summary" | "h3" => tag.replacen(name, "h2", 1),
            // What it is about is what the letter is about.
            "h2" => tag.replacen("h2", "h1", 1),
            _ => tag.to_owned(),
        }
    })
}
