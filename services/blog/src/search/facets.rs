//! Counting categories, tags and years of everything that was found.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tantivy::{
    DocId, Score, SegmentOrdinal, SegmentReader, TantivyError,
    collector::{Collector, SegmentCollector},
    columnar::StrColumn,
    index::SegmentId,
};

use super::schema::{CATEGORY_COLUMN, TAG_COLUMN, YEAR_COLUMN};

/// Of which facet a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Category,
    Tag,
    Year,
}

/// What was found: how much, and how much of it has each value.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) total: u32,
    /// By the place of the value among [`Kept::named`].
    values: Vec<u32>,
}

/// The values of all facets of a segment's posts. Counting them post by post takes an addition each: the index's own
/// columns are packed, and finding the text of one value there takes as long as counting hundreds of posts.
struct Facets {
    /// Places of values, those of one post after those of the other.
    places: Vec<u32>,
    /// Where those of a post begin; after the last one's, their end.
    begins: Vec<u32>,
}

impl Facets {
    fn read(segment: &SegmentReader, values: &mut Values) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let texts = [(CATEGORY_COLUMN, Kind::Category), (TAG_COLUMN, Kind::Tag)].map(|(name, kind)| {
            let column = columns.str(name)?;
            let places = column.as_ref().map(|column| values.of(column, kind)).unwrap_or_default();
            Ok::<_, TantivyError>((column, places))
        });
        let [categories, tags] = texts;
        let (texts, years) = ([categories?, tags?], columns.u64(YEAR_COLUMN)?);
        let mut facets = Self { places: Vec::new(), begins: vec![0] };
        for doc in 0..segment.max_doc() {
            for (column, places) in &texts {
                let ordinals = column.iter().flat_map(|column| column.term_ords(doc));
                let place = |ordinal| usize::try_from(ordinal).ok().and_then(|ordinal| places.get(ordinal)).copied();
                facets.places.extend(ordinals.filter_map(place).flatten());
            }
            facets.places.extend(years.first(doc).map(|year| values.place(Kind::Year, &year.to_string())));
            facets.begins.push(u32::try_from(facets.places.len()).unwrap_or(u32::MAX));
        }
        Ok(facets)
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
}

/// All values that were met, each once, so that those of different segments count together.
#[derive(Default)]
struct Values {
    all: Vec<(Kind, Arc<str>)>,
    places: HashMap<(Kind, Arc<str>), u32>,
}

impl Values {
    fn place(&mut self, kind: Kind, text: &str) -> u32 {
        let value = (kind, Arc::from(text));
        *self.places.entry(value).or_insert_with_key(|value| {
            self.all.push(value.clone());
            u32::try_from(self.all.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// The places of a column's values, by ordinal. What cannot be read is not counted.
    fn of(&mut self, column: &StrColumn, kind: Kind) -> Vec<Option<u32>> {
        let mut text = String::new();
        let mut place = |ordinal| {
            text.clear();
            let found = column.ord_to_str(ordinal, &mut text).unwrap_or_default();
            found.then(|| self.place(kind, &text))
        };
        (0..).take(column.num_terms()).map(&mut place).collect()
    }
}

/// The facets of segments, which never change.
#[derive(Default)]
pub(super) struct Kept(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    segments: HashMap<SegmentId, Arc<Facets>>,
    /// Not forgotten with their segments: a place means the same for as long as somebody counts.
    values: Values,
}

/// More than an index has at once; those of segments that were merged go with the others then.
const MOST_KEPT: usize = 40;

impl Kept {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, segment: &SegmentReader) -> tantivy::Result<(Arc<Facets>, usize)> {
        let mut inner = self.inner();
        let Inner { segments, values } = &mut *inner;
        let facets = match segments.get(&segment.segment_id()) {
            Some(facets) => facets.clone(),
            None => {
                if segments.len() >= MOST_KEPT {
                    segments.clear();
                }
                let facets = Arc::new(Facets::read(segment, values)?);
                segments.insert(segment.segment_id(), facets.clone());
                facets
            }
        };
        Ok((facets, values.all.len()))
    }

    /// What was counted, with its names.
    pub(super) fn named(&self, counts: &Counts) -> Vec<(Kind, Arc<str>, u32)> {
        let inner = self.inner();
        let counted = inner.values.all.iter().zip(&counts.values).filter(|(_, count)| **count > 0);
        counted.map(|((kind, text), count)| (*kind, text.clone(), *count)).collect()
    }
}

/// The collector.
pub(super) struct FacetCounter<'a>(pub(super) &'a Kept);

pub(super) struct SegmentCounter {
    facets: Arc<Facets>,
    counts: Counts,
}

impl Collector for FacetCounter<'_> {
    type Fruit = Counts;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        let (facets, values) = self.0.of(segment)?;
        Ok(SegmentCounter { facets, counts: Counts { total: 0, values: vec![0; values] } })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, segments: Vec<Counts>) -> tantivy::Result<Counts> {
        let mut all = Counts::default();
        for Counts { total, values } in segments {
            all.total += total;
            // Later ones may have met more.
            all.values.resize(all.values.len().max(values.len()), 0);
            all.values.iter_mut().zip(values).for_each(|(sum, count)| *sum += count);
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = Counts;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.counts.total += 1;
        self.facets.count(doc, &mut self.counts.values);
    }

    fn harvest(self) -> Counts {
        self.counts
    }
}
