//! Writes posts, pages and comments as a folder of Markdown with front matter and images, which the importer reads
//! back to the same content: exported again from there, the folder is the same byte for byte.

mod comments;
mod drafts;
mod files;
mod front_matter;
mod media;
mod people;

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use contracts::{
    blog::{InternalPosts, PostStatus, Term, WholePost, WholeTerm, WholeTerms},
    page::{PageKind, SitemapPages, WholePage},
};

use crate::services::Services;
use files::Folder;
use people::People;

/// The file by which the importer knows a folder of ours.
pub(crate) const EXPORT_MARK: &str = "maru-export.json";

/// What an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Posts in whatever status.
    pub posts: usize,
    /// Drafts that belong to no post, as posts that are drafts.
    pub drafts: usize,
    /// Drafts that change a post: they were left out.
    pub working_copies: usize,
    /// Pages and notices in whatever status.
    pub pages: usize,
    /// Comments in whatever state.
    pub comments: usize,
    /// Images that they use.
    pub images: usize,
}

/// Writes everything but the trash and working copies of posts into `folder`, which must be empty or not there.
///
/// # Errors
/// When the folder holds something, cannot be written, or a service does not answer.
pub async fn export(services: &Services, folder: PathBuf) -> Result<Written> {
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty; name a folder that does not exist yet", folder.display());
    }
    let folder = Folder::create(folder)?;
    let mut export = Export {
        services,
        folder,
        people: People::default(),
        addresses: HashSet::new(),
        tags: BTreeMap::new(),
        written: Written::default(),
    };
    // Looked for first: what is published meanwhile comes twice then, and not never.
    let drafts = export.list_drafts().await?;
    export.posts().await?;
    export.drafts(drafts).await?;
    export.pages().await?;
    export.terms().await?;
    export.written.images = export.folder.images();
    // Last: what was cut off in the middle is not taken for the whole.
    export.folder.mark()?;
    Ok(export.written)
}

struct Export<'a> {
    services: &'a Services,
    folder: Folder,
    people: People,
    /// Slugs that lead, or once led, to what was written.
    addresses: HashSet<String>,
    /// Names of the tags of drafts by their slugs.
    tags: BTreeMap<String, String>,
    written: Written,
}

impl Export<'_> {
    async fn posts(&mut self) -> Result<()> {
        let mut after = String::new();
        loop {
            let page: InternalPosts = self
                .services
                .blog()
                .get(&format!("/internal/posts?after={after}"))
                .await
                .context("the posts could not be listed")?;
            for post in page.items.iter().filter(|post| post.status != PostStatus::Trashed) {
                let path = format!("/internal/posts/{}/whole", post.post_id);
                let whole: WholePost = self.services.blog().get(&path).await.with_context(|| post.title.clone())?;
                let slug = whole.post.summary.slug.clone();
                self.post(whole).await?;
                self.comments(&post.post_id, &slug).await?;
                self.written.posts += 1;
            }
            match page.next {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }

    async fn post(&mut self, whole: WholePost) -> Result<()> {
        let WholePost { mut post, aliases } = whole;
        let summary = &post.summary;
        let authors = self.authors(&summary.author_id, &summary.author_name, &post.co_authors).await?;
        let content = self.bring_images(&post.content.take().unwrap_or_default()).await?;
        let cover = self.bring_image(post.summary.cover.as_deref()).await?;
        let front = front_matter::of_post(&post, &aliases, &authors, cover.as_deref())?;
        self.folder.write("posts", &post.summary.slug, &front, &content)?;
        self.addresses.extend(aliases.iter().filter_map(|alias| alias.strip_prefix("/posts/")).map(str::to_owned));
        self.addresses.insert(post.summary.slug);
        Ok(())
    }

    async fn pages(&mut self) -> Result<()> {
        let mut after = String::new();
        loop {
            let listed: SitemapPages = self
                .services
                .page()
                .get(&format!("/internal/pages?all=true&after={after}"))
                .await
                .context("the pages could not be listed")?;
            for place in &listed.items {
                let path = format!("/internal/pages/{}/whole", place.id);
                let whole: WholePage = self.services.page().get(&path).await.with_context(|| place.path.clone())?;
                self.page(whole).await?;
                self.written.pages += 1;
            }
            match listed.next {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }

    async fn page(&mut self, WholePage { page, aliases }: WholePage) -> Result<()> {
        let summary = &page.summary;
        let authors = self.authors(&summary.author_id, &summary.author_name, &[]).await?;
        let content = self.bring_images(page.content.as_deref().unwrap_or_default()).await?;
        let front = front_matter::of_page(&page, &aliases, &authors)?;
        let part = match summary.kind {
            PageKind::Static => "pages",
            PageKind::Notice => "notices",
        };
        self.folder.write(part, &summary.slug, &front, &content)
    }

    /// Categories and tags, as Zola keeps sections.
    async fn terms(&self) -> Result<()> {
        let terms: WholeTerms =
            self.services.blog().get("/internal/terms").await.context("categories and tags could not be listed")?;
        for category in &terms.categories {
            self.folder.write_section("categories", &category.term.slug, &front_matter::of_category(category)?)?;
        }
        for tag in &terms.tags {
            self.folder.write_section("tags", &tag.term.slug, &front_matter::of_tag(tag)?)?;
        }
        // Those that only drafts name are made where these become posts.
        let known: HashSet<&str> = terms.tags.iter().map(|tag| tag.term.slug.as_str()).collect();
        for (slug, name) in self.tags.iter().filter(|(slug, _)| !known.contains(slug.as_str())) {
            let term = Term { slug: slug.clone(), name: name.clone(), ..Term::default() };
            let front = front_matter::of_tag(&WholeTerm { term, aliases: Vec::new() })?;
            self.folder.write_section("tags", slug, &front)?;
        }
        Ok(())
    }
}
