//! What was promised to go out, on whichever database: who sees to it, and what is still to be done.

use jiff::{SignedDuration, Timestamp};
use store::{
    Place,
    outbox::{Bookmark, Holder, Open, Outbox, Task, Verdict},
};

use super::support::on_each_database;

const ONE: Holder<'_> = Holder {
    lease: "reactors",
    name: "one",
};
const OTHER: Holder<'_> = Holder {
    lease: "reactors",
    name: "other",
};
const LASTS: SignedDuration = SignedDuration::from_secs(15);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn upto(seq: u64, second: Option<i64>) -> Bookmark {
    let turned_at = second.map(at);
    Bookmark { seq, turned_at }
}

fn task(lane: &str, key: &str, payload: &str) -> Task {
    Task {
        lane: lane.to_owned(),
        key: key.to_owned(),
        payload: payload.to_owned(),
    }
}

async fn keeps_the_contract(place: &Place) {
    let outbox = async || place.open().await.unwrap().outbox;
    let (one, other) = (outbox().await, outbox().await);
    one_holds_the_lease(&one, &other).await;
    tasks_and_bookmark_are_noted_together(&one, &other).await;
    lanes_go_in_their_order(&one).await;
    what_is_asked_for_again_meanwhile_stays(&one).await;
    what_was_given_up_is_taken_up_again(&one).await;
    whoever_lost_the_lease_changes_nothing(&one, &other).await;
}

async fn one_holds_the_lease(one: &Outbox, other: &Outbox) {
    // Of two at once one has it.
    let both = tokio::join!(one.hold(ONE, at(0), LASTS), other.hold(OTHER, at(0), LASTS));
    let held = [both.0.unwrap(), both.1.unwrap()];
    assert_eq!(held.iter().filter(|held| **held).count(), 1, "{held:?}");
    let (first, second) = if held[0] { (ONE, OTHER) } else { (OTHER, ONE) };
    assert!(one.hold(first, at(10), LASTS).await.unwrap(), "it is made to last");
    assert!(!other.hold(second, at(24), LASTS).await.unwrap(), "it lasts");
    assert!(other.hold(second, at(25), LASTS).await.unwrap(), "it has run out");
    assert!(!one.hold(first, at(26), LASTS).await.unwrap(), "it is the other's");
    one.let_go(first).await.unwrap();
    assert!(
        !one.hold(first, at(26), LASTS).await.unwrap(),
        "nobody lets go of what is another's"
    );
    other.let_go(second).await.unwrap();
    // A clock that was years ahead keeps nobody out for years.
    assert!(other.hold(second, at(100_000_000), LASTS).await.unwrap());
    assert!(one.hold(ONE, at(26), LASTS).await.unwrap(), "it was taken by a wrong clock");
    one.let_go(ONE).await.unwrap();
    assert!(one.hold(ONE, at(26), LASTS).await.unwrap(), "it was let go");
}

async fn tasks_and_bookmark_are_noted_together(one: &Outbox, other: &Outbox) {
    assert_eq!(other.bookmark("mirror").await.unwrap(), None);
    let tasks = [task("town", "", "a"), task("county", "", "b")];
    assert!(one.note(ONE, "mirror", &tasks, upto(7, None), at(30)).await.unwrap());
    assert_eq!(other.bookmark("mirror").await.unwrap(), Some(upto(7, None)));
    assert_eq!(other.bookmark("mail").await.unwrap(), None);
    assert_eq!(lanes(other, "mirror").await, ["town", "county"]);
    assert!(one.note(ONE, "mirror", &[], upto(9, None), at(31)).await.unwrap());
    assert_eq!(
        (one.bookmark("mirror").await.unwrap(), one.count("mirror").await.unwrap()),
        (Some(upto(9, None)), (2, 0))
    );
    assert_eq!(one.count("mail").await.unwrap(), (0, 0));
    for open in one.open("mirror").await.unwrap() {
        assert!(one.settle(ONE, "mirror", &open, Verdict::Done).await.unwrap());
    }
    assert_eq!(one.count("mirror").await.unwrap(), (0, 0));
}

async fn lanes(outbox: &Outbox, reactor: &str) -> Vec<String> {
    let open = outbox.open(reactor).await.unwrap();
    open.into_iter().map(|open| open.task.lane).collect()
}

/// Keys of what is open, one a lane.
async fn keys(outbox: &Outbox) -> Vec<String> {
    let open = outbox.open("mail").await.unwrap();
    open.into_iter().map(|open| open.task.key).collect()
}

async fn first(outbox: &Outbox, lane: &str) -> Open {
    let open = outbox.open("mail").await.unwrap();
    open.into_iter().find(|open| open.task.lane == lane).unwrap()
}

