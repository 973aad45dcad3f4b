use leptos::prelude::*;
use shared_ui::{Locale, locale};

use super::account::Account;
use super::icon::Icon;
use crate::state::Shell;
use crate::text::text;

/// Name of the site, navigation, theme, language, account.
#[component]
pub(crate) fn Header(shell: Shell) -> impl IntoView {
    let site = shared_ui::site_name();
    view! {
        <header class="site-header">
            <div class="wrap site-header__row">
                <a class="site-name" href="/">{site}</a>
                <MainNav shell/>
                <div class="site-tools">
                    <ThemeButton/>
                    <LanguageSwitch shell/>
                    <Account shell/>
                </div>
            </div>
        </header>
    }
}

#[component]
fn MainNav(shell: Shell) -> impl IntoView {
    view! {
        <nav class="main-nav" aria-label=text().main_nav>
            <ul role="list">{move || shell.links("main")}</ul>
        </nav>
    }
}

/// Changes from system to light to dark. The script half does it; the style sheet shows which one it is.
#[component]
fn ThemeButton() -> impl IntoView {
    let text = text();
    view! {
        <button class="tool needs-script" id="maru-theme" type="button">
            <span class="visually-hidden">{text.theme}": "</span>
            <span class="theme-is theme-is--system"><Icon name="screen"/><span class="visually-hidden">{text.system}</span></span>
            <span class="theme-is theme-is--light"><Icon name="sun"/><span class="visually-hidden">{text.light}</span></span>
            <span class="theme-is theme-is--dark"><Icon name="moon"/><span class="visually-hidden">{text.dark}</span></span>
        </button>
    }
}

/// Offers the other language, in that language.
#[component]
fn LanguageSwitch(shell: Shell) -> impl IntoView {
    let (other, name) = match locale() {
        Locale::Ko => ("en", "English"),
        Locale::En => ("ko", "한국어"),
    };
    let here = shell.served.with_value(|served| served.here.clone());
    view! {
        <form class="inline-form" method="post" action="/forms/locale" aria-label=text().language>
            <input type="hidden" name="locale" value=other/>
            <input type="hidden" name="next" id="maru-locale-next" value=here/>
            <button class="tool" type="submit" lang=other>{name}</button>
        </form>
    }
}
