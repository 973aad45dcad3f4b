//! Who visits, without knowing who it is.

use std::{fmt::Write, net::IpAddr};

use sha2::{Digest, Sha256};

/// Stands for a visitor during one day: nobody can tell the address from it, and with the day's salt
/// it is forgotten. `salt` is secret and random.
pub(crate) fn pseudonym(salt: &str, address: Option<IpAddr>, user_agent: &str) -> String {
    let address = address.map_or_else(String::new, network);
    let mut digest = Sha256::new();
    for part in [salt, address.as_str(), user_agent] {
        // With its length, so that no two triples read alike.
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize()[..16].iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// An IPv4 address, or the first half of an IPv6 one: machines change the other half by the hour.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pseudonym;

    fn of(salt: &str, address: &str, agent: &str) -> String {
        pseudonym(salt, address.parse().ok(), agent)
    }

    #[test]
    fn salt_address_and_browser_make_a_visitor() {
        let one = of("salt", "203.0.113.7", "Firefox");
        assert_eq!(one.len(), 32);
        assert_eq!(one, of("salt", "203.0.113.7", "Firefox"));
        assert_eq!(one, of("salt", "::ffff:203.0.113.7", "Firefox"), "the same address, written as IPv6");
        for other in [
            of("other", "203.0.113.7", "Firefox"),
            of("salt", "203.0.113.8", "Firefox"),
            of("salt", "203.0.113.7", "Safari"),
            of("salt", "", "203.0.113.7Firefox"),
        ] {
            assert_ne!(one, other);
        }
        assert_eq!(of("salt", "2001:db8:1:2:aaaa::1", "x"), of("salt", "2001:db8:1:2:bbbb::9", "x"));
        assert_ne!(of("salt", "2001:db8:1:2::1", "x"), of("salt", "2001:db8:1:3::1", "x"));
    }
}
