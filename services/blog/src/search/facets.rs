//! Counting categories, tags and years of everything that was found.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    index::SegmentId,
};

use super::schema::{CATEGORY_COLUMN, TAG_COLUMN, YEAR_COLUMN};

/// Hits by value of each facet, and all of them.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) total: u32,
    pub(super) categories: HashMap<Arc<str>, u32>,
    pub(super) tags: HashMap<Arc<str>, u32>,
    pub(super) years: HashMap<Arc<str>, u32>,
}

/// The facets of all posts of a segment.
struct Facets {
    categories: Column,
    tags: Column,
    years: Column,
}

/// The values of one facet: counting them post by post takes an addition each. The index's own columns are packed, and
/// finding the text of one value there takes as long as counting hundreds of posts.
#[derive(Default)]
struct Column {
    /// Each value once.
    values: Vec<Arc<str>>,
    /// The places of values, those of one post after those of the other.
    places: Vec<u32>,
    /// Where those of a post begin; after the last one's, their end.
    begins: Vec<u32>,
}

impl Column {
    fn texts(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        let Some(column) = segment.fast_fields().str(name)? else { return Ok(Self::default()) };
        let mut text = String::new();
        let value = |ordinal| {
            text.clear();
            // What cannot be read is not shown: an empty name says so.
            let found = column.ord_to_str(ordinal, &mut text).unwrap_or_default();
            Arc::from(if found { text.as_str() } else { "" })
        };
        let values = (0..).take(column.num_terms()).map(value).collect();
        Ok(Self::new(segment, values, |doc| column.term_ords(doc).filter_map(|ordinal| u32::try_from(ordinal).ok())))
    }

    fn numbers(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        let column = segment.fast_fields().u64(name)?;
        let mut numbers: Vec<u64> = (0..segment.max_doc()).filter_map(|doc| column.first(doc)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let values = numbers.iter().map(|number| Arc::from(number.to_string())).collect();
        let place = |number| numbers.binary_search(&number).ok().and_then(|place| u32::try_from(place).ok());
        Ok(Self::new(segment, values, |doc| column.first(doc).and_then(place).into_iter()))
    }

    fn new<I: Iterator<Item = u32>>(
        segment: &SegmentReader,
        values: Vec<Arc<str>>,
        places_of: impl Fn(DocId) -> I,
    ) -> Self {
        let (mut places, mut begins) = (Vec::new(), vec![0]);
        for doc in 0..segment.max_doc() {
            places.extend(places_of(doc));
            begins.push(u32::try_from(places.len()).unwrap_or(u32::MAX));
        }
        Self { values, places, begins }
    }

    fn count(&self, doc: DocId, counts: &mut [u32]) {
        let doc = doc as usize;
        let (Some(&begin), Some(&end)) = (self.begins.get(doc), self.begins.get(doc + 1)) else { return };
        for place in self.places.get(begin as usize..end as usize).unwrap_or_default() {
            if let Some(count) = counts.get_mut(*place as usize) {
                *count += 1;
            }
        }
    }

    fn add(&self, counts: &[u32], to: &mut HashMap<Arc<str>, u32>) {
        for (value, count) in self.values.iter().zip(counts) {
            if *count > 0 && !value.is_empty() {
                *to.entry(value.clone()).or_default() += count;
            }
        }
    }
}

/// The facets of segments, which never change.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<SegmentId, Arc<Facets>>>);

/// More than an index has at once; those of segments that were merged go with the others then.
const MOST_KEPT: usize = 40;

impl Kept {
    fn of(&self, segment: &SegmentReader) -> tantivy::Result<Arc<Facets>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(facets) = kept.get(&segment.segment_id()) {
            return Ok(facets.clone());
        }
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        let facets = Arc::new(Facets {
            categories: Column::texts(segment, CATEGORY_COLUMN)?,
            tags: Column::texts(segment, TAG_COLUMN)?,
            years: Column::numbers(segment, YEAR_COLUMN)?,
        });
        kept.insert(segment.segment_id(), facets.clone());
        Ok(facets)
    }
}

/// The collector.
pub(super) struct FacetCounter<'a>(pub(super) &'a Kept);

/// Counts by the place of a value: turned into texts once, at the end.
pub(super) struct SegmentCounter {
    facets: Arc<Facets>,
    total: u32,
    categories: Vec<u32>,
    tags: Vec<u32>,
    years: Vec<u32>,
}

impl Collector for FacetCounter<'_> {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        let facets = self.0.of(segment)?;
        let none = |column: &Column| vec![0; column.values.len()];
        Ok(SegmentCounter {
            total: 0,
            categories: none(&facets.categories),
            tags: none(&facets.tags),
            years: none(&facets.years),
            facets,
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<SegmentCounter>) -> tantivy::Result<Counts> {
        let mut all = Counts::default();
        for segment in segments {
            all.total += segment.total;
            segment.facets.categories.add(&segment.categories, &mut all.categories);
            segment.facets.tags.add(&segment.tags, &mut all.tags);
            segment.facets.years.add(&segment.years, &mut all.years);
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = Self;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.total += 1;
        self.facets.categories.count(doc, &mut self.categories);
        self.facets.tags.count(doc, &mut self.tags);
        self.facets.years.count(doc, &mut self.years);
    }

    fn harvest(self) -> Self {
        self
    }
}
