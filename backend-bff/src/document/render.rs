//! From a request to a document: who answers it, both renderings, what stands in for one that failed.

use std::sync::Arc;

use axum::Router;
use contracts::module::{
    CachePolicy, Flash, FormState, Head, LeanBoot, LeanContext, LeanRequest, RenderRequest, RenderingMeta, Role,
    ShellContext, Viewer,
};

use super::{fallback, head::HeadParts, page::Page, reads::InnerReads, redirects};
use crate::{
    backend::Backend,
    cache::{self, Sources},
    paths,
    registry::{Live, LiveVersion},
    sandbox::{Failure, Reads, Rendering, Sandbox},
    sessions::Visitor,
};

/// What makes documents.
pub(crate) struct Documents {
    pub(crate) backend: Arc<Backend>,
    /// Where guests' reads are answered.
    pub(crate) inner: Router,
    pub(crate) sandbox: Arc<Sandbox>,
}

/// What a document is asked for.
pub(crate) struct Ask<'a> {
    /// As in the URL.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) visitor: &'a Visitor,
    pub(crate) form: Option<FormState>,
    pub(crate) flash: Option<Flash>,
    /// Gathers what the page is made of.
    pub(crate) sources: Sources,
}

/// What becomes of it.
pub(crate) enum Outcome {
    /// A page.
    Document(Document),
    /// Elsewhere on this site, or on another one when a post's author said so.
    Redirect { status: u16, location: String },
}

/// A page and what its headers need to know.
pub(crate) struct Document {
    pub(crate) status: u16,
    pub(crate) html: String,
    pub(crate) language: String,
    /// Who may keep it; none when something failed.
    pub(crate) cache: Option<CachePolicy>,
}

/// What the shell is asked.
struct ShellRequest {
    /// `RenderRequest` as JSON.
    json: String,
    /// Its own answer, where no area answers.
    status: u16,
}

/// What fills the outlet.
enum Filling {
    Area(Box<Rendering>),
    Skeleton,
    Nothing,
}

impl Documents {
    /// Answers a path. Never fails: what goes wrong becomes a page.
    pub(crate) async fn render(&self, ask: Ask<'_>) -> Outcome {
        let live = self.backend.registry.live();
        let Ok(decoded) = paths::decode(ask.path) else {
            let status = if ask.path.contains("//") { 404 } else { 400 };
            return self.shell_page(&live, &ask, status).await;
        };
        let bare = if decoded.len() > 1 { decoded.trim_end_matches('/') } else { &decoded };
        let Some((claim, area)) = live.claim(bare) else {
            return match redirects::find(&self.backend, &decoded, ask.visitor).await {
                Some(location) => Outcome::Redirect { status: 301, location },
                None => self.shell_page(&live, &ask, 404).await,
            };
        };
        if bare.len() < decoded.len() {
            let location = with_query(ask.path.trim_end_matches('/'), ask.query);
            return Outcome::Redirect { status: 308, location };
        }
        match (claim.role, ask.visitor.viewer()) {
            (Some(_), None) => sign_in(&ask),
            (Some(needed), Some(viewer)) if viewer.role < needed => self.shell_page(&live, &ask, 403).await,
            (Some(_), _) => self.area_page(&live, area, &ask, &decoded).await,
            (None, _) => {
                // What the page does not depend on does not reach it, so that it can be kept whatever is appended.
                let query = cache::named(ask.query, &claim.query);
                self.area_page(&live, area, &Ask { query: &query, ..ask }, &decoded).await
            }
        }
    }

    fn reads(&self, ask: &Ask<'_>) -> InnerReads {
        InnerReads { inner: self.inner.clone(), visitor: ask.visitor.clone(), sources: ask.sources.clone() }
    }

