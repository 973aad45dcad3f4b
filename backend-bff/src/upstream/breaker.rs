//! When an address of a service is left alone, and when it is tried again.
//!
//! Closed, it counts. It opens when calls in a row got no answer at all, when too many of the last seconds'
//! answers were failures, and at once when a call is overdue and its address does not even say that it lives.
//! Open, nobody waits for it; `probe` asks now and then whether the address lives again. Then it is half open:
//! one call at a time tries, and the first good answer closes it. A try that takes long (an upload is under way for
//! minutes) does not keep the next one waiting.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rand::Rng;
use tokio::time::Instant;

use super::limits::BreakerLimits;

/// How long a trial may take before the next call may try as well.
const TRIAL: Duration = Duration::from_secs(2);

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A usable answer, if only that something is not there.
    Good,
    /// An answer that says the service failed.
    Failed,
    /// No answer, or nothing that could be understood.
    Silent,
    /// Nobody waits any more: says nothing about the service.
    Abandoned,
}

/// Leave for one call, to be given back with its outcome.
#[derive(Debug)]
pub(super) struct Leave {
    /// It is a trial of a half-open breaker, begun then.
    trial: Option<Instant>,
    /// Openings before it: what it finds out is about that time.
    age: u64,
    /// It was reported overdue already.
    overdue: bool,
}

/// How a breaker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    Closed,
    HalfOpen,
    Open,
}

impl Standing {
    /// As the metric has it.
    pub(super) fn level(self) -> f64 {
        match self {
            Self::Closed => 0.0,
            Self::HalfOpen => 1.0,
            Self::Open => 2.0,
        }
    }
}

/// A change of standing, to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Opened,
    Closed,
}

#[derive(Debug)]
enum Phase {
    Closed,
    /// The last trial that is under way began then.
    HalfOpen {
        trial: Option<Instant>,
    },
    Open {
        until: Instant,
    },
}

#[derive(Debug)]
pub(super) struct Breaker {
    limits: BreakerLimits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// How often it opened.
    age: u64,
    /// Openings in a row without a good time between them.
    streak: u32,
    closed_at: Option<Instant>,
    /// Calls in a row that got no answer.
    silent: u32,
    /// It is open because the address hangs.
    hung: bool,
    window: Window,
}

