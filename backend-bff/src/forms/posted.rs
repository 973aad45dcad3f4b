//! A form with who posted it: what handlers take.

use std::sync::Arc;

use axum::{
    extract::{FromRequest, Request},
    response::Response,
};
use kit::ApiResult;

use super::{Done, Submission, Whence, files};
use crate::{
    backend::Backend,
    document::{self, Documents},
    gateway,
    sessions::Visitor,
    upstream::Upstreams,
};

/// A form with who posted it.
pub(super) struct Posted {
    documents: Arc<Documents>,
    pub(super) visitor: Visitor,
    pub(super) form: Submission,
}

impl FromRequest<Arc<Documents>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, documents: &Arc<Documents>) -> Result<Self, Response> {
        let visitor = request.extensions().get::<Visitor>().cloned().unwrap_or_default();
        if files::is_multipart(request.headers()) && gateway::is_upload(request.uri().path()) {
            let for_people = document::wants_page(request.headers());
            let form = files::submission(request, documents, &visitor).await;
            let form = form.map_err(|refused| match for_people {
                true => document::for_people(&documents.backend.site, visitor.locale(), refused),
                false => refused,
            });
            return Ok(Self { documents: documents.clone(), visitor, form: form? });
        }
        let form = Submission::from_request(request, documents).await?;
        Ok(Self { documents: documents.clone(), visitor, form })
    }
}

impl Posted {
    pub(super) fn backend(&self) -> &Backend {
        &self.documents.backend
    }

    pub(super) fn upstreams(&self) -> &Upstreams {
        &self.documents.backend.upstreams
    }

    /// The answer for what became of it. When it is refused, the page where it goes afterwards is shown again:
    /// forms of one button are on the page that they lead back to.
    pub(super) async fn answer(self, page: &str, result: ApiResult<Done>) -> Response {
        let Self { documents, visitor, form } = self;
        form.answer(&documents, &visitor, Whence::at(page), result).await
    }
}
