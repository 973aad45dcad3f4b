//! Counting categories, tags and years of everything that was found.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
    index::SegmentId,
};

use super::schema::{CATEGORY_COLUMN, TAG_COLUMN, YEAR_COLUMN};

/// Hits by value of each facet, and all of them.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) total: u32,
    pub(super) categories: HashMap<Arc<str>, u32>,
    pub(super) tags: HashMap<Arc<str>, u32>,
    pub(super) years: HashMap<u64, u32>,
}

/// The texts behind the ordinals of segments. A segment never changes, and finding one text takes as long as counting
/// hundreds of posts.
#[derive(Default)]
pub(super) struct Texts(Mutex<HashMap<(SegmentId, &'static str), ByOrdinal>>);

type ByOrdinal = Arc<[Arc<str>]>;

/// More than an index has at once; those of segments that were merged go with the others then.
const MOST_KEPT: usize = 100;

impl Texts {
    fn of(&self, segment: SegmentId, name: &'static str, column: &StrColumn) -> ByOrdinal {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(texts) = kept.get(&(segment, name)) {
            return texts.clone();
        }
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        let mut text = String::new();
        let texts: ByOrdinal = (0_u64..)
            .take(column.num_terms())
            .map(|ordinal| {
                text.clear();
                // What cannot be read is not shown: an empty name says so.
                let found = column.ord_to_str(ordinal, &mut text).unwrap_or_default();
                Arc::from(if found { text.as_str() } else { "" })
            })
            .collect();
        kept.insert((segment, name), texts.clone());
        texts
    }
}

/// The collector.
pub(super) struct FacetCounter<'a>(pub(super) &'a Texts);

pub(super) struct SegmentCounter {
    total: u32,
    categories: Ordinals,
    tags: Ordinals,
    year: Column<u64>,
    years: HashMap<u64, u32>,
}

/// Counts by the ordinal of a text: turned into texts once, at the end.
struct Ordinals {
    column: Option<StrColumn>,
    texts: ByOrdinal,
    counts: Vec<u32>,
}

impl Ordinals {
    fn new(segment: &SegmentReader, name: &'static str, texts: &Texts) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(name)?;
        let texts = column.as_ref().map(|column| texts.of(segment.segment_id(), name, column)).unwrap_or_default();
        Ok(Self { column, counts: vec![0; texts.len()], texts })
    }

    fn count(&mut self, doc: DocId) {
        let Some(column) = &self.column else { return };
        for ordinal in column.term_ords(doc) {
            if let Some(count) = usize::try_from(ordinal).ok().and_then(|ordinal| self.counts.get_mut(ordinal)) {
                *count += 1;
            }
        }
    }

    fn into_texts(self) -> HashMap<Arc<str>, u32> {
        let counted = self.texts.iter().cloned().zip(self.counts);
        counted.filter(|(text, count)| *count > 0 && !text.is_empty()).collect()
    }
}

impl Collector for FacetCounter<'_> {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        Ok(SegmentCounter {
            total: 0,
            categories: Ordinals::new(segment, CATEGORY_COLUMN, self.0)?,
            tags: Ordinals::new(segment, TAG_COLUMN, self.0)?,
            year: segment.fast_fields().u64(YEAR_COLUMN)?,
            years: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Counts>) -> tantivy::Result<Counts> {
        let mut all = Counts::default();
        for segment in segments {
            all.total += segment.total;
            for (text, count) in segment.categories {
                *all.categories.entry(text).or_default() += count;
            }
            for (text, count) in segment.tags {
                *all.tags.entry(text).or_default() += count;
            }
            for (year, count) in segment.years {
                *all.years.entry(year).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = Counts;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.total += 1;
        self.categories.count(doc);
        self.tags.count(doc);
        if let Some(year) = self.year.first(doc) {
            *self.years.entry(year).or_default() += 1;
        }
    }

    fn harvest(self) -> Counts {
        Counts {
            total: self.total,
            categories: self.categories.into_texts(),
            tags: self.tags.into_texts(),
            years: self.years,
        }
    }
}
