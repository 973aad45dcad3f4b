//! A view-model, and what it was made of.

use axum::{
    Extension, Json,
    response::{IntoResponse, Response},
};
use contracts::blog::PostSummary;
use serde::Serialize;

use super::Missing;
use crate::cache::tag;

/// What an answer was made of. Stands in the answer's extensions, for whoever keeps what is made of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct MadeOf {
    /// Names by which events purge it (see [`tag`]).
    pub(crate) tags: Vec<String>,
    /// Something that belongs to it could not be had.
    pub(crate) partial: bool,
}

impl MadeOf {
    /// Of what has these names.
    pub(super) fn tags<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { tags: names.into_iter().map(str::to_owned).collect(), partial: false }
    }

    /// Of these posts, and of which there are.
    pub(super) fn posts<'a>(posts: impl IntoIterator<Item = &'a PostSummary>) -> Self {
        let mut made_of = Self::tags([tag::POSTS]);
        for post in posts {
            made_of.add_post(post);
        }
        made_of
    }

    pub(super) fn add_post(&mut self, post: &PostSummary) {
        self.tags.push(tag::post(&post.id));
        self.add_author(&post.author_id);
    }

    pub(super) fn add_author(&mut self, id: &str) {
        if !id.is_empty() {
            self.tags.push(tag::author(id));
        }
    }

    pub(super) fn and(mut self, name: &str) -> Self {
        self.tags.push(name.to_owned());
        self
    }

    /// Partial when something is missing.
    pub(super) fn without(mut self, missing: &Missing) -> Self {
        self.partial |= !missing.0.is_empty();
        self
    }
}

/// The answer of a page's endpoint.
pub(super) struct Composed<T>(pub(super) T, pub(super) MadeOf);

impl<T: Serialize> IntoResponse for Composed<T> {
    fn into_response(self) -> Response {
        (Extension(self.1), Json(self.0)).into_response()
    }
}
