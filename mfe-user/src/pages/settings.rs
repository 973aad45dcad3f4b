use contracts::pages::SettingsPage;
use leptos::prelude::*;
use shared_ui::components::Avatar;
use shared_ui::{ActionForm, FormProblem, TextArea, TextField, use_form, use_page};

use super::head;
use crate::text::text;

/// `/my/settings`
pub(crate) fn page(read: Option<String>) -> impl IntoView {
    use_page::<SettingsPage>(read).show(|_| head(text().settings), view)
}

fn view(settings: SettingsPage) -> impl IntoView {
    let text = text();
    let form = use_form("settings");
    view! {
        <section class="sheet wide">
            <h1>{text.settings}</h1>
            <p class="sheet-lead">{text.settings_lead}</p>
            <div class="account-line">
                <Avatar name=settings.name.clone() picture=settings.avatar/>
                <p>{settings.email}</p>
            </div>
            <ActionForm form action="/forms/settings">
                <FormProblem form/>
                <TextField form name="name" label=text.name value=settings.name autocomplete="name" hint=text.name_hint/>
                <TextArea form name="bio" label=text.bio value=settings.bio required=false hint=text.bio_hint/>
                <button class="button button--primary" type="submit">{text.save}</button>
            </ActionForm>
        </section>
    }
}
