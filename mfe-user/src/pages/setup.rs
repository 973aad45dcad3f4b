use contracts::pages::SetupPage;
use maud::{Markup, html};
use shared_ui::{show, use_form};

use super::register::account_fields;
use super::{head, sheet, used};
use crate::text::text;

/// `/setup?token=`
pub(crate) fn page(read: Option<String>, token: &str) -> Markup {
    show::<SetupPage>(read, |_| head(text().setup), |setup| view(&setup, token))
}

fn view(setup: &SetupPage, token: &str) -> Markup {
    let text = text();
    if !setup.valid {
        return used(text.setup_used_hint, "/login", text.sign_in);
    }
    let form = use_form("/forms/setup");
    let fields = html! {
        (form.hidden("token", token))
        (account_fields(&form))
        button class="button button--primary button--wide" type="submit" { (text.setup_submit) }
    };
    sheet(text.setup, text.setup_lead, &form.show(fields))
}
