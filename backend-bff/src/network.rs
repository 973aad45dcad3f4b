//! Where requests come from.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Once,
};

use axum::extract::{ConnectInfo, Request};
use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

/// What stands between the BFF and its clients.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// Proxies in front of it. What they say of a client's address and country is believed; what
    /// anybody else says is not.
    pub trusted_proxies: Vec<IpNet>,
    /// The header by which such a proxy tells a client's country (ISO 3166-1 alpha-2), `cf-ipcountry` and
    /// the like.
    pub country_header: Option<HeaderName>,
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl Network {
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|net| net.contains(&address))
    }

    /// The client behind the connection from `peer`: each proxy appends whom it got a request from, so the
    /// last address that is no proxy of ours is the client's.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            if is_inside(peer) && headers.contains_key(FORWARDED_FOR) {
                tell_of_proxy(peer);
            }
            return peer;
        }
        let named: Vec<&str> = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        let mut client = peer;
        for name in named.iter().rev() {
            // What is no address was not written by a proxy of ours.
            let Ok(address) = name.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    /// The network of one subscriber that a request comes from: an address, of IPv6 the first 64 bits. None when it
    /// came over no connection, or from a proxy of ours that does not say from whom: that may be everybody.
    pub(crate) fn subscriber(&self, request: &Request) -> Option<IpAddr> {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
        let client = self.client(peer, request.headers());
        if self.trusts(client) {
            return None;
        }
        Some(match client {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
            address => address,
        })
    }

    /// The client's country, when a proxy of ours says it.
    pub(crate) fn country(&self, peer: IpAddr, headers: &HeaderMap) -> Option<HeaderValue> {
        let named = headers.get(self.country_header.as_ref()?)?;
        let plain = named.as_bytes().len() == 2 && named.as_bytes().iter().all(u8::is_ascii_alphabetic);
        (plain && self.trusts(peer.to_canonical())).then(|| named.clone())
    }
}

/// Whether it is an address of a machine nearby, as proxies have.
fn is_inside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

/// Says once why all visitors may seem to be one.
fn tell_of_proxy(peer: IpAddr) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        tracing::warn!(%peer, "a proxy says whom it asks for and is not believed, so that all behind it count as one; \
            if it is yours, name it in network.trusted_proxies");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(forwarded: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, HeaderValue::from_str(forwarded).expect("a header"));
        headers.insert("cf-ipcountry", HeaderValue::from_static("KR"));
        headers
    }

    fn behind_proxies() -> Network {
        Network {
            trusted_proxies: vec!["10.0.0.0/8".parse().expect("a network")],
            country_header: Some(HeaderName::from_static("cf-ipcountry")),
        }
    }

    fn client(network: &Network, peer: &str, forwarded: &str) -> String {
        network.client(peer.parse().expect("an address"), &headers(forwarded)).to_string()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let network = behind_proxies();
        assert_eq!(client(&network, "203.0.113.9", "1.2.3.4"), "203.0.113.9");
        assert_eq!(client(&network, "10.0.0.1", "1.2.3.4, 203.0.113.9"), "203.0.113.9");
        assert_eq!(client(&network, "10.0.0.1", "203.0.113.9, 10.1.1.1"), "203.0.113.9");
        assert_eq!(client(&network, "::ffff:10.0.0.1", "::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(client(&network, "10.0.0.1", "nonsense"), "10.0.0.1");
        assert_eq!(client(&network, "10.0.0.1", "203.0.113.9, nonsense"), "10.0.0.1");
        assert_eq!(client(&Network::default(), "10.0.0.1", "203.0.113.9"), "10.0.0.1");
    }

    #[test]
    fn so_are_countries() {
        let network = behind_proxies();
        let country = |peer: &str| network.country(peer.parse().expect("an address"), &headers("1.2.3.4"));
        assert_eq!(country("10.0.0.1"), Some(HeaderValue::from_static("KR")));
        assert_eq!(country("203.0.113.9"), None);
    }
}
