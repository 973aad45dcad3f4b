//! What is live: an immutable table that is replaced as a whole when a version is released.

use std::{collections::HashMap, sync::Arc};

use contracts::{
    manifest::{FilePart, Manifest, ModuleKind, NavEntry, RouteClaim, winning},
    module::{Asset, LiveModule, ModuleTable, NavItem, Role},
};
use sha2::{Digest, Sha256};

use super::shelf;
use crate::sandbox::Guest;

/// A version that is loaded and ready to render.
#[derive(Debug)]
pub(crate) struct LiveVersion {
    pub(crate) manifest: Manifest,
    pub(crate) guest: Guest,
    pub(crate) skeleton: String,
    /// As browsers need to know it.
    pub(crate) public: LiveModule,
    /// RFC 3339.
    pub(crate) released_at: String,
}

impl LiveVersion {
    /// Whether it is a shell that finds in the document what older ones are told.
    pub(crate) fn takes_lean_boot(&self) -> bool {
        let (major, minor) = self.manifest.contract.split_once('.').unwrap_or_default();
        major == "1" && minor.parse().is_ok_and(|minor: u32| minor >= 1)
    }
}

/// All live versions.
#[derive(Debug, Default)]
pub(crate) struct Live {
    pub(crate) release: String,
    pub(crate) versions: Vec<Arc<LiveVersion>>,
    /// `ModuleTable` as JSON.
    pub(crate) table: String,
    /// The same as it stands in documents: with the files of the shell and one area, by that area's name.
    document_tables: HashMap<String, String>,
}

impl Live {
    pub(super) fn new(mut versions: Vec<Arc<LiveVersion>>) -> Self {
        versions.sort_by(|a, b| a.manifest.name.cmp(&b.manifest.name));
        let mut hash = Sha256::new();
        for version in &versions {
            hash.update(format!("{} {} {}\n", version.manifest.name, version.manifest.version, version.public.js.url));
        }
        let release = super::hex(&hash.finalize()[..6]);
        let modules: Vec<_> = versions.iter().map(|version| version.public.clone()).collect();
        let document_tables = versions
            .iter()
            .map(|version| {
                let name = if version.manifest.kind == ModuleKind::Shell { "" } else { &version.manifest.name };
                (name.to_owned(), table(&release, modules.iter().map(|module| for_document(module, name))))
            })
            .collect();
        let table = table(&release, modules.into_iter());
        Self { release, versions, table, document_tables }
    }

    /// `ModuleTable` as JSON for a document that shows `area`, or none. The files of the other areas, which
    /// are most of it, are got when the visitor goes there.
    pub(crate) fn document_table(&self, area: Option<&str>) -> &str {
        self.document_tables.get(area.unwrap_or_default()).unwrap_or(&self.table)
    }

    /// The same with `version` in the place of the module's other one.
    pub(super) fn with(&self, version: LiveVersion) -> Self {
        let name = &version.manifest.name;
        let mut versions: Vec<_> = self.versions.iter().filter(|other| other.manifest.name != *name).cloned().collect();
        versions.push(Arc::new(version));
        Self::new(versions)
    }

    pub(crate) fn shell(&self) -> Option<&Arc<LiveVersion>> {
        self.versions.iter().find(|version| version.manifest.kind == ModuleKind::Shell)
    }

    /// The claim and the area that answer the decoded `path`.
    pub(crate) fn claim(&self, path: &str) -> Option<(&RouteClaim, &Arc<LiveVersion>)> {
        let areas = self.versions.iter().filter(|version| version.manifest.kind == ModuleKind::Area);
        winning(path, areas.flat_map(|area| area.manifest.routes.iter().map(move |claim| (claim, area))))
    }

    /// The navigation for a visitor of that role.
    pub(crate) fn nav(&self, role: Option<Role>, locale: &str) -> Vec<NavItem> {
        let visible = |entry: &NavEntry| entry.role.is_none_or(|needed| role.is_some_and(|role| role >= needed));
        let mut entries: Vec<(&NavEntry, &str)> = self
            .versions
            .iter()
            .flat_map(|version| version.manifest.nav.iter().map(|entry| (entry, version.manifest.name.as_str())))
            .filter(|(entry, _)| visible(entry))
            .collect();
        entries.sort_by_key(|(entry, _)| entry.order);
        entries
            .into_iter()
            .map(|(entry, area)| NavItem {
                href: entry.href.clone(),
                label: entry.label.get(locale).or_else(|| entry.label.get("en")).cloned().unwrap_or_default(),
                icon: entry.icon.clone(),
                area: area.to_owned(),
                place: if entry.place.is_empty() { "main".into() } else { entry.place.clone() },
            })
            .collect()
    }
}

fn table(release: &str, modules: impl Iterator<Item = LiveModule>) -> String {
    let table = ModuleTable { release: release.to_owned(), modules: modules.collect() };
    serde_json::to_string(&table).unwrap_or_default()
}

/// A module as documents that show `area` bring it.
fn for_document(module: &LiveModule, area: &str) -> LiveModule {
    // Which query keys make another page matters to the page cache alone.
    let routes = module.routes.iter().map(|claim| RouteClaim { query: Vec::new(), ..claim.clone() }).collect();
    // The shell has no claims.
    let needed = module.name == area || module.routes.is_empty();
    let (js, wasm, css) = if needed {
        (module.js.clone(), module.wasm.clone(), module.css.clone())
    } else {
        (Asset::default(), None, None)
    };
    LiveModule { name: module.name.clone(), version: module.version.clone(), routes, js, wasm, css }
}

/// How browsers get at a version.
pub(super) fn public(manifest: &Manifest) -> LiveModule {
    let asset = |part| {
        let file = manifest.files.iter().find(|file| file.part == part)?;
        let url = format!("/_m/{}/{}/{}", manifest.name, manifest.version, shelf::public_name(file));
        Some(Asset { url, integrity: file.integrity.clone() })
    };
    LiveModule {
        name: manifest.name.clone(),
        version: manifest.version.clone(),
        routes: manifest.routes.clone(),
        js: asset(FilePart::ClientJs).unwrap_or_default(),
        wasm: asset(FilePart::ClientWasm),
        css: asset(FilePart::Css),
    }
}
