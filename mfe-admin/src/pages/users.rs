use contracts::pages::{AdminUsersPage, UserRow};
use maud::{Markup, html};
use shared_ui::components::pager;
use shared_ui::{day_of, member, show, use_form};

use super::head;
use crate::components::{Filtering, Section, filter, frame, table};
use crate::routes::{Filter, List};
use crate::text::text;

/// `/admin/users`
pub(crate) fn page(read: Option<String>, filter: &Filter) -> Markup {
    show::<AdminUsersPage>(read, |_| head(text().users), |page| view(&page, filter))
}

fn roles() -> [(&'static str, &'static str); 3] {
    let text = text();
    [("USER", text.role_user), ("AUTHOR", text.role_author), ("ADMIN", text.role_admin)]
}

fn view(page: &AdminUsersPage, by: &Filter) -> Markup {
    let text = text();
    let fields = [
        Filtering { name: "q", label: text.search_users, value: &page.q, choices: Vec::new() },
        Filtering {
            name: "role",
            label: text.role,
            value: &page.role,
            choices: [("", text.all_roles)].into_iter().chain(roles()).collect(),
        },
        Filtering {
            name: "status",
            label: text.status,
            value: &page.status,
            choices: vec![("", text.all), ("ACTIVE", text.active), ("SUSPENDED", text.suspended)],
        },
    ];
    let headings = [text.name, text.role, text.status, text.joined, text.seen, text.actions];
    let here = by.url(List::Users);
    let body = html! {
        (filter("/admin/users", &fields))
        @if page.items.is_empty() {
            p.empty { (text.no_users) }
        } @else {
            (table(text.users, &headings, &html! { @for user in &page.items { (row(user, &here)) } }))
        }
        (pager(page.page, page.size, page.total, &("/admin/users".to_owned() + &by.query())))
    };
    frame(Section::Users, text.users, &html! {}, &body)
}

fn row(user: &UserRow, here: &str) -> Markup {
    let text = text();
    let active = user.status == "ACTIVE";
    let own = member().is_some_and(|member| member.id == user.id);
    let badge = if active { "badge badge--public" } else { "badge badge--trashed" };
    html! {
        tr {
            th scope="row" {
                (user.name)
                span.row-category {
                    @if user.email.is_empty() { (text.imported) } @else { (user.email) }
                    @if !user.email.is_empty() && !user.email_verified { " · " (text.unverified) }
                }
            }
            td { @if own || user.email.is_empty() { (role_name(&user.role)) } @else { (role(user, here)) } }
            td { span class=(badge) { (if active { text.active } else { text.suspended }) } }
            td.nowrap { (day_of(&user.created_at)) }
            td.nowrap { @if let Some(seen) = &user.seen_at { (day_of(seen)) } @else { "–" } }
            td.row-actions { @if !own && !user.email.is_empty() { (status(user, active, here)) } }
        }
    }
}

fn role_name(role: &str) -> &'static str {
    roles().iter().find(|(value, _)| *value == role).map_or("", |(_, name)| name)
}

fn role(user: &UserRow, here: &str) -> Markup {
    let text = text();
    let form = use_form(&["/forms/users/", &user.id, "/role"].concat()).class("inline-form");
    form.show(html! {
        input type="hidden" name="next" value=(here);
        select class="select select--small" name="role" aria-label={ (text.role) ": " (user.name) } {
            @for (value, label) in roles() { option value=(value) selected[value == user.role] { (label) } }
        }
        button class="button button--small" type="submit" { (text.change) }
    })
}

fn status(user: &UserRow, active: bool, here: &str) -> Markup {
    let text = text();
    let form = use_form(&["/forms/users/", &user.id, "/status"].concat());
    if active {
        form.asking(text.suspend_question).button(
            text.suspend,
            "button--danger",
            &[("status", "SUSPENDED"), ("next", here)],
        )
    } else {
        form.button(text.unsuspend, "", &[("status", "ACTIVE"), ("next", here)])
    }
}
