//! Bundles made from the test module.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use contracts::{
    manifest::{Budgets, BundleFile, FilePart, Manifest, ModuleKind, NavEntry, RouteClaim},
    module::Role,
};
use sha2::{Digest, Sha384};

/// The server half that every test bundle has: `tests/modules/hostile`, built once per test run.
pub(crate) fn component() -> &'static [u8] {
    static COMPONENT: OnceLock<Vec<u8>> = OnceLock::new();
    COMPONENT.get_or_init(|| {
        let path = std::env::var_os("MARU_TEST_HOSTILE_WASM").map_or_else(build, PathBuf::from);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    })
}

fn build() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "hostile-module", "--target", "wasm32-wasip2", "--target-dir"])
        .arg(&target)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("RUSTFLAGS")
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the hostile module does not build; is the target wasm32-wasip2 installed?");
    target.join("wasm32-wasip2/debug/hostile_module.wasm")
}

/// A bundle in the making.
pub(crate) struct TestBundle {
    pub(crate) manifest: Manifest,
    pub(crate) files: Vec<(String, Vec<u8>)>,
}

impl TestBundle {
    pub(crate) fn shell() -> Self {
        Self::new("shell", ModuleKind::Shell)
    }

    /// The area with good pages.
    pub(crate) fn good() -> Self {
        let role = |path: &str, role| RouteClaim { path: path.into(), role: Some(role), ..RouteClaim::default() };
        let mut bundle = Self::new("good", ModuleKind::Area);
        bundle.manifest.routes = ["/good", "/login", "/register", "/setup"].map(claim).into();
        // What changes a page is named; all else that a query may hold does not reach it.
        bundle.manifest.routes[0].query = ["page", "sort", "break-shell"].map(str::to_owned).into();
        bundle.manifest.routes[1].query = vec!["next".to_owned()];
        bundle.manifest.routes.push(RouteClaim { exact: true, ..claim("/") });
        bundle.manifest.routes.extend([role("/my/settings", Role::User), role("/admin", Role::Author)]);
        let entry = |href: &str, en: &str, ko: &str, role| NavEntry {
            href: href.into(),
            label: [("en".to_owned(), en.to_owned()), ("ko".to_owned(), ko.to_owned())].into(),
            role,
            ..NavEntry::default()
        };
        bundle.manifest.nav =
            vec![entry("/good", "Good", "좋은", None), entry("/admin", "Admin", "관리", Some(Role::Author))];
        bundle
    }

    pub(crate) fn hostile() -> Self {
        let mut bundle = Self::new("hostile", ModuleKind::Area);
        bundle.manifest.routes = vec![RouteClaim { query: vec!["break-shell".to_owned()], ..claim("/hostile") }];
        bundle
    }

    pub(crate) fn new(name: &str, kind: ModuleKind) -> Self {
        let manifest = Manifest {
            name: name.into(),
            version: "1.0.0".into(),
            kind,
            contract: "1.0".into(),
            routes: Vec::new(),
            nav: Vec::new(),
            reads: Vec::new(),
            files: Vec::new(),
            budgets: Budgets::default(),
        };
        let mut bundle = Self { manifest, files: Vec::new() };
        bundle.add("server.wasm", FilePart::Server, component());
        bundle.add("client.js", FilePart::ClientJs, format!("export const module = '{name}'; // {}", "x".repeat(2000)));
        bundle.add("client_bg.wasm", FilePart::ClientWasm, b"\0asm\x01\0\0\0");
        bundle.add("style.css", FilePart::Css, format!(".{name} {{ color: red }}"));
        bundle.add("skeleton.html", FilePart::Skeleton, format!("<p class=\"skeleton\">{name} is loading</p>"));
        bundle
    }

    pub(crate) fn version(mut self, version: &str) -> Self {
        self.manifest.version = version.into();
        self
    }

    pub(crate) fn add(&mut self, name: &str, part: FilePart, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        let integrity = format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)));
        self.manifest.files.push(BundleFile { name: name.into(), part, size: bytes.len() as u64, integrity });
        self.files.push((name.into(), bytes.into()));
    }

    /// Another content for a file, declared as it is.
    pub(crate) fn replace(mut self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let at = self.manifest.files.iter().position(|file| file.name == name).expect("a file of the bundle");
        let part = self.manifest.files.remove(at).part;
        self.files.retain(|(other, _)| other != name);
        self.add(name, part, bytes);
        self
    }

    fn all_files(&self) -> Vec<(String, Vec<u8>)> {
        let manifest = serde_json::to_vec(&self.manifest).expect("a manifest is JSON");
        let mut files = self.files.clone();
        files.push(("module.json".into(), manifest));
        files
    }

    /// Writes it as a folder below `modules`.
    pub(crate) fn write(&self, modules: &Path) {
        let folder = modules.join(&self.manifest.name);
        std::fs::create_dir_all(&folder).expect("a folder");
        for (name, bytes) in self.all_files() {
            std::fs::write(folder.join(name), bytes).expect("a file");
        }
    }

    pub(crate) fn tar_gz(&self) -> Vec<u8> {
        let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut archive = tar::Builder::new(gzip);
        for (name, bytes) in self.all_files() {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, name, bytes.as_slice()).expect("an entry");
        }
        archive.into_inner().and_then(flate2::write::GzEncoder::finish).expect("an archive")
    }
}

pub(crate) fn claim(path: &str) -> RouteClaim {
    RouteClaim { path: path.into(), ..RouteClaim::default() }
}
