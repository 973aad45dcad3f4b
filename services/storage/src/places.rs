//! Where files lie: a folder, or anything that speaks the S3 API. Both are the same from here on.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use kit::Secret;
use object_store::{
    ClientOptions, ObjectStore, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, prefix::PrefixStore,
};

/// How long a bucket may take to be reached.
const CONNECT: Duration = Duration::from_secs(5);
/// How long it may be silent: before it answers, so while it is sent a file, and within its answer. There is no limit to
/// the whole, since the archives of large sites and the browsers of slow networks take their time.
const SILENCE: Duration = Duration::from_secs(30);
/// How long after the first attempt there may be another. Shorter than [`SILENCE`]: a call that was left hanging is
/// given up, and all attempts at one end within a minute.
const ATTEMPTS: Duration = Duration::from_secs(20);

/// Where files lie.
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder of this machine, made when it is missing. Files appear in it whole or not at all.
    Folder(PathBuf),
    /// A bucket that exists.
    S3(S3),
}

/// A bucket behind the S3 API: OCI Object Storage, MinIO, AWS.
#[derive(Clone, Debug)]
pub struct S3 {
    /// `https://…`; the bucket is named in the path.
    pub endpoint: String,
    /// As the provider calls it; `us-east-1` where it does not matter.
    pub region: String,
    /// Its name.
    pub bucket: String,
    /// What all names begin with, so that several can share a bucket: `images`.
    pub prefix: String,
    /// Who asks.
    pub access_key: String,
    /// And how they prove it.
    pub secret_key: Secret,
}

/// Why a place cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlaceError {
    #[error("the folder could not be made")]
    Make(#[from] io::Error),
    #[error("the place could not be opened")]
    Open(#[from] object_store::Error),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3(s3) => write!(f, "the bucket {} at {}", s3.bucket, s3.endpoint),
        }
    }
}

impl Place {
    /// Opens it.
    pub(crate) fn open(&self) -> Result<Arc<dyn ObjectStore>, PlaceError> {
        match self {
            Self::Folder(folder) => {
                std::fs::create_dir_all(folder)?;
                Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?))
            }
            Self::S3(s3) => {
                let client = ClientOptions::new()
                    .with_connect_timeout(CONNECT)
                    .with_read_timeout(SILENCE)
                    .with_timeout_disabled();
                let store = AmazonS3Builder::new()
                    .with_client_options(client)
                    .with_retry(RetryConfig { retry_timeout: ATTEMPTS, ..RetryConfig::default() })
                    .with_endpoint(&s3.endpoint)
                    .with_region(&s3.region)
                    .with_bucket_name(&s3.bucket)
                    .with_access_key_id(&s3.access_key)
                    .with_secret_access_key(s3.secret_key.expose())
                    .with_virtual_hosted_style_request(false)
                    .with_allow_http(s3.endpoint.starts_with("http://"))
                    .build()?;
                Ok(Arc::new(PrefixStore::new(store, s3.prefix.as_str())))
            }
        }
    }
}
