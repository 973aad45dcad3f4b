//! Modules as versions: taken in, checked, kept, released and rolled back, while everything runs.
//!
//! A version never changes. A release is a row that names a version; rolling back withdraws it.
//! The live table is one immutable value that is swapped.

mod bundle;
mod check;
mod compress;
mod history;
mod live;
mod refusal;
mod seed;
mod shelf;
mod smoke;

use std::{
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use contracts::manifest::{FilePart, Manifest, ModuleKind};
use kit::{Clock, clock::rfc3339, db::Db};
use serde::Serialize;

pub use bundle::Bundle;
pub(crate) use live::{Live, LiveVersion};
pub use refusal::Refusal;

use crate::{
    cache::{PageCache, Purge},
    sandbox::Sandbox,
};
use history::{History, ReleaseRow, VersionRow};
use shelf::{Packed, Shelf};

/// What [`Registry::publish`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// It is live now and was not before.
    Released,
    /// The same bytes were live already; nothing changed.
    Known,
}

/// A version in the operator's list.
#[derive(Clone, Debug, Serialize)]
pub struct ModuleVersion {
    /// Module.
    pub name: String,
    /// Version.
    pub version: String,
    /// Whether it is the one that visitors get.
    pub live: bool,
    /// RFC 3339.
    pub published_at: String,
    /// Renderings since the start; only of live ones.
    pub renders: u64,
    /// How many of them failed.
    pub failures: u64,
}

/// All versions of all modules.
#[derive(Debug)]
pub struct Registry {
    sandbox: Arc<Sandbox>,
    shelf: Arc<Shelf>,
    history: History,
    clock: Clock,
    live: RwLock<Arc<Live>>,
    /// What was rendered by versions that are not live any more is forgotten.
    pages: Option<Arc<PageCache>>,
    /// One change at a time.
    changing: tokio::sync::Mutex<()>,
}

impl Registry {
    /// Opens the registry whose files lie in `root` and loads what is live.
    pub(crate) async fn open(root: PathBuf, db: Db, clock: Clock, sandbox: Arc<Sandbox>) -> Result<Self, Refusal> {
        let shelf = Arc::new(Shelf::new(root).map_err(Refusal::internal)?);
        let registry = Self {
            sandbox,
            shelf,
            history: History::new(db),
            clock,
            live: RwLock::default(),
            pages: None,
            changing: tokio::sync::Mutex::default(),
        };
        let mut versions = Vec::new();
        for release in registry.history.live().await.map_err(Refusal::internal)? {
            versions.push(Arc::new(registry.load(&release).await?));
        }
        registry.swap(Live::new(versions));
        Ok(registry)
    }

    /// The same registry, with a cache that is emptied whenever what is live changes.
    pub(crate) fn forgetting(self, pages: Arc<PageCache>) -> Self {
        Self { pages: Some(pages), ..self }
    }

    /// The digest of that version, when it was published.
    async fn knows(&self, manifest: &Manifest) -> Result<Option<String>, Refusal> {
        let known = self.history.version(&manifest.name, &manifest.version).await.map_err(Refusal::internal)?;
        Ok(known.map(|known| known.digest))
    }

