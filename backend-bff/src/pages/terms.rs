use std::sync::Arc;

use contracts::{blog::Term, pages::TermCard};
use kit::ApiResult;

use super::cards;
use crate::{backend::Backend, sessions::Visitor};

/// All categories or all tags, as any visitor sees them. Kept for a moment: every page of the blog has them.
pub(super) async fn all(backend: &Backend, path: &'static str) -> ApiResult<Arc<Vec<TermCard>>> {
    if let Some(kept) = backend.terms.get(path).await {
        return Ok(kept);
    }
    let terms: Vec<Term> = backend.upstreams.blog.get(path, &Visitor::default()).await?;
    let terms = Arc::new(terms.into_iter().map(cards::term).collect::<Vec<_>>());
    backend.terms.insert(path, terms.clone()).await;
    Ok(terms)
}

pub(super) const CATEGORIES: &str = "/api/categories";
pub(super) const TAGS: &str = "/api/tags";
