//! Takes connections in and sees them off: how many there may be, how long they may be silent, and how they end when the server stops.
//! All limits belong to the connection, so that a request costs nothing more. What is spoken is HTTP/1.1: HTTP/2 is between browsers and the proxy
//! that has the certificate.

mod head;
mod limits;
mod line;
mod request;
mod seat;

use std::{io, sync::Arc, time::Duration};

use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::metrics::gauge::Gauge;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

pub use self::limits::Limits;
pub(crate) use self::request::Answers;
use self::{
    line::Line,
    request::Service,
    seat::{Place, Seats},
};
use crate::measures::Counted;
use store::clock::Clock;

/// How often it is looked whose time is over.
const ROUND: Duration = Duration::from_millis(500);

/// How long answers that have begun may take once the server is to stop.
const GRACE: Duration = Duration::from_secs(3);

/// How long to wait for a descriptor that becomes free elsewhere.
const RETRY: Duration = Duration::from_millis(100);

/// For those for whom there is no room.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// What serving needs beside a listener.
pub(crate) struct Doors<A> {
    pub(crate) answers: A,
    pub(crate) limits: Limits,
    pub(crate) clock: Arc<dyn Clock>,
    /// How many connections are open.
    pub(crate) connections: Gauge,
    /// Turns true when the server is to stop.
    pub(crate) closing: watch::Receiver<bool>,
}

impl<A: Answers> Doors<A> {
    /// Answers until the server is to stop; then takes nobody in any more and returns within a few seconds.
    pub(crate) async fn serve(self, listener: TcpListener) {
        let seats = Arc::new(Seats::new(self.limits, self.clock.steady()));
        let mut builder = Builder::new();
        builder.timer(TokioTimer::new()).auto_date_header(false);
        let builder = Arc::new(builder);
        let mut connections = JoinSet::new();
        let mut closing = self.closing.clone();
        let mut rounds = interval(ROUND);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = told_to_stop(&mut closing) => break,
                _ = rounds.tick() => seats.round(self.clock.steady()),
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => match seats.admit(address.ip()) {
                        Some(place) => {
                            let service = Service { answers: self.answers.clone(), peer: address, seat: place.seat.clone() };
                            let counted = Counted::new(&self.connections);
                            let attended = attend(builder.clone(), stream, place, service, self.closing.clone());
                            connections.spawn(async move {
                                attended.await;
                                drop(counted);
                            });
                        }
                        None => refuse(&stream),
                    },
                    Err(error) => accept_failed(&error, &seats).await,
                },
            }
        }
        drop(listener);
        let ended = async { while connections.join_next().await.is_some() {} };
        if timeout(GRACE, ended).await.is_err() {
            tracing::info!(connections = connections.len(), "closing what has not ended by itself");
            connections.shutdown().await;
        }
    }
}

/// Returns when the server is to stop, or is gone.
async fn told_to_stop(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}

/// Serves one connection until it ends, is sent away or the server stops.
async fn attend<A: Answers>(
    builder: Arc<Builder>,
    stream: TcpStream,
    place: Place,
    service: Service<A>,
    mut closing: watch::Receiver<bool>,
) {
    let line = Line::new(stream, place.seat.clone());
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(line), service));
    tokio::select! {
        ended = connection.as_mut() => return note(ended),
        () = place.seat.told_to_leave() => return,
        () = told_to_stop(&mut closing) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        ended = connection => note(ended),
        () = place.seat.told_to_leave() => {}
    }
}

fn note(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Says that there is no room, if that can be said at once.
fn refuse(stream: &TcpStream) {
    // Best effort: whoever is refused is told so or sees the connection closed.
    let _ = stream.try_write(NO_ROOM);
}

/// Makes room where the machine has run out of something; anything else concerns the one connection that failed.
async fn accept_failed(error: &io::Error, seats: &Seats) {
    use rustix::io::Errno;
    let exhausted = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
    if !exhausted.iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error())) {
        tracing::debug!(%error, "a connection was gone before it was taken");
        return;
    }
    tracing::warn!(%error, "no connection can be taken; closing the one that has been idle for longest");
    seats.make_room();
    let _ = timeout(RETRY, seats.freed()).await;
}
