use contracts::pages::SetupPage;
use maud::{Markup, html};
use shared_ui::{show, use_form};

use super::{head, sheet, used};
use crate::text::text;

/// `/verify/:token`. Opening it changes nothing, since programs open what is in mails; the button does.
pub(crate) fn page(read: Option<String>, token: &str) -> Markup {
    show::<SetupPage>(read, |_| head(text().verify), |link| view(&link, token))
}

fn view(link: &SetupPage, token: &str) -> Markup {
    let text = text();
    if !link.valid {
        return used(text.verify_used_hint, "/my/settings", text.settings);
    }
    let form = use_form("/forms/verify");
    let fields = html! {
        (form.hidden("token", token))
        button class="button button--primary button--wide" type="submit" { (text.verify_submit) }
    };
    sheet(text.verify, text.verify_lead, &form.show(fields))
}
