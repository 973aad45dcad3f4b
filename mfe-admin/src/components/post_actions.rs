use leptos::prelude::*;
use shared_ui::{ActionForm, FormProblem, encode, use_form};

use crate::text::text;

/// Where an action on a post is sent: `/forms/posts/<slug>/<action>`.
fn action_url(slug: &str, action: &str) -> String {
    ["/forms/posts/", &encode(slug), "/", action].concat()
}

/// Publishes a draft.
#[component]
pub(crate) fn PublishPost(slug: String, version: u32) -> impl IntoView {
    let form = use_form("publish");
    view! {
        <ActionForm form action=action_url(&slug, "publish") class="inline-form">
            <input type="hidden" name="version" value=version.to_string()/>
            <button class="button button--small" type="submit">{text().publish}</button>
            <FormProblem form/>
        </ActionForm>
    }
}

/// Moves a post to the trash, after a question.
#[component]
pub(crate) fn DeletePost(slug: String, version: u32) -> impl IntoView {
    let form = use_form("delete");
    view! {
        <ActionForm
            form
            action=action_url(&slug, "delete")
            class="inline-form"
            question=text().delete_question
        >
            <input type="hidden" name="version" value=version.to_string()/>
            <button class="button button--small button--danger" type="submit">{text().delete}</button>
            <FormProblem form/>
        </ActionForm>
    }
}
