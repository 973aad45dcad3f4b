use contracts::pages::{CommentView, Comments};
use maud::{Markup, html};
use shared_ui::components::{avatar, pager_by};
use shared_ui::{encode, moment, sanitised, use_form, use_form_of};

use super::comment_forms::{On, change, delete, report, write};
use super::post_url;
use crate::text::text;

/// Everything that is said about a post, and the form to say more.
pub(crate) fn comments(post: &str, slug: &str, count: u32, comments: &Comments, missing: bool) -> Markup {
    let text = text();
    let page = comments.page.to_string();
    let on = On { post, slug, page: &page };
    html! {
        section.comments id="comments" aria-labelledby="comments-title" {
            h2 id="comments-title" { (text.comments) @if count > 0 { " " span.count { (count) } } }
            @if missing {
                p.notice { (text.comments_away) }
            } @else {
                @if comments.items.is_empty() { p.comments-none { (text.no_comments) } }
                ol.comment-list role="list" { @for item in &comments.items { (comment(on, item)) } }
                (pager_by("comments", comments.page, comments.size, comments.threads, &(post_url(slug) + "?"), "#comments"))
                @if comments.open {
                    div.comment-new { h3 { (text.write) } (write(on, "")) }
                } @else if comments.sign_in {
                    p.notice { a href={ "/login?next=" (encode(&(post_url(slug) + "#comments"))) } { (text.comments_sign_in) } }
                } @else {
                    p.notice { (text.comments_closed) }
                }
            }
        }
    }
}

fn comment(on: On<'_>, item: &CommentView) -> Markup {
    let text = text();
    let class = ["comment depth-", &item.depth.min(2).to_string()].concat();
    html! {
        li class=(class) id={ "comment-" (item.id) } {
            @if item.state == "deleted" {
                p.comment-gone { (text.comment_deleted) }
            } @else {
                div.comment-head {
                    (avatar(&item.author_name, item.author_avatar.as_deref()))
                    p.byline {
                        span.byline-author { (item.author_name) }
                        (moment(&item.created_at))
                        @if item.edited_at.is_some() { span { (text.edited) } }
                    }
                    (badges(item))
                }
                div.comment-text {
                    @if let Some(mention) = &item.mention { p.mention { "@" (mention) } }
                    (sanitised(&item.html))
                }
                (actions(on, item))
            }
        }
    }
}

fn badges(item: &CommentView) -> Markup {
    let text = text();
    let state = match item.state.as_str() {
        "private" => Some(("badge badge--private", text.private_badge)),
        "held" => Some(("badge badge--draft", text.held)),
        "hidden" => Some(("badge badge--trashed", text.hidden)),
        _ => None,
    };
    html! {
        @if item.by_author { span class="badge badge--public" { (text.author) } }
        @if item.guest { span.badge { (text.guest) } }
        @if let Some((class, label)) = state { span class=(class) { (label) } }
    }
}

fn actions(on: On<'_>, item: &CommentView) -> Markup {
    let text = text();
    // A guest shows the password of the comment, in whatever browser: others may sit at this one, too.
    let own = !item.guest;
    let base = ["/forms/comments/", &item.id].concat();
    let refused = |action: &str| use_form(&[&base, action].concat()).refused();
    html! {
        div.comment-actions {
            @if item.can_reply {
                details.act open[use_form_of("/forms/comments", "parent", &item.id).refused()] {
                    summary { (text.reply) }
                    (write(on, &item.id))
                }
            }
            @if item.can_edit {
                details.act open[refused("/edit") || refused("/delete")] {
                    summary { (if own { text.edit } else { text.edit_or_delete }) }
                    (change(on, item))
                }
            }
            @if item.can_delete && own { (delete(on, item)) }
            @if item.can_report {
                details.act open[refused("/report")] { summary { (text.report) } (report(on, item)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guest_where_only_members_write_is_led_to_the_sign_in_and_back() {
        let closed = Comments { page: 1, size: 20, ..Comments::default() };
        let shown = |page: &Comments| comments("1", "a b", 0, page, false).into_string();
        assert!(!shown(&closed).contains("/login"));
        let shown = shown(&Comments { sign_in: true, ..closed });
        assert!(shown.contains(r#"href="/login?next=%2Fposts%2Fa%2520b%23comments""#), "{shown}");
        assert!(!shown.contains(text().comments_closed));
    }
}
