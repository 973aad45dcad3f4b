use contracts::blog::PostStatus;
use contracts::pages::AdminPostRow;
use leptos::either::Either;
use leptos::prelude::*;
use shared_ui::{Day, encode};

use super::{DeletePost, PublishPost};
use crate::text::{status_text, text};

/// The status of a post, as a word with a colour.
#[component]
pub(crate) fn StatusBadge(status: PostStatus) -> impl IntoView {
    let class = match status {
        PostStatus::Draft => "badge badge--draft",
        PostStatus::Public => "badge badge--public",
        PostStatus::Private => "badge badge--private",
        PostStatus::Scheduled => "badge badge--scheduled",
        PostStatus::Trashed => "badge badge--trashed",
    };
    view! { <span class=class>{status_text(status)}</span> }
}

/// Posts as a table.
#[component]
pub(crate) fn PostTable(
    rows: Vec<AdminPostRow>,
    /// Whether posts can be published and deleted from it.
    #[prop(optional)]
    actions: bool,
) -> impl IntoView {
    let text = text();
    if rows.is_empty() {
        return Either::Left(view! { <p class="empty">{text.no_posts}</p> });
    }
    let rows = rows.into_iter().map(|row| view! { <Row row actions/> }).collect::<Vec<_>>();
    Either::Right(view! {
        <div class="table-wrap" role="region" aria-label=text.posts tabindex="0">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{text.title}</th>
                        <th scope="col">{text.status}</th>
                        <th scope="col">{text.author}</th>
                        <th scope="col">{text.updated}</th>
                        {actions.then(|| view! { <th scope="col">{text.actions}</th> })}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    })
}

#[component]
fn Row(row: AdminPostRow, actions: bool) -> impl IntoView {
    let AdminPostRow { slug, title, author_name, status, category, updated_at, version, .. } = row;
    let edit = "/admin/posts/edit/".to_owned() + &encode(&slug);
    let can_publish = actions && matches!(status, PostStatus::Draft | PostStatus::Private | PostStatus::Scheduled);
    let can_delete = actions && status != PostStatus::Trashed;
    let publish_slug = slug.clone();
    view! {
        <tr>
            <th scope="row">
                <a href=edit>{title}</a>
                {category.map(|category| view! { <span class="row-category">{category.name}</span> })}
            </th>
            <td><StatusBadge status/></td>
            <td>{author_name}</td>
            <td class="nowrap"><Day time=updated_at/></td>
            {actions.then(|| view! {
                <td class="row-actions">
                    {can_publish.then(|| view! { <PublishPost slug=publish_slug version/> })}
                    {can_delete.then(|| view! { <DeletePost slug version/> })}
                </td>
            })}
        </tr>
    }
}
