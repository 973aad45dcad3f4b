use contracts::pages::{PostCard, PostLink};
use maud::{Markup, html};
use shared_ui::components::{BUBBLE, EYE, HEART, icon};
use shared_ui::day_of;

use super::{category_class, category_link, post_url};
use crate::text::{reading_time, text};

/// The picture of a post, or a plate in its category's colour.
pub(crate) fn cover(post: &PostCard, eager: bool, size: Option<(u32, u32)>) -> Markup {
    let (width, height) = size.filter(|(width, _)| *width > 0).unzip();
    html! {
        @if let Some(picture) = &post.cover {
            img.cover src=(picture) alt="" loading=(if eager { "eager" } else { "lazy" }) decoding="async"
                srcset=[(!post.cover_srcset.is_empty()).then_some(&post.cover_srcset)]
                sizes=[(!post.cover_srcset.is_empty()).then_some("(max-width: 52rem) 92vw, 43rem")]
                width=[width] height=[height];
        } @else {
            @let color = post.category.as_ref().map(|category| category_class(category.color)).unwrap_or_default();
            span class=([&color, " cover plate"].concat().trim_start()) aria-hidden="true" {
                @if let Some(letter) = post.title.chars().next() { (letter.to_string()) }
            }
        }
    }
}

/// Who, when, how long.
fn byline(post: &PostCard) -> Markup {
    html! {
        p.byline {
            span.byline-author { (post.author_name) }
            (day_of(&post.published_at))
            span { (reading_time(post.reading_minutes)) }
        }
    }
}

/// How often a post was read, liked, commented; what is 0 is left out.
pub(crate) fn counts(post: &PostCard) -> Markup {
    let text = text();
    let counts =
        [(post.views, EYE, text.views), (post.likes, HEART, text.likes), (post.comments, BUBBLE, text.comments)];
    html! {
        @if counts.iter().any(|(count, ..)| *count > 0) {
            ul.counts role="list" {
                @for (count, path, label) in counts {
                    @if count > 0 { li { (icon(path)) span.visually-hidden { (label) " " } (count) } }
                }
            }
        }
    }
}

/// The post that leads the home page.
pub(crate) fn lead(post: &PostCard) -> Markup {
    html! {
        article.lead {
            div.lead-cover { (cover(post, true, None)) }
            div.lead-text {
                p.eyebrow {
                    span.eyebrow-label { (text().featured) }
                    @if let Some(category) = &post.category { (category_link(category)) }
                }
                h2 lang=(post.locale) { a.stretched href=(post_url(&post.slug)) { (post.title) } }
                p.excerpt lang=(post.locale) { (post.excerpt) }
                (byline(post))
            }
        }
    }
}

/// Posts as cards.
pub(crate) fn post_list(posts: &[PostCard]) -> Markup {
    // Beside pictures a card without one would be a hole, so it gets a plate; among its like it needs none.
    let covers = posts.iter().any(|post| post.cover.is_some());
    html! {
        @if posts.is_empty() {
            p.empty { (text().no_posts) }
        } @else {
            ul.cards role="list" { @for post in posts { li { (card(post, covers)) } } }
        }
    }
}

fn card(post: &PostCard, covers: bool) -> Markup {
    html! {
        article.card {
            @if covers { div.card-cover { (cover(post, false, None)) } }
            div.card-text {
                @if let Some(category) = &post.category { p.eyebrow { (category_link(category)) } }
                h3 lang=(post.locale) { a.stretched href=(post_url(&post.slug)) { (post.title) } }
                p.excerpt lang=(post.locale) { (post.excerpt) }
                div.card-foot { (byline(post)) (counts(post)) }
            }
        }
    }
}

/// Titles and days, one below the other.
pub(crate) fn link_list(posts: &[PostLink]) -> Markup {
    html! {
        ul.link-list role="list" {
            @for post in posts {
                li { a href=(post_url(&post.slug)) { (post.title) } @if !post.published_at.is_empty() { (day_of(&post.published_at)) } }
            }
        }
    }
}
