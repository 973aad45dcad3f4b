//! Finding posts: an index beside the database, kept fresh from a log that the database writes itself.

mod asking;
mod facets;
mod find;
mod highlight;
mod index;
mod indexer;
mod log;
mod posts;
mod query;
mod reconcile;
mod related;
mod schema;
mod spelling;
mod tokens;
mod words;

use std::{path::PathBuf, sync::Arc, time::Duration};

use bytes::Bytes;
use contracts::{
    blog::PostSummary,
    search::{Facet, Facets, Segment},
};
use kit::{ApiError, ApiResult, Shared, db::Db};
use moka::future::Cache;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tantivy::TantivyError;

use crate::store::beside;
use asking::Asking;
use facets::Kind;
use index::Store;
use indexer::Requests;

pub(crate) use find::Question;
pub(crate) use query::Filters;

/// Answers that are kept, in bytes.
const KEPT: u64 = 16 * 1024 * 1024;
/// An answer is given again for so long, unless a post changed before.
const KEPT_FOR: Duration = Duration::from_secs(10);
/// Posts as hits show them that are kept, in bytes, so that what is found by many words is read once.
const POSTS_KEPT: u64 = 24 * 1024 * 1024;
/// How old such a post's counts may be; whatever else of it changes is seen at once.
const POSTS_KEPT_FOR: Duration = Duration::from_secs(60);
/// Values of the tags' facet.
const TAGS: usize = 20;

/// The search. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Search(Arc<Inner>);

struct Inner {
    db: Db,
    store: Arc<Store>,
    requests: Arc<Requests>,
    asking: Asking,
    answers: Cache<(u64, Question), Bytes>,
    posts: Cache<(u64, String), Arc<RawValue>>,
}

impl Search {
    /// Opens the index in `folder`, or one in memory, and keeps it fresh until shutdown.
    ///
    /// # Errors
    /// When there can be no index in that folder.
    pub(crate) fn start(db: Db, folder: Option<PathBuf>, shared: &Shared) -> Result<Self, TantivyError> {
        let store = Arc::new(Store::open(folder.as_deref())?);
        let requests = Arc::new(Requests::default());
        indexer::spawn(db.clone(), store.clone(), requests.clone(), shared);
        let weigh = |_: &(u64, Question), answer: &Bytes| u32::try_from(answer.len() + 256).unwrap_or(u32::MAX);
        let answers = Cache::builder().max_capacity(KEPT).time_to_live(KEPT_FOR).weigher(weigh).build();
        let weigh = |(_, id): &(u64, String), post: &Arc<RawValue>| {
            u32::try_from(id.len() + post.get().len() + 256).unwrap_or(u32::MAX)
        };
        let posts = Cache::builder().max_capacity(POSTS_KEPT).time_to_live(POSTS_KEPT_FOR).weigher(weigh).build();
        Ok(Self(Arc::new(Inner { db, store, requests, asking: Asking::new(asking::SMALL)?, answers, posts })))
    }

    /// Another number whenever the index knows something else, in this process.
    pub(crate) fn generation(&self) -> u64 {
        self.0.store.generation()
    }

    /// The answer to a question, a [`contracts::search::SearchPage`] as JSON.
    ///
    /// # Errors
    /// When the index or the database cannot be read.
    pub(crate) async fn find(&self, question: Question) -> ApiResult<Bytes> {
        let generation = self.0.store.generation();
        let mut failed = None;
        let made = async {
            let made = self.page(generation, question.clone()).await;
            made.map_err(|error| failed = Some(error)).ok()
        };
        // However many ask the same at once, it is answered once.
        let answer = self.0.answers.optionally_get_with((generation, question.clone()), made).await;
        answer.ok_or_else(|| failed.unwrap_or_else(|| ApiError::internal("a question was not answered")))
    }

