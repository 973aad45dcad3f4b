use leptos::prelude::*;
use shared_ui::{ActionForm, FormProblem, TextField, set_head, use_form};

use super::{head, keeping_next};
use crate::text::text;

/// `/login`
pub(crate) fn page(next: String) -> impl IntoView {
    let text = text();
    let form = use_form("login");
    let register = keeping_next("/register", &next);
    set_head(head(text.sign_in));
    view! {
        <section class="sheet">
            <h1>{text.sign_in}</h1>
            <p class="sheet-lead">{text.sign_in_lead}</p>
            <ActionForm form action="/forms/login">
                <FormProblem form/>
                <TextField form name="email" label=text.email kind="email" autocomplete="username"/>
                <TextField form name="password" label=text.password kind="password" autocomplete="current-password"/>
                <input type="hidden" name="next" value=form.value("next", &next)/>
                <button class="button button--primary button--wide" type="submit">{text.sign_in}</button>
            </ActionForm>
            <p class="sheet-foot">{text.no_account}" "<a href=register>{text.register}</a></p>
        </section>
    }
}
