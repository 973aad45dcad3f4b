//! The server half: the body of every document, with an empty outlet.

use contracts::module::{Head, RenderRequest};
use leptos::prelude::*;
use leptos_router::location::RequestUrl;
use shared_ui::server::{bindings, export_component, render_view};
use shared_ui::set_head;

use crate::layout::Layout;
use crate::state::{Notice, Served, Shell, full_path};
use crate::text::status_text;

struct Component;

impl bindings::Guest for Component {
    fn render(request: String) -> bindings::Rendering {
        // The router spawns; in a sandbox that lives for one request there is nothing to wait for.
        _ = any_spawner::Executor::init_local_custom_executor(Idle);
        render_view(&request, |request| {
            // There is one route, so the router need not know the path; a path it cannot parse would
            // end the render.
            provide_context(RequestUrl::new("/"));
            let shell = state(request);
            if let Some(Notice::Status(status)) = shell.notice.get_untracked() {
                let title = status_text(status).0.to_owned();
                set_head(Head { title, robots: Some("noindex".to_owned()), ..Head::default() });
            }
            provide_context(shell);
            view! { <Layout/> }
        })
    }
}

export_component!(Component);

fn state(request: &RenderRequest) -> Shell {
    let context = request.shell.clone().unwrap_or_default();
    let here = full_path(&request.path, &request.query);
    let served = Served { here, area: context.area, flash: request.flash.clone() };
    Shell::new(request.path.clone(), served, request.viewer.clone(), context.nav, context.status)
}

/// Drops what is spawned.
struct Idle;

impl any_spawner::CustomExecutor for Idle {
    fn spawn(&self, _future: any_spawner::PinnedFuture<()>) {}
    fn spawn_local(&self, _future: any_spawner::PinnedLocalFuture<()>) {}
    fn poll_local(&self) {}
}
