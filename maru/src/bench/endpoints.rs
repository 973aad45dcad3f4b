//! What is asked, and how often what: a list of paths for each kind of question.

use anyhow::{Context, Result};
use contracts::blog::{Paged, PostSummary};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::{corpus::Corpus, random::Random};
use crate::services::Services;

/// Questions before they repeat.
const QUESTIONS: usize = 20_000;
const SEED: u64 = 0x6861_6e6f;

/// A kind of question.
pub(super) struct Endpoint {
    /// For the table.
    pub(super) name: &'static str,
    pub(super) service: &'static str,
    pub(super) paths: Vec<String>,
}

impl Endpoint {
    fn new(name: &'static str, service: &'static str, mut path: impl FnMut() -> String) -> Self {
        Self { name, service, paths: (0..QUESTIONS).map(|_| path()).collect() }
    }
}

/// All kinds. Readers come back to the same: pages, posts and words are drawn as they are read, a few
/// very often and most hardly ever; *evenly* means that each comes as often as any other.
pub(super) async fn all(services: &Services) -> Result<Vec<Endpoint>> {
    let posts = posts(services).await?;
    let (mut random, mut corpus) = (Random::new(SEED), Corpus::new(SEED));
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let slugs: Vec<String> = posts.iter().map(|post| encoded(&post.slug)).collect();
    let ids: Vec<&str> = posts.iter().map(|post| post.id.as_str()).collect();
    let pages = (posts.len() / 20).max(1);
    let mut endpoints = vec![
        Endpoint::new("posts, newest, 20 on a page", "blog", || {
            format!("/api/posts?page={}", random.skewed(pages.min(100)) + 1)
        }),
        Endpoint::new("posts, newest, any page evenly", "blog", || {
            format!("/api/posts?page={}", random.below(pages) + 1)
        }),
        Endpoint::new("posts by popularity, likes, title, age", "blog", || {
            let sort = random.of(&["popular", "liked", "title", "oldest"]);
            format!("/api/posts?sort={sort}&page={}", random.skewed(20) + 1)
        }),
        Endpoint::new("posts of a category", "blog", || {
            let page = corpus.random().skewed(10) + 1;
            format!("/api/posts?category={}&page={page}", corpus.category_slug())
        }),
        Endpoint::new("posts with a tag", "blog", || {
            let page = corpus.random().skewed(5) + 1;
            format!("/api/posts?tag={}&page={page}", encoded(&corpus.tag()))
        }),
        Endpoint::new("a post", "blog", || format!("/api/posts/{}", random.rather_of(&slugs))),
        Endpoint::new("a post, any evenly", "blog", || format!("/api/posts/{}", random.of(&slugs))),
        Endpoint::new("search", "blog", || format!("/api/search?q={}", encoded(&corpus.question()))),
        Endpoint::new("search for the commonest words", "blog", || {
            format!("/api/search?q={}", encoded(&corpus.common_question()))
        }),
        Endpoint::new("tags", "blog", || "/api/tags".to_owned()),
        Endpoint::new("categories", "blog", || "/api/categories".to_owned()),
        Endpoint::new("posts that lead", "blog", || "/api/posts/featured".to_owned()),
        Endpoint::new("posts related to one", "blog", || format!("/api/posts/{}/related", random.rather_of(&slugs))),
    ];
    endpoints.extend([
        Endpoint::new("comments of a post, a tree", "content", || {
            format!("/api/comments/post/{}", random.rather_of(&ids))
        }),
        Endpoint::new("comments of a post, any evenly", "content", || {
            format!("/api/comments/post/{}", random.of(&ids))
        }),
        Endpoint::new("likes of a post", "content", || format!("/api/likes/{}/status", random.of(&ids))),
    ]);
    Ok(endpoints)
}

/// All public posts, oldest first: those that have most comments.
async fn posts(services: &Services) -> Result<Vec<PostSummary>> {
    let mut posts = Vec::new();
    for page in 1.. {
        let path = format!("/api/posts?sort=oldest&size=100&page={page}");
        let found: Paged<PostSummary> = services.blog().get(&path).await.context("listing posts")?;
        let last = found.items.len() < 100;
        posts.extend(found.items);
        if last {
            break;
        }
    }
    anyhow::ensure!(!posts.is_empty(), "there are no posts to ask for");
    Ok(posts)
}
