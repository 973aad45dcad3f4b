use contracts::blog::PostStatus;
use contracts::pages::AdminPostRow;
use maud::{Markup, html};
use shared_ui::{day_of, encode, use_form_over};

use super::{all_box, choice_box, table};
use crate::text::{status_text, text};

/// The status of a post, as a word with a colour.
pub(crate) fn status_badge(status: PostStatus) -> Markup {
    let class = match status {
        PostStatus::Draft => "badge badge--draft",
        PostStatus::Public => "badge badge--public",
        PostStatus::Private | PostStatus::Scheduled => "badge badge--private",
        PostStatus::Trashed => "badge badge--trashed",
    };
    html! { span class=(class) { (status_text(status)) } }
}

/// Posts as a table; with `next` a form that does something with one or several of them and leads there.
pub(crate) fn post_table(rows: &[AdminPostRow], next: Option<&str>) -> Markup {
    let text = text();
    let actions = next.is_some();
    if rows.is_empty() {
        return html! { p.empty { (text.no_posts) } };
    }
    let numbers = [text.views, text.likes, text.comments].map(|label| ["#", label].concat());
    let mut headings = vec![text.title, text.status, text.author, text.updated];
    headings.extend(numbers.iter().map(String::as_str));
    if actions {
        headings.insert(0, text.select);
        headings.push(text.actions);
    }
    let table = table(text.posts, &headings, &html! { @for post in rows { (row(post, actions)) } });
    let Some(next) = next else { return table };
    use_form_over("/forms/posts/bulk", "/forms/posts").class("bulk").label(text.posts).show(html! {
        // Enter on a box presses the first button of a form: this one, which does nothing where no dialog is.
        button type="submit" formmethod="dialog" formaction="#" hidden {}
        input type="hidden" name="next" value=(next);
        (table)
        div.bulk-bar {
            (all_box())
            button class="button button--small" type="submit" name="action" value="publish" { (text.publish) }
            button class="button button--small" type="submit" name="action" value="trash" data-question=(text.bulk_question) { (text.to_trash) }
            button class="button button--small" type="submit" name="action" value="restore" { (text.restore) }
        }
    })
}

fn row(post: &AdminPostRow, actions: bool) -> Markup {
    html! {
        tr {
            @if actions { td { (choice_box(&post.slug, &post.title)) } }
            th scope="row" {
                a href={ "/admin/posts/edit/" (encode(&post.slug)) } { (post.title) }
                @if let Some(category) = &post.category { span.row-category { (category.name) } }
            }
            td { (status_badge(post.status)) }
            td { (post.author_name) }
            td.nowrap { (day_of(&post.updated_at)) }
            td.number { (post.views) }
            td.number { (post.likes) }
            td.number { (post.comments) }
            @if actions { td.row-actions { (buttons(post)) } }
        }
    }
}

/// Buttons of the form around the table, each with an action of its own.
fn buttons(post: &AdminPostRow) -> Markup {
    let text = text();
    let button = |action: &str, label: &str, class: &str, question: Option<&str>| {
        html! {
            button class=(["button button--small ", class].concat()) type="submit" name="version" value=(post.version)
                formaction={ "/forms/posts/" (encode(&post.slug)) "/" (action) } data-question=[question] { (label) }
        }
    };
    html! {
        @match post.status {
            PostStatus::Trashed => {
                (button("restore", text.restore, "", None))
                (button("purge", text.purge, "button--danger", Some(text.purge_question)))
            }
            status => {
                @if status != PostStatus::Public { (button("publish", text.publish, "", None)) }
                (button("delete", text.delete, "button--danger", Some(text.delete_question)))
            }
        }
    }
}
