//! What stands at the front door: who may come how often, whose word about a client is believed.

use std::{net::IpAddr, time::Duration};

use anyhow::{Context, Result, bail};
use backend_bff::PerMinute;
use http::{HeaderName, HeaderValue};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

/// `[network]`: what stands between this program and its visitors.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// Addresses or networks of proxies in front. Only what they say in `x-forwarded-for` is believed. By default
    /// this machine itself.
    pub trusted_proxies: Vec<String>,
    /// The header in which such a proxy tells a visitor's country: `cf-ipcountry` and the like.
    pub country_header: Option<String>,
}

impl Default for Network {
    fn default() -> Self {
        Self { trusted_proxies: vec!["127.0.0.0/8".to_owned(), "::1/128".to_owned()], country_header: None }
    }
}

impl Network {
    /// As the BFF takes it.
    ///
    /// # Errors
    /// Names the key that makes no sense.
    pub fn settings(&self) -> Result<backend_bff::Network> {
        let header = self.country_header.as_deref().map(|name| {
            name.parse::<HeaderName>().with_context(|| {
                format!("network.country_header = {name:?} is refused; allowed is the name of a header")
            })
        });
        Ok(backend_bff::Network { trusted_proxies: self.trusted()?, country_header: header.transpose()? })
    }

    /// The proxies.
    ///
    /// # Errors
    /// Names the one that is no address.
    pub fn trusted(&self) -> Result<Vec<IpNet>> {
        self.trusted_proxies
            .iter()
            .map(|text| {
                let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
                net.with_context(|| {
                    format!("network.trusted_proxies: {text:?} is refused; allowed is an address or a network such as 10.0.0.0/8")
                })
            })
            .collect()
    }
}

/// `[limits]`: requests per minute of one client (0: any number), and how much is answered at once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// False: no limit per client and none on what is answered at once. For measurements on a machine of one's own.
    pub enabled: bool,
    /// Attempts to sign in or to register, and mails asked for.
    pub login: u32,
    /// `/api/auth`, `/api/users`, `/api/author`.
    pub auth: u32,
    /// `/api/posts`, `/api/categories`, `/api/tags`, `/api/drafts`, `/api/search`.
    pub blog: u32,
    /// `/api/comments`, `/api/likes`, `/api/bookmarks`.
    pub content: u32,
    /// `/api/pages`.
    pub page: u32,
    /// `/api/views`, `/api/stats`, `/api/analytics`, `/api/visitors`, `/api/bug-reports`.
    pub analytics: u32,
    /// `/api/upload`, `/api/images`, `/api/backups`.
    pub storage: u32,
    /// What scripts ask for to show pages.
    pub pages: u32,
    /// Forms that are sent.
    pub forms: u32,
    /// Documents, feeds, site maps.
    pub documents: u32,
    /// Images.
    pub media: u32,
    /// Requests that are answered at once; others wait.
    pub in_flight: usize,
    /// How long they wait, in milliseconds, before they are refused.
    pub queue_ms: u64,
    /// Open connections.
    pub connections: usize,
    /// Open connections from one address. Trusted proxies may have more.
    pub connections_per_address: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let backend_bff::Limits { per_minute, in_flight, queue, .. } = backend_bff::Limits::default();
        let PerMinute { login, auth, blog, content, page, analytics, storage, pages, forms, documents, media } =
            per_minute;
        Self {
            enabled: true,
            login,
            auth,
            blog,
            content,
            page,
            analytics,
            storage,
            pages,
            forms,
            documents,
            media,
            in_flight,
            queue_ms: u64::try_from(queue.as_millis()).unwrap_or_default(),
            connections: 4000,
            connections_per_address: 200,
        }
    }
}

