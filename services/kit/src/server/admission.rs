//! How many connections are open at once, in all and from one address.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ipnet::IpNet;

/// Counts connections.
pub struct Admission(Mutex<Open>);

struct Open {
    most: usize,
    most_of_one: usize,
    /// Stand for many visitors each.
    proxies: Vec<IpNet>,
    all: usize,
    by_client: HashMap<IpAddr, usize>,
}

/// A connection that counts as long as this lives.
pub(super) struct Admitted {
    admission: Arc<Admission>,
    client: Option<IpAddr>,
}

impl Admission {
    /// At most `most` at once, and `most_of_one` from an address that is none of the `proxies`.
    pub fn new(most: usize, most_of_one: usize, proxies: Vec<IpNet>) -> Self {
        Self(Mutex::new(Open { most, most_of_one, proxies, all: 0, by_client: HashMap::new() }))
    }

    /// From now on as a new one with these would. Connections that are open stay.
    pub fn set(&self, most: usize, most_of_one: usize, proxies: Vec<IpNet>) {
        let mut open = self.open();
        (open.most, open.most_of_one, open.proxies) = (most, most_of_one, proxies);
    }

    /// As many as anybody likes.
    pub fn anybody() -> Self {
        Self::new(usize::MAX, usize::MAX, Vec::new())
    }

    /// Lets a connection in, if there is room.
    pub(super) fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Admitted> {
        let peer = peer.to_canonical();
        let mut open = self.open();
        let client = (!open.proxies.iter().any(|net| net.contains(&peer))).then(|| network(peer));
        let of_one = client.map_or(0, |client| open.by_client.get(&client).copied().unwrap_or_default());
        if open.all >= open.most || of_one >= open.most_of_one {
            return None;
        }
        open.all += 1;
        if let Some(client) = client {
            open.by_client.insert(client, of_one + 1);
        }
        Some(Admitted { admission: self.clone(), client })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One subscriber of IPv6 has 2^64 addresses or more.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        let mut open = self.admission.open();
        open.all -= 1;
        let Some(client) = self.client else { return };
        if let Some(count) = open.by_client.get_mut(&client) {
            *count -= 1;
            if *count == 0 {
                open.by_client.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn one_address_does_not_take_all_the_room() {
        let door = Arc::new(Admission::new(4, 2, vec!["10.0.0.0/8".parse().expect("fine")]));
        let first = door.enter(address("203.0.113.1")).expect("room");
        let _second = door.enter(address("::ffff:203.0.113.1")).expect("room");
        assert!(door.enter(address("203.0.113.1")).is_none());
        drop(first);
        let _again = door.enter(address("203.0.113.1")).expect("room");
        let _proxy = [door.enter(address("10.0.0.1")).expect("fine"), door.enter(address("10.0.0.1")).expect("fine")];
        assert!(door.enter(address("198.51.100.1")).is_none(), "the house is full");
    }

    #[test]
    fn the_room_can_change_while_it_is_used() {
        let door = Arc::new(Admission::new(1, 1, Vec::new()));
        let _first = door.enter(address("203.0.113.1")).expect("room");
        assert!(door.enter(address("203.0.113.2")).is_none());
        door.set(3, 1, vec!["203.0.113.0/24".parse().expect("fine")]);
        let _second = door.enter(address("203.0.113.2")).expect("room");
        let _third = door.enter(address("203.0.113.2")).expect("a proxy has as much as it wants");
        assert!(door.enter(address("198.51.100.1")).is_none());
    }

    #[test]
    fn what_left_is_forgotten() {
        let door = Arc::new(Admission::new(10, 1, Vec::new()));
        let one = door.enter(address("2001:db8::1")).expect("room");
        assert!(door.enter(address("2001:db8::2")).is_none(), "a network of one subscriber is one client");
        assert!(door.enter(address("2001:db8:0:1::1")).is_some());
        drop(one);
        assert!(door.open().by_client.is_empty());
    }
}
