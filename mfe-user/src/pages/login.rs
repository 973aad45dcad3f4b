use contracts::pages::SignInPage;
use maud::{Markup, html};
use shared_ui::{Field, encode, show, use_form};

use super::{head, keeping_next, sheet};
use crate::text::text;

/// `/login`
pub(crate) fn page(read: Option<String>, next: &str) -> Markup {
    show::<SignInPage>(read, |_| head(text().sign_in), |options| view(&options, next))
}

fn view(options: &SignInPage, next: &str) -> Markup {
    let text = text();
    let form = use_form("/forms/login");
    let fields = html! {
        (form.text(Field { name: "email", label: text.email, kind: "email", autocomplete: "username", ..Field::default() }))
        (form.text(Field {
            name: "password", label: text.password, kind: "password", autocomplete: "current-password", ..Field::default()
        }))
        (form.check("remember", text.remember, false))
        (form.hidden("next", next))
        button class="button button--primary button--wide" type="submit" { (text.sign_in) }
        p.sheet-aside { a href="/forgot" { (text.forgot_link) } }
    };
    let body = html! {
        (form.show(fields))
        (providers(options, next))
        @if options.registration != "CLOSED" {
            p.sheet-foot { (text.no_account) " " a href=(keeping_next("/register", next)) { (text.register) } }
        }
    };
    sheet(text.sign_in, text.sign_in_lead, &body)
}

/// Other ways to sign in. They lead away from the site, so no script follows them.
pub(super) fn providers(options: &SignInPage, next: &str) -> Markup {
    let text = text();
    html! {
        @if !options.missing.is_empty() { p.notice { (text.providers_away) } }
        @if !options.providers.is_empty() {
            p.or { span { (text.or) } }
            @for provider in &options.providers {
                a class="button button--wide" rel="external nofollow"
                    href={ "/api/auth/oidc/" (encode(&provider.id)) "?next=" (encode(next)) } {
                    (text.sign_in_with) (provider.name) (text.sign_in_with_end)
                }
            }
        }
    }
}
