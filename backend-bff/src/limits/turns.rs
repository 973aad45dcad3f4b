//! Turns: so many at once, of one client only so many of them, and who waits for one.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::{Semaphore, SemaphorePermit};

/// So many wait for each turn; the next is refused at once.
const WAITING_PER_TURN: usize = 4;

/// See the [module](self).
pub(crate) struct Turns {
    all: Queue,
    of_one: Option<Shares>,
}

/// A turn, until it is dropped.
pub(crate) struct Turn<'a> {
    // Given back in this order, so that the client's next one finds one of all.
    _of_all: SemaphorePermit<'a>,
    _share: Option<Share<'a>>,
}

impl Turns {
    /// So many, at least one; whoever comes may have all of them.
    pub(crate) fn new(turns: usize) -> Self {
        Self { all: Queue::new(turns), of_one: None }
    }

    /// Of which one client has at most so many, at least one: who sends slowly keeps nobody else waiting.
    pub(crate) fn shared(self, of_one: usize) -> Self {
        let shares = Shares { most: of_one.max(1), clients: Mutex::default() };
        Self { of_one: Some(shares), ..self }
    }

    /// Whether it matters whose a turn is.
    pub(crate) fn are_shared(&self) -> bool {
        self.of_one.is_some()
    }

    /// A turn for a client, as soon as there is one; none when that takes longer than `wait`. A client that is not
    /// known may have all turns.
    pub(crate) async fn turn(&self, client: Option<IpAddr>, wait: Duration) -> Option<Turn<'_>> {
        let (share, left) = match (&self.of_one, client) {
            (Some(shares), Some(client)) => {
                let begun = Instant::now();
                let share = shares.of(client).take(wait).await?;
                (Some(share), wait.saturating_sub(begun.elapsed()))
            }
            _ => (None, wait),
        };
        Some(Turn { _of_all: self.all.turn(left).await?, _share: share })
    }
}

struct Queue {
    turns: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
}

impl Queue {
    fn new(turns: usize) -> Self {
        let turns = turns.max(1);
        Self { turns: Semaphore::new(turns), waiting: AtomicUsize::new(0), most_waiting: turns * WAITING_PER_TURN }
    }

    async fn turn(&self, wait: Duration) -> Option<SemaphorePermit<'_>> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Some(turn);
        }
        let _waits = Waits::new(&self.waiting);
        if self.waiting.load(Ordering::Relaxed) > self.most_waiting {
            return None;
        }
        tokio::time::timeout(wait, self.turns.acquire()).await.ok()?.ok()
    }
}

/// One that waits, for as long as it does.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What each client may have, of those who have or want something now.
struct Shares {
    most: usize,
    clients: Mutex<HashMap<IpAddr, Client>>,
}

struct Client {
    /// Requests that have a turn or wait for one.
    here: usize,
    queue: Arc<Queue>,
}

/// A request's part in what its client may have.
struct Share<'a> {
    shares: &'a Shares,
    client: IpAddr,
    queue: Arc<Queue>,
    taken: bool,
}

impl Shares {
    fn clients(&self) -> MutexGuard<'_, HashMap<IpAddr, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, client: IpAddr) -> Share<'_> {
        let mut clients = self.clients();
        let found = clients.entry(client);
        let found = found.or_insert_with(|| Client { here: 0, queue: Arc::new(Queue::new(self.most)) });
        found.here += 1;
        Share { shares: self, client, queue: found.queue.clone(), taken: false }
    }
}

impl Share<'_> {
    async fn take(mut self, wait: Duration) -> Option<Self> {
        self.queue.turn(wait).await?.forget();
        self.taken = true;
        Some(self)
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        if self.taken {
            self.queue.turns.add_permits(1);
        }
        let mut clients = self.shares.clients();
        let Some(client) = clients.get_mut(&self.client) else { return };
        client.here -= 1;
        if client.here == 0 {
            clients.remove(&self.client);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn client(text: &str) -> Option<IpAddr> {
        Some(text.parse().expect("an address"))
    }

    #[tokio::test]
    async fn one_client_has_its_share_and_leaves_the_rest() {
        let turns = Turns::new(4).shared(2);
        let now = |of: Option<IpAddr>| turns.turn(of, Duration::from_secs(3600)).now_or_never().flatten();
        let (one, other) = (client("203.0.113.1"), client("203.0.113.2"));
        let first = now(one).expect("a turn");
        let second = now(one).expect("a turn");
        assert!(now(one).is_none(), "that is all it may have");
        let theirs = [now(other).expect("a turn"), now(other).expect("a turn")];
        assert!(now(client("203.0.113.3")).is_none(), "there are no more");
        drop(first);
        let again = now(one).expect("what it gave back");
        drop((second, again, theirs));
        assert!(turns.of_one.as_ref().expect("shares").clients().is_empty(), "who left is forgotten");
    }

    #[tokio::test]
    async fn who_waits_for_their_own_turn_is_in_nobodys_way() {
        let turns = Turns::new(2).shared(1);
        let (one, other) = (client("203.0.113.1"), client("203.0.113.2"));
        let first = turns.turn(one, Duration::ZERO).await.expect("a turn");
        let mut waiting: Vec<_> = (0..5).map(|_| Box::pin(turns.turn(one, Duration::from_secs(3600)))).collect();
        let answers: Vec<_> = waiting.iter_mut().map(|turn| turn.as_mut().now_or_never()).collect();
        assert!(answers[..4].iter().all(Option::is_none), "four wait");
        assert!(matches!(answers[4], Some(None)), "and no more");
        drop(answers);
        assert!(turns.turn(other, Duration::ZERO).await.is_some());
        drop(first);
        assert!(waiting[0].as_mut().await.is_some(), "their turn comes");
    }
}
