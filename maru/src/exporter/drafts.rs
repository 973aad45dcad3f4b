//! Drafts that belong to no post yet: they go along as posts that are drafts.

use anyhow::{Context, Result};
use contracts::blog::{Post, WholeDrafts, WholePost};

use super::Export;

/// Longest slug, in characters.
const LONGEST_SLUG: usize = 80;

/// The title of a draft that has none: a post needs one.
const UNTITLED: &str = "—";

impl Export<'_> {
    /// The posts that drafts would become; those that change a post are counted.
    pub(super) async fn list_drafts(&mut self) -> Result<Vec<Post>> {
        let (mut posts, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("/internal/drafts?after={after}");
            let page: WholeDrafts = self.services.blog().get(&path).await.context("the drafts could not be listed")?;
            self.written.working_copies += page.items.iter().filter(|draft| draft.post.is_none()).count();
            // An editor that was only opened leaves one without a word.
            posts.extend(page.items.into_iter().filter_map(|draft| draft.post).filter(|post| !is_empty(post)));
            match page.next {
                Some(next) => after = next,
                None => return Ok(posts),
            }
        }
    }

    /// Writes them, after all posts.
    pub(super) async fn drafts(&mut self, drafts: Vec<Post>) -> Result<()> {
        for mut post in drafts {
            if post.summary.title.is_empty() {
                UNTITLED.clone_into(&mut post.summary.title);
            }
            post.summary.slug = self.free_slug(&post.summary.slug);
            for tag in &mut post.summary.tags {
                // Written in whatever way, it is one tag.
                self.tags.entry(tag.slug.clone()).or_insert_with(|| tag.name.clone()).clone_into(&mut tag.name);
            }
            self.post(WholePost { post, aliases: Vec::new() }).await?;
            self.written.drafts += 1;
        }
        Ok(())
    }

    /// `slug`, or the first way to number it that neither leads nor led to a post.
    fn free_slug(&self, slug: &str) -> String {
        let mut free = slug.to_owned();
        let mut number = 1;
        while self.addresses.contains(&free) {
            number += 1;
            free = numbered(slug, number);
        }
        free
    }
}

fn is_empty(post: &Post) -> bool {
    post.summary.title.is_empty() && post.content.as_deref().unwrap_or_default().trim().is_empty()
}

/// No longer than a slug may be.
fn numbered(slug: &str, number: u32) -> String {
    let ending = format!("-{number}");
    let stem: String = slug.chars().take(LONGEST_SLUG - ending.len()).collect();
    stem.trim_end_matches('-').to_owned() + &ending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_slugs_stay_slugs() {
        assert_eq!(numbered("마루", 2), "마루-2");
        let long = numbered(&format!("{}-b", "a".repeat(77)), 10);
        assert_eq!(long, format!("{}-10", "a".repeat(77)));
        assert_eq!(numbered(&format!("{}-bcd", "a".repeat(76)), 10), format!("{}-10", "a".repeat(76)));
    }
}
