use contracts::{
    blog::{PostSummary, Term},
    pages::{AdminPostRow, PostCard, TermCard},
};

/// What lists show of a post.
pub(super) fn card(post: PostSummary) -> PostCard {
    PostCard {
        slug: post.slug,
        title: post.title,
        excerpt: post.excerpt,
        cover: post.cover,
        author_name: post.author_name,
        author_avatar: post.author_avatar,
        published_at: post.published_at.unwrap_or(post.updated_at),
        reading_minutes: post.reading_minutes,
        category: post.category,
        tags: post.tags,
        locale: post.locale,
        ..PostCard::default()
    }
}

pub(super) fn row(post: PostSummary) -> AdminPostRow {
    AdminPostRow {
        id: post.id,
        slug: post.slug,
        title: post.title,
        author_name: post.author_name,
        status: post.status,
        category: post.category,
        published_at: post.published_at,
        updated_at: post.updated_at,
        version: post.version,
        ..AdminPostRow::default()
    }
}

pub(super) fn term(term: Term) -> TermCard {
    TermCard {
        name: term.name,
        slug: term.slug,
        description: term.description,
        color: term.color,
        posts: term.posts,
        ..TermCard::default()
    }
}
