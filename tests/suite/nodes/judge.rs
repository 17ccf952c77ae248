//! What is wrong with a history of commands, and with what people and programs were told of it.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::support::{mailbox::Mail, receiver::Heard};

/// What became of a command, as far as its sender knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// Each time it was said that nothing was changed.
    Refused,
    Unknown,
}

/// A command that was sent, with a text that no other has.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) mark: String,
    pub(super) outcome: Outcome,
}

/// What is wrong with a history: how often each command's text is in the journal, against what was answered.
pub(super) fn judge(sent: &[Sent], told: &[String]) -> Vec<String> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    for mark in told {
        *times.entry(mark).or_default() += 1;
    }
    let wrong = sent.iter().filter_map(|Sent { mark, outcome }| {
        let times = times.remove(mark.as_str()).unwrap_or_default();
        let right = match outcome {
            Outcome::Done => times == 1,
            Outcome::Refused => times == 0,
            Outcome::Unknown => times <= 1,
        };
        (!right).then(|| format!("{mark}: {outcome:?}, and {times} times in the journal"))
    });
    let mut wrong: Vec<String> = wrong.collect();
    wrong.extend(times.keys().map(|mark| format!("{mark} is in the journal, and nobody sent it")));
    wrong
}

#[test]
fn the_judge_finds_what_is_lost_doubled_or_made_up() {
    let sent = |mark: &str, outcome| Sent {
        mark: mark.to_owned(),
        outcome,
    };
    let history = [
        sent("w0-1-a", Outcome::Done),
        sent("w0-2-a", Outcome::Refused),
        sent("w0-3-a", Outcome::Unknown),
    ];
    let judged = |told: &[&str]| judge(&history, &told.iter().map(|mark| (*mark).to_owned()).collect::<Vec<_>>());
    assert_eq!(judged(&["w0-1-a"]), [] as [&str; 0]);
    assert_eq!(judged(&["w0-1-a", "w0-3-a"]), [] as [&str; 0]);
    for wrong in [
        &["w0-3-a"][..],
        &["w0-1-a", "w0-1-a"],
        &["w0-1-a", "w0-2-a"],
        &["w0-1-a", "w0-3-a", "w0-3-a"],
        &["w0-1-a", "w9-1-a"],
    ] {
        assert_eq!(judged(wrong).len(), 1, "{wrong:?}");
    }
}

/// The texts of commands in an exported journal, one for each entry that holds it.
pub(super) fn marks(export: &str) -> Vec<String> {
    let in_entry = |line: &str| -> Vec<String> {
        let record: Value = serde_json::from_str(line).unwrap();
        let payload = record["payload"].as_str().unwrap_or_default();
        let found: HashSet<&str> = payload.split('"').filter(|text| is_mark(text)).collect();
        found.into_iter().map(str::to_owned).collect()
    };
    export.lines().flat_map(in_entry).collect()
}

fn is_mark(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    matches!(parts[..], [writer, number, "a" | "b" | "c"]
        if writer.strip_prefix('w').is_some_and(|writer| writer.parse::<usize>().is_ok()) && number.parse::<usize>().is_ok())
}

/// The entries of an exported journal that receivers are told of: those about a notice.
pub(super) fn about_notices(export: &str) -> Vec<u64> {
    let seq = |line: &str| {
        let record: Value = serde_json::from_str(line).unwrap();
        let is_about_one = record["payload"].as_str().is_some_and(|payload| payload.contains("\"notice_"));
        is_about_one.then(|| record["seq"].as_u64().unwrap())
    };
    export.lines().filter_map(seq).collect()
}

/// What is wrong with what a receiver was told, by the numbers of the entries in the order in which they came: each at least once, and none for
/// the first time after a later one.
pub(super) fn judge_told(entries: &[u64], told: &[u64]) -> Vec<String> {
    let mut first = HashSet::new();
    let new: Vec<u64> = told.iter().copied().filter(|seq| first.insert(*seq)).collect();
    let mut wrong: Vec<String> = entries
        .iter()
        .filter(|seq| !first.contains(seq))
        .map(|seq| format!("entry {seq} was never told"))
        .collect();
    let late = new.windows(2).filter(|pair| pair[0] > pair[1]);
    wrong.extend(late.map(|pair| format!("entry {} was told after {}", pair[1], pair[0])));
    wrong.extend(
        new.iter()
            .filter(|seq| !entries.contains(seq))
            .map(|seq| format!("there is no entry {seq}")),
    );
    wrong
}

#[test]
fn the_judge_of_what_was_told_finds_what_is_lost_late_or_made_up() {
    let entries = [3, 5, 6];
    for right in [&[3, 5, 6][..], &[3, 3, 5, 3, 6], &[3, 5, 6, 5, 6]] {
        assert_eq!(judge_told(&entries, right), [] as [&str; 0]);
    }
    for wrong in [&[3, 6][..], &[3, 6, 5, 6], &[3, 5, 6, 7]] {
        assert_eq!(judge_told(&entries, wrong).len(), 1, "{wrong:?}");
    }
}

/// The notice whose outage is over by an entry of an exported journal.
pub(super) fn resolved(line: &str) -> Option<String> {
    let record: Value = serde_json::from_str(line).unwrap();
    let payload: Value = serde_json::from_str(record["payload"].as_str()?).ok()?;
    let event = payload.as_object()?.get("event").unwrap_or(&payload);
    let advanced = &event["notice_advanced"];
    (advanced["step"]["stage"] == "resolved").then(|| advanced["id"].as_str().unwrap().to_owned())
}

/// The notice that a mail is about, the entry up to which it tells of it, and whether it tells its end: all that is in its id.
pub(super) fn about(mail: &Mail) -> Option<(String, u64, bool)> {
    let (notice, rest) = mail.header("message-id").trim_start_matches('<').split_once('.')?;
    let (position, rest) = rest.split_once('-')?;
    Some((notice.to_owned(), position.parse().ok()?, rest.starts_with("resolved.")))
}

/// What is wrong with the mails to one person, in the order in which they came: of no notice a later one tells what was before, and hardly any comes
/// twice: only where a relay took one whose sender was killed before it could note that.
pub(super) fn judge_mails(mails: &[(String, u64, bool)], kills: usize) -> Vec<String> {
    let mut last: HashMap<&str, u64> = HashMap::new();
    let mut wrong = Vec::new();
    let different: HashSet<&(String, u64, bool)> = mails.iter().collect();
    if mails.len() - different.len() > kills {
        wrong.push(format!("{} came again after {kills} kills", mails.len() - different.len()));
    }
    for (notice, position, _) in mails {
        let before = last.insert(notice, *position).unwrap_or_default();
        if before > *position {
            wrong.push(format!(
                "{notice}: what was so after {before} and then what was so after {position}"
            ));
        }
    }
    wrong
}

#[test]
fn the_judge_of_mails_finds_what_is_late() {
    let mail = |notice: &str, position: u64| (notice.to_owned(), position, false);
    let right = [mail("a", 3), mail("b", 4), mail("a", 3), mail("a", 5)];
    assert_eq!(judge_mails(&right, 1), [] as [&str; 0]);
    assert_eq!(judge_mails(&right, 0).len(), 1);
    assert_eq!(judge_mails(&[mail("a", 5), mail("b", 4), mail("a", 3)], 0).len(), 1);
}

/// The entry that a message is about.
pub(super) fn entry_of(heard: &Heard) -> u64 {
    let id = heard.header("webhook-id").strip_prefix("msg_").unwrap();
    id.split('-').next().unwrap().parse().unwrap()
}
