//! Who is connected: one seat for each connection, with what is known of it, and the rules of who has to leave.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::sync::Notify;

use super::limits::{Limits, Network};

/// How long a fresh connection may say nothing. Browsers open some in advance, and open them again when they need one.
const FIRST_BYTE: Duration = Duration::from_secs(20);

/// How long the head of a request may take from its first byte to its last.
const WHOLE_HEAD: Duration = Duration::from_secs(15);

/// How long a connection is kept between two requests: longer than proxies keep theirs, so that they close it first, and longer than a
/// page waits until it asks anew.
const BETWEEN: Duration = Duration::from_secs(75);

/// How long an answer may wait for a reader who takes nothing.
const UNREAD: Duration = Duration::from_secs(60);

/// One connection, as the one who serves it and the one who looks after all of them know it. Instants are milliseconds by the steady clock.
#[derive(Debug)]
pub(super) struct Seat {
    /// The time, as the last round has read it; shared by all seats.
    now: Arc<AtomicU64>,
    network: Network,
    /// When the present phase began, or when there was last progress in it.
    since: AtomicU64,
    /// Whether the first bytes of a request have come, and not yet all of its head.
    receiving: AtomicBool,
    /// Whether any request has been answered.
    used: AtomicBool,
    /// Requests that are being answered.
    running: AtomicU32,
    /// Since when nobody takes what is written; 0: it is taken.
    unread: AtomicU64,
    malformed: AtomicBool,
    leave: Notify,
}

impl Seat {
    /// Bytes have come.
    pub(super) fn heard(&self) {
        if self.running.load(Relaxed) == 0 && !self.receiving.load(Relaxed) {
            self.since.store(self.now.load(Relaxed), Relaxed);
            self.receiving.store(true, Relaxed);
        }
    }

    /// Bytes were taken by the other side.
    pub(super) fn taken(&self) {
        if self.unread.load(Relaxed) != 0 {
            self.unread.store(0, Relaxed);
        }
        if !self.receiving.load(Relaxed) {
            self.since.store(self.now.load(Relaxed), Relaxed);
        }
    }

    /// Bytes wait to be taken.
    pub(super) fn untaken(&self) {
        if self.unread.load(Relaxed) == 0 {
            self.unread.store(self.now.load(Relaxed).max(1), Relaxed);
        }
    }

    /// A head has come whole.
    pub(super) fn asked(&self) {
        self.receiving.store(false, Relaxed);
        self.used.store(true, Relaxed);
        self.since.store(self.now.load(Relaxed), Relaxed);
    }

    /// A request is being answered for as long as the guard lives.
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.running.fetch_add(1, Relaxed);
        Answering(self.clone())
    }

    /// What came in breaks the rules of HTTP in a way that the parser does not see.
    pub(super) fn mark_malformed(&self) {
        self.malformed.store(true, Relaxed);
    }

    pub(super) fn is_malformed(&self) -> bool {
        self.malformed.load(Relaxed)
    }

    /// Returns when the connection has to end.
    pub(super) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }

    /// For how long nothing has been going on; `None`: something is.
    fn idle(&self, now: u64) -> Option<Duration> {
        (self.running.load(Relaxed) == 0).then(|| passed(self.since.load(Relaxed), now))
    }

    fn is_overdue(&self, now: u64) -> bool {
        let unread = self.unread.load(Relaxed);
        if unread != 0 && passed(unread, now) >= UNREAD {
            return true;
        }
        let limit = if self.receiving.load(Relaxed) {
            WHOLE_HEAD
        } else if self.used.load(Relaxed) {
            BETWEEN
        } else {
            FIRST_BYTE
        };
        self.idle(now).is_some_and(|idle| idle >= limit)
    }
}

fn passed(since: u64, now: u64) -> Duration {
    Duration::from_millis(now.saturating_sub(since))
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Answering(Arc<Seat>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.since.store(self.0.now.load(Relaxed), Relaxed);
        self.0.running.fetch_sub(1, Relaxed);
    }
}

/// All seats.
#[derive(Debug)]
pub(super) struct Seats {
    limits: Limits,
    now: Arc<AtomicU64>,
    taken: Mutex<Taken>,
    /// Told when a connection has ended.
    freed: Notify,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: HashMap<u64, Arc<Seat>>,
    of_network: HashMap<Network, usize>,
}

impl Taken {
    fn remove(&mut self, number: u64) -> Option<Arc<Seat>> {
        let seat = self.seats.remove(&number)?;
        if let Some(count) = self.of_network.get_mut(&seat.network) {
            *count -= 1;
            if *count == 0 {
                self.of_network.remove(&seat.network);
            }
        }
        Some(seat)
    }

    /// Sends away the connection on which nothing has been going on for longest; `network`: only one from there.
    fn dismiss(&mut self, now: u64, network: Option<Network>) -> bool {
        let candidates = self
            .seats
            .iter()
            .filter(|(_, seat)| network.is_none_or(|network| seat.network == network));
        let longest = candidates
            .filter_map(|(number, seat)| Some((seat.idle(now)?, std::cmp::Reverse(*number))))
            .max();
        let Some((_, std::cmp::Reverse(number))) = longest else {
            return false;
        };
        if let Some(seat) = self.remove(number) {
            seat.leave.notify_one();
        }
        true
    }
}

