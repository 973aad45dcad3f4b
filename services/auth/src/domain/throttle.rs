//! How often somebody may try.

use std::net::{IpAddr, Ipv6Addr};

/// A bucket of `burst` attempts that gets one more every so often.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// Keeps buckets of different limits apart.
    pub(crate) name: &'static str,
    pub(crate) burst: u32,
    pub(crate) one_more_every_ms: i64,
}

/// Attempts to sign in, by the account's address as it was typed.
pub(crate) const SIGN_IN: Limit = Limit { name: "sign-in", burst: 10, one_more_every_ms: 30_000 };
/// Attempts of a signed-in user to show their password again, by user.
pub(crate) const PASSWORD: Limit = Limit { name: "password", burst: 10, one_more_every_ms: 30_000 };
/// Attempts to sign in, register or follow a link, by the [`network`] of the caller's address.
pub(crate) const ADDRESS: Limit = Limit { name: "address", burst: 60, one_more_every_ms: 3_000 };
/// Mails that somebody not signed in may cause, by recipient: nobody's mailbox is to be filled.
pub(crate) const MAILS: Limit = Limit { name: "mails", burst: 5, one_more_every_ms: 10 * 60_000 };

impl Limit {
    /// How many milliseconds until an attempt is allowed, when the bucket would be full at
    /// `full_at`.
    pub(crate) fn wait(self, full_at: i64, now: i64) -> i64 {
        let next = full_at.max(now) + self.one_more_every_ms;
        (next - now - self.room()).max(0)
    }

    /// How far ahead of now a bucket may be full.
    pub(crate) fn room(self) -> i64 {
        self.one_more_every_ms * i64::from(self.burst)
    }
}

/// Whose attempts count together: an address, in one spelling. Who has an IPv6 address has a whole /64 to choose
/// from, so that counts as one.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limit;

    #[test]
    fn a_burst_then_one_at_a_time() {
        let limit = Limit { name: "x", burst: 3, one_more_every_ms: 10_000 };
        assert_eq!(limit.wait(0, 0), 0);
        assert_eq!(limit.wait(20_000, 0), 0);
        assert_eq!(limit.wait(30_000, 0), 10_000);
        assert_eq!(limit.wait(30_000, 4_500), 5_500);
        assert_eq!(limit.wait(30_000, 10_000), 0);
    }
}
