//! Sends the posts of a library to the services.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use contracts::{
    auth::{AuthorInput, UserCard},
    blog::{ImportOutcome, ImportPost, PostStatus, Redirect, Term},
    page::{ImportPage, ImportedPage, PageKind, PageStatus},
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use tokio::{sync::Semaphore, task::JoinSet};

use super::{
    Library, NOBODY, Note, Report,
    authors::Author,
    comments, dates,
    library::{Target, is_image},
    media::Media,
    meta::Meta,
    references,
    source::{Kind, Source},
};
use crate::services::{CallError, Services};

/// Longest name of an account, in characters.
const LONGEST_NAME: usize = 50;

/// Hears how far an import is.
pub trait Progress: Send + Sync {
    /// One more post is done.
    fn advance(&self);
}

/// One run over a library.
pub struct Import {
    services: Services,
    library: Library,
    /// First part of what identifies a post across imports.
    origin: &'static str,
    media: Media,
    progress: Arc<dyn Progress>,
    /// The slug each post has or will have, by its place in the library.
    slugs: Mutex<Vec<String>>,
    /// The ids of posts that came, by their place in the library.
    ids: Mutex<HashMap<usize, String>>,
    accounts: tokio::sync::Mutex<HashMap<String, Account>>,
}

/// The account that posts of an author are given to.
#[derive(Clone)]
struct Account {
    id: String,
    /// As the folder has it. The account may have another by now, which must not make posts differ.
    avatar: Option<String>,
}

/// What came of one post.
struct Done {
    post: usize,
    slug: Option<String>,
    /// The slugs of other posts that its text was written with.
    relied_on: Vec<(usize, String)>,
    report: Report,
}

impl Import {
    /// An import of `library`. `origin` tells imports of different kinds apart: `markdown`, `demo`.
    pub fn new(services: Services, library: Library, origin: &'static str, progress: Arc<dyn Progress>) -> Self {
        let slugs = library.sources.iter().map(|source| source.slug.clone()).collect();
        Self {
            media: Media::new(services.clone()),
            services,
            library,
            origin,
            progress,
            slugs: Mutex::new(slugs),
            ids: Mutex::default(),
            accounts: tokio::sync::Mutex::default(),
        }
    }

    /// Sends every post. A post that is refused does not stop the others.
    pub async fn run(self) -> Report {
        let import = Arc::new(self);
        import.recall_slugs().await;
        import.describe_terms().await;
        let all = (0..import.library.len()).collect();
        let (mut report, relied_on) = import.send_all(all, true).await;
        // The blog gave some post another slug than the one other posts already link to.
        let stale: Vec<usize> = relied_on
            .into_iter()
            .filter(|(_, links)| links.iter().any(|(post, slug)| import.slug(*post) != *slug))
            .map(|(post, _)| post)
            .collect();
        if !stale.is_empty() {
            let (again, _) = import.send_all(stale, false).await;
            report.failed.extend(again.failed);
        }
        let ids = std::mem::take(&mut *import.ids.lock().unwrap_or_else(PoisonError::into_inner));
        let accounts = import.members().await;
        report.add(comments::send(&import.services, import.origin, &import.library, &ids, &accounts).await);
        report.images = import.media.count().await;
        report
    }