/// A seat that is taken, until this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    seats: Arc<Seats>,
    number: u64,
    pub(super) seat: Arc<Seat>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.seats.taken().remove(self.number);
        self.seats.freed.notify_one();
    }
}

impl Seats {
    pub(super) fn new(limits: Limits, now: Duration) -> Self {
        Self {
            limits,
            now: Arc::new(AtomicU64::new(milliseconds(now))),
            taken: Mutex::default(),
            freed: Notify::new(),
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives a newcomer a seat, if need be that of the one who has been idle for longest; `None`: all others are busy.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let network = Network::of(address);
        let now = self.now.load(Relaxed);
        let mut taken = self.taken();
        let from_there = taken.of_network.get(&network).copied().unwrap_or_default();
        if from_there >= self.limits.of_network(address) && !taken.dismiss(now, Some(network)) {
            return None;
        }
        if taken.seats.len() >= self.limits.total() && !taken.dismiss(now, None) {
            return None;
        }
        let seat = Arc::new(Seat {
            now: self.now.clone(),
            network,
            since: AtomicU64::new(now),
            receiving: AtomicBool::new(false),
            used: AtomicBool::new(false),
            running: AtomicU32::new(0),
            unread: AtomicU64::new(0),
            malformed: AtomicBool::new(false),
            leave: Notify::new(),
        });
        let number = taken.next;
        taken.next += 1;
        taken.seats.insert(number, seat.clone());
        *taken.of_network.entry(network).or_default() += 1;
        drop(taken);
        Some(Place {
            seats: self.clone(),
            number,
            seat,
        })
    }

    /// Sends away the one who has been idle for longest, because the machine has nothing left to give.
    pub(super) fn make_room(&self) {
        let now = self.now.load(Relaxed);
        self.taken().dismiss(now, None);
    }

    /// Returns when a connection has ended.
    pub(super) async fn freed(&self) {
        self.freed.notified().await;
    }

    /// Looks at everyone, and sends those away whose time is over.
    pub(super) fn round(&self, now: Duration) {
        let now = milliseconds(now);
        self.now.store(now, Relaxed);
        for seat in self.taken().seats.values().filter(|seat| seat.is_overdue(now)) {
            seat.leave.notify_one();
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VISITOR: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn seats(total: usize, of_network: usize) -> Arc<Seats> {
        Arc::new(Seats::new(Limits::new(total, of_network, Vec::new()), Duration::ZERO))
    }

    fn is_told(place: &Place) -> bool {
        use std::task::{Context, Poll, Waker};
        let told = std::pin::pin!(place.seat.told_to_leave());
        told.poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn each_phase_has_its_time() {
        let seats = seats(10, 10);
        seats.round(seconds(100));
        let [silent, half, between, busy, unread] = [(); 5].map(|()| seats.admit(VISITOR).unwrap());
        half.seat.heard();
        between.seat.heard();
        between.seat.asked();
        busy.seat.heard();
        busy.seat.asked();
        let answering = busy.seat.answering();
        unread.seat.asked();
        let _stream = unread.seat.answering();
        unread.seat.untaken();
        let mut left = Vec::new();
        for second in 1..=90 {
            // More bytes of the same head gain no time.
            half.seat.heard();
            seats.round(seconds(100 + second));
            for (name, place) in [
                ("silent", &silent),
                ("half", &half),
                ("between", &between),
                ("busy", &busy),
                ("unread", &unread),
            ] {
                if is_told(place) && !left.iter().any(|(known, _)| *known == name) {
                    left.push((name, second));
                }
            }
        }
        assert_eq!(left, [("half", 15), ("silent", 20), ("unread", 60), ("between", 75)]);
        drop(answering);
        seats.round(seconds(190 + 74));
        assert!(!is_told(&busy), "time counts from the end of the answer");
        seats.round(seconds(190 + 75));
        assert!(is_told(&busy));
    }

    #[test]
    fn a_newcomer_gets_the_seat_of_the_longest_idle_and_never_that_of_the_busy() {
        let seats = seats(3, 3);
        let stream = seats.admit(VISITOR).unwrap();
        let _answering = stream.seat.answering();
        let first = seats.admit(VISITOR).unwrap();
        seats.round(seconds(1));
        let second = seats.admit(OTHER).unwrap();
        let third = seats.admit(OTHER).unwrap();
        assert!(is_told(&first) && !is_told(&second) && !is_told(&stream));
        let _answering = (second.seat.answering(), third.seat.answering());
        assert!(seats.admit(OTHER).is_none(), "everyone is busy");
        drop(stream);
        assert!(seats.admit(OTHER).is_some());
    }

    #[test]
    fn one_address_leaves_room_for_others() {
        let seats = seats(4, 2);
        let held = [(); 2].map(|()| seats.admit(VISITOR).unwrap());
        let _busy = held.each_ref().map(|place| place.seat.answering());
        assert!(seats.admit(VISITOR).is_none());
        let idle = seats.admit(OTHER).unwrap();
        assert!(seats.admit(VISITOR).is_none(), "the others' idle ones are not its own");
        assert!(!is_told(&idle));
        drop(held);
        assert!(seats.admit(VISITOR).is_some());
        assert!(seats.taken().of_network.len() == 1, "what has ended is not counted");
    }
}
