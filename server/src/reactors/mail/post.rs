//! The relay that takes mails, and how a letter is put into one.

use std::{
    net::IpAddr,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::Error,
};
use store::subscriptions::Subscription;
use tokio::time::timeout;
use url::{Host, Url};

use super::letter::Letter;
use crate::reactors::reasons;

/// How long a relay may take for all of a mail. Each goes over a connection of its own: one on which something was broken off would answer the next
/// one with what was meant for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A relay, and who writes.
#[derive(Clone, Debug)]
pub struct Relay {
    address: String,
    from: Address,
}

/// Why no mail can be sent this way.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("the relay is no address such as smtps://USER:PASSWORD@mail.example or smtp://mail.example:587?tls=required: {0}")]
    Relay(String),
    #[error("the relay is elsewhere and its address asks for no TLS; write smtps://… or put ?tls=required behind it")]
    Plain,
    #[error("the sender `{0}` is no address such as meldungen@musterstadt.example")]
    From(String),
}

impl Relay {
    /// The relay at this address, and the address that writes.
    ///
    /// # Errors
    /// When one of them is none, or what is sent could be read on its way to a relay elsewhere.
    pub fn at(address: &str, from: &str) -> Result<Self, PostError> {
        let url = Url::parse(address).map_err(|error| PostError::Relay(error.to_string()))?;
        let is_near = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            // `smtp` is no scheme of the web, so addresses are read as names.
            None => return Err(PostError::Relay("it names no host".to_owned())),
        };
        let is_near = is_near
            || url
                .host_str()
                .and_then(|host| host.parse().ok())
                .is_some_and(|ip: IpAddr| ip.is_loopback());
        let is_required = url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
        if url.scheme() == "smtp" && !is_required && !is_near {
            return Err(PostError::Plain);
        }
        AsyncSmtpTransport::<Tokio1Executor>::from_url(address).map_err(|error| PostError::Relay(reasons(&error)))?;
        Ok(Self {
            address: address.to_owned(),
            from: from.trim().parse().map_err(|_| PostError::From(from.to_owned()))?,
        })
    }
}

/// Hands letters to the relay.
pub(crate) struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
}

/// Why a letter was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is no such mailbox, and there will be none.
    NoMailbox(String),
    /// It is refused, and there is no use in asking again.
    ForGood(String),
    Otherwise(String),
}

impl Post {
    /// By this relay.
    ///
    /// # Errors
    /// When it cannot be used.
    pub(crate) fn by(relay: Relay) -> Result<Self, PostError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&relay.address);
        let builder = builder.map_err(|error| PostError::Relay(reasons(&error)))?;
        Ok(Self {
            transport: builder.timeout(Some(PATIENCE)).build(),
            from: relay.from,
        })
    }

    /// Whether the relay answers, and lets this server in.
    ///
    /// # Errors
    /// Why not.
    pub(crate) async fn try_out(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("it does not answer as a relay does".to_owned()),
            Err(error) => Err(reasons(&error)),
        }
    }

    /// Hands a letter over. Sent again, it is the same mail: its id is the same.
    ///
    /// # Errors
    /// Why it was not taken.
    pub(super) async fn send(&self, to: &Subscription, letter: &Letter, now: Timestamp) -> Result<(), Refused> {
        let message = self.message(to, letter, now);
        let message = message.ok_or_else(|| Refused::ForGood("it cannot be put into a mail".to_owned()))?;
        match timeout(PATIENCE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refused(&error)),
            Err(_) => {
                let seconds = PATIENCE.as_secs();
                Err(Refused::Otherwise(format!("it was not taken within {seconds} seconds")))
            }
        }
    }

    fn message(&self, to: &Subscription, letter: &Letter, now: Timestamp) -> Option<Message> {
        let recipient: Address = to.address.parse().ok()?;
        let domain = self.from.domain();
        let id = |local: &str| format!("<{local}.{}@{domain}>", to.id);
        let envelope = Envelope::new(Some(self.from.clone()), vec![recipient.clone()]).ok()?;
        let mut builder = Message::builder()
            .envelope(envelope)
            .from(Mailbox::new(Some(letter.sender.clone()), self.from.clone()))
            .to(Mailbox::new(None, recipient))
            .subject(letter.subject.clone())
            .date(SystemTime::from(now))
            .message_id(Some(id(&letter.id)));
        if let Some(thread) = &letter.answers {
            builder = builder.in_reply_to(id(thread)).references(id(thread));
        }
        let mut headers = vec![
            ("Auto-Submitted", "auto-generated".to_owned()),
            // Exchange and Outlook answer with absences otherwise.
            ("X-Auto-Response-Suppress", "All".to_owned()),
            ("Content-Language", letter.language.clone()),
        ];
        if let Some(end) = &letter.end {
            // RFC 8058: a program ends it by a POST, without a page.
            headers.push(("List-Unsubscribe", format!("<{end}>")));
            headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
            headers.push(("List-Id", format!("<{}.notices.{domain}>", to.portal)));
        }
        for (name, value) in headers {
            builder = builder.raw_header(HeaderValue::new(HeaderName::new_from_ascii(name.to_owned()).ok()?, value));
        }
        let parts = MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone());
        builder.multipart(parts).ok()
    }
}

