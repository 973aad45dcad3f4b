//! Ids, anchors and the table of contents.

use std::{
    collections::{HashSet, VecDeque},
    fmt::{self, Write},
    sync::{Mutex, PoisonError},
};

use comrak::{
    adapters::{HeadingAdapter, HeadingMeta},
    nodes::Sourcepos,
};
use contracts::pages::TocEntry;

use crate::slug::slugify;

/// Writes headings with ids that are unique within the text and never those of the page around it.
pub(super) struct Headings {
    label: &'static str,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    ids: HashSet<String>,
    current: String,
    toc: Vec<TocEntry>,
    /// What the headings say, first to last.
    texts: VecDeque<String>,
}

/// Ids that the page around the article uses.
pub(super) fn belongs_to_the_page(id: &str) -> bool {
    id.starts_with("maru") || matches!(id, "main" | "content" | "header" | "footer" | "nav" | "search" | "toc")
}

impl Headings {
    pub(super) fn new(locale: &str, texts: Vec<String>) -> Self {
        let label = if locale == "ko" { "이 절로 가는 링크" } else { "Link to this section" };
        let seen = Seen { texts: texts.into(), ..Seen::default() };
        Self { label, seen: Mutex::new(seen) }
    }

    pub(super) fn into_toc(self) -> Vec<TocEntry> {
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner).toc
    }
}

impl Seen {
    fn unique_id(&mut self, text: &str) -> String {
        let mut base = slugify(text);
        if base.is_empty() || belongs_to_the_page(&base) {
            base = format!("section-{base}").trim_end_matches('-').to_owned();
        }
        let mut id = base.clone();
        let mut number = 1;
        while !self.ids.insert(id.clone()) {
            number += 1;
            id = format!("{base}-{number}");
        }
        id
    }
}

impl HeadingAdapter for Headings {
    fn enter(&self, output: &mut dyn Write, heading: &HeadingMeta, _: Option<Sourcepos>) -> fmt::Result {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let text = seen.texts.pop_front().unwrap_or_else(|| heading.content.clone());
        let id = seen.unique_id(&text);
        if matches!(heading.level, 2 | 3) {
            let text = text.trim().to_owned();
            seen.toc.push(TocEntry { level: u32::from(heading.level), id: id.clone(), text });
        }
        // A slug holds nothing that HTML would need escaped.
        write!(output, "<h{} id=\"{id}\">", heading.level)?;
        seen.current = id;
        Ok(())
    }

    fn exit(&self, output: &mut dyn Write, heading: &HeadingMeta) -> fmt::Result {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, label, level) = (&seen.current, self.label, heading.level);
        writeln!(output, "<a class=\"anchor\" href=\"#{id}\" aria-label=\"{label}\"></a></h{level}>")
    }
}
