use leptos::prelude::*;
use shared_ui::{ActionForm, FormProblem, TextField, set_head, use_form};

use super::{head, keeping_next};
use crate::text::text;

/// `/register`
pub(crate) fn page(next: String) -> impl IntoView {
    let text = text();
    let form = use_form("register");
    let login = keeping_next("/login", &next);
    set_head(head(text.register));
    view! {
        <section class="sheet">
            <h1>{text.register}</h1>
            <p class="sheet-lead">{text.register_lead}</p>
            <ActionForm form action="/forms/register">
                <FormProblem form/>
                <TextField form name="name" label=text.name autocomplete="name" hint=text.name_hint/>
                <TextField form name="email" label=text.email kind="email" autocomplete="email"/>
                <TextField
                    form
                    name="password"
                    label=text.password
                    kind="password"
                    autocomplete="new-password"
                    hint=text.password_hint
                />
                <button class="button button--primary button--wide" type="submit">{text.register}</button>
            </ActionForm>
            <p class="sheet-foot">{text.have_account}" "<a href=login>{text.sign_in}</a></p>
        </section>
    }
}
