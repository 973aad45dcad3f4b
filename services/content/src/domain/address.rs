//! Where guests come from, without keeping where they come from.

use std::net::{IpAddr, Ipv6Addr};

use hmac::{
    Hmac, Mac,
    digest::{Key, KeyInit},
};
use kit::Secret;
use sha2::{Digest, Sha256};

use super::hex;

/// Makes digests of addresses that nobody without the site's secret can make or undo.
#[derive(Clone)]
pub(crate) struct AddressKey(Hmac<Sha256>);

impl AddressKey {
    pub(crate) fn new(secret: &Secret) -> Self {
        let mut key = Key::<Hmac<Sha256>>::default();
        for (to, from) in key.iter_mut().zip(Sha256::digest(secret.expose())) {
            *to = from;
        }
        Self(<Hmac<Sha256> as KeyInit>::new(&key))
    }

    /// The digest of an address as the gateway writes it. Guests of whom it says nothing are one.
    pub(crate) fn digest(&self, address: Option<&str>) -> String {
        let mut hmac = self.0.clone();
        hmac.update(normal(address.unwrap_or_default()).as_bytes());
        hex::encode(&hmac.finalize().into_bytes())
    }
}

/// One spelling an address. An IPv6 guest has a whole /64 to choose from, so that counts as one.
fn normal(address: &str) -> String {
    match address.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => address.to_string(),
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use kit::Secret;

    use super::{AddressKey, normal};

    #[test]
    fn an_address_has_one_spelling() {
        assert_eq!(normal(" 192.0.2.1 "), normal("::ffff:192.0.2.1"));
        assert_eq!(normal("2001:db8:1:2:3:4:5:6"), normal("2001:0DB8:1:2::1"));
        assert_ne!(normal("2001:db8:1:2::1"), normal("2001:db8:1:3::1"));
        assert_eq!(normal("nonsense"), normal(""));
    }

    #[test]
    fn digests_depend_on_the_secret_and_hold_no_address() {
        let (one, other) = (AddressKey::new(&Secret::new("one")), AddressKey::new(&Secret::new("other")));
        let digest = one.digest(Some("192.0.2.1"));
        assert_eq!(digest, one.digest(Some("192.0.2.1")));
        assert_ne!(digest, one.digest(Some("192.0.2.2")));
        assert_ne!(digest, other.digest(Some("192.0.2.1")));
        assert_eq!(digest.len(), 64);
    }
}
