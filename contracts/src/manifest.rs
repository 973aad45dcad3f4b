//! `module.json`: what a bundle says about itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::module::Role;

/// The manifest of a module bundle.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `[a-z][a-z0-9-]{0,31}`.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// Shell or area.
    pub kind: ModuleKind,
    /// Contract that it was built for: `1.0`.
    pub contract: String,
    /// Paths that it answers.
    #[serde(default)]
    pub routes: Vec<RouteClaim>,
    /// Navigation entries.
    #[serde(default)]
    pub nav: Vec<NavEntry>,
    /// `/api/…` paths (whole-segment prefixes) that its server half may read beside `/bff/pages/…`.
    #[serde(default)]
    pub reads: Vec<String>,
    /// The files of the bundle. Exactly these, no others.
    pub files: Vec<BundleFile>,
    /// Largest accepted sizes.
    #[serde(default)]
    pub budgets: Budgets,
}

/// What a module is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModuleKind {
    /// The host. There is one.
    Shell,
    /// Fills the outlet for the paths that it claims.
    Area,
}

/// A claim on paths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteClaim {
    /// Absolute path; matches itself and, unless `exact`, every path below it, on whole segments.
    pub path: String,
    /// Matches only the path itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
    /// Least role that may see it; decided on the server. None: everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Query keys that change the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<String>,
}

impl RouteClaim {
    /// Whether this claim covers `path` (no query, leading `/`). Whole segments: `/admin` covers
    /// `/admin/posts` and not `/administrator`.
    pub fn covers(&self, path: &str) -> bool {
        let claim = self.path.trim_end_matches('/');
        let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
        if claim.is_empty() {
            return !self.exact || path == "/" || path.is_empty();
        }
        path == claim || (!self.exact && path.strip_prefix(claim).is_some_and(|rest| rest.starts_with('/')))
    }
}

/// The claim among `claims` that wins for `path`: the longest that covers it.
pub fn winning<'a, T>(
    path: &str,
    claims: impl IntoIterator<Item = (&'a RouteClaim, T)>,
) -> Option<(&'a RouteClaim, T)> {
    claims
        .into_iter()
        .filter(|(claim, _)| claim.covers(path))
        .max_by_key(|(claim, _)| (claim.path.trim_end_matches('/').len(), claim.exact))
}

/// A navigation entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NavEntry {
    /// Where it leads.
    pub href: String,
    /// Label by locale; `en` is required.
    pub label: BTreeMap<String, String>,
    /// Name of an icon in `shared-ui`.
    #[serde(default)]
    pub icon: String,
    /// Least role that sees it. None: everybody.
    #[serde(default)]
    pub role: Option<Role>,
    /// `main` (header), `account` (menu of the signed-in visitor) or `footer`.
    #[serde(default)]
    pub place: String,
    /// Smaller comes first.
    #[serde(default)]
    pub order: i32,
}

/// A file of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleFile {
    /// Name within the bundle, no folders: `client.js`.
    pub name: String,
    /// What it is.
    pub part: FilePart,
    /// Bytes.
    pub size: u64,
    /// `sha384-<base64>`, as in Subresource Integrity.
    pub integrity: String,
}

/// What a file of a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilePart {
    /// Server half: a WebAssembly component of the world `maru:module/module`.
    Server,
    /// The ES module of the browser half.
    ClientJs,
    /// The WebAssembly of the browser half.
    ClientWasm,
    /// The style sheet.
    Css,
    /// What is shown in the outlet while nothing is rendered: plain HTML.
    Skeleton,
    /// Any other file that the module refers to by `/_m/<name>/<version>/<digest>.<ext>`.
    Asset,
}

/// Largest accepted sizes, in bytes at brotli 11.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    /// Browser half: WebAssembly and script together.
    #[serde(default)]
    pub client: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(path: &str, exact: bool) -> RouteClaim {
        RouteClaim { path: path.into(), exact, ..RouteClaim::default() }
    }

    #[test]
    fn claims_match_whole_segments() {
        assert!(claim("/admin", false).covers("/admin"));
        assert!(claim("/admin", false).covers("/admin/"));
        assert!(claim("/admin", false).covers("/admin/posts"));
        assert!(!claim("/admin", false).covers("/administrator"));
        assert!(!claim("/admin", true).covers("/admin/posts"));
        assert!(claim("/", true).covers("/"));
        assert!(!claim("/", true).covers("/posts"));
        assert!(claim("/", false).covers("/anything"));
    }

    #[test]
    fn the_longest_claim_wins() {
        let claims = [claim("/", false), claim("/my", false), claim("/my/settings", true)];
        let won = |path| winning(path, claims.iter().zip(0..)).map(|(_, index)| index);
        assert_eq!(won("/my/settings"), Some(2));
        assert_eq!(won("/my/settings/x"), Some(1));
        assert_eq!(won("/myself"), Some(0));
    }
}
