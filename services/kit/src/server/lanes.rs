//! Threads that keep their connections to themselves.
//!
//! A runtime of several threads hands work from one to the other, so that none is idle while another has more than it
//! can do. That costs a wake-up each time, and for requests that take some microseconds the wake-ups take as long as
//! the requests. A lane is a runtime of one thread: a connection stays on it with everything that its requests do.

use std::{
    cell::Cell,
    future::pending,
    io,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread::{self, available_parallelism},
};

use tokio::runtime::{Builder, Handle};

thread_local! {
    static HERE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// As many lanes as there are cores. Cheap to clone.
///
/// They last as long as the process: what was opened on one, a connection to a database say, is used by others as well,
/// and would be of no use without its runtime.
#[derive(Clone, Debug)]
pub struct Lanes(Arc<[Lane]>);

#[derive(Debug)]
struct Lane {
    runtime: Handle,
    /// Connections on it.
    load: AtomicUsize,
}

impl Lanes {
    /// Starts them.
    ///
    /// # Errors
    /// When there is no room for another thread.
    pub fn start() -> io::Result<Self> {
        (0..count()).map(start).collect::<io::Result<Arc<[Lane]>>>().map(Self)
    }

    /// A place on the lane that has the fewest connections.
    pub(super) fn place(&self) -> Place {
        let load = |lane: &Lane| lane.load.load(Ordering::Relaxed);
        let lane = (0..self.0.len()).min_by_key(|lane| load(&self.0[*lane])).unwrap_or_default();
        self.0[lane].load.fetch_add(1, Ordering::Relaxed);
        Place { lanes: self.clone(), lane }
    }
}

/// How many lanes there are, if there are any. Asked once: the system may give the process other cores later, and then
/// lanes and what is made for each would not fit together.
fn count() -> usize {
    static COUNT: LazyLock<usize> = LazyLock::new(|| available_parallelism().map_or(2, usize::from));
    *COUNT
}

fn start(number: usize) -> io::Result<Lane> {
    let (tell, told) = mpsc::sync_channel(1);
    let run = move || {
        HERE.set(Some(number));
        match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                let _ = tell.send(Ok(runtime.handle().clone()));
                runtime.block_on(pending::<()>());
            }
            Err(error) => drop(tell.send(Err(error))),
        }
    };
    thread::Builder::new().name(format!("lane-{number}")).spawn(run)?;
    let runtime = told.recv().map_err(io::Error::other)??;
    Ok(Lane { runtime, load: AtomicUsize::new(0) })
}

/// A connection's place on a lane, until it is dropped.
pub(super) struct Place {
    lanes: Lanes,
    lane: usize,
}

impl Place {
    pub(super) fn runtime(&self) -> &Handle {
        &self.lanes.0[self.lane].runtime
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.lanes.0[self.lane].load.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One of a thing for each lane, and one for all threads that are none: what stands there is met by nobody else.
#[derive(Debug)]
pub struct PerLane<T>(Box<[T]>);

impl<T> PerLane<T> {
    /// Makes them all.
    pub fn new(make: impl FnMut() -> T) -> Self {
        Self(std::iter::repeat_with(make).take(count() + 1).collect())
    }

    /// The one for this thread.
    pub fn here(&self) -> &T {
        &self.0[HERE.get().map_or(0, |lane| lane + 1)]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[tokio::test]
    async fn places_are_shared_out_and_given_back() {
        let lanes = Lanes::start().unwrap();
        let places: Vec<_> = (0..count() * 2).map(|_| lanes.place()).collect();
        let loads = || lanes.0.iter().map(|lane| lane.load.load(Ordering::Relaxed)).collect::<Vec<_>>();
        assert_eq!(loads(), vec![2; count()]);
        let numbers = PerLane::new({
            let mut next = 0;
            move || {
                next += 1;
                next
            }
        });
        let numbers = Arc::new(numbers);
        let mut met = HashSet::from([*numbers.here()]);
        for place in &places {
            let numbers = numbers.clone();
            met.insert(place.runtime().spawn(async move { *numbers.here() }).await.unwrap());
        }
        assert_eq!(met, (1..=count() + 1).collect());
        drop(places);
        assert_eq!(loads(), vec![0; count()]);
    }
}
