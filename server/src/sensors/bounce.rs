//! Mails that come back: the report of a mail server that it could not deliver one of ours (RFC 3464). It holds the head of the mail, and the id in it
//! says whose it was.

use crate::reactors::is_enhanced;

/// What a report says of one of our mails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bounce {
    /// The opaque id of whoever it was for.
    pub(crate) subscription: String,
    /// Why it could not be delivered, such as 5.1.1 (RFC 3463); empty: it does not say.
    pub(crate) status: String,
}

/// What a mail reports; `None`: it is no report that a mail of ours could not be delivered.
pub(crate) fn read(mail: &str) -> Option<Bounce> {
    let lines = unfolded(mail);
    let values = |name: &'static str| {
        lines.iter().filter_map(move |line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    // One that is late may still arrive.
    if !values("action").any(|action| action.eq_ignore_ascii_case("failed")) {
        return None;
    }
    // The report has an id of its own.
    let subscription = values("message-id").find_map(subscription)?;
    // Other lines are called so as well, and strangers write what they like.
    let status = values("status")
        .filter_map(|status| status.split_whitespace().next())
        .find(|status| is_enhanced(status));
    Some(Bounce {
        subscription,
        status: status.unwrap_or_default().to_owned(),
    })
}

/// The lines of a mail, those that go on in the next one in one.
fn unfolded(mail: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in mail.lines() {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => last.push_str(line.trim_end()),
            _ => lines.push(line.trim_end().to_owned()),
        }
    }
    lines
}

/// For whom a mail with this id was: `<2026-0042.17-resolved.mail-4f2a90c1d3b7@musterstadt.example>`.
fn subscription(id: &str) -> Option<String> {
    let (local, _) = id.trim_start_matches('<').split_once('@')?;
    let (_, subscription) = local.rsplit_once('.')?;
    let digits = subscription.strip_prefix("mail-")?;
    (digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| subscription.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As most servers write it.
    const REPORT: &str = "From: MAILER-DAEMON@mail.example\r\nMessage-ID: <20261130.1@mail.example>\r\nSubject: Undelivered\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nThe mail could not be delivered.\r\n\r\n\
        --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\nFinal-Recipient: rfc822; erika@beispiel.example\r\n\
        Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n\
        --b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Test\r\nMessage-ID:\r\n <2026-0042.17-resolved.mail-4f2a90c1d3b7@musterstadt.example>\r\n\r\n--b--\r\n";

    #[test]
    fn a_report_says_whose_mail_it_was_and_why() {
        let bounce = read(REPORT).unwrap();
        assert_eq!(
            (bounce.subscription.as_str(), bounce.status.as_str()),
            ("mail-4f2a90c1d3b7", "5.1.1")
        );
    }

    #[test]
    fn a_status_is_a_code_and_nothing_else() {
        let bounce = read(REPORT).unwrap();
        assert_eq!(read(&format!("Status: RO\r\n{REPORT}")), Some(bounce));
        let other = REPORT.replace("Status: 5.1.1", "Status: erika@beispiel.example");
        assert_eq!(read(&other).unwrap().status, "");
    }

    #[test]
    fn what_is_no_report_about_a_mail_of_ours_is_none() {
        for (from, to) in [
            ("Action: failed", "Action: delayed"),
            ("mail-4f2a90c1d3b7", "mail-4f2a"),
            ("mail-4f2a90c1d3b7", "20261130"),
            ("mail-4f2a90c1d3b7", "mail-'; DROP TABLE"),
        ] {
            assert_eq!(read(&REPORT.replace(from, to)), None, "{to}");
        }
        assert_eq!(read(""), None);
        assert_eq!(read("Subject: Ich bin im Urlaub\r\n\r\nAction: failed"), None);
    }
}
