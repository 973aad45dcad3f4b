//! A real server that speaks the S3 API, in this process, on loopback. Its life is that of the value.

use std::path::PathBuf;

use async_trait::async_trait;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use kit::Secret;
use s3s::{
    S3Result,
    access::{S3Access, S3AccessContext},
    auth::SimpleAuth,
    s3_error,
    service::S3ServiceBuilder,
};
use s3s_fs::FileSystem;
use storage::{Place, S3};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

const ACCESS: &str = "maru";
const SECRET: &str = "a-secret-for-the-tests";

pub(crate) struct Server {
    endpoint: String,
    accepting: JoinHandle<()>,
    folder: tempfile::TempDir,
    deleting: Deleting,
}

/// Whether what is to be deleted waits, and whether something does.
#[derive(Clone)]
struct Deleting {
    held: watch::Sender<bool>,
    waits: watch::Sender<bool>,
}

#[async_trait]
impl S3Access for Deleting {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        if cx.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        if cx.s3_op().name().starts_with("DeleteObject") && *self.held.borrow() {
            self.waits.send_replace(true);
            self.held.subscribe().wait_for(|held| !held).await.expect("the server is there");
        }
        Ok(())
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("bucket")).expect("a bucket");
        let files = FileSystem::new(PathBuf::from(folder.path())).expect("a file system");
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS, SECRET));
        let deleting = Deleting { held: watch::Sender::new(false), waits: watch::Sender::new(false) };
        builder.set_access(deleting.clone());
        let service = builder.build();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let accepting = tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.expect("a connection");
                let service = service.clone();
                tokio::spawn(async move {
                    let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(socket), service).await;
                });
            }
        });
        Self { endpoint, accepting, folder, deleting }
    }

    /// From now on what is to be deleted waits, or waits no longer.
    pub(crate) fn hold_deletions(&self, held: bool) {
        self.deleting.held.send_replace(held);
    }

    /// Waits until something waits to be deleted.
    pub(crate) async fn deletion_waits(&self) {
        self.deleting.waits.subscribe().wait_for(|waits| *waits).await.expect("the server is there");
    }

    /// Where an object of a place lies on the disk.
    pub(crate) fn file(&self, prefix: &str, name: &str) -> PathBuf {
        self.folder.path().join("bucket").join(prefix).join(name)
    }

    pub(crate) fn place(&self, prefix: &str) -> Place {
        Place::S3(S3 {
            endpoint: self.endpoint.clone(),
            region: "us-east-1".to_owned(),
            bucket: "bucket".to_owned(),
            prefix: prefix.to_owned(),
            access_key: ACCESS.to_owned(),
            secret_key: Secret::new(SECRET),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
