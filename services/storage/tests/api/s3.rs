//! A real server that speaks the S3 API, in this process, on loopback. Its life is that of the value.

use std::path::PathBuf;

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use kit::Secret;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use storage::{Place, S3};
use tokio::{net::TcpListener, task::JoinHandle};

const ACCESS: &str = "maru";
const SECRET: &str = "a-secret-for-the-tests";

pub(crate) struct Server {
    endpoint: String,
    accepting: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("bucket")).expect("a bucket");
        let files = FileSystem::new(PathBuf::from(folder.path())).expect("a file system");
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(ACCESS, SECRET));
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
        Self { endpoint, accepting, _folder: folder }
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
