//! The body of every document.

use leptos::prelude::*;
use leptos_router::WildcardSegment;
use leptos_router::components::{FlatRoutes, Route, Router};

use crate::components::{Footer, Header, NoticePage, Toasts};
use crate::state::Shell;
use crate::text::text;

/// Header, outlet, footer, and what floats above them.
#[component]
pub(crate) fn Layout() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let text = text();
    view! {
        <Router>
            <a class="skip-link" href="#main">{text.skip}</a>
            <div id="maru-progress" class="progress" role="progressbar" aria-label=text.loading hidden=true></div>
            <Header shell/>
            <main id="main" tabindex="-1">
                <NoticePage shell/>
                <FlatRoutes fallback=|| ()>
                    <Route path=WildcardSegment("path") view=Outlet/>
                </FlatRoutes>
            </main>
            <Footer shell/>
            <Toasts shell/>
            <Moves shell/>
        </Router>
    }
}

/// Where the areas stand. The BFF puts the area's HTML into it, and the script half an area; nothing
/// of the shell is ever inside.
#[component]
fn Outlet() -> impl IntoView {
    let shell = expect_context::<Shell>();
    let area = shell.served.with_value(|served| served.area.clone());
    view! { <div id="maru-outlet" data-area=area></div> }
}

/// Tells the script half where the visitor went.
#[component]
fn Moves(shell: Shell) -> impl IntoView {
    #[cfg(feature = "client")]
    crate::browser::follow_router(shell);
    #[cfg(not(feature = "client"))]
    let _ = shell;
}