impl Breaker {
    pub(super) fn new(limits: BreakerLimits) -> Self {
        let window = Window::new(limits.window);
        let state = State { phase: Phase::Closed, age: 0, streak: 0, closed_at: None, silent: 0, hung: false, window };
        Self { limits, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn standing(&self) -> Standing {
        match self.state().phase {
            Phase::Closed => Standing::Closed,
            Phase::HalfOpen { .. } => Standing::HalfOpen,
            Phase::Open { .. } => Standing::Open,
        }
    }

    /// Whether a call would get leave now.
    pub(super) fn is_ready(&self) -> bool {
        match self.state().phase {
            Phase::Closed => true,
            Phase::HalfOpen { trial } => may_try(trial),
            Phase::Open { .. } => false,
        }
    }

    /// Leave for a call, unless the address is left alone.
    pub(super) fn admit(&self) -> Option<Leave> {
        let mut state = self.state();
        let trial = match &mut state.phase {
            Phase::Closed => None,
            Phase::HalfOpen { trial } if may_try(*trial) => {
                *trial = Some(Instant::now());
                *trial
            }
            Phase::HalfOpen { .. } | Phase::Open { .. } => return None,
        };
        Some(Leave { trial, age: state.age, overdue: false })
    }

    /// The call has been under way for longer than is usual: counts as no answer until it has one.
    pub(super) fn overdue(&self, leave: &mut Leave) -> Option<Change> {
        let mut state = self.state();
        if leave.overdue || leave.trial.is_some() || leave.age != state.age {
            return None;
        }
        leave.overdue = true;
        self.no_answer(&mut state)
    }

    /// How often it opened or closed: what is found out later is about that time.
    pub(super) fn age(&self) -> u64 {
        self.state().age
    }

    /// Asked at `age`, while a call was overdue, the address did not even say that it lives.
    pub(super) fn hangs(&self, age: u64) -> Option<Change> {
        let mut state = self.state();
        match state.phase {
            Phase::Closed if state.age == age => {
                state.hung = true;
                Some(self.open(&mut state))
            }
            // Overdue calls opened it meanwhile.
            Phase::Open { .. } if state.age == age + 1 => {
                state.hung = true;
                None
            }
            _ => None,
        }
    }

    /// Whether the address hangs, so that nobody needs to wait for it any more.
    pub(super) fn is_hung(&self) -> bool {
        let state = self.state();
        state.hung && !matches!(state.phase, Phase::Closed)
    }

    /// The call is over.
    pub(super) fn settle(&self, leave: &Leave, outcome: Outcome) -> Option<Change> {
        let mut state = self.state();
        if leave.age != state.age {
            return self.settle_late(&mut state, leave, outcome);
        }
        match (outcome, leave.trial.is_some()) {
            (Outcome::Abandoned, true) => {
                // Another may be under way since.
                if matches!(state.phase, Phase::HalfOpen { trial } if trial == leave.trial) {
                    state.phase = Phase::HalfOpen { trial: None };
                }
                None
            }
            (Outcome::Abandoned, false) => None,
            (Outcome::Good, true) => Some(close(&mut state)),
            (Outcome::Failed | Outcome::Silent, true) => Some(self.open(&mut state)),
            (Outcome::Good, false) => {
                state.silent = 0;
                state.window.count(false);
                None
            }
            (Outcome::Failed, false) => {
                // It answers, so it is there.
                state.silent = 0;
                state.window.count(true);
                self.judge(&mut state)
            }
            (Outcome::Silent, false) => {
                state.window.count(true);
                let silent = if leave.overdue { None } else { self.no_answer(&mut state) };
                silent.or_else(|| self.judge(&mut state))
            }
        }
    }

    /// From before it opened: a good answer shows that it opened only because the address was slow.
    fn settle_late(&self, state: &mut State, leave: &Leave, outcome: Outcome) -> Option<Change> {
        let open = !matches!(state.phase, Phase::Closed);
        (open && leave.overdue && outcome == Outcome::Good && leave.age + 1 == state.age).then(|| close(state))
    }

    fn no_answer(&self, state: &mut State) -> Option<Change> {
        state.silent += 1;
        (state.silent >= self.limits.silent_in_a_row).then(|| self.open(state))
    }

    fn judge(&self, state: &mut State) -> Option<Change> {
        let (calls, failed) = state.window.totals();
        let enough = calls >= self.limits.least_calls;
        (enough && f64::from(failed) >= self.limits.failure_rate * f64::from(calls)).then(|| self.open(state))
    }

    fn open(&self, state: &mut State) -> Change {
        let relapse = state.closed_at.is_none_or(|closed| closed.elapsed() < self.limits.window);
        state.streak = if relapse && state.age > 0 { state.streak + 1 } else { 0 };
        state.age += 1;
        state.phase = Phase::Open { until: Instant::now() + self.rest(state.streak) };
        Change::Opened
    }

    /// Twice as long each time, and not the same for all replicas.
    fn rest(&self, streak: u32) -> Duration {
        let rest = self.limits.rest.saturating_mul(1 << streak.min(16)).min(self.limits.longest_rest);
        rest.mul_f64(rand::rng().random_range(0.8..=1.2))
    }

    /// When an open breaker's address is to be asked whether it lives.
    pub(super) fn next_probe(&self) -> Option<Instant> {
        match self.state().phase {
            Phase::Open { until } => Some(until),
            Phase::Closed | Phase::HalfOpen { .. } => None,
        }
    }

    /// What asking found out.
    pub(super) fn probed(&self, lives: bool) {
        let mut state = self.state();
        if !matches!(state.phase, Phase::Open { .. }) {
            return;
        }
        if lives {
            state.phase = Phase::HalfOpen { trial: None };
        } else {
            state.streak += 1;
            state.phase = Phase::Open { until: Instant::now() + self.rest(state.streak) };
        }
    }
}

/// Whether a call may try, after the last trial that is under way.
fn may_try(trial: Option<Instant>) -> bool {
    trial.is_none_or(|begun| begun.elapsed() >= TRIAL)
}

fn close(state: &mut State) -> Change {
    state.phase = Phase::Closed;
    state.closed_at = Some(Instant::now());
    // What was under way before is not of this time.
    state.age += 1;
    state.silent = 0;
    state.hung = false;
    state.window.clear();
    Change::Closed
}

const SLOTS: u32 = 10;

/// Calls of the last while, in slots of a tenth of it.
#[derive(Debug)]
struct Window {
    slot: Duration,
    begun: Instant,
    /// Of each slot its number since `begun`, its calls, and how many failed.
    slots: [(u128, u32, u32); SLOTS as usize],
}

impl Window {
    fn new(length: Duration) -> Self {
        let slot = (length / SLOTS).max(Duration::from_millis(1));
        Self { slot, begun: Instant::now(), slots: [(0, 0, 0); SLOTS as usize] }
    }

    fn number(&self) -> u128 {
        self.begun.elapsed().as_nanos() / self.slot.as_nanos()
    }

    fn count(&mut self, failed: bool) {
        let number = self.number();
        let index = usize::try_from(number % u128::from(SLOTS)).unwrap_or_default();
        let slot = &mut self.slots[index];
        if slot.0 != number {
            *slot = (number, 0, 0);
        }
        slot.1 += 1;
        slot.2 += u32::from(failed);
    }

    fn totals(&self) -> (u32, u32) {
        let oldest = self.number().saturating_sub(u128::from(SLOTS) - 1);
        let recent = self.slots.iter().filter(|slot| slot.0 >= oldest);
        recent.fold((0, 0), |(calls, failed), slot| (calls + slot.1, failed + slot.2))
    }

    fn clear(&mut self) {
        self.slots = [(0, 0, 0); SLOTS as usize];
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
