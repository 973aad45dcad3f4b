//! Whether the index has what the database has.

use std::collections::HashMap;

use contracts::reconcile::Check;
use kit::{ApiResult, error::ApiError};
use tantivy::{Searcher, TantivyDocument, collector::DocSetCollector, query::AllQuery, schema::Field};

use super::{Search, find::text_of, index::Store, posts, schema::VERSION_COLUMN};

/// Posts compared at once.
const PAGE: i64 = 1_000;

impl Search {
    /// Compares every public post with its entry in the index, and takes in anew what differs.
    ///
    /// # Errors
    /// When the index or the database cannot be read.
    pub(crate) async fn reconcile(&self) -> ApiResult<Check> {
        let mut indexed = self.ask(entries).await?;
        let mut check = Check { name: "search_index".to_owned(), ..Check::default() };
        let mut after = String::new();
        let mut differing = Vec::new();
        loop {
            let page = posts::page(&self.0.db, &after, PAGE).await.map_err(ApiError::from)?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            for (id, version) in page {
                check.checked += 1;
                if indexed.remove(&id) != Some(version) {
                    differing.push(id);
                }
            }
        }
        // What is left is in the index and should not be.
        check.checked += u64::try_from(indexed.len()).unwrap_or_default();
        differing.extend(indexed.into_keys());
        check.drift = u64::try_from(differing.len()).unwrap_or_default();
        for id in &differing {
            super::log::add(&self.0.db, id).await?;
        }
        check.repaired = check.drift;
        Ok(check)
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
    let document: TantivyDocument = searcher.doc(doc)?;
    Ok(text_of(&document, field).to_owned())
}
