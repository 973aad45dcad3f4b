//! `[tls]`.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use axum::{
    Router,
    response::{IntoResponse, Redirect},
};
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};
use url::Url;

/// `[tls]`: visitors are answered by HTTPS.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// File with the certificate chain (PEM).
    pub certificate: PathBuf,
    /// File with its private key (PEM).
    pub key: PathBuf,
    /// Where visitors who come by HTTP are sent to HTTPS.
    pub redirect: Option<SocketAddr>,
}

impl Tls {
    /// What takes TLS connections.
    ///
    /// # Errors
    /// Names the file that cannot be used.
    pub fn open(&self) -> Result<kit::server::Tls> {
        kit::server::Tls::new(&self.certificate, &self.key).context("[tls] cannot be used")
    }
}

/// Sends every visitor to the same page of the site at `address`.
pub fn to_https(address: Url) -> Router {
    let origin = address.origin().ascii_serialization();
    Router::new().fallback(async move |uri: Uri| match uri.path_and_query().map(http::uri::PathAndQuery::as_str) {
        Some(target) if target.starts_with('/') => Redirect::permanent(&format!("{origin}{target}")).into_response(),
        _ => StatusCode::BAD_REQUEST.into_response(),
    })
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn visitors_are_sent_to_the_same_page_of_the_site_and_nowhere_else() {
        let router = to_https(Url::parse("https://blog.example/").unwrap());
        for (asked, location) in [
            ("/posts?page=2", "https://blog.example/posts?page=2"),
            ("/", "https://blog.example/"),
            ("//evil.example", "https://blog.example//evil.example"),
            ("http://evil.example/x", "https://blog.example/x"),
        ] {
            let request = Request::get(asked).header("host", "evil.example").body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(
                (answer.status(), &answer.headers()["location"]),
                (StatusCode::PERMANENT_REDIRECT, &location.parse().unwrap())
            );
        }
        let request = Request::options("*").body(Body::empty()).unwrap();
        assert_eq!(router.oneshot(request).await.unwrap().status(), StatusCode::BAD_REQUEST);
    }
}
