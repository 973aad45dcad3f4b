//! How long a service may take, how much it is asked at once, and when it is left alone.

use std::time::Duration;

/// What holds for the calls of one service.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long an answer to a reading call may take.
    pub deadline: Duration,
    /// The same for calls that change something: they hash passwords and render Markdown, one after the other.
    pub write_deadline: Duration,
    /// After so long a reading call counts as unanswered, although it is still waited for.
    pub overdue: Duration,
    /// How long an answer whose head is there may pause between two pieces of its body. Streams of events say every 15
    /// seconds that they live.
    pub body_pause: Duration,
    /// Calls under way at once to one address; others wait, within their deadline.
    pub concurrency: usize,
    /// Retries by reading calls of the last ten seconds, at most; 0.2 is a fifth.
    pub retry_share: f32,
    /// When an address is left alone.
    pub breaker: BreakerLimits,
}

/// When an address is left alone, and for how long.
#[derive(Clone, Debug)]
pub struct BreakerLimits {
    /// So many calls in a row without an answer (refused, broken off, late, overdue) open it.
    pub silent_in_a_row: u32,
    /// The time whose answers are looked at.
    pub window: Duration,
    /// So many answers at least are needed for a judgement.
    pub least_calls: u32,
    /// This share of them being failures opens it.
    pub failure_rate: f64,
    /// How long it rests at first; twice as long after each failed attempt.
    pub rest: Duration,
    /// How long it rests at most.
    pub longest_rest: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(2),
            write_deadline: Duration::from_secs(10),
            overdue: Duration::from_millis(600),
            body_pause: Duration::from_secs(30),
            concurrency: 256,
            retry_share: 0.2,
            breaker: BreakerLimits::default(),
        }
    }
}

impl Default for BreakerLimits {
    fn default() -> Self {
        Self {
            silent_in_a_row: 8,
            window: Duration::from_secs(10),
            least_calls: 10,
            failure_rate: 0.5,
            rest: Duration::from_millis(500),
            longest_rest: Duration::from_secs(5),
        }
    }
}
