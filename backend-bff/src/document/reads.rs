use async_trait::async_trait;
use axum::{Router, body::Body};
use contracts::problem::Problem;
use tower::ServiceExt;

use crate::{
    cache::{Sources, tag},
    pages::MadeOf,
    paths::is_under,
    sandbox::Reads,
    sessions::Visitor,
};

/// Answers a guest's reads from the BFF's own routes, in process, as the visitor of the document.
pub(super) struct InnerReads {
    pub(super) inner: Router,
    pub(super) visitor: Visitor,
    pub(super) sources: Sources,
}

/// More than a rendering may read anyway.
const LIMIT: usize = 4 << 20;

#[async_trait]
impl Reads for InnerReads {
    async fn get(&self, path: &str) -> Result<String, String> {
        let problem = |problem: Problem| serde_json::to_string(&problem).unwrap_or_default();
        let mut request = http::Request::new(Body::empty());
        *request.uri_mut() = path.parse().map_err(|_| problem(Problem::not_found("page")))?;
        request.extensions_mut().insert(self.visitor.clone());
        let response = match self.inner.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let good = response.status().is_success();
        match response.extensions().get::<MadeOf>() {
            Some(made_of) => self.sources.add(made_of.tags.iter().cloned(), made_of.partial),
            None => self.sources.add(tag_of(path).map(str::to_owned), response.status().is_server_error()),
        }
        let body = axum::body::to_bytes(response.into_body(), LIMIT).await.ok();
        let text = body.and_then(|body| String::from_utf8(body.into()).ok());
        match text {
            Some(text) if good => Ok(text),
            Some(text) if text.starts_with('{') => Err(text),
            _ => Err(problem(Problem::unavailable())),
        }
    }
}

/// What an answer of the API, which does not say itself what it is made of, changes with.
fn tag_of(path: &str) -> Option<&'static str> {
    const BY_PREFIX: [(&str, &str); 7] = [
        ("/api/posts", tag::POSTS),
        ("/api/categories", tag::POSTS),
        ("/api/tags", tag::POSTS),
        ("/api/search", tag::POSTS),
        ("/api/pages", tag::PAGES),
        ("/api/comments", tag::COMMENTS),
        ("/api/likes", tag::COMMENTS),
    ];
    let path = path.split('?').next().unwrap_or_default();
    BY_PREFIX.iter().find(|(prefix, _)| is_under(path, prefix)).map(|(_, tag)| *tag)
}