    pub(crate) fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn swap(&self, live: Live) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
        if let Some(pages) = &self.pages {
            pages.purge(Purge::All);
        }
    }

    pub(crate) fn file(&self, name: &str, version: &str, file: &str) -> Option<PathBuf> {
        self.shelf.public(name, version, file)
    }

    /// Takes a bundle in and releases it, or says exactly why not.
    pub async fn publish(&self, bundle: Bundle) -> Result<Published, Refusal> {
        let bundle = Arc::new(bundle);
        let checked = bundle.clone();
        let digest = blocking(move || {
            check::check(&checked)?;
            Ok(checked.digest())
        })
        .await?;
        // What takes long goes before the lock; what was looked at then is looked at again behind it.
        if self.knows(&bundle.manifest).await?.is_some() {
            let _changing = self.changing.lock().await;
            return self.publish_known(&bundle.manifest, &digest).await;
        }
        self.fits(&bundle.manifest)?;
        let packed = self.prepare(&bundle).await?;

        let _changing = self.changing.lock().await;
        if self.knows(&bundle.manifest).await?.is_some() {
            return self.publish_known(&bundle.manifest, &digest).await;
        }
        self.fits(&bundle.manifest)?;
        let Manifest { name, version, .. } = bundle.manifest.clone();
        let shelf = self.shelf.clone();
        blocking(move || shelf.put(&bundle, &packed).map_err(Refusal::internal)).await?;
        let row = VersionRow { name, version, digest, published_at: self.clock.millis() };
        let release = self.history.publish(&row).await.map_err(Refusal::internal)?;
        self.go_live(&release).await?;
        Ok(Published::Released)
    }

    async fn publish_known(&self, manifest: &Manifest, digest: &str) -> Result<Published, Refusal> {
        let Manifest { name, version, .. } = manifest;
        if self.knows(manifest).await?.as_deref() != Some(digest) {
            return Err(Refusal::conflict(
                "version_exists",
                format!("{name} {version} is published already with other bytes; raise the version."),
            ));
        }
        // Asked for again after a rollback, it is wanted again.
        let changed = self.release_known(name, version).await?;
        Ok(if changed { Published::Released } else { Published::Known })
    }

    /// Compiles and smoke-renders the server half, and compresses the browser half meanwhile.
    async fn prepare(&self, bundle: &Arc<Bundle>) -> Result<Packed, Refusal> {
        let (guest, packed) = tokio::join!(self.try_out(bundle), pack(bundle.clone()));
        guest?;
        packed
    }

    async fn try_out(&self, bundle: &Arc<Bundle>) -> Result<(), Refusal> {
        let (sandbox, compiled) = (self.sandbox.clone(), bundle.clone());
        let guest = blocking(move || {
            let manifest = &compiled.manifest;
            let wasm = compiled.part(FilePart::Server).map(|bytes| bytes.as_ref()).unwrap_or_default();
            sandbox
                .compile(&manifest.name, &manifest.version, &manifest.reads, wasm)
                .map_err(|error| Refusal::invalid(format!("The server half does not compile: {error:#}.")))
        })
        .await?;
        smoke::smoke_render(&self.sandbox, &guest, &bundle.manifest).await
    }

    /// Makes a published version live, the same as publishing it did.
    /// False when it was live already.
    pub async fn release(&self, name: &str, version: &str) -> Result<bool, Refusal> {
        let _changing = self.changing.lock().await;
        self.release_known(name, version).await
    }

    async fn release_known(&self, name: &str, version: &str) -> Result<bool, Refusal> {
        let known = self.history.version(name, version).await.map_err(Refusal::internal)?;
        if known.is_none() {
            return Err(Refusal::unknown(format!("There is no version {version} of {name}.")));
        }
        if self.live().versions.iter().any(|live| live.manifest.name == name && live.manifest.version == version) {
            return Ok(false);
        }
        let (shelf, wanted) = (self.shelf.clone(), (name.to_owned(), version.to_owned()));
        let manifest = blocking(move || shelf.manifest(&wanted.0, &wanted.1)).await?;
        self.fits(&manifest)?;
        let release = self.history.release(name, version, self.clock.millis()).await.map_err(Refusal::internal)?;
        self.go_live(&release).await?;
        Ok(true)
    }

    /// Goes back to the version that was live before this one; says which.
    pub async fn rollback(&self, name: &str) -> Result<String, Refusal> {
        let _changing = self.changing.lock().await;
        let mut last = self.history.last_two(name).await.map_err(Refusal::internal)?.into_iter();
        let current = last.next().ok_or_else(|| Refusal::unknown(format!("There is no module {name}.")))?;
        let previous = last.next().ok_or_else(|| {
            Refusal::conflict("nothing_before", format!("{name} {} is the first release.", current.version))
        })?;
        // Loaded first: if it cannot be, the current one stays.
        let loaded = self.load(&previous).await?;
        self.history.withdraw(&current.id, self.clock.millis()).await.map_err(Refusal::internal)?;
        self.swap(self.live().with(loaded));
        tracing::info!(module = name, from = current.version, to = previous.version, "module rolled back");
        Ok(previous.version)
    }

    /// Whether it can live beside the other live modules.
    fn fits(&self, manifest: &Manifest) -> Result<(), Refusal> {
        let live = self.live();
        let others = || live.versions.iter().filter(|other| other.manifest.name != manifest.name);
        if let Some(other) =
            others().find(|other| manifest.kind == ModuleKind::Shell && other.manifest.kind == ModuleKind::Shell)
        {
            return Err(Refusal::conflict("second_shell", format!("{} is the shell already.", other.manifest.name)));
        }
        check::conflicts(
            manifest,
            others().map(|other| (other.manifest.name.as_str(), other.manifest.routes.as_slice())),
        )
    }

    async fn go_live(&self, release: &ReleaseRow) -> Result<(), Refusal> {
        let loaded = self.load(release).await?;
        self.swap(self.live().with(loaded));
        tracing::info!(module = release.name, version = release.version, "module released");
        Ok(())
    }

    async fn load(&self, release: &ReleaseRow) -> Result<LiveVersion, Refusal> {
        let (sandbox, shelf, release) = (self.sandbox.clone(), self.shelf.clone(), release.clone());
        blocking(move || {
            let ReleaseRow { name, version, released_at, .. } = &release;
            let manifest = shelf.manifest(name, version)?;
            let wasm = shelf.part(name, version, FilePart::Server)?;
            let guest = sandbox.compile(name, version, &manifest.reads, &wasm).map_err(Refusal::internal)?;
            let has_skeleton = manifest.files.iter().any(|file| file.part == FilePart::Skeleton);
            let skeleton = if has_skeleton { shelf.part(name, version, FilePart::Skeleton)? } else { Vec::new() };
            Ok(LiveVersion {
                public: live::public(&manifest),
                skeleton: String::from_utf8_lossy(&skeleton).into_owned(),
                released_at: rfc3339(*released_at),
                manifest,
                guest,
            })
        })
        .await
    }

    /// Every version there is.
    pub async fn list(&self) -> Result<Vec<ModuleVersion>, Refusal> {
        let live = self.live();
        let rows = self.history.versions().await.map_err(Refusal::internal)?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let running = live
                    .versions
                    .iter()
                    .find(|live| live.manifest.name == row.name && live.manifest.version == row.version);
                ModuleVersion {
                    live: running.is_some(),
                    renders: running.map_or(0, |live| live.guest.counters().renders()),
                    failures: running.map_or(0, |live| live.guest.counters().failures()),
                    published_at: rfc3339(row.published_at),
                    name: row.name,
                    version: row.version,
                }
            })
            .collect())
    }
}

/// The compressed browser half, if it is within its budget.
async fn pack(bundle: Arc<Bundle>) -> Result<Packed, Refusal> {
    blocking(move || {
        let packed = Packed::new(&bundle).map_err(Refusal::internal)?;
        match (packed.client_size(), bundle.manifest.budgets.client) {
            (size, Some(budget)) if size > budget => Err(Refusal::invalid(format!(
                "budgets.client: the browser half has {size} bytes at brotli 11, the budget is {budget}."
            ))),
            _ => Ok(packed),
        }
    })
    .await
}

/// Runs what blocks where it may.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refusal> + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Refusal::internal(error)))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
