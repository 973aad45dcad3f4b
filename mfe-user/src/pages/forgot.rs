use maud::{Markup, html};
use shared_ui::{Field, set_head, use_form};

use super::{head, sheet};
use crate::text::text;

/// `/forgot`
pub(crate) fn page() -> Markup {
    let text = text();
    set_head(head(text.forgot));
    let form = use_form("/forms/forgot");
    let fields = html! {
        (form.text(Field { name: "email", label: text.email, kind: "email", autocomplete: "username", ..Field::default() }))
        button class="button button--primary button--wide" type="submit" { (text.forgot_submit) }
    };
    let body = html! { (form.show(fields)) p.sheet-foot { a href="/login" { (text.sign_in) } } };
    sheet(text.forgot, text.forgot_lead, &body)
}