async fn lanes_go_in_their_order(outbox: &Outbox) {
    let tasks = [task("ada", "1", "x"), task("bob", "1", "x"), task("ada", "2", "y")];
    outbox.note(ONE, "mail", &tasks, upto(1, None), at(40)).await.unwrap();
    assert_eq!(keys(outbox).await, ["1", "1"], "the second waits for the first");
    let failed = first(outbox, "ada").await;
    let again = Verdict::Again(at(60), "nobody answers".to_owned());
    assert!(outbox.settle(ONE, "mail", &failed, again).await.unwrap());
    let open = outbox.open("mail").await.unwrap();
    let told: Vec<_> = open
        .iter()
        .map(|open| (open.task.lane.as_str(), open.attempts, open.due_at))
        .collect();
    assert_eq!(told, [("bob", 0, at(40)), ("ada", 1, at(60))], "what is due earlier comes first");
    assert_eq!(outbox.soonest("mail", 1).await.unwrap(), open[..1]);
    assert_eq!(first(outbox, "ada").await.task, tasks[0], "and the second waits on");
    let given_up = Verdict::GivenUp(at(61), "there is no such address".to_owned());
    outbox.settle(ONE, "mail", &first(outbox, "ada").await, given_up).await.unwrap();
    assert_eq!(first(outbox, "ada").await.task, tasks[2], "what was given up keeps nobody waiting");
    assert_eq!(outbox.count("mail").await.unwrap(), (2, 1));
    // Asked for again, it is to be done again.
    outbox.note(ONE, "mail", &tasks[..1], upto(1, Some(62)), at(62)).await.unwrap();
    assert_eq!(outbox.bookmark("mail").await.unwrap(), Some(upto(1, Some(62))));
    assert_eq!(
        (first(outbox, "ada").await.attempts, outbox.count("mail").await.unwrap()),
        (0, (3, 0))
    );
    for _ in 0..2 {
        for open in outbox.open("mail").await.unwrap() {
            outbox.settle(ONE, "mail", &open, Verdict::Done).await.unwrap();
        }
    }
    assert_eq!(outbox.count("mail").await.unwrap(), (0, 0));
}

async fn what_is_asked_for_again_meanwhile_stays(outbox: &Outbox) {
    outbox
        .note(ONE, "mail", &[task("ada", "", "old")], upto(1, Some(70)), at(70))
        .await
        .unwrap();
    let old = first(outbox, "ada").await;
    outbox
        .note(ONE, "mail", &[task("ada", "", "new")], upto(1, Some(71)), at(71))
        .await
        .unwrap();
    for verdict in [Verdict::Done, Verdict::Again(at(99), "late".to_owned())] {
        assert!(outbox.settle(ONE, "mail", &old, verdict).await.unwrap());
        let left = first(outbox, "ada").await;
        assert_eq!((left.task.payload.as_str(), left.attempts, left.due_at), ("new", 0, at(71)));
    }
    outbox
        .settle(ONE, "mail", &first(outbox, "ada").await, Verdict::Done)
        .await
        .unwrap();
    assert_eq!(outbox.count("mail").await.unwrap(), (0, 0));
}

async fn what_was_given_up_is_taken_up_again(outbox: &Outbox) {
    let tasks = [task("ada", "1", "x"), task("ada", "2", "y"), task("bob", "1", "x")];
    outbox.note(ONE, "post", &tasks, upto(1, None), at(72)).await.unwrap();
    let told = async || {
        let lanes = outbox.lanes("post").await.unwrap().into_iter();
        lanes
            .map(|lane| (lane.name, lane.open, lane.given_up, lane.due_at))
            .collect::<Vec<_>>()
    };
    let lane = |name: &str, open, given_up, due: i64| (name.to_owned(), open, given_up, Some(at(due)));
    assert_eq!(told().await, [lane("ada", 2, 0, 72), lane("bob", 1, 0, 72)]);
    let settle = async |lane: &str, verdict: Verdict| {
        let open = outbox.open("post").await.unwrap().into_iter().find(|open| open.task.lane == lane);
        let open = open.unwrap();
        assert!(outbox.settle(ONE, "post", &open, verdict).await.unwrap());
        open.task.key
    };
    assert_eq!(settle("ada", Verdict::GivenUp(at(73), "gone".to_owned())).await, "1");
    assert_eq!(settle("ada", Verdict::Again(at(900), "silent".to_owned())).await, "2");
    assert_eq!(told().await, [lane("ada", 1, 1, 900), lane("bob", 1, 0, 72)]);
    outbox.take_up_again("post", "ada", at(74)).await.unwrap();
    assert_eq!(
        told().await,
        [lane("ada", 2, 0, 74), lane("bob", 1, 0, 72)],
        "and the other's waits as before"
    );
    assert_eq!(
        settle("ada", Verdict::GivenUp(at(75), "gone".to_owned())).await,
        "1",
        "in the old order"
    );
    assert_eq!(settle("ada", Verdict::Done).await, "2");
    // After a month nobody takes it up any more.
    let later = at(76 + 31 * 24 * 3600);
    assert_eq!(settle("bob", Verdict::GivenUp(later, "gone".to_owned())).await, "1");
    assert_eq!(told().await, [("bob".to_owned(), 0, 1, None)]);
}

async fn whoever_lost_the_lease_changes_nothing(one: &Outbox, other: &Outbox) {
    one.note(ONE, "mail", &[task("ada", "", "x")], upto(5, Some(71)), at(80))
        .await
        .unwrap();
    let open = first(one, "ada").await;
    assert!(other.hold(OTHER, at(200), LASTS).await.unwrap());
    assert!(!one.note(ONE, "mail", &[task("bob", "", "x")], upto(6, None), at(81)).await.unwrap());
    assert!(!one.settle(ONE, "mail", &open, Verdict::Done).await.unwrap());
    assert_eq!(other.bookmark("mail").await.unwrap(), Some(upto(5, Some(71))));
    assert_eq!(lanes(other, "mail").await, ["ada"]);
    assert!(other.settle(OTHER, "mail", &open, Verdict::Done).await.unwrap());
}

on_each_database!(keeps_the_contract);