    async fn area_page(&self, live: &Live, area: &Arc<LiveVersion>, ask: &Ask<'_>, decoded: &str) -> Outcome {
        let reads: Arc<dyn Reads> = Arc::new(self.reads(ask));
        let request = self.request(ask, None);
        let shell_request = self.shell_request(live, ask, Some(area), 200);
        let (filling, shell) = tokio::join!(
            self.run(area, reads.clone(), &request),
            self.run_shell(live, reads.clone(), &shell_request.json)
        );
        let filling = match filling.and_then(sensible) {
            Ok(rendering) => rendering,
            Err(failure) => {
                tracing::warn!(module = %area.manifest.name, version = %area.manifest.version, %failure,
                    "an area did not render; its skeleton is served");
                return self.document(live, ask, Some(area), Filling::Skeleton, shell, &shell_request);
            }
        };
        if let (300..400, Some(location)) = (filling.meta.status, &filling.meta.location) {
            return Outcome::Redirect { status: filling.meta.status, location: location.clone() };
        }
        if filling.meta.status == 404
            && let Some(location) = redirects::find(&self.backend, decoded, ask.visitor).await
        {
            return Outcome::Redirect { status: 301, location };
        }
        self.document(live, ask, Some(area), Filling::Area(Box::new(filling)), shell, &shell_request)
    }

    /// A page that the shell answers by itself.
    async fn shell_page(&self, live: &Live, ask: &Ask<'_>, status: u16) -> Outcome {
        let reads = Arc::new(self.reads(ask));
        let request = self.shell_request(live, ask, None, status);
        let mut shell = self.run_shell(live, reads, &request.json).await;
        if let Some(rendering) = &mut shell {
            rendering.meta.status = status;
        }
        match shell {
            None => self.plain(ask, status, "", None),
            shell => self.document(live, ask, None, Filling::Nothing, shell, &request),
        }
    }

    fn document(
        &self,
        live: &Live,
        ask: &Ask<'_>,
        area: Option<&Arc<LiveVersion>>,
        filling: Filling,
        shell: Option<Rendering>,
        request: &ShellRequest,
    ) -> Outcome {
        let none = RenderingMeta { status: 200, ..RenderingMeta::default() };
        let (meta, outlet, data) = match (&filling, &shell) {
            (Filling::Area(area), _) => (&area.meta, area.html.as_str(), area.data.as_slice()),
            (Filling::Skeleton, _) => (&none, area.map_or("", |area| area.skeleton.as_str()), [].as_slice()),
            (Filling::Nothing, Some(shell)) => (&shell.meta, "", [].as_slice()),
            (Filling::Nothing, None) => (&none, "", [].as_slice()),
        };
        let rendered = matches!(filling, Filling::Area(_));
        let written = live.shell().zip(shell.as_ref()).and_then(|(version, shell)| {
            let head = HeadParts {
                site: &self.backend.site,
                head: &meta.head,
                locale: ask.visitor.locale(),
                index: meta.status == 200 && rendered,
                shell: &version.public,
                area: area.map(|area| &area.public),
            };
            let name = area.map(|area| area.manifest.name.as_str());
            let boot = if version.takes_lean_boot() {
                self.lean_boot(live, ask, name, rendered, request.status)
            } else {
                let modules = live.document_table(name);
                format!("{{\"request\":{},\"modules\":{modules},\"rendered\":{rendered}}}", request.json)
            };
            let data = [shell.data.as_slice(), data];
            Page { head, shell: &shell.html, outlet, boot: &boot, data }.write()
        });
        match written {
            Some(html) => Outcome::Document(Document {
                status: meta.status,
                html,
                language: meta.head.lang.clone().unwrap_or_else(|| ask.visitor.locale().to_owned()),
                cache: rendered.then(|| meta.cache.clone()),
            }),
            None => self.plain(ask, meta.status, &meta.head.title, rendered.then_some(outlet)),
        }
    }

    /// Without the shell: what the area rendered, or a sentence.
    fn plain(&self, ask: &Ask<'_>, status: u16, title: &str, content: Option<&str>) -> Outcome {
        let status = if status == 200 && content.is_none() { 503 } else { status };
        let locale = ask.visitor.locale();
        let html = fallback::document(&self.backend.site.name, locale, status, title, content);
        Outcome::Document(Document { status, html, language: locale.to_owned(), cache: None })
    }

