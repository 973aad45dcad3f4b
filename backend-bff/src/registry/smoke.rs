//! Rendering a version once before anybody sees it.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::{
    manifest::{Manifest, ModuleKind},
    module::{RenderRequest, ShellContext},
    problem::Problem,
};

use super::Refusal;
use crate::{
    document::OUTLET,
    sandbox::{Guest, Reads, Sandbox},
};

/// Everything is away: a page must stand that.
struct Nothing;

#[async_trait]
impl Reads for Nothing {
    async fn get(&self, _path: &str) -> Result<String, String> {
        Err(serde_json::to_string(&Problem::unavailable()).unwrap_or_default())
    }
}

/// Refuses a server half that cannot render its first page inside the limits, even when nothing can be read.
pub(super) async fn smoke_render(sandbox: &Sandbox, guest: &Guest, manifest: &Manifest) -> Result<(), Refusal> {
    let shell = manifest.kind == ModuleKind::Shell;
    let path = manifest.routes.first().filter(|_| !shell).map_or("/", |claim| claim.path.as_str());
    let request = RenderRequest {
        path: path.to_owned(),
        origin: "https://maru.invalid".into(),
        locale: "en".into(),
        site_name: "Maru".into(),
        shell: shell.then(|| ShellContext { status: 200, ..ShellContext::default() }),
        ..RenderRequest::default()
    };
    let request = serde_json::to_string(&request).map_err(Refusal::internal)?;
    let rendering = sandbox
        .render(guest, Arc::new(Nothing), &request)
        .await
        .map_err(|failure| Refusal::invalid(format!("The server half, rendering {path}: {failure}.")))?;
    if shell && !rendering.html.contains(OUTLET) {
        return Err(Refusal::invalid(format!("The shell's page has no element with {OUTLET}.")));
    }
    Ok(())
}
