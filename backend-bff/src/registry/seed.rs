//! Taking in the bundles that lie in a folder at start.

use std::path::{Path, PathBuf};

use futures_util::future::join_all;
use kit::StartError;

use super::{Bundle, Refusal, Registry, check};

impl Registry {
    /// Publishes each bundle in the folders of `modules` whose version is not known yet. Known ones stay as they are,
    /// so that a rollback survives a restart.
    pub(crate) async fn seed(&self, modules: &Path) -> Result<(), StartError> {
        let unreadable = |error| {
            StartError::new("bff", format!("the modules folder {} cannot be read", modules.display())).because(error)
        };
        let mut folders: Vec<PathBuf> = std::fs::read_dir(modules)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
            .map_err(unreadable)?;
        folders.retain(|folder| folder.join("module.json").is_file());
        folders.sort();
        let seeded = join_all(folders.iter().map(|folder| self.seed_one(folder))).await;
        folders.iter().zip(seeded).try_for_each(|(folder, seeded)| {
            seeded.map_err(|refusal| {
                StartError::new("bff", format!("the module bundle {} is refused: {refusal}", folder.display()))
            })
        })
    }

    async fn seed_one(&self, folder: &Path) -> Result<(), Refusal> {
        let owned = folder.to_owned();
        let bundle = super::blocking(move || {
            let bundle = Bundle::from_folder(&owned)?;
            check::check(&bundle)?;
            Ok(bundle)
        })
        .await?;
        let (name, version) = (bundle.manifest.name.clone(), bundle.manifest.version.clone());
        match self.knows(&bundle.manifest).await? {
            None => {
                self.publish(bundle).await?;
            }
            Some(digest) if digest == bundle.digest() => {}
            Some(_) => tracing::warn!(
                module = name,
                version,
                folder = %folder.display(),
                "this version is known with other bytes and stays as it was published; build with a new version"
            ),
        }
        Ok(())
    }
}