    async fn run(&self, version: &LiveVersion, reads: Arc<dyn Reads>, request: &str) -> Result<Rendering, Failure> {
        self.sandbox.render(&version.guest, reads, request).await
    }

    async fn run_shell(&self, live: &Live, reads: Arc<dyn Reads>, request: &str) -> Option<Rendering> {
        let Some(shell) = live.shell() else {
            tracing::error!("there is no shell; publish one");
            return None;
        };
        self.run(shell, reads, request)
            .await
            .inspect_err(|failure| {
                let version = &shell.manifest.version;
                tracing::error!(version, %failure, "the shell did not render; a plain page is served");
            })
            .ok()
    }

    fn shell_request(&self, live: &Live, ask: &Ask<'_>, area: Option<&Arc<LiveVersion>>, status: u16) -> ShellRequest {
        ShellRequest { json: self.request(ask, Some(shell_context(live, ask, area, status))), status }
    }

    /// [`LeanBoot`] as JSON.
    fn lean_boot(&self, live: &Live, ask: &Ask<'_>, area: Option<&str>, rendered: bool, status: u16) -> String {
        let boot = LeanBoot {
            request: LeanRequest {
                path: ask.path.to_owned(),
                query: ask.query.to_owned(),
                locale: ask.visitor.locale().to_owned(),
                viewer: ask.visitor.viewer().cloned(),
                form: ask.form.clone(),
                flash: ask.flash.clone(),
                site_name: self.backend.site.name.clone(),
                shell: LeanContext { area: area.map(str::to_owned), status },
            },
            release: live.release.clone(),
            rendered,
        };
        serde_json::to_string(&boot).unwrap_or_default()
    }

    /// `RenderRequest` as JSON.
    fn request(&self, ask: &Ask<'_>, shell: Option<ShellContext>) -> String {
        let request = RenderRequest {
            path: ask.path.to_owned(),
            query: ask.query.to_owned(),
            origin: self.backend.site.origin.clone(),
            locale: ask.visitor.locale().to_owned(),
            viewer: ask.visitor.viewer().cloned(),
            form: ask.form.clone(),
            flash: ask.flash.clone(),
            site_name: self.backend.site.name.clone(),
            shell,
        };
        serde_json::to_string(&request).unwrap_or_default()
    }
}

fn shell_context(live: &Live, ask: &Ask<'_>, area: Option<&Arc<LiveVersion>>, status: u16) -> ShellContext {
    let role: Option<Role> = ask.visitor.viewer().map(|viewer: &Viewer| viewer.role);
    ShellContext {
        nav: live.nav(role, ask.visitor.locale()),
        area: area.map(|area| area.manifest.name.clone()),
        status,
    }
}

/// Refuses a rendering whose status or location makes no sense.
fn sensible(rendering: Rendering) -> Result<Rendering, Failure> {
    let Rendering { mut meta, html, data } = rendering;
    match (meta.status, meta.location.as_deref()) {
        (200 | 400..=599, _) => {}
        (301 | 302 | 303 | 307 | 308, Some(location)) => {
            let location = paths::encode_rest(location);
            if !paths::is_same_site(&location) {
                return Err(Failure::Nonsense(format!("a redirect to {location:?}")));
            }
            meta.location = Some(location);
        }
        (status, _) => return Err(Failure::Nonsense(format!("status {status}"))),
    }
    if meta.head.title.len() > 2000 {
        meta.head = Head::default();
    }
    Ok(Rendering { meta, html, data })
}

fn sign_in(ask: &Ask<'_>) -> Outcome {
    let here = with_query(ask.path, ask.query);
    Outcome::Redirect { status: 303, location: format!("/login?next={}", paths::encode_query(&here)) }
}

fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
