use contracts::blog::PostStatus;
use contracts::pages::{PostLink, PostPage, TocEntry};
use maud::{Markup, html};
use shared_ui::components::{BOOKMARK, CHAIN, HEART, avatar, icon};
use shared_ui::{day_of, encode, member, sanitised, set_cache, show, use_form};

use crate::components::{On, away, category_link, comments, counts, cover, link_list, post_url, tag_list};
use crate::head;
use crate::text::{reading_time, text};

/// `/posts/:slug`
pub(crate) fn page(read: Option<String>, slug: &str) -> Markup {
    set_cache(60, 600, &["posts", &("post-slug:".to_owned() + slug)]);
    show::<PostPage>(read, head::article, |post| view(&post))
}

fn view(post: &PostPage) -> Markup {
    let card = &post.card;
    let class = if post.toc.len() > 2 { "post with-toc" } else { "post" };
    let public = post.status == PostStatus::Public;
    html! {
        article class=(class) data-count=[public.then(|| "/api/views/post/".to_owned() + &post.id)] {
            (header(post))
            @if card.cover.is_some() {
                div.post-cover { (cover(card, true, Some((post.cover_width, post.cover_height)))) }
            }
            (contents(&post.toc))
            div.prose lang=(card.locale) { (sanitised(&post.html)) }
            (footer(post))
            @if public {
                (comments(&post.id, &card.slug, card.comments, &post.comments, missing(post, "comments")))
            }
        }
    }
}

fn missing(post: &PostPage, part: &str) -> bool {
    post.missing.iter().any(|missing| missing == part)
}

fn header(post: &PostPage) -> Markup {
    let text = text();
    let card = &post.card;
    html! {
        header.post-head {
            @if post.status != PostStatus::Public { p.callout-line { (text.draft_notice) } }
            @if let Some(category) = &card.category { p.eyebrow { (category_link(category)) } }
            h1 lang=(card.locale) { (card.title) }
            div.post-meta {
                (avatar(&card.author_name, card.author_avatar.as_deref()))
                p.byline {
                    (author(post))
                    (day_of(&card.published_at))
                    span { (reading_time(card.reading_minutes)) }
                    @if let Some(time) = &post.updated_at { span { (text.updated) " " (day_of(time)) } }
                }
                (counts(card))
                @if post.can_edit {
                    a class="button button--small" href={ "/admin/posts/edit/" (encode(&card.slug)) } { (text.edit) }
                }
            }
        }
    }
}

fn author(post: &PostPage) -> Markup {
    let card = &post.card;
    html! {
        @if card.author_id.is_empty() {
            span.byline-author { (card.author_name) }
        } @else {
            a.byline-author href={ "/authors/" (encode(&card.author_id)) } { (card.author_name) }
        }
    }
}

/// The table of contents; nothing when there is little to list.
fn contents(toc: &[TocEntry]) -> Markup {
    html! {
        @if toc.len() > 2 {
            details.toc open {
                summary { (text().contents) }
                ol role="list" {
                    @for entry in toc {
                        li class=(if entry.level > 2 { "toc-sub" } else { "toc-main" }) {
                            a href={ "#" (entry.id) } { (entry.text) }
                        }
                    }
                }
            }
        }
    }
}

fn footer(post: &PostPage) -> Markup {
    let text = text();
    let card = &post.card;
    html! {
        footer.post-foot {
            @if let Some(url) = &post.canonical {
                p.first-published { (text.first_published) " " a href=(url) rel="external" { (url) } }
            }
            (tag_list(&card.tags))
            @if post.status == PostStatus::Public { (reactions(post)) }
            section.author-card aria-label=(text.written_by) {
                (avatar(&card.author_name, card.author_avatar.as_deref()))
                div {
                    p.author-name { (author(post)) }
                    @if !post.co_authors.is_empty() { p.author-with { (text.with) ": " (post.co_authors.join(", ")) } }
                    @if missing(post, "author") { p.author-bio { (text.part_away) } }
                    @if let Some(bio) = &post.author_bio { p.author-bio { (bio) } }
                }
            }
            (neighbours(post))
            @if missing(post, "related") { (away(text.related)) } @else if !post.related.is_empty() {
                section.related aria-labelledby="related" { h2 id="related" { (text.related) } (link_list(&post.related)) }
            }
        }
    }
}

/// What a reader can do with a post.
fn reactions(post: &PostPage) -> Markup {
    let text = text();
    let card = &post.card;
    let here = post_url(&card.slug);
    let like = use_form(&["/forms/likes/", &post.id].concat()).class("inline-form");
    let keep = use_form(&["/forms/bookmarks/", &post.id].concat()).class("inline-form");
    let page = post.comments.page.to_string();
    let place = || On { post: &post.id, slug: &card.slug, page: &page }.place();
    html! {
        @if missing(post, "likes") { (away(text.likes)) }
        @if missing(post, "bookmarks") { (away(text.bookmarks)) }
        div.reactions {
            (like.show(html! {
                (place())
                // What is wanted, so that a second press of the same button changes nothing.
                input type="hidden" name="on" value=(if post.liked { "" } else { "true" });
                button class="button reaction" type="submit" aria-pressed=(post.liked) {
                    (icon(HEART)) (text.like) @if card.likes > 0 { " " span.count { (card.likes) } }
                }
            }))
            @if member().is_some() {
                (keep.show(html! {
                    (place())
                    input type="hidden" name="on" value=(if post.bookmarked { "" } else { "true" });
                    button class="button reaction" type="submit" aria-pressed=(post.bookmarked) {
                        (icon(BOOKMARK)) (text.bookmark)
                    }
                }))
            } @else {
                a class="button reaction" href={ "/login?next=" (encode(&here)) } { (icon(BOOKMARK)) (text.bookmark) }
            }
            button class="button reaction needs-script" type="button" data-copy=(here) data-share="" { (icon(CHAIN)) (text.share) }
        }
    }
}

/// The posts before and after it.
fn neighbours(post: &PostPage) -> Markup {
    let text = text();
    let link = |post: &Option<PostLink>, class: &str, rel: &str, label: &str| {
        html! {
            @if let Some(post) = post {
                a class=(class) rel=(rel) href=(post_url(&post.slug)) { span.neighbour-label { (label) } span.neighbour-title { (post.title) } }
            }
        }
    };
    html! {
        @if missing(post, "adjacent") { (away(text.more_posts)) } @else if post.previous.is_some() || post.next.is_some() {
            nav.neighbours aria-label=(text.more_posts) {
                (link(&post.previous, "neighbour", "prev", text.older))
                (link(&post.next, "neighbour newer", "next", text.newer))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_like_says_which_way_and_what_is_not_known_is_said() {
        let post = PostPage { liked: true, ..PostPage::default() };
        let like = |post: &PostPage| reactions(post).into_string();
        assert!(like(&post).contains(r#"name="on" value="">"#), "{}", like(&post));
        assert!(!like(&post).contains(text().part_away));
        let post = PostPage { missing: vec!["likes".to_owned(), "bookmarks".to_owned()], ..PostPage::default() };
        let shown = like(&post);
        assert!(shown.contains(r#"name="on" value="true">"#), "{shown}");
        assert_eq!(shown.matches(text().part_away).count(), 2, "{shown}");
    }
}
