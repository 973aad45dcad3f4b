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
    holding: Holding,
}

/// What waits, by how the names of such calls begin, and whether something does.
#[derive(Clone)]
struct Holding {
    held: watch::Sender<Option<&'static str>>,
    waits: watch::Sender<bool>,
}

#[async_trait]
impl S3Access for Holding {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        if cx.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        let call = cx.s3_op().name();
        let is_held = |held: Option<&'static str>| held.is_some_and(|held| call.starts_with(held));
        let held = *self.held.borrow();
        if is_held(held) {
            self.waits.send_replace(true);
            self.held.subscribe().wait_for(|held| !is_held(*held)).await.expect("the server is there");
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
        let holding = Holding { held: watch::Sender::new(None), waits: watch::Sender::new(false) };
        builder.set_access(holding.clone());
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
        Self { endpoint, accepting, folder, holding }
    }

    /// From now on calls wait whose names begin like this: `DeleteObject`, `HeadObject`. `None`: no longer.
    pub(crate) fn hold(&self, calls: Option<&'static str>) {
        self.holding.waits.send_replace(false);
        self.holding.held.send_replace(calls);
    }

    /// Waits until a call waits.
    pub(crate) async fn something_waits(&self) {
        self.holding.waits.subscribe().wait_for(|waits| *waits).await.expect("the server is there");
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
