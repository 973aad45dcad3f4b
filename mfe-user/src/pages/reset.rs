use contracts::pages::SetupPage;
use maud::{Markup, html};
use shared_ui::{Field, show, use_form};

use super::{head, sheet, used};
use crate::text::text;

/// `/reset/:token`
pub(crate) fn page(read: Option<String>, token: &str) -> Markup {
    show::<SetupPage>(read, |_| head(text().reset), |link| view(&link, token))
}

fn view(link: &SetupPage, token: &str) -> Markup {
    let text = text();
    if !link.valid {
        return used(text.reset_used_hint, "/forgot", text.new_link);
    }
    let form = use_form("/forms/reset");
    let fields = html! {
        (form.hidden("token", token))
        (form.text(Field {
            name: "password", label: text.new_password, kind: "password", autocomplete: "new-password",
            hint: text.password_hint, ..Field::default()
        }))
        button class="button button--primary button--wide" type="submit" { (text.reset_submit) }
    };
    sheet(text.reset, text.reset_lead, &form.show(fields))
}