/// Why it was not taken. What a relay says in words often repeats the address, or a part of it, and stays here; its codes do not.
fn refused(error: &Error) -> Refused {
    let Some(status) = error.status() else {
        return Refused::Otherwise(reasons(error));
    };
    let told = reasons(error);
    let mut words = told.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':' | ';' | ','));
    let enhanced = words.find(|word| is_enhanced(word)).unwrap_or_default();
    let reason = format!("the relay answered {status} {enhanced}").trim_end().to_owned();
    match error.is_permanent() {
        true if is_no_mailbox(enhanced) => Refused::NoMailbox(reason),
        true => Refused::ForGood(reason),
        false => Refused::Otherwise(reason),
    }
}

/// By these alone people are forgotten: there is no such mailbox, or nothing that takes mails for it (RFC 3463, section 3.2). Not because this server
/// may not write, and not because a mailbox is full or shut for now.
const NO_MAILBOX: [&str; 5] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];

/// Whether a code says that there is no such mailbox.
pub(crate) fn is_no_mailbox(code: &str) -> bool {
    NO_MAILBOX.contains(&code)
}

/// Whether it is a code such as 5.1.1 (RFC 3463, section 2).
pub(crate) fn is_enhanced(word: &str) -> bool {
    let mut parts = word.split('.');
    let class = parts.next().is_some_and(|class| matches!(class, "2" | "4" | "5"));
    let rest: Vec<&str> = parts.collect();
    class
        && rest.len() == 2
        && rest
            .iter()
            .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_addresses_and_numbers() {
        for (word, is_one) in [
            ("5.1.1", true),
            ("4.2.10", true),
            ("127.0.0.1", false),
            ("5.1", false),
            ("5.1.x", false),
            ("3.1.1", false),
            ("", false),
        ] {
            assert_eq!(is_enhanced(word), is_one, "{word}");
        }
    }

    #[test]
    fn a_relay_elsewhere_is_reached_over_tls() {
        let from = "meldungen@musterstadt.example";
        for near in ["smtp://127.0.0.1:25", "smtp://localhost", "smtp://[::1]:2525"] {
            assert!(Relay::at(near, from).is_ok(), "{near}");
        }
        for far in ["smtps://u:p@mail.example", "smtp://mail.example:587?tls=required"] {
            assert!(Relay::at(far, from).is_ok(), "{far}");
        }
        for plain in ["smtp://mail.example", "smtp://u:p@mail.example?tls=opportunistic"] {
            assert!(matches!(Relay::at(plain, from), Err(PostError::Plain)), "{plain}");
        }
        for none in ["mail.example", "http://mail.example", "smtp:", ""] {
            assert!(Relay::at(none, from).is_err(), "{none}");
        }
        assert!(matches!(Relay::at("smtps://mail.example", "Meldungen"), Err(PostError::From(_))));
    }
}
