use contracts::{
    auth::UserCard,
    blog::{PostSummary, Term},
    page::PageSummary,
    pages::{AdminPostRow, AuthorCard, NoticeCard, PostCard, PostLink, TermCard},
};

/// What lists show of a post.
pub(super) fn card(post: PostSummary) -> PostCard {
    PostCard {
        slug: post.slug,
        title: post.title,
        excerpt: post.excerpt,
        cover: post.cover,
        cover_srcset: String::new(),
        author_name: post.author_name,
        author_avatar: post.author_avatar,
        author_id: post.author_id,
        published_at: post.published_at.unwrap_or(post.updated_at),
        reading_minutes: post.reading_minutes,
        category: post.category,
        tags: post.tags,
        locale: post.locale,
        views: post.views,
        likes: post.likes,
        comments: post.comments,
    }
}

pub(super) fn link(post: PostSummary) -> PostLink {
    PostLink { slug: post.slug, title: post.title, published_at: post.published_at.unwrap_or(post.updated_at) }
}

pub(super) fn row(post: PostSummary) -> AdminPostRow {
    AdminPostRow {
        id: post.id,
        slug: post.slug,
        title: post.title,
        author_name: post.author_name,
        status: post.status,
        category: post.category,
        published_at: post.scheduled_at.or(post.published_at),
        updated_at: post.updated_at,
        version: post.version,
        views: post.views,
        likes: post.likes,
        comments: post.comments,
    }
}

pub(super) fn term(term: Term) -> TermCard {
    TermCard {
        name: term.name,
        slug: term.slug,
        description: term.description,
        color: term.color,
        posts: term.posts,
        id: String::new(),
        icon: term.icon.unwrap_or_default(),
    }
}

pub(super) fn author(card: &UserCard) -> AuthorCard {
    AuthorCard { id: card.id.clone(), name: card.name.clone(), avatar: card.avatar.clone(), bio: card.bio.clone() }
}

pub(super) fn notice(page: PageSummary) -> NoticeCard {
    NoticeCard {
        slug: page.slug,
        title: page.title,
        badge: page.badge.unwrap_or_default(),
        pinned: page.pinned,
        published_at: page.published_at.unwrap_or(page.updated_at),
    }
}
