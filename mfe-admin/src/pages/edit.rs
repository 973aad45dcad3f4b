use contracts::blog::PostStatus;
use contracts::pages::{AdminPostEditPage, EditablePost, TermCard};
use leptos::prelude::*;
use shared_ui::{ActionForm, Choice, FormProblem, Select, TextArea, TextField, encode, use_form, use_page};

use super::head;
use crate::components::{AdminHead, DeletePost, Section, StatusBadge};
use crate::text::{status_text, text};

/// `/admin/posts/new`, `/admin/posts/edit/:slug`
pub(crate) fn page(read: Option<String>) -> impl IntoView {
    use_page::<AdminPostEditPage>(read).show(|page| head(title(page)), view)
}

fn title(page: &AdminPostEditPage) -> &'static str {
    if page.post.is_some() { text().edit_post } else { text().new_post }
}

fn view(page: AdminPostEditPage) -> impl IntoView {
    let section = if page.post.is_some() { Section::EditPost } else { Section::NewPost };
    let title = title(&page);
    let existing = page.post.clone();
    view! {
        <div class="admin">
            <AdminHead section title/>
            {existing.clone().map(|post| view! { <Standing post/> })}
            <PostForm post=page.post categories=page.categories/>
            {existing.filter(|post| post.status != PostStatus::Trashed).map(|post| view! { <Danger post/> })}
        </div>
    }
}

/// Where the post stands, and a way to look at it.
#[component]
fn Standing(post: EditablePost) -> impl IntoView {
    view! {
        <p class="standing">
            <StatusBadge status=post.status/>
            <a href="/posts/".to_owned() + &encode(&post.slug)>{text().view_post}</a>
        </p>
    }
}

#[component]
fn PostForm(post: Option<EditablePost>, categories: Vec<TermCard>) -> impl IntoView {
    let text = text();
    let (action, name, version) = match &post {
        Some(post) => ("/forms/posts/".to_owned() + &encode(&post.slug), post.slug.clone(), post.version.to_string()),
        None => ("/forms/posts".to_owned(), "posts".to_owned(), String::new()),
    };
    let is_new = post.is_none();
    let post = post.unwrap_or_default();
    let form = use_form(&name);
    let none = Choice { value: String::new(), label: text.none.to_owned() };
    let categories = std::iter::once(none)
        .chain(categories.into_iter().map(|category| Choice { value: category.slug, label: category.name }))
        .collect();
    let statuses = [PostStatus::Draft, PostStatus::Public, PostStatus::Private]
        .map(|status| Choice { value: status.as_str().to_owned(), label: status_text(status).to_owned() })
        .to_vec();
    view! {
        <ActionForm form action class="form post-form">
            <FormProblem form/>
            <div class="post-form-main">
                <TextField form name="title" label=text.title value=post.title/>
                <TextArea form name="content" label=text.content value=post.content rows=22 class="textarea textarea--code" hint=text.content_hint/>
            </div>
            <div class="post-form-side">
                <Select form name="status" label=text.status value=post.status.as_str() choices=statuses/>
                <TextField form name="slug" label=text.slug value=post.slug required=false hint=text.slug_hint/>
                <Select form name="category" label=text.category value=post.category choices=categories/>
                <TextField form name="tags" label=text.tags value=post.tags required=false hint=text.tags_hint/>
                <TextArea form name="excerpt" label=text.excerpt value=post.excerpt required=false hint=text.excerpt_hint/>
                {(!is_new).then(|| view! { <input type="hidden" name="version" value=form.value("version", &version)/> })}
                <button class="button button--primary button--wide" type="submit">{text.save}</button>
            </div>
        </ActionForm>
    }
}

/// The way into the trash, apart from everything else.
#[component]
fn Danger(post: EditablePost) -> impl IntoView {
    view! {
        <section class="panel danger-panel" aria-labelledby="danger">
            <div>
                <h2 id="danger">{text().danger}</h2>
                <p>{text().danger_hint}</p>
            </div>
            <DeletePost slug=post.slug version=post.version/>
        </section>
    }
}
