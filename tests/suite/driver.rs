//! Whoever drives reactors forgets nobody, whatever happens while it asks.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use async_trait::async_trait;
use domain::{
    access::{Actor, Role},
    notice::{Command, Content, Intent},
    record::Entry,
    state::State,
};
use engine::{
    Publisher,
    driver::Driver,
    reactor::{Outcome, Reactor, Task, Turn},
};
use jiff::{SignedDuration, Timestamp};
use store::{
    Store,
    outbox::{Bookmark, Holder, Outbox},
    tables::TableError,
};
use tokio::{sync::watch, time::timeout};

use super::support::{listener::PATIENCE, outage, server::TestServer};

/// Tells those that it knows of each entry. While it looks who they are before it is asked for the first time, somebody comes, and something is
/// written.
struct Telling {
    publisher: Arc<Publisher>,
    there: Mutex<BTreeSet<String>>,
    known: Mutex<BTreeSet<String>>,
    looked: AtomicUsize,
    told: watch::Sender<Vec<String>>,
}

impl Telling {
    /// It knows these, and was looked at so often.
    fn new(publisher: &Arc<Publisher>, there: &[&str], looked: usize) -> Arc<Self> {
        Arc::new(Self {
            publisher: publisher.clone(),
            there: Mutex::new(there.iter().map(ToString::to_string).collect()),
            known: Mutex::default(),
            looked: AtomicUsize::new(looked),
            told: watch::Sender::default(),
        })
    }

    fn driver(self: &Arc<Self>, outbox: Outbox) -> Driver {
        let reactors: Vec<Arc<dyn Reactor>> = vec![self.clone()];
        Driver::new(self.publisher.clone(), outbox, reactors, "one".to_owned(), Arc::default())
    }
}

/// The data of a server that has stopped, with a publisher of our own; and the last entry.
async fn alone() -> (TestServer, Store, Arc<Publisher>, u64) {
    let mut server = TestServer::start("2026-05-04T08:00:00Z").await;
    server.stop().await;
    let store = server.place().open().await.unwrap();
    let publisher = Publisher::open(store.journal.clone(), Arc::new(server.clock.clone()), Arc::new(()));
    let publisher = Arc::new(publisher.await.unwrap());
    let before = publisher.journal().head().await.unwrap();
    (server, store, publisher, before)
}

#[async_trait]
impl Reactor for Telling {
    fn name(&self) -> &'static str {
        "telling"
    }

    fn after(&self, before: &State, state: &State, entry: &Entry) -> Vec<Task> {
        assert_eq!((before.position(), state.position()), (entry.seq - 1, entry.seq));
        let task = |lane: &String| Task {
            lane: lane.clone(),
            key: entry.seq.to_string(),
            payload: String::new(),
        };
        self.known.lock().unwrap().iter().map(task).collect()
    }

    fn turn(&self, _: &State, _: Timestamp) -> Turn {
        Turn::default()
    }

    async fn look(&self) -> Result<(), TableError> {
        let there = self.there.lock().unwrap().clone();
        *self.known.lock().unwrap() = there;
        // The first time nobody has begun yet.
        if self.looked.fetch_add(1, SeqCst) == 1 {
            self.there.lock().unwrap().insert("late".to_owned());
            publish(&self.publisher, "Eins").await;
        }
        Ok(())
    }

    async fn perform(&self, task: &Task, _: u32) -> Outcome {
        self.told.send_modify(|told| told.push(format!("{} {}", task.lane, task.key)));
        Outcome::Done
    }
}

async fn publish(publisher: &Publisher, title: &str) {
    let mut content = outage("kfz-zulassung", title);
    content.as_object_mut().unwrap().remove("publish");
    let content: Content = serde_json::from_value(content).unwrap();
    let command = Command::Create {
        content: Box::new(content),
        intent: Intent::Publish,
    };
    publisher.submit(Actor::new("ada", Role::Admin), command).await.unwrap();
}

#[tokio::test]
async fn whoever_comes_before_an_entry_is_told_of_it() {
    let (_server, store, publisher, before) = alone().await;
    let telling = Telling::new(&publisher, &[], 0);
    let driver = telling.driver(store.outbox);
    let mut told = telling.told.subscribe();
    let enough = async {
        told.wait_for(|told| !told.is_empty()).await.unwrap();
        publish(&publisher, "Zwei").await;
        told.wait_for(|told| told.len() == 2).await.unwrap().clone()
    };
    let told = tokio::select! {
        () = driver.run() => unreachable!("it runs until it is dropped"),
        told = timeout(PATIENCE, enough) => told.expect("the one that came late was passed over"),
    };
    assert_eq!(told, [format!("late {}", before + 1), format!("late {}", before + 2)]);
}

#[tokio::test]
async fn a_bookmark_that_is_ahead_of_the_journal_is_put_back() {
    let (_server, store, publisher, before) = alone().await;
    // As after a journal that was restored alone.
    let (old, now) = (
        Holder {
            lease: "reactors",
            name: "old",
        },
        publisher.clock().now(),
    );
    assert!(store.outbox.hold(old, now, SignedDuration::from_secs(15)).await.unwrap());
    let ahead = Bookmark {
        seq: before + 1000,
        turned_at: Some(now),
    };
    assert!(store.outbox.note(old, "telling", &[], ahead, now).await.unwrap());
    store.outbox.let_go(old).await.unwrap();
    let telling = Telling::new(&publisher, &["one"], 10);
    let outbox = store.outbox.clone();
    let driver = telling.driver(store.outbox);
    let mut told = telling.told.subscribe();
    let enough = async {
        while outbox.bookmark("telling").await.unwrap().unwrap().seq != before {
            tokio::task::yield_now().await;
        }
        publish(&publisher, "Eins").await;
        told.wait_for(|told| !told.is_empty()).await.unwrap().clone()
    };
    let told = tokio::select! {
        () = driver.run() => unreachable!("it runs until it is dropped"),
        told = timeout(PATIENCE, enough) => told.expect("what was written after it was passed over"),
    };
    assert_eq!(told, [format!("one {}", before + 1)]);
}
