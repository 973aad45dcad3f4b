//! What passes between the BFF and a module's server half, and between the document and the
//! browser half.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::problem::FieldError;

/// One request to render. Travels as JSON into the sandbox.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RenderRequest {
    /// Path, percent-encoded as in the URL, without query: `/posts/hello`.
    pub path: String,
    /// Query string without `?`, percent-encoded; empty when there is none.
    #[serde(default)]
    pub query: String,
    /// Scheme and authority of the site, no trailing slash: `https://maru.example`.
    #[serde(default)]
    pub origin: String,
    /// `ko` or `en`.
    #[serde(default)]
    pub locale: String,
    /// Who asks; none for a guest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewer: Option<Viewer>,
    /// What a plain form post left behind, when this page is shown again because of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormState>,
    /// A message to show once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash: Option<Flash>,
    /// Site name, from the settings.
    #[serde(default)]
    pub site_name: String,
    /// For a shell only: navigation and the area that fills the outlet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shell: Option<ShellContext>,
}

/// What the shell needs to know beside the request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ShellContext {
    /// Navigation entries of all live modules that this viewer may see, in order.
    #[serde(default)]
    pub nav: Vec<NavItem>,
    /// The area in the outlet; none when the shell itself answers (404, 403, failure).
    #[serde(default)]
    pub area: Option<String>,
    /// Status of the page when the shell answers it: 404, 403, 500, 503; else 200.
    #[serde(default)]
    pub status: u16,
}

/// A navigation entry in the visitor's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// Label in the visitor's language.
    pub label: String,
    /// Name of an icon in `shared-ui`.
    #[serde(default)]
    pub icon: String,
    /// Name of the module it comes from.
    #[serde(default)]
    pub area: String,
    /// `main` (header), `account` (menu of the signed-in visitor) or `footer`.
    #[serde(default)]
    pub place: String,
}

/// The visitor, as far as a page may know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Viewer {
    /// User id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// URL of the picture.
    #[serde(default)]
    pub avatar: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// What a signed-in visitor may do. Ordered: each role may do what those before it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// Reads, comments, bookmarks.
    #[default]
    User,
    /// Writes posts of their own.
    Author,
    /// Everything.
    Admin,
}

impl Role {
    /// The name used in JSON and in the databases.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Author => "AUTHOR",
            Self::Admin => "ADMIN",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "USER" => Some(Self::User),
            "AUTHOR" => Some(Self::Author),
            "ADMIN" => Some(Self::Admin),
            _ => None,
        }
    }
}

/// What was typed into a form that could not be accepted, and why. Passwords are never kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// Which form: the last part of its action, `login` for `/forms/login`.
    pub form: String,
    /// Its whole action, `/forms/comments/<id>/edit`, where a page has several of that name.
    #[serde(default)]
    pub action: String,
    /// What was typed, by field name.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// What is wrong, field by field.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// `code` of the problem as a whole, when it concerns no single field.
    #[serde(default)]
    pub problem: Option<String>,
}

/// A message shown once, after a form action succeeded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// `success`, `info` or `error`.
    pub level: String,
    /// Code that the shell translates: `signed_in`, `post_saved`, …
    pub code: String,
}

/// Answer of a form action to a client that asked for JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOutcome {
    /// Where to go now.
    pub location: String,
    /// What to say there.
    #[serde(default)]
    pub flash: Option<Flash>,
    /// True when the visitor changed (signed in or out, renamed): the shell asks for the session again.
    #[serde(default)]
    pub session_changed: bool,
}

/// The part of a rendering that may grow. Travels as JSON out of the sandbox.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RenderingMeta {
    /// 200, 404, 403, or 3xx with `location`.
    pub status: u16,
    /// Target of a 3xx.
    #[serde(default)]
    pub location: Option<String>,
    /// What goes into `<head>`.
    #[serde(default)]
    pub head: Head,
    /// How long this page may be kept, by whom.
    #[serde(default)]
    pub cache: CachePolicy,
}

