use std::sync::Arc;

use super::{Counters, bindings::ModulePre, host::RenderState};

/// A compiled server half, linked and ready to be instantiated afresh for each request.
pub struct Guest {
    pub(super) pre: ModulePre<RenderState>,
    pub(super) label: Arc<str>,
    /// `/api/…` prefixes that the manifest declares.
    pub(super) reads: Arc<[String]>,
    counters: Counters,
}

impl Guest {
    pub(super) fn new(pre: ModulePre<RenderState>, name: &str, version: &str, reads: &[String]) -> Self {
        let label = format!("{name} {version}").into();
        Self { pre, label, reads: reads.into(), counters: Counters::new(name, version) }
    }

    /// What became of its renderings.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}

impl std::fmt::Debug for Guest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guest").field("label", &self.label).finish_non_exhaustive()
    }
}