    async fn send_all(
        self: &Arc<Self>,
        posts: Vec<usize>,
        first: bool,
    ) -> (Report, Vec<(usize, Vec<(usize, String)>)>) {
        // Rendering is bound by the processors; a few more keep them busy while the database writes.
        let places = Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from) + 2));
        let mut running = JoinSet::new();
        for post in posts {
            let (import, places) = (Arc::clone(self), Arc::clone(&places));
            running.spawn(async move {
                let _place = places.acquire_owned().await;
                import.send(post).await
            });
        }
        let (mut report, mut relied_on) = (Report::default(), Vec::new());
        while let Some(done) = running.join_next().await {
            let done = match done {
                Ok(done) => done,
                Err(error) => {
                    tracing::error!(%error, "one post could not be imported");
                    continue;
                }
            };
            if let Some(slug) = done.slug {
                self.lock_slugs()[done.post] = slug;
            }
            relied_on.push((done.post, done.relied_on));
            report.add(done.report);
            if first {
                self.progress.advance();
            }
        }
        for notes in [&mut report.failed, &mut report.warnings] {
            notes.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        }
        (report, relied_on)
    }

    async fn send(&self, post: usize) -> Done {
        let source = &self.library.sources[post];
        let mut done = Done { post, slug: None, relied_on: Vec::new(), report: Report::default() };
        match self.put(source, &mut done).await {
            Ok(outcome) => {
                done.report.count(outcome.change);
                done.slug = Some(outcome.slug);
                if source.kind == Kind::Post {
                    self.ids.lock().unwrap_or_else(PoisonError::into_inner).insert(post, outcome.id);
                }
            }
            Err(error) => {
                tracing::debug!(file = source.name, cause = ?error, "refused");
                let note = Note { file: source.name.clone(), line: None, reason: error.to_string() };
                done.report.failed.push(note);
            }
        }
        done
    }

    async fn put(&self, source: &Source, done: &mut Done) -> Result<ImportOutcome, CallError> {
        let content = self.text(source, done).await;
        let cover = match &source.meta.cover {
            Some(cover) => self.picture(source, cover, done).await,
            None => None,
        };
        let mut authors = source.meta.authors.iter();
        let nobody = Author { name: NOBODY.to_owned(), ..Author::default() };
        let author = authors.next().unwrap_or(&nobody);
        let account = self.account(author, done).await?;
        if source.kind != Kind::Post {
            return self.put_page(source, content, account, &author.name).await;
        }
        let input = ImportPost {
            source: format!("{}:{}", self.origin, source.name),
            slug: source.slug.clone(),
            title: source.title.clone(),
            content,
            excerpt: source.meta.excerpt.clone(),
            cover,
            author_id: account.id,
            author_name: author.name.clone(),
            author_avatar: account.avatar,
            co_authors: authors.map(|author| author.name.clone()).collect(),
            category: self.library.category(source),
            tags: source.meta.tags.clone(),
            status: status(source),
            scheduled_at: source.meta.scheduled.and_then(dates::rfc3339),
            featured: source.meta.featured,
            published_at: published(source),
            updated_at: source.meta.updated.and_then(dates::rfc3339),
            locale: source.locale.clone(),
            aliases: source.old_paths.clone(),
            canonical: source.meta.canonical.clone(),
            seo_title: source.meta.seo_title.clone(),
            seo_description: source.meta.seo_description.clone(),
            translation_group: source.meta.translation_group.clone(),
            comments_allowed: source.meta.comments,
        };
        self.services.blog().put("/internal/import/posts", &input).await
    }

    async fn put_page(
        &self,
        source: &Source,
        content: String,
        account: Account,
        author: &str,
    ) -> Result<ImportOutcome, CallError> {
        let input = ImportPage {
            source: format!("{}:{}", self.origin, source.name),
            slug: source.slug.clone(),
            title: source.title.clone(),
            content,
            kind: if source.kind == Kind::Notice { PageKind::Notice } else { PageKind::Static },
            status: if source.meta.draft { PageStatus::Draft } else { PageStatus::Published },
            badge: source.meta.badge.clone(),
            pinned: source.meta.pinned,
            template: source.meta.template,
            author_id: account.id,
            author_name: author.to_owned(),
            author_avatar: account.avatar,
            published_at: published(source),
            updated_at: source.meta.updated.and_then(dates::rfc3339),
            locale: source.locale.clone(),
            aliases: source.old_paths.clone(),
        };
        let ImportedPage { change, id, slug } = self.services.page().put("/internal/import/pages", &input).await?;
        Ok(ImportOutcome { change, id, slug })
    }

    /// The text with its references rewritten to where things are on this site.
    async fn text(&self, source: &Source, done: &mut Done) -> String {
        let mut replacements = Vec::new();
        for reference in references::find(&source.body) {
            let destination = &source.body[reference.range.clone()];
            let line = source.body_line + source.body[..reference.range.start].matches('\n').count();
            replacements.push(self.new_address(source, destination, reference.image, line, done).await);
        }
        let mut replacements = replacements.into_iter();
        references::rewrite(&source.body, |_, _| replacements.next().flatten())
    }

    async fn new_address(
        &self,
        source: &Source,
        old: &str,
        image: bool,
        line: usize,
        done: &mut Done,
    ) -> Option<String> {
        let reason = match self.library.target(source, old) {
            Target::Elsewhere => return None,
            Target::Post(post, rest) => {
                let slug = self.slug(post);
                let address = format!("/{}/{slug}{rest}", self.library.sources[post].kind.folder());
                done.relied_on.push((post, slug));
                return Some(address);
            }
            Target::File(file) if image || is_image(old) => match self.media.url(&file).await {
                Ok(url) => return Some(url + self.library.rest_of(old)),
                Err(reason) => format!("the image `{old}` was not taken: {reason}"),
            },
            Target::File(_) => format!("`{old}` is not an image and was left behind"),
            Target::Missing if image || is_image(old) => format!("the image `{old}` is not there"),
            Target::Missing => format!("the link `{old}` leads to nothing in this folder"),
        };
        done.report.warnings.push(Note { file: source.name.clone(), line: Some(line), reason });
        None
    }

    /// The address of a cover or an avatar.
    async fn picture(&self, source: &Source, written: &str, done: &mut Done) -> Option<String> {
        match self.library.target(source, written) {
            Target::Elsewhere => Some(written.to_owned()),
            _ => self.new_address(source, written, true, 1, done).await,
        }
    }

    /// The account of `author`, made when there is none.
    async fn account(&self, author: &Author, done: &mut Done) -> Result<Account, CallError> {
        // Held across the call, so that one author of many posts is asked for once.
        let mut accounts = self.accounts.lock().await;
        if let Some(account) = accounts.get(&author.name) {
            return Ok(account.clone());
        }
        let (source, author) = self.library.introduction(author);
        let avatar = match (&author.avatar, source) {
            (Some(avatar), Some(source)) => self.picture(source, avatar, done).await,
            _ => None,
        };
        let input = AuthorInput {
            key: format!("import:{}", author.name),
            name: author.name.chars().take(LONGEST_NAME).collect(),
            bio: author.bio.clone(),
            avatar: avatar.clone(),
        };
        let card: UserCard = self.services.auth().put("/internal/authors", &input).await?;
        let account = Account { id: card.id, avatar };
        accounts.insert(author.name.clone(), account.clone());
        Ok(account)
    }

    /// Posts come whether or not their categories and tags can be described.
    async fn describe_terms(&self) {
        for category in self.library.described_categories() {
            let described: Result<Term, _> = self.services.blog().put("/internal/import/categories", &category).await;
            if let Err(error) = described {
                tracing::warn!(category = category.name, %error, "a category was not described");
            }
        }
        for tag in self.library.described_tags() {
            let described: Result<Term, _> = self.services.blog().put("/internal/import/tags", tag).await;
            if let Err(error) = described {
                tracing::warn!(tag = tag.name, %error, "a tag was not made");
            }
        }
    }

    /// The accounts of members who wrote comments, by name.
    async fn members(&self) -> HashMap<String, String> {
        let mut accounts = HashMap::new();
        for comment in self.library.comments.iter().filter(|comment| comment.member) {
            if accounts.contains_key(&comment.author) {
                continue;
            }
            let author = Author { name: comment.author.clone(), ..Author::default() };
            let mut done = Done { post: comment.post, slug: None, relied_on: Vec::new(), report: Report::default() };
            match self.account(&author, &mut done).await {
                Ok(account) => drop(accounts.insert(author.name, account.id)),
                // Their comments come as a guest's.
                Err(error) => tracing::warn!(name = author.name, %error, "an account could not be made"),
            }
        }
        accounts
    }

    /// Asks the blog for the slugs of posts that an earlier run brought, so that links to them are
    /// written the same way again.
    async fn recall_slugs(&self) {
        for (post, source) in self.library.sources.iter().enumerate() {
            let Some(path) = source.old_paths.first() else { continue };
            let query = format!("/internal/redirects?path={}", utf8_percent_encode(path, NON_ALPHANUMERIC));
            let service = match source.kind {
                Kind::Post => self.services.blog(),
                Kind::Page | Kind::Notice => self.services.page(),
            };
            let redirect: Result<Redirect, _> = service.get(&query).await;
            let Ok(Redirect { location }) = redirect else { continue };
            if let Some(slug) = location.strip_prefix(&format!("/{}/", source.kind.folder())) {
                self.lock_slugs()[post] = percent_decode_str(slug).decode_utf8_lossy().into_owned();
            }
        }
    }

    fn slug(&self, post: usize) -> String {
        self.lock_slugs()[post].clone()
    }

    fn lock_slugs(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.slugs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn published(source: &Source) -> Option<String> {
    source.dated.then(|| dates::rfc3339(source.published)).flatten()
}

fn status(source: &Source) -> PostStatus {
    match source.meta {
        Meta { scheduled: Some(_), .. } => PostStatus::Scheduled,
        Meta { draft: true, .. } => PostStatus::Draft,
        Meta { private: true, .. } => PostStatus::Private,
        _ => PostStatus::Public,
    }
}
