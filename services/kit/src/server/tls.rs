//! TLS with a certificate that is read again when its files change.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::sync::CancellationToken;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// A certificate that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TlsError(String);

/// Takes TLS connections (1.2 and 1.3). HTTP/2 is offered before HTTP/1.1.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    certificate: Arc<Certificate>,
}

/// The certificate of now, and where the next one comes from.
#[derive(Debug)]
struct Certificate {
    chain: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    current: RwLock<Read>,
}

#[derive(Clone, Debug)]
struct Read {
    certified: Arc<CertifiedKey>,
    /// What the files held.
    bytes: Arc<[Vec<u8>; 2]>,
}

impl Tls {
    /// With the certificate chain and the private key in these files (PEM).
    ///
    /// # Errors
    /// Names the file that cannot be used.
    pub fn new(chain: &Path, key: &Path) -> Result<Self, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let current = RwLock::new(read(chain, key, &provider)?);
        let certificate =
            Arc::new(Certificate { chain: chain.to_owned(), key: key.to_owned(), provider: provider.clone(), current });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError(format!("TLS cannot be set up: {error}")))?
            .with_no_client_auth()
            .with_cert_resolver(certificate.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }

    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }

    /// Takes over the certificate that is in the files now, if it is another one. Connections that are open
    /// keep theirs.
    ///
    /// # Errors
    /// When it cannot be used; then the old one stays.
    pub async fn reload(&self) -> Result<bool, TlsError> {
        let certificate = self.certificate.clone();
        // Reads files.
        match tokio::task::spawn_blocking(move || certificate.reload()).await {
            Ok(outcome) => outcome,
            Err(error) => Err(TlsError(format!("the certificate could not be read: {error}"))),
        }
    }

    /// Takes over new certificates as they come, until `stop`: every few seconds it looks at the files, and at
    /// once when the process gets SIGHUP.
    pub async fn keep_fresh(self, stop: CancellationToken) {
        let mut hang_ups = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())
            .inspect_err(|error| tracing::warn!(%error, "SIGHUP does not renew the certificate"))
            .ok();
        loop {
            let asked = async {
                match &mut hang_ups {
                    Some(signal) => signal.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = asked => {}
            }
            match self.reload().await {
                Ok(true) => tracing::info!("a new TLS certificate is in use"),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "the TLS certificate stays as it is"),
            }
        }
    }
}

impl Certificate {
    fn current(&self) -> Read {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether there was a new one.
    fn reload(&self) -> Result<bool, TlsError> {
        if contents(&self.chain, &self.key)? == *self.current().bytes {
            return Ok(false);
        }
        let fresh = read(&self.chain, &self.key, &self.provider)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(true)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current().certified)
    }
}

fn contents(chain: &Path, key: &Path) -> Result<[Vec<u8>; 2], TlsError> {
    let bytes = |file: &Path| {
        std::fs::read(file).map_err(|error| TlsError(format!("{} cannot be read: {error}", file.display())))
    };
    Ok([bytes(chain)?, bytes(key)?])
}

fn read(chain: &Path, key: &Path, provider: &CryptoProvider) -> Result<Read, TlsError> {
    let bytes = contents(chain, key)?;
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&bytes[0])
        .collect::<Result<_, _>>()
        .map_err(|_| TlsError(format!("{} is not PEM", chain.display())))?;
    if certificates.is_empty() {
        return Err(TlsError(format!("there is no certificate in {}", chain.display())));
    }
    // Neither error is repeated: it could tell of the key.
    let private = PrivateKeyDer::from_pem_slice(&bytes[1])
        .map_err(|_| TlsError(format!("there is no private key (PEM) in {}", key.display())))?;
    let certified = CertifiedKey::from_der(certificates, private, provider).map_err(|_| {
        TlsError(format!(
            "the certificate in {} and the key in {} do not belong together",
            chain.display(),
            key.display()
        ))
    })?;
    Ok(Read { certified: Arc::new(certified), bytes: Arc::new(bytes) })
}
