//! The server half: the body of every document, with an empty outlet.

use leptos::prelude::*;
use leptos_router::location::RequestUrl;
use shared_ui::server::{bindings, export_component, render_view};

use crate::layout::Layout;
use crate::state::Shell;

struct Component;

impl bindings::Guest for Component {
    fn render(request: String) -> bindings::Rendering {
        // The router spawns; in a sandbox that lives for one request there is nothing to wait for.
        _ = any_spawner::Executor::init_local_custom_executor(Idle);
        render_view(&request, |request| {
            // There is one route, so the router need not know the path; a path it cannot parse would
            // end the render.
            provide_context(RequestUrl::new("/"));
            provide_context(Shell::new(request));
            view! { <Layout/> }
        })
    }
}

export_component!(Component);

/// Drops what is spawned.
struct Idle;

impl any_spawner::CustomExecutor for Idle {
    fn spawn(&self, _future: any_spawner::PinnedFuture<()>) {}
    fn spawn_local(&self, _future: any_spawner::PinnedLocalFuture<()>) {}
    fn poll_local(&self) {}
}
