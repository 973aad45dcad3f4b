//! Whether a bundle is what its manifest says, and fits this Maru.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use contracts::{
    CONTRACT_VERSION,
    manifest::{FilePart, Manifest, ModuleKind, NavEntry, RouteClaim},
};
use sha2::{Digest, Sha384};

use super::{Bundle, Refusal};

/// Paths that belong to the BFF itself.
const RESERVED: [&str; 9] =
    ["/api", "/bff", "/forms", "/media", "/internal", "/_m", "/_health", "/_ready", "/.well-known"];

/// Everything that can be said without running the server half and without looking at other modules.
pub(super) fn check(bundle: &Bundle) -> Result<(), Refusal> {
    let manifest = &bundle.manifest;
    names(manifest)?;
    contract(&manifest.contract)?;
    files(bundle)?;
    parts(manifest)?;
    manifest.routes.iter().try_for_each(claim)?;
    manifest.nav.iter().try_for_each(nav)?;
    manifest.reads.iter().try_for_each(|prefix| read(prefix))
}

fn names(manifest: &Manifest) -> Result<(), Refusal> {
    let name = &manifest.name;
    if !is_module_name(name) {
        return Err(Refusal::invalid(format!("name: {name:?} is not [a-z][a-z0-9-]{{0,31}}.")));
    }
    let version = &manifest.version;
    if version.len() > 64 || semver::Version::parse(version).is_err() {
        return Err(Refusal::invalid(format!("version: {version:?} is not a semantic version.")));
    }
    Ok(())
}

fn contract(theirs: &str) -> Result<(), Refusal> {
    let parse = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    match (parse(theirs), parse(CONTRACT_VERSION)) {
        (Some(theirs), Some(ours)) if theirs.0 == ours.0 && theirs.1 <= ours.1 => Ok(()),
        _ => Err(Refusal::invalid(format!(
            "contract: built for {theirs:?}, this Maru takes {CONTRACT_VERSION} and older of the same major version."
        ))),
    }
}

fn files(bundle: &Bundle) -> Result<(), Refusal> {
    let mut declared = BTreeSet::new();
    for file in &bundle.manifest.files {
        let name = &file.name;
        if !declared.insert(name.as_str()) {
            return Err(Refusal::invalid(format!("files: {name} is declared twice.")));
        }
        let bytes = bundle
            .files()
            .get(name)
            .ok_or_else(|| Refusal::invalid(format!("files: {name} is declared but not in the bundle.")))?;
        if bytes.len() as u64 != file.size {
            let size = bytes.len();
            return Err(Refusal::invalid(format!("files: {name} has {size} bytes, the manifest says {}.", file.size)));
        }
        if integrity(bytes) != file.integrity {
            return Err(Refusal::invalid(format!("files: the digest of {name} is not the one in the manifest.")));
        }
    }
    match bundle.files().keys().find(|name| !declared.contains(name.as_str())) {
        Some(extra) => Err(Refusal::invalid(format!("files: {extra} is in the bundle but not declared."))),
        None => Ok(()),
    }
}

fn parts(manifest: &Manifest) -> Result<(), Refusal> {
    let count = |part| manifest.files.iter().filter(|file| file.part == part).count();
    for (part, called) in
        [(FilePart::Server, "server"), (FilePart::ClientJs, "client_js"), (FilePart::ClientWasm, "client_wasm")]
    {
        if count(part) != 1 {
            return Err(Refusal::invalid(format!("files: there is not exactly one {called}.")));
        }
    }
    if count(FilePart::Css) > 1 || count(FilePart::Skeleton) > 1 {
        return Err(Refusal::invalid("files: there is more than one css or skeleton."));
    }
    if manifest.kind == ModuleKind::Area && count(FilePart::Skeleton) == 0 {
        return Err(Refusal::invalid("files: an area needs a skeleton."));
    }
    Ok(())
}

fn claim(claim: &RouteClaim) -> Result<(), Refusal> {
    let path = &claim.path;
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    let decodes = crate::paths::decode(path).is_ok_and(|decoded| decoded.len() == 1 || !decoded.ends_with('/'));
    if !plain || !decodes {
        return Err(Refusal::invalid(format!("routes: {path:?} is not a plain absolute path.")));
    }
    match RESERVED.iter().find(|reserved| crate::paths::is_under(path, reserved)) {
        Some(reserved) => Err(Refusal::invalid(format!("routes: {path} lies under {reserved}, which is reserved."))),
        None => Ok(()),
    }
}

fn nav(entry: &NavEntry) -> Result<(), Refusal> {
    let href = &entry.href;
    if !crate::paths::is_same_site(href) {
        return Err(Refusal::invalid(format!("nav: {href:?} is not a path on this site.")));
    }
    if entry.label.get("en").is_none_or(|label| label.trim().is_empty()) {
        return Err(Refusal::invalid(format!("nav: {href} has no label in en.")));
    }
    if !["", "main", "account", "footer"].contains(&entry.place.as_str()) {
        return Err(Refusal::invalid(format!(
            "nav: place {:?} of {href} is none of main, account, footer.",
            entry.place
        )));
    }
    Ok(())
}

fn read(prefix: &str) -> Result<(), Refusal> {
    let decoded = crate::paths::decode(prefix);
    if decoded.is_ok_and(|path| path == prefix && path.len() > "/api/".len() && path.starts_with("/api/")) {
        Ok(())
    } else {
        Err(Refusal::invalid(format!("reads: {prefix:?} is not a path below /api/.")))
    }
}

/// Refuses claims that another module has made. The same path twice has no winner.
pub(super) fn conflicts<'a>(
    manifest: &Manifest,
    others: impl IntoIterator<Item = (&'a str, &'a [RouteClaim])>,
) -> Result<(), Refusal> {
    for (other, claims) in others {
        let taken = manifest.routes.iter().find(|mine| claims.iter().any(|theirs| theirs.path == mine.path));
        if let Some(taken) = taken {
            return Err(Refusal::conflict(
                "route_conflict",
                format!("routes: {} is claimed by the module {other}.", taken.path),
            ));
        }
    }
    Ok(())
}

/// `sha384-…`, as in Subresource Integrity.
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

pub(super) fn is_module_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// A plain name: no folder, nothing hidden.
pub(super) fn is_file_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contracts_of_this_major_version_and_not_newer() {
        assert!(contract("1.0").is_ok());
        for refused in ["2.0", "0.9", "1.999", "1", "", "one"] {
            assert!(contract(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn names_without_tricks() {
        for bad in ["", ".", "..", "../x", "a/b", ".hidden", "a b", "마루"] {
            assert!(!is_file_name(bad), "{bad}");
        }
        assert!(is_file_name("client_bg.wasm"));
        for bad in ["", "Blog", "1blog", "blog_x", "a/b"] {
            assert!(!is_module_name(bad), "{bad}");
        }
    }

    #[test]
    fn claims_stay_off_what_the_bff_answers() {
        let claim_of = |path: &str| claim(&RouteClaim { path: path.into(), ..RouteClaim::default() });
        assert!(claim_of("/").is_ok());
        assert!(claim_of("/apiary").is_ok());
        for bad in ["/api", "/api/posts", "/_m/x", "/forms", "posts", "/posts/", "/a//b", "/a b", "/%61pi"] {
            assert!(claim_of(bad).is_err(), "{bad}");
        }
    }
}
