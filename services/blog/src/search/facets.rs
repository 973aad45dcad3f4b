//! Counting categories, tags and years of everything that was found.

use std::collections::HashMap;

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::{Column, StrColumn},
};

use super::schema::{CATEGORY_COLUMN, TAG_COLUMN, YEAR_COLUMN};

/// Hits by value of each facet, and all of them.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) total: u32,
    pub(super) categories: HashMap<String, u32>,
    pub(super) tags: HashMap<String, u32>,
    pub(super) years: HashMap<u64, u32>,
}

/// The collector.
pub(super) struct FacetCounter;

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
    counts: Vec<u32>,
}

impl Ordinals {
    fn new(segment: &SegmentReader, name: &str) -> tantivy::Result<Self> {
        let column = segment.fast_fields().str(name)?;
        let terms = column.as_ref().map_or(0, |column| column.num_terms());
        Ok(Self { column, counts: vec![0; terms] })
    }

    fn count(&mut self, doc: DocId) {
        let Some(column) = &self.column else { return };
        for ordinal in column.term_ords(doc) {
            if let Some(count) = usize::try_from(ordinal).ok().and_then(|ordinal| self.counts.get_mut(ordinal)) {
                *count += 1;
            }
        }
    }

    fn into_texts(self) -> HashMap<String, u32> {
        let Some(column) = self.column else { return HashMap::new() };
        let counted = self.counts.into_iter().zip(0_u64..).filter(|(count, _)| *count > 0);
        counted
            .filter_map(|(count, ordinal)| {
                let mut text = String::new();
                column.ord_to_str(ordinal, &mut text).ok().filter(|found| *found).map(|_| (text, count))
            })
            .collect()
    }
}

impl Collector for FacetCounter {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        Ok(SegmentCounter {
            total: 0,
            categories: Ordinals::new(segment, CATEGORY_COLUMN)?,
            tags: Ordinals::new(segment, TAG_COLUMN)?,
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
