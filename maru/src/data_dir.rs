//! The data folder: where things are in it, its secrets, and who may serve it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use kit::Secret;

/// The data folder.
#[derive(Clone, Debug)]
pub struct DataDir {
    root: PathBuf,
}

/// Held by the one process that serves a data folder.
#[derive(Debug)]
pub struct ServeLock {
    /// The lock ends with the file.
    _file: File,
}

impl DataDir {
    /// Opens `root`, and makes it when it is missing.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(root: &Path) -> Result<Self> {
        let run = root.join("run");
        private_folder(&run).with_context(|| format!("the data folder {} cannot be made", root.display()))?;
        private_folder(&root.join("secrets"))?;
        // Databases hold sessions and password hashes; a folder made by hand is open to all.
        #[cfg(unix)]
        fs::set_permissions(root, std::os::unix::fs::PermissionsExt::from_mode(0o700))
            .with_context(|| format!("the data folder {} cannot be closed to others", root.display()))?;
        Ok(Self { root: root.to_path_buf() })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the BFF keeps modules, sessions and its compilation cache.
    pub fn bff(&self) -> PathBuf {
        self.root.join("bff")
    }

    /// Where the auth service keeps its keys and the set-up token.
    pub fn auth(&self) -> PathBuf {
        self.root.join("auth")
    }

    /// Where the search index lies. It can be deleted: it is made anew from the database.
    pub fn search(&self) -> PathBuf {
        self.root.join("search")
    }

    /// Where images lie.
    pub fn images(&self) -> PathBuf {
        self.root.join("images")
    }

    /// Where backups lie.
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// Holds the address of the operator listener while the site is served.
    pub fn operator_address_file(&self) -> PathBuf {
        self.root.join("run").join("operator.addr")
    }

    /// What services show each other for `/internal/*`.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub fn service_token(&self) -> Result<Secret> {
        self.secret("service-token")
    }

    /// What `maru publish` and its kin show the operator listener.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub fn operator_token(&self) -> Result<Secret> {
        self.secret("operator-token")
    }

    /// Key of the digests that stand for guests' addresses.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub fn address_secret(&self) -> Result<Secret> {
        self.secret("address-secret")
    }

    /// Claims the folder for serving.
    ///
    /// # Errors
    /// When another process serves it.
    pub fn lock(&self) -> Result<ServeLock> {
        let path = self.root.join("run").join("serve.lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.with_context(|| format!("{} cannot be opened", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(ServeLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                bail!(
                    "another maru already serves {}; end it, or choose another folder with --data",
                    self.root.display()
                )
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }

    /// Reads the secret of that name, or makes it: 256 random bits that only the owner can read.
    fn secret(&self, name: &str) -> Result<Secret> {
        let path = self.root.join("secrets").join(name);
        match fs::read_to_string(&path) {
            Ok(text) if text.trim().len() >= 32 => return Ok(Secret::new(text.trim())),
            Ok(_) => bail!("{} is too short for a secret; delete it and a new one is made", path.display()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
        let secret = Secret::random();
        match write_private(&path, secret.expose()) {
            Ok(()) => Ok(secret),
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.secret(name),
            Err(error) => Err(error).with_context(|| format!("{} cannot be written", path.display())),
        }
    }
}

/// Makes a folder that only the owner can enter.
fn private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Writes a new file that only its owner can read. Complete or not there at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // Unlike a rename, a link never replaces what another process has just written.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_made_once_and_are_private() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(&folder.path().join("data")).unwrap();
        let first = data.service_token().unwrap();
        assert!(data.service_token().unwrap().matches(first.expose()));
        assert!(!data.operator_token().unwrap().matches(first.expose()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(data.root().join("secrets/service-token")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(data.root().join("secrets")).unwrap().count(), 2);
    }

    #[test]
    fn one_process_serves_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        let lock = data.lock().unwrap();
        assert!(data.lock().unwrap_err().to_string().contains("another maru"));
        drop(lock);
        assert!(data.lock().is_ok());
    }
}
