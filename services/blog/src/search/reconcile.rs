//! Whether the index has what the database has.

use std::collections::HashMap;

use contracts::reconcile::Check;
use kit::{ApiResult, error::ApiError};
use tantivy::{Searcher, collector::DocSetCollector, query::AllQuery, schema::Field};

use super::{
    Search,
    find::{Stored, text_of},
    index::Store,
    indexer::Settled,
    posts,
    schema::VERSION_COLUMN,
};

/// Posts compared at once.
const PAGE: i64 = 1_000;

/// Versions of posts that differ: in the database and in the index, where they are there.
type Differing = HashMap<String, (Option<u64>, Option<u64>)>;

impl Search {
    /// Compares every public post with its entry in the index, and takes in anew what differs.
    ///
    /// What is still on its way into the index is no drift. So the indexer is let through first, and a
    /// post counts only if it differs in the same way after the indexer was let through once more.
    /// While there is more under way than one waits for, nothing is compared.
    ///
    /// # Errors
    /// When the index or the database cannot be read.
    pub(crate) async fn reconcile(&self) -> ApiResult<Check> {
        let mut check = Check { name: "search_index".to_owned(), ..Check::default() };
        if self.0.requests.settle().await == Settled::Busy {
            tracing::info!("the search index is being written; it is compared another time");
            return Ok(check);
        }
        let (checked, mut differing) = self.compare().await?;
        check.checked = checked;
        if !differing.is_empty() {
            if self.0.requests.settle().await == Settled::Busy {
                return Ok(check);
            }
            let (_, still) = self.compare().await?;
            differing.retain(|id, versions| still.get(id) == Some(versions));
        }
        check.drift = u64::try_from(differing.len()).unwrap_or_default();
        for id in differing.keys() {
            super::log::add(&self.0.db, id).await?;
        }
        check.repaired = check.drift;
        Ok(check)
    }

    /// How many posts there are in the database or the index, and those that differ.
    async fn compare(&self) -> ApiResult<(u64, Differing)> {
        let mut indexed = self.ask(entries).await?;
        let (mut checked, mut differing) = (0, Differing::new());
        let mut after = String::new();
        loop {
            let page = posts::page(&self.0.db, &after, PAGE).await.map_err(ApiError::from)?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            for (id, version) in page {
                checked += 1;
                let found = indexed.remove(&id);
                if found != Some(version) {
                    differing.insert(id, (Some(version), found));
                }
            }
        }
        // What is left is in the index and should not be.
        checked += u64::try_from(indexed.len()).unwrap_or_default();
        differing.extend(indexed.into_iter().map(|(id, version)| (id, (None, Some(version)))));
        Ok((checked, differing))
    }
}

/// Ids and versions of all posts in the index.
fn entries(store: &Store) -> tantivy::Result<HashMap<String, u64>> {
    let searcher = store.searcher();
    let docs = searcher.search(&AllQuery, &DocSetCollector)?;
    docs.into_iter()
        .map(|doc| {
            let version = searcher.segment_reader(doc.segment_ord).fast_fields().u64(VERSION_COLUMN)?.first(doc.doc_id);
            Ok((id(&searcher, doc, store.fields.id)?, version.unwrap_or_default()))
        })
        .collect()
}

fn id(searcher: &Searcher, doc: tantivy::DocAddress, field: Field) -> tantivy::Result<String> {
    let document: Stored = searcher.doc(doc)?;
    Ok(text_of(&document, field).to_owned())
}
