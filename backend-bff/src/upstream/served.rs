//! Which versions of services took part in a page.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use http::{HeaderName, HeaderValue};

use super::{Upstream, target::Target};

/// Says on an answer which version of which service gave it: `blog/new`.
pub(crate) const SERVICE_VERSION: HeaderName = HeaderName::from_static("x-service-version");

tokio::task_local! {
    static SERVED: Arc<Mutex<BTreeSet<String>>>;
}

/// Does `work` and says what served it, where there was more than one version to choose from.
pub(super) async fn noted<T>(work: impl Future<Output = T>) -> (T, Option<HeaderValue>) {
    let served = Arc::new(Mutex::new(BTreeSet::new()));
    let done = SERVED.scope(served.clone(), work).await;
    let served = std::mem::take(&mut *served.lock().unwrap_or_else(PoisonError::into_inner));
    let names = served.into_iter().collect::<Vec<_>>().join(", ");
    (done, HeaderValue::from_str(&names).ok().filter(|names| !names.is_empty()))
}

/// A version was chosen for a part of what is being answered.
pub(super) fn note(upstream: &Upstream, target: &Target) {
    if upstream.0.targets.len() < 2 {
        return;
    }
    // Outside of a page nobody asks.
    let _ = SERVED.try_with(|served| {
        let name = format!("{}/{}", upstream.0.name, target.name);
        served.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
    });
}

impl Upstream {
    pub(super) fn version(&self, target: &Target) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}/{}", self.0.name, target.name)).ok()
    }
}
