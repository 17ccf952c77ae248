//! One request on a connection: its body has a time limit, its answer keeps the connection busy.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    response::Response,
};
use futures::future::{self, Either, Ready};
use hyper::{
    Version,
    body::{Frame, Incoming, SizeHint},
};
use tokio::time::{Sleep, sleep};

use super::seat::{Answering, Seat};

/// How long the body of a request may take: the largest that is taken, over a line of a tenth of a megabit per second and more.
const WHOLE_BODY: Duration = Duration::from_secs(30);

/// What answers requests. Cheap to clone: every connection has one.
pub(crate) trait Answers: Clone + Send + Sync + 'static {
    /// The answer, where it can be given without waiting and without the body.
    fn at_once<B>(&self, request: &hyper::Request<B>) -> Option<Response>;

    /// The answer.
    fn answer(&self, request: Request, peer: SocketAddr) -> impl Future<Output = Response> + Send + 'static;

    /// The answer to a request that breaks the rules of HTTP.
    fn malformed(&self) -> Response;

    /// The answer to a request whose body takes too long.
    fn too_slow(&self) -> Response;
}

/// What answers on one connection.
pub(super) struct Service<A> {
    pub(super) answers: A,
    /// The other end.
    pub(super) peer: SocketAddr,
    pub(super) seat: Arc<Seat>,
}

impl<A: Answers> hyper::service::Service<hyper::Request<Incoming>> for Service<A> {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>>;

    fn call(&self, request: hyper::Request<Incoming>) -> Self::Future {
        self.seat.asked();
        if self.seat.is_malformed() && request.version() <= Version::HTTP_11 {
            return Either::Left(future::ready(Ok(self.answers.malformed())));
        }
        if let Some(response) = self.answers.at_once(&request) {
            return Either::Left(future::ready(Ok(response)));
        }
        Either::Right(Box::pin(answer(self.answers.clone(), self.peer, self.seat.answering(), request)))
    }
}

async fn answer<A: Answers>(
    answers: A,
    peer: SocketAddr,
    answering: Answering,
    request: hyper::Request<Incoming>,
) -> Result<Response, Infallible> {
    let late = Arc::new(AtomicBool::new(false));
    let request = if request.body().is_end_stream() {
        request.map(Body::new)
    } else {
        request.map(|body| Body::new(Timed::new(body, late.clone())))
    };
    let response = answers.answer(request, peer).await;
    if late.load(Relaxed) {
        return Ok(answers.too_slow());
    }
    // What is whole already needs no one to watch over it.
    if response.body().size_hint().exact().is_some() {
        return Ok(response);
    }
    Ok(response.map(|body| {
        Body::new(Busy {
            body,
            _answering: answering,
        })
    }))
}

/// A body that has to be there in time.
struct Timed {
    body: Incoming,
    limit: Pin<Box<Sleep>>,
    late: Arc<AtomicBool>,
}

impl Timed {
    fn new(body: Incoming, late: Arc<AtomicBool>) -> Self {
        Self {
            body,
            limit: Box::pin(sleep(WHOLE_BODY)),
            late,
        }
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        ready!(self.limit.as_mut().poll(context));
        self.late.store(true, Relaxed);
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer that is still being made while it is sent.
struct Busy {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Busy {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
