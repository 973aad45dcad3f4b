//! What a connection of HTTP/2 does, and clients that take nothing of their answers over it.
//!
//! Over HTTP/1.1 a client that reads nothing fills the socket, which [`super::talk`] notices. Over HTTP/2 it may as well
//! leave its window closed: then nothing is written at all, and its pings keep the connection alive. So answers are
//! counted here from when they begin until their last byte is with the system, and each is given up that waits for its
//! client alone.

use std::{
    cell::Cell,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Body;
use bytes::Bytes;
use http::Response;
use hyper::{
    body::{Body as HttpBody, Frame, SizeHint},
    rt::Executor,
};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Patience;

/// Most of an answer that is handed on at once, in bytes: what a client has to take before it is seen to take some. As
/// large as a frame of HTTP/2 usually is.
const PIECE: usize = 16 << 10;

thread_local! {
    /// Who the answer that this thread polls waits for, as far as its body says.
    static TURN: Cell<Option<Turn>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
enum Turn {
    /// Ours: there is nothing more yet.
    Ours,
    /// The client's: there was something.
    Theirs,
}

/// The answers of one connection, and where they run: hyper has each executed by itself over HTTP/2, and none over
/// HTTP/1.1. Cheap to clone.
#[derive(Clone)]
pub(super) struct Streams(Arc<Inner>);

struct Inner {
    patience: Patience,
    state: Mutex<State>,
}

struct State {
    /// Anything was asked over HTTP/2.
    used: bool,
    /// Answers under way.
    answers: usize,
    /// Pieces of answers that are not with the system yet.
    pieces: usize,
    /// When one of these was last over.
    moved: Instant,
}

/// What is to be done about a connection.
#[derive(Debug, PartialEq)]
pub(super) enum Advice {
    /// Nothing, ever: it is none of HTTP/2.
    Leave,
    /// Nothing yet; ask again after this long.
    Wait(Duration),
    /// Nothing is under way, and nothing was for as long as an idle connection stays.
    Idle,
    /// All that is left of its answers is what its client does not take.
    GiveUp,
}

impl Streams {
    pub(super) fn new(patience: Patience) -> Self {
        let state = State { used: false, answers: 0, pieces: 0, moved: Instant::now() };
        Self(Arc::new(Inner { patience, state: Mutex::new(state) }))
    }

    /// What is to be done about the connection now.
    pub(super) fn advice(&self) -> Advice {
        let (patience, state) = (self.0.patience, self.state());
        let still = state.moved.elapsed();
        match *state {
            State { used: false, .. } => Advice::Leave,
            // Each has its own time.
            State { answers: 1.., .. } => Advice::Wait(patience.head),
            State { pieces: 1.., .. } if still >= patience.write => Advice::GiveUp,
            State { pieces: 1.., .. } => Advice::Wait(patience.write - still),
            _ if still >= patience.head => Advice::Idle,
            _ => Advice::Wait(patience.head - still),
        }
    }

    /// The answer, so that it is seen whether its client takes it.
    pub(super) fn watched(&self, answer: Response<Body>) -> Response<Body> {
        answer.map(|body| match body.is_end_stream() {
            true => body,
            false => Body::new(Pieces { body, rest: Bytes::new(), streams: self.clone() }),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, what: fn(&mut State) -> &mut usize) -> Counted {
        *what(&mut self.state()) += 1;
        Counted { streams: self.clone(), what }
    }
}

/// Counts as long as it lives.
struct Counted {
    streams: Streams,
    what: fn(&mut State) -> &mut usize,
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut state = self.streams.state();
        *(self.what)(&mut state) -= 1;
        state.moved = Instant::now();
    }
}

impl<F> Executor<F> for Streams
where
    F: Future + Send + 'static,
{
    fn execute(&self, answer: F) {
        self.state().used = true;
        let (counted, patience) = (self.count(|state| &mut state.answers), self.0.patience.write);
        let mut answer = Box::pin(answer);
        let mut deadline: Option<Pin<Box<Sleep>>> = None;
        tokio::spawn(poll_fn(move |context| {
            let _counted = &counted;
            TURN.set(None);
            if answer.as_mut().poll(context).is_ready() {
                return Poll::Ready(());
            }
            match TURN.take() {
                Some(Turn::Ours) => deadline = None,
                Some(Turn::Theirs) => {
                    let end = Instant::now() + patience;
                    match &mut deadline {
                        Some(deadline) => deadline.as_mut().reset(end),
                        None => deadline = Some(Box::pin(sleep_until(end))),
                    }
                }
                // The body was not even asked: as before.
                None => {}
            }
            let Some(deadline) = &mut deadline else { return Poll::Pending };
            // Dropped, the stream is reset.
            deadline.as_mut().poll(context).map(|()| tracing::debug!("a client took nothing of its answer"))
        }));
    }
}

/// An answer's body, handed on in pieces that are counted.
struct Pieces {
    body: Body,
    /// Of what the body gave, what was not handed on yet.
    rest: Bytes,
    streams: Streams,
}

/// A piece, until it is with the system or given up.
struct Piece {
    bytes: Bytes,
    _counted: Counted,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        if this.rest.is_empty() {
            let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) else {
                TURN.set(Some(Turn::Ours));
                return Poll::Pending;
            };
            match frame.map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) if data.is_empty() => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Some(Ok(Ok(data))) => this.rest = data,
                Some(Ok(Err(other))) => return Poll::Ready(Some(Ok(other))),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        TURN.set(Some(Turn::Theirs));
        let bytes = this.rest.split_to(this.rest.len().min(PIECE));
        let piece = Piece { bytes, _counted: this.streams.count(|state| &mut state.pieces) };
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_owner(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower() + rest);
        if let Some(upper) = body.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}