    async fn page(&self, generation: u64, question: Question) -> ApiResult<Bytes> {
        let answer = self.ask(move |store| find::answer(store, &question)).await?;
        let posts = self.posts(generation, &answer.found).await?;
        let hits = answer.found.into_iter().zip(&posts).filter_map(|(found, post)| {
            Some(PageHit { post: post.as_deref()?, title: found.title, snippet: found.snippet })
        });
        let page = Page {
            items: hits.collect(),
            total: answer.total,
            facets: facets(&answer.facets),
            did_you_mean: answer.meant,
        };
        Ok(serde_json::to_vec(&page).map_err(ApiError::internal)?.into())
    }

    /// The posts that were found, each a [`PostSummary`] as JSON, in the same order. The database has the last word on
    /// who is public.
    async fn posts(&self, generation: u64, found: &[find::Found]) -> ApiResult<Vec<Option<Arc<RawValue>>>> {
        let mut posts = Vec::with_capacity(found.len());
        for find::Found { id, .. } in found {
            posts.push(self.0.posts.get(&(generation, id.clone())).await);
        }
        let unknown = found.iter().zip(&posts).filter(|(_, post)| post.is_none());
        let unknown: Vec<String> = unknown.map(|(found, _)| found.id.clone()).collect();
        let mut read = beside::public_by_ids(&self.0.db, &unknown).await?;
        for (find::Found { id, .. }, post) in found.iter().zip(&mut posts).filter(|(_, post)| post.is_none()) {
            let Some(summary) = read.remove(id) else { continue };
            let json: Arc<RawValue> = to_raw_value(&summary).map_err(ApiError::internal)?.into();
            self.0.posts.insert((generation, id.clone()), json.clone()).await;
            *post = Some(json);
        }
        Ok(posts)
    }

    /// Ids of posts by their titles, and completed questions.
    pub(crate) async fn suggest(&self, text: String, size: usize) -> ApiResult<(Vec<String>, Vec<String>)> {
        self.ask(move |store| find::suggest(store, &text, size)).await
    }

    /// Ids of public posts that are like `post`.
    pub(crate) async fn related(&self, post: PostSummary, size: usize) -> ApiResult<Vec<String>> {
        self.ask(move |store| related::related(store, &post, size)).await
    }

    /// Indexes everything anew, soon. Until it is done, searches see the index as it was.
    pub(crate) fn rebuild(&self) {
        self.0.requests.rebuild();
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Store) -> tantivy::Result<T> + Send + 'static,
    ) -> ApiResult<T> {
        self.0.asking.ask(self.0.store.clone(), question).await
    }
}

/// A [`contracts::search::SearchPage`] whose posts are JSON already.
#[derive(Serialize)]
struct Page<'a> {
    items: Vec<PageHit<'a>>,
    total: u32,
    facets: Facets,
    did_you_mean: Option<String>,
}

/// Its [`contracts::search::Hit`].
#[derive(Serialize)]
struct PageHit<'a> {
    post: &'a RawValue,
    title: Vec<Segment>,
    snippet: Vec<Segment>,
}

fn facets(counted: &[(Kind, Arc<str>, u32)]) -> Facets {
    let of = |of: Kind, most: usize, newest: bool| {
        let counted = counted.iter().filter(|(kind, ..)| *kind == of);
        let mut values: Vec<(&str, &str, u32)> = counted
            .map(|(_, text, count)| {
                let (value, name) = text.split_once(schema::SEPARATOR).unwrap_or((text, text));
                (value, name, *count)
            })
            .collect();
        if newest {
            values.sort_unstable_by(|(one, ..), (other, ..)| other.cmp(one));
        } else {
            values.sort_unstable_by(|(_, one, hits), (_, other, others)| others.cmp(hits).then_with(|| one.cmp(other)));
        }
        values.truncate(most);
        let facet =
            |(value, name, count): (&str, &str, u32)| Facet { value: value.to_owned(), name: name.to_owned(), count };
        values.into_iter().map(facet).collect()
    };
    Facets {
        categories: of(Kind::Category, usize::MAX, false),
        tags: of(Kind::Tag, TAGS, false),
        years: of(Kind::Year, usize::MAX, true),
    }
}
