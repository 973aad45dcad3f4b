//! What a service was described as, before any call.

use axum::{Router, http::HeaderValue};
use kit::StartError;
use url::Url;

use super::{
    limits::Limits,
    target::Target,
    transport::{Clients, Transport},
};

/// The name of a service's only version, unless it has another.
const MAIN: &str = "main";

#[derive(Clone, Debug)]
pub(super) struct Plan {
    versions: Vec<Version>,
    pub(super) limits: Limits,
    pub(super) mirror: Option<(String, u8)>,
}

#[derive(Clone, Debug)]
struct Version {
    name: String,
    weight: u32,
    transports: Vec<Transport>,
}

impl Plan {
    pub(super) fn in_process(router: Router) -> Self {
        Self::new(vec![Transport::InProcess(router)])
    }

    pub(super) fn http(bases: &[Url]) -> Result<Self, StartError> {
        Ok(Self::new(Self::transports(bases)?))
    }

    pub(super) fn transports(bases: &[Url]) -> Result<Vec<Transport>, StartError> {
        let clients = Clients::new()?;
        Ok(bases.iter().map(|base| clients.to(base)).collect())
    }

    fn new(transports: Vec<Transport>) -> Self {
        let versions = vec![Version { name: MAIN.to_owned(), weight: 100, transports }];
        Self { versions, limits: Limits::default(), mirror: None }
    }

    pub(super) fn call(&mut self, target: &str, weight: u32) {
        if let Some(first) = self.versions.first_mut() {
            target.clone_into(&mut first.name);
            first.weight = weight;
        }
    }

    pub(super) fn add(&mut self, target: &str, weight: u32, transports: Vec<Transport>) {
        self.versions.push(Version { name: target.to_owned(), weight, transports });
    }

    /// Over HTTP, every version is shown this.
    pub(super) fn show(&mut self, token: &HeaderValue) {
        for version in &mut self.versions {
            version.transports = version.transports.drain(..).map(|transport| transport.showing(token)).collect();
        }
    }

    pub(super) fn targets(&self, service: &'static str) -> Vec<Target> {
        let target =
            |version: &Version| Target::new(service, &version.name, version.weight, &version.transports, &self.limits);
        self.versions.iter().map(target).collect()
    }
}
