//! Answers that stop arriving. A call's deadline ends with the head of its answer: some answers are long, and some have
//! no end; but each piece has to come soon after the one before.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http_body::Frame;
use tokio::time::{Instant, Sleep, sleep_until};

/// The answer, whose body ends with an error when nothing of it comes for as long as `pause`.
pub(super) fn steady(answer: Response, pause: Duration, upstream: &'static str) -> Response {
    if http_body::Body::is_end_stream(answer.body()) {
        return answer;
    }
    answer.map(|inner| Body::new(Steady { inner, pause, upstream, until: None, alarm: None }))
}

struct Steady {
    inner: Body,
    pause: Duration,
    upstream: &'static str,
    /// When the next piece has to be there; none while nobody waits for one.
    until: Option<Instant>,
    /// Most answers are there when they are asked for, and need none. It stays for the pauses after the first.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Steady {
    /// Whether the piece that is waited for did not come in time.
    fn is_over(&mut self, context: &mut Context<'_>) -> bool {
        let until = *self.until.get_or_insert_with(|| Instant::now() + self.pause);
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(until)));
        while alarm.as_mut().poll(context).is_ready() {
            if alarm.deadline() >= until {
                return true;
            }
            // It was set for an earlier pause.
            alarm.as_mut().reset(until);
        }
        false
    }
}

impl http_body::Body for Steady {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        // What is there counts, however late it is asked for: a client may be slower than the service.
        let polled = Pin::new(&mut self.inner).poll_frame(context);
        if polled.is_ready() {
            self.until = None;
        } else if self.is_over(context) {
            tracing::warn!(upstream = self.upstream, "an answer stopped arriving and is given up");
            let late = io::Error::new(io::ErrorKind::TimedOut, "the service stopped in the middle of its answer");
            return Poll::Ready(Some(Err(axum::Error::new(late))));
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};
    use http_body_util::BodyExt;
    use tokio::time::{sleep, timeout};

    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    async fn piece(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
        // Much longer than anything here may take, and no time at all on a clock that is set forward.
        let frame = timeout(Duration::from_secs(3600), body.frame()).await.expect("an end to waiting");
        frame.map(|frame| frame.map(|frame| frame.into_data().expect("data")))
    }

    fn answer(pieces: impl stream::Stream<Item = &'static str> + Send + 'static) -> Body {
        let pieces = pieces.map(Ok::<_, io::Error>);
        steady(Response::new(Body::from_stream(pieces)), PAUSE, "test").into_body()
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_stops_is_given_up_after_a_pause() {
        let mut body = answer(stream::iter(["first"]).chain(stream::pending()));
        assert_eq!(piece(&mut body).await.expect("a piece").expect("whole"), "first");
        let begun = Instant::now();
        assert!(piece(&mut body).await.expect("an end").is_err());
        assert!(begun.elapsed() >= PAUSE && begun.elapsed() < 2 * PAUSE, "{:?}", begun.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_goes_on_has_no_end_of_its_own() {
        let beats = stream::unfold((), async |()| {
            sleep(PAUSE - Duration::from_secs(1)).await;
            Some(("beat", ()))
        });
        let mut body = answer(beats.take(10).chain(stream::pending()));
        for _ in 0..10 {
            assert_eq!(piece(&mut body).await.expect("a piece").expect("whole"), "beat");
        }
        assert!(piece(&mut body).await.expect("an end").is_err(), "until it stops");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_may_take_its_time() {
        let mut body = answer(stream::once(async {
            sleep(Duration::from_secs(1)).await;
            "late"
        }));
        assert!(timeout(Duration::from_millis(1), body.frame()).await.is_err(), "it is asked for, and not there");
        sleep(10 * PAUSE).await;
        assert_eq!(piece(&mut body).await.expect("a piece").expect("whole"), "late");
        assert!(piece(&mut body).await.is_none());
    }
}
