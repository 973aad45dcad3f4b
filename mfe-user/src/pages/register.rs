use contracts::pages::SignInPage;
use maud::{Markup, html};
use shared_ui::{Field, Form, show, use_form};

use super::{head, keeping_next, login::providers, sheet};
use crate::text::text;

/// `/register`
pub(crate) fn page(read: Option<String>, next: &str, invitation: &str) -> Markup {
    show::<SignInPage>(read, |_| head(text().register), |options| view(&options, next, invitation))
}

/// Name, address and password of a new account.
pub(super) fn account_fields(form: &Form) -> Markup {
    let text = text();
    html! {
        (form.text(Field { name: "name", label: text.name, autocomplete: "name", hint: text.name_hint, ..Field::default() }))
        (form.text(Field { name: "email", label: text.email, kind: "email", autocomplete: "email", ..Field::default() }))
        (form.text(Field {
            name: "password", label: text.password, kind: "password", autocomplete: "new-password",
            hint: text.password_hint, ..Field::default()
        }))
    }
}

fn view(options: &SignInPage, next: &str, invitation: &str) -> Markup {
    let text = text();
    let login = keeping_next("/login", next);
    if options.registration == "CLOSED" || (options.registration == "INVITATION" && invitation.is_empty()) {
        let body = html! { p { a class="button button--primary" href=(login) { (text.sign_in) } } };
        return sheet(text.register_closed, text.register_closed_hint, &body);
    }
    let form = use_form("/forms/register");
    let fields = html! {
        (account_fields(&form))
        (form.hidden("next", next))
        @if !invitation.is_empty() { (form.hidden("invitation", invitation)) }
        button class="button button--primary button--wide" type="submit" { (text.register) }
    };
    let body = html! {
        (form.show(fields))
        (providers(options, next))
        p.sheet-foot { (text.have_account) " " a href=(login) { (text.sign_in) } }
    };
    sheet(text.register, text.register_lead, &body)
}
