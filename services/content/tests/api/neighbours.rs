//! What blog and auth answer, played by the test.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use contracts::{
    auth::{NameTaken, UserCard},
    blog::{InternalPosts, PostRef, PostStatus, PostVisibility},
    events::PostFacts,
    problem::Problem,
};
use kit::{error::problem_response, peers::Peers};

/// The other services.
#[derive(Clone, Default)]
pub(crate) struct Neighbours(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    posts: BTreeMap<String, PostFacts>,
    closed: Vec<String>,
    members: HashMap<String, String>,
}

impl Neighbours {
    pub(crate) fn register(&self, peers: &Peers) {
        let blog = Router::new()
            .route("/internal/posts", get(posts))
            .route("/internal/posts/{id}", get(post))
            .route("/internal/posts/{id}/visibility", get(visibility))
            .with_state(self.clone());
        let auth = Router::new()
            .route("/internal/users/name-taken", get(name_taken))
            .route("/api/users", get(cards))
            .with_state(self.clone());
        peers.register("blog", blog);
        peers.register("auth", auth);
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A post of `author`; its facts, as events tell them.
    pub(crate) fn post(&self, author: &str, status: PostStatus) -> PostFacts {
        let id = kit::id::new();
        let facts = PostFacts {
            slug: format!("slug-{id}"),
            title: format!("Title of {id}"),
            post_id: id.clone(),
            author_id: author.to_owned(),
            status,
            images: Vec::new(),
        };
        self.with(|known| known.posts.insert(id, facts.clone()));
        facts
    }

    pub(crate) fn change(&self, facts: &PostFacts) {
        self.with(|known| known.posts.insert(facts.post_id.clone(), facts.clone()));
    }

    pub(crate) fn remove(&self, id: &str) {
        self.with(|known| known.posts.remove(id));
    }

    pub(crate) fn close(&self, id: &str) {
        self.with(|known| known.closed.push(id.to_owned()));
    }

    pub(crate) fn member(&self, id: &str, name: &str) {
        self.with(|known| known.members.insert(id.to_owned(), name.to_owned()));
    }
}

async fn post(State(all): State<Neighbours>, Path(id): Path<String>) -> Response {
    match all.with(|known| known.posts.get(&id).cloned()) {
        Some(post) => Json(PostRef {
            id: post.post_id,
            slug: post.slug,
            title: post.title,
            author_id: post.author_id,
            status: post.status,
        })
        .into_response(),
        None => problem_response(Problem::not_found("post")),
    }
}

async fn posts(State(all): State<Neighbours>) -> Json<InternalPosts> {
    let items = all.with(|known| known.posts.values().cloned().collect());
    Json(InternalPosts { items, next: None })
}

async fn visibility(
    State(all): State<Neighbours>,
    Path(id): Path<String>,
    Query(who): Query<HashMap<String, String>>,
) -> Json<PostVisibility> {
    let (viewer, role) = (who.get("viewer"), who.get("role").map(String::as_str));
    Json(all.with(|known| PostVisibility {
        visible: known.posts.get(&id).is_some_and(|post| match post.status {
            PostStatus::Public => true,
            PostStatus::Trashed => false,
            _ => role == Some("ADMIN") || viewer == Some(&post.author_id),
        }),
        comments_allowed: !known.closed.contains(&id),
    }))
}

async fn name_taken(State(all): State<Neighbours>, Query(query): Query<HashMap<String, String>>) -> Json<NameTaken> {
    let name = query.get("name").map(|name| name.to_lowercase());
    let taken = all.with(|known| known.members.values().any(|member| Some(member.to_lowercase()) == name));
    Json(NameTaken { taken })
}

async fn cards(State(all): State<Neighbours>, Query(query): Query<HashMap<String, String>>) -> Json<Vec<UserCard>> {
    let ids = query.get("ids").map(String::as_str).unwrap_or_default();
    let card = |id: &str| {
        let name = all.with(|known| known.members.get(id).cloned())?;
        Some(UserCard { id: id.to_owned(), name, ..UserCard::default() })
    };
    Json(ids.split(',').filter_map(card).collect())
}
