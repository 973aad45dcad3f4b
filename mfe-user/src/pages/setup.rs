use contracts::pages::SetupPage;
use leptos::either::Either;
use leptos::prelude::*;
use shared_ui::{ActionForm, FormProblem, TextField, use_form, use_page};

use super::head;
use crate::text::text;

/// `/setup?token=`
pub(crate) fn page(read: Option<String>, token: String) -> impl IntoView {
    use_page::<SetupPage>(read).show(|_| head(text().setup), move |setup| view(&setup, token.clone()))
}

fn view(setup: &SetupPage, token: String) -> impl IntoView + use<> {
    let text = text();
    if !setup.valid {
        return Either::Left(view! {
            <section class="sheet">
                <h1>{text.setup_used}</h1>
                <p class="sheet-lead">{text.setup_used_hint}</p>
                <p><a class="button button--primary" href="/login">{text.sign_in}</a></p>
            </section>
        });
    }
    let form = use_form("setup");
    Either::Right(view! {
        <section class="sheet">
            <h1>{text.setup}</h1>
            <p class="sheet-lead">{text.setup_lead}</p>
            <ActionForm form action="/forms/setup">
                <FormProblem form/>
                <input type="hidden" name="token" value=form.value("token", &token)/>
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
                <button class="button button--primary button--wide" type="submit">{text.setup_submit}</button>
            </ActionForm>
        </section>
    })
}