/// The head of a document. Every text is plain; the BFF escapes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// Title without the site's name.
    #[serde(default)]
    pub title: String,
    /// Description of at most about 160 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// Canonical URL, absolute or starting with `/`.
    #[serde(default)]
    pub canonical: Option<String>,
    /// `noindex` and the like.
    #[serde(default)]
    pub robots: Option<String>,
    /// Open Graph properties without the `og:` prefix, unless they have another (`article:author`).
    #[serde(default)]
    pub open_graph: Vec<(String, String)>,
    /// One JSON-LD document.
    #[serde(default)]
    pub json_ld: Option<String>,
    /// Previous page of a list.
    #[serde(default)]
    pub prev: Option<String>,
    /// Next page of a list.
    #[serde(default)]
    pub next: Option<String>,
    /// Language of the content, when it is not the visitor's.
    #[serde(default)]
    pub lang: Option<String>,
}

/// Who may keep a page, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachePolicy {
    /// True when a shared cache may keep it (and it was rendered for a guest).
    #[serde(default)]
    pub public: bool,
    /// Seconds.
    #[serde(default)]
    pub max_age: u32,
    /// Seconds during which a stale copy may be shown while a new one is made.
    #[serde(default)]
    pub stale_while_revalidate: u32,
    /// Names by which events purge it: `post:<id>`, `posts`.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What the document tells the shell in the browser: JSON in `<script type="application/json"
/// id="maru-boot">`. Shells built for contract 1.1 or newer get [`LeanBoot`] in its place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// The request that was rendered. The shell hydrates with exactly this.
    pub request: RenderRequest,
    /// All live modules; with files only those that this page needs.
    pub modules: ModuleTable,
    /// True when the outlet holds the area's own HTML; false when it holds a skeleton.
    #[serde(default)]
    pub rendered: bool,
}

/// What the document tells a shell of contract 1.1 or newer, which finds all else where it stands anyway: the
/// navigation in its own HTML, the files of the modules on the page in the document's head (the integrity of a
/// `.wasm` in `data-integrity`), and all other modules at `GET /_m/modules/<release>`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeanBoot {
    /// Of the request what the page was rendered for.
    pub request: LeanRequest,
    /// What was live.
    #[serde(default)]
    pub release: String,
    /// True when the outlet holds the area's own HTML; false when it holds a skeleton.
    #[serde(default)]
    pub rendered: bool,
}

/// A [`RenderRequest`] without what a browser knows or never asks for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeanRequest {
    /// As in [`RenderRequest`].
    pub path: String,
    /// As in [`RenderRequest`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// As in [`RenderRequest`].
    #[serde(default)]
    pub locale: String,
    /// As in [`RenderRequest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewer: Option<Viewer>,
    /// As in [`RenderRequest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<FormState>,
    /// As in [`RenderRequest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash: Option<Flash>,
    /// As in [`RenderRequest`].
    #[serde(default)]
    pub site_name: String,
    /// The shell's context without the navigation.
    #[serde(default)]
    pub shell: LeanContext,
}

/// A [`ShellContext`] without the navigation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeanContext {
    /// As in [`ShellContext`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// As in [`ShellContext`].
    #[serde(default)]
    pub status: u16,
}

/// The live modules as the browser needs to know them; also `GET /_m/modules.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModuleTable {
    /// Changes whenever any live version changes. Every answer of the BFF carries it as
    /// `x-maru-release`.
    pub release: String,
    /// Areas and the shell.
    #[serde(default)]
    pub modules: Vec<LiveModule>,
}

/// One live module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LiveModule {
    /// `shell`, `blog`, …
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// Paths that it answers.
    #[serde(default)]
    pub routes: Vec<crate::manifest::RouteClaim>,
    /// The ES module. In a document absent for the areas it does not show: `GET /_m/modules.json` has it.
    #[serde(default, skip_serializing_if = "Asset::is_empty")]
    pub js: Asset,
    /// The WebAssembly file that the ES module is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wasm: Option<Asset>,
    /// Its style sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub css: Option<Asset>,
}

/// A file of a live module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// `/_m/<name>/<version>/<digest>.<ext>`.
    pub url: String,
    /// `sha384-…`.
    pub integrity: String,
}

impl Asset {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.url.is_empty()
    }
}