impl Limits {
    /// As the BFF takes it.
    pub fn settings(&self) -> backend_bff::Limits {
        if !self.enabled {
            return backend_bff::Limits::none();
        }
        let Self { login, auth, blog, content, page, analytics, storage, pages, forms, documents, media, .. } = *self;
        backend_bff::Limits {
            per_minute: PerMinute {
                login,
                auth,
                blog,
                content,
                page,
                analytics,
                storage,
                pages,
                forms,
                documents,
                media,
            },
            in_flight: self.in_flight,
            queue: Duration::from_millis(self.queue_ms),
            ..backend_bff::Limits::default()
        }
    }

    /// Refuses what would let nobody in.
    ///
    /// # Errors
    /// Names the key.
    pub fn check(&self) -> Result<()> {
        for (key, value) in
            [("connections", self.connections), ("connections_per_address", self.connections_per_address)]
        {
            if value == 0 {
                bail!("limits.{key} = 0 is refused; allowed is 1 or more");
            }
        }
        Ok(())
    }
}

/// `[cors]`: which other sites' scripts may use `/api`. By default none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cors {
    /// `https://app.example`, or `*` for all. Their scripts may ask as anybody, with an access token if they have one.
    pub origins: Vec<String>,
    /// Those of them whose scripts may also ask as the visitor, with the cookies of this site.
    pub credentials: Vec<String>,
}

impl Cors {
    /// As the BFF takes it.
    ///
    /// # Errors
    /// Names what is no origin.
    pub fn settings(&self) -> Result<backend_bff::Cors> {
        let mut cors = backend_bff::Cors::default();
        for text in &self.origins {
            match text.as_str() {
                "*" => cors.any = true,
                text => cors.origins.push(origin("cors.origins", text)?),
            }
        }
        for text in &self.credentials {
            cors.credentials.push(origin("cors.credentials", text)?);
        }
        Ok(cors)
    }
}

fn origin(key: &str, text: &str) -> Result<HeaderValue> {
    let url = Url::parse(text).ok().filter(|url| url.origin().ascii_serialization() == text);
    url.and_then(|_| text.parse().ok()).with_context(|| {
        format!("{key}: {text:?} is refused; allowed is an origin such as https://app.example, without a path")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_addresses_or_networks() {
        let network = |proxies: &[&str]| Network {
            trusted_proxies: proxies.iter().map(|text| (*text).to_owned()).collect(),
            country_header: Some("cf-ipcountry".to_owned()),
        };
        let trusted = network(&["10.0.0.0/8", "192.0.2.1", "fd00::/8"]).settings().unwrap().trusted_proxies;
        assert_eq!(
            trusted.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["10.0.0.0/8", "192.0.2.1/32", "fd00::/8"]
        );
        let refused = network(&["proxy.example"]).settings().unwrap_err().to_string();
        assert!(refused.contains("network.trusted_proxies") && refused.contains("10.0.0.0/8"), "{refused}");
    }

    #[test]
    fn scripts_of_other_sites_are_let_in_by_origin() {
        let cors = |origins: &[&str], credentials: &[&str]| Cors {
            origins: origins.iter().map(|text| (*text).to_owned()).collect(),
            credentials: credentials.iter().map(|text| (*text).to_owned()).collect(),
        };
        let settings = cors(&["*"], &["https://app.example"]).settings().unwrap();
        assert!(settings.any && settings.credentials == ["https://app.example"]);
        for wrong in ["https://app.example/", "app.example", "https://*.example", "null"] {
            let refused = cors(&[wrong], &[]).settings().unwrap_err().to_string();
            assert!(refused.contains("cors.origins") && refused.contains("https://app.example"), "{wrong}: {refused}");
        }
        assert!(cors(&[], &["*"]).settings().is_err(), "nobody lets all sites act as their visitors");
    }

    #[test]
    fn limits_can_be_turned_off() {
        assert_eq!(Limits::default().settings().per_minute, PerMinute::default());
        let off = Limits { enabled: false, ..Limits::default() }.settings();
        assert_eq!((off.per_minute, off.in_flight), (PerMinute::any(), 0));
        assert!(Limits { connections: 0, ..Limits::default() }.check().is_err());
    }
}
