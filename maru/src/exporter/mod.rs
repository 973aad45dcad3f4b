//! Writes posts and pages as a folder of Markdown with front matter and images, which the importer reads back to
//! the same content.

mod files;
mod front_matter;

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result, bail};
use contracts::{
    auth::UserCard,
    blog::{InternalPosts, PostStatus, Term, WholePost},
    page::{Page, SitemapPages},
};

use crate::{importer::rewrite_references, services::Services};
use files::Folder;

/// What an export wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Posts, drafts included.
    pub posts: usize,
    /// Published pages and notices.
    pub pages: usize,
    /// Images that they use.
    pub images: usize,
}

/// Writes everything but the trash into `folder`, which must be empty or not there.
///
/// # Errors
/// When the folder holds something, cannot be written, or a service does not answer.
pub async fn export(services: &Services, folder: PathBuf) -> Result<Written> {
    if folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} is not empty; name a folder that does not exist yet", folder.display());
    }
    let mut export = Export { services, folder: Folder::create(folder)?, authors: BTreeMap::new() };
    let mut written = Written::default();
    let mut after = String::new();
    loop {
        let page: InternalPosts = services
            .blog()
            .get(&format!("/internal/posts?after={after}"))
            .await
            .context("the posts could not be listed")?;
        for post in page.items.iter().filter(|post| post.status != PostStatus::Trashed) {
            let path = format!("/internal/posts/{}/whole", post.post_id);
            let whole: WholePost = services.blog().get(&path).await.with_context(|| post.title.clone())?;
            export.post(whole).await?;
            written.posts += 1;
        }
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    written.pages = export.pages().await?;
    export.categories().await?;
    written.images = export.folder.images();
    Ok(written)
}

struct Export<'a> {
    services: &'a Services,
    folder: Folder,
    authors: BTreeMap<String, Option<UserCard>>,
}

impl Export<'_> {
    async fn post(&mut self, whole: WholePost) -> Result<()> {
        let WholePost { mut post, aliases } = whole;
        let author = self.author(&post.summary.author_id).await?;
        let content = post.content.take().unwrap_or_default();
        let content = self.bring_images(&content, "../").await?;
        let cover = self.bring_image(post.summary.cover.as_deref(), "../").await?;
        let front = front_matter::of_post(&post, &aliases, author.as_ref(), cover.as_deref())?;
        self.folder.write("posts", &post.summary.slug, &front, &content)
    }

    async fn pages(&mut self) -> Result<usize> {
        let (mut count, mut after) = (0, String::new());
        loop {
            let listed: SitemapPages = self
                .services
                .page()
                .get(&format!("/internal/pages?after={after}"))
                .await
                .context("the pages could not be listed")?;
            for place in &listed.items {
                let path = format!("/internal/pages/{}", place.id);
                let page: Page = self.services.page().get(&path).await.with_context(|| place.path.clone())?;
                let content = self.bring_images(page.content.as_deref().unwrap_or_default(), "../").await?;
                let front = front_matter::of_page(&page)?;
                self.folder.write("pages", &page.summary.slug, &front, &content)?;
                count += 1;
            }
            match listed.next {
                Some(next) => after = next,
                None => return Ok(count),
            }
        }
    }

    /// What is known of categories beside their names, as Zola keeps it.
    async fn categories(&self) -> Result<()> {
        let categories: Vec<Term> =
            self.services.blog().get("/api/categories").await.context("the categories could not be listed")?;
        for category in &categories {
            self.folder.write_section(&category.slug, &front_matter::of_category(category)?)?;
        }
        Ok(())
    }

    /// The public card of an author; none of a deleted account.
    async fn author(&mut self, id: &str) -> Result<Option<UserCard>> {
        if let Some(known) = self.authors.get(id) {
            return Ok(known.clone());
        }
        let cards: Vec<UserCard> =
            self.services.auth().get(&format!("/api/users?ids={id}")).await.context("an author could not be read")?;
        let card = cards.into_iter().next();
        self.authors.insert(id.to_owned(), card.clone());
        Ok(card)
    }

    /// The text with its images beside it.
    async fn bring_images(&mut self, text: &str, up: &str) -> Result<String> {
        let mut places = BTreeMap::new();
        for url in crate::importer::references_of(text) {
            if let Some(place) = self.bring_image(Some(&url), up).await? {
                places.insert(url, place);
            }
        }
        Ok(rewrite_references(text, |url| places.get(url).filter(|place| *place != url).cloned()))
    }

    /// Where an image stands now: in the folder when it is this site's, else where it was.
    async fn bring_image(&mut self, url: Option<&str>, up: &str) -> Result<Option<String>> {
        let Some(url) = url else { return Ok(None) };
        let Some(name) = url.strip_prefix("/media/").filter(|name| files::is_plain(name)) else {
            return Ok(Some(url.to_owned()));
        };
        if !self.folder.has_image(name) {
            let bytes = match self.services.storage().get_bytes(url).await {
                Ok(bytes) => bytes,
                // A broken reference stays one.
                Err(error) if error.is_not_found() => return Ok(Some(url.to_owned())),
                Err(error) => return Err(error).with_context(|| url.to_owned()),
            };
            self.folder.write_image(name, &bytes)?;
        }
        Ok(Some(format!("{up}media/{name}")))
    }
}
