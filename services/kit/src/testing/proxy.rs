//! A wire that can be cut.

use std::{net::SocketAddr, sync::Mutex};

use tokio::{
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};

use super::server::free_port;

/// Stands before a server, on a port of its own.
pub struct Proxy {
    server: SocketAddr,
    port: u16,
    running: Mutex<Option<AbortHandle>>,
}

impl Proxy {
    /// Before the server of `url`; answers the URL by which it is reached through the proxy.
    ///
    /// # Panics
    /// When `url` does not name a host and a port by number.
    pub async fn before(url: &str) -> (Self, String) {
        let authority = url.split("://").nth(1).and_then(|rest| rest.split('/').next()).expect("a URL has a host");
        let address = authority.rsplit('@').next().expect("one part at least");
        let server = address.parse().expect("an address and a port by number");
        let proxy = Self { server, port: free_port(), running: Mutex::default() };
        proxy.mend().await;
        let url = url.replacen(address, &format!("127.0.0.1:{}", proxy.port), 1);
        (proxy, url)
    }

    /// Ends all connections; new ones are refused.
    pub fn cut(&self) {
        if let Some(running) = self.running.lock().expect("nobody panicked here").take() {
            running.abort();
        }
    }

    /// Takes connections again.
    ///
    /// # Panics
    /// When the port was taken meanwhile.
    pub async fn mend(&self) {
        self.cut();
        let (server, port) = (self.server, self.port);
        let listener =
            super::eventually("a free port again", || async move { TcpListener::bind(("127.0.0.1", port)).await.ok() })
                .await;
        let running = tokio::spawn(async move {
            // Goes with this task, and the connections with it.
            let mut connections = JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                connections.spawn(async move {
                    if let Ok(mut upstream) = TcpStream::connect(server).await {
                        // Whoever closes first.
                        let _ = tokio::io::copy_bidirectional(&mut client, &mut upstream).await;
                    }
                });
            }
        });
        *self.running.lock().expect("nobody panicked here") = Some(running.abort_handle());
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.cut();
    }
}
