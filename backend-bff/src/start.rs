//! Putting it all together.

use std::{path::Path, sync::Arc};

use axum::{Json, Router, middleware::from_fn_with_state, routing::get};
use contracts::{module::Viewer, problem::Problem};
use http::HeaderValue;
use kit::{ApiError, Shared, StartError, db::Db, rates};

use crate::{
    Bff, LiveRules, Settings, Upstreams, assets,
    backend::{self, Backend, Site},
    cache::{self, Front, PageCache},
    cors,
    document::{self, Documents},
    events, forms, gateway, health, layers, limits, oidc, openapi, operator, pages,
    reconciliation::{self, Reconciliation},
    registry::Registry,
    sandbox::{Limits, Sandbox},
    schema,
    sessions::{Sessions, Visitor, identify, refuse_foreign},
    upstream::Control,
};

/// Starts the BFF: opens its database, loads the live modules, takes in new bundles.
///
/// # Errors
/// When the data folder or the database cannot be used, a bundle in the modules folder is refused, or the rules name
/// sites for which they cannot hold.
pub async fn start(settings: Settings, upstreams: Upstreams, shared: &Shared) -> Result<Bff, StartError> {
    let site = Site::new(&settings);
    if let Some(objection) = settings.rules.cors.objection(&site) {
        return Err(StartError::new("bff", objection));
    }
    if !site.secure && !site.loopback {
        tracing::warn!("public_url is http: passwords and sessions travel readable by everybody on the way");
    }
    let db = database(&settings).await?;
    shared.metrics.watch("bff", db.clone(), &[]);
    let sandbox = sandbox(&settings)?;
    let cache = Arc::new(PageCache::new(settings.page_cache_bytes, shared.clock.clone(), shared.tasks.clone()));
    let registry =
        Registry::open(settings.data_dir.join("registry"), db.clone(), shared.clock.clone(), sandbox.clone())
            .await
            .map_err(|refusal| failed("the module registry cannot be opened", refusal))?;
    if let Some(modules) = &settings.modules_dir {
        registry.seed(modules).await?;
    }
    let registry = Arc::new(registry.forgetting(cache.clone()));
    let upstreams = upstreams.label(&one_line(shared.service_token.expose())?);
    let control = Control::open(upstreams.clone(), db.clone(), shared)
        .await
        .map_err(|error| failed("the weights of services cannot be read", error))?;
    let reconciliation = Reconciliation::open(db.clone(), shared)
        .await
        .map_err(|error| failed("the last reconciliation cannot be read", error))?;
    let backend = Arc::new(Backend {
        sessions: Sessions::new(db, upstreams.auth.clone(), shared, site.secure),
        upstreams,
        registry: registry.clone(),
        service_authorization: service_authorization(shared)?,
        authors: backend::authors(),
        terms: backend::terms(),
        pictures: backend::pictures(),
        cache,
        verifier: shared.verifier.clone(),
        bus: shared.bus.clone(),
        clock: shared.clock.clone(),
        reconciliation,
        health: health::Health::new(shared),
        rules: LiveRules::new(settings.rules, site.clone()),
        rates: limits::Rates::new(rates::beside(&shared.cache.scoped("bff"))),
        shutdown: shared.shutdown.clone(),
        site,
    });
    shared.bus.subscribe(Arc::new(events::Listener::new(backend.clone(), shared)));
    backend.sessions.sweep_regularly(shared).await.map_err(|error| {
        StartError::new("bff", format!("old sessions cannot be removed: {}", error.problem().title))
    })?;
    reconciliation::schedule(backend.clone(), settings.reconcile_at, shared);
    let around = Arc::new(layers::Around::new(&backend.site, registry.clone()));
    let public = layers::around(public(&backend, sandbox), &backend, around.clone());
    Ok(Bff {
        rules: backend.rules.clone(),
        operator: operator::router(&backend, control, shared.metrics.clone(), settings.operator_token),
        public: Router::new().fallback_service(Front::new(backend, around, public)),
    })
}

/// Who asks, whether from a page of ours, and whether too often: what other sites' pages ask for is not counted for the
/// visitor in whose browser they are.
fn visited(router: Router, backend: &Arc<Backend>) -> Router {
    router
        .layer(from_fn_with_state(backend.clone(), limits::limit))
        .layer(from_fn_with_state(backend.clone(), refuse_foreign))
        .layer(from_fn_with_state(backend.clone(), identify))
}

fn public(backend: &Arc<Backend>, sandbox: Arc<Sandbox>) -> Router {
    // What guests may ask for is what browsers may ask for, without a socket and without the layers.
    let inner: Router =
        pages::routes().merge(gateway::routes()).merge(cache::admin::routes()).with_state(backend.clone());
    let documents = Arc::new(Documents { backend: backend.clone(), inner, sandbox });
    let session = get(async |visitor: Visitor| Json::<Option<Viewer>>(visitor.viewer().cloned()));
    let pages = forms::routes()
        .fallback(document::serve)
        .with_state(documents)
        .merge(pages::routes().with_state(backend.clone()))
        .merge(assets::reports(backend))
        .route("/bff/session", session);
    let api = gateway::routes().merge(cache::admin::routes()).merge(oidc::routes()).with_state(backend.clone());
    let api = api.merge(openapi::routes(backend));
    let visited = visited(pages, backend).merge(cors::around(backend.rules.clone(), visited(api, backend)));
    let health = get(health::health);
    let plain = assets::routes().route("/_ready", get(health::ready)).route("/_health", health);
    visited.merge(plain.with_state(backend.clone())).method_not_allowed_fallback(async || {
        ApiError::from(Problem::new(405, "method_not_allowed", "This cannot be done with that method"))
    })
}

async fn database(settings: &Settings) -> Result<Db, StartError> {
    let data_dir = &settings.data_dir;
    private_folder(data_dir).map_err(|error| failed("the data folder cannot be made", error))?;
    let default = || format!("sqlite://{}?mode=rwc", data_dir.join("bff.db").display());
    let url = settings.database_url.clone().unwrap_or_else(default);
    let db = Db::connect(&url).await.map_err(|error| failed("its database cannot be used", error))?;
    db.migrate(schema::MIGRATIONS).await.map_err(|error| failed("its database cannot be brought up to date", error))?;
    Ok(db)
}

/// Sessions hold tokens: nobody else on the machine may read them.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let database = folder.join("bff.db");
        std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(&database)?;
        std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

fn sandbox(settings: &Settings) -> Result<Arc<Sandbox>, StartError> {
    let failed = |error: String| StartError::new("bff", format!("the sandbox cannot be made: {error}"));
    let cache = settings.data_dir.join("compiled");
    std::fs::create_dir_all(&cache).map_err(|error| failed(error.to_string()))?;
    // The cache takes absolute paths only.
    let cache = cache.canonicalize().map_err(|error| failed(error.to_string()))?;
    Sandbox::new(&cache, Limits::default(), settings.compiler.clone())
        .map(Arc::new)
        .map_err(|error| failed(format!("{error:#}")))
}

fn service_authorization(shared: &Shared) -> Result<HeaderValue, StartError> {
    one_line(&format!("Service {}", shared.service_token.expose()))
}

/// A secret as the value of a header.
fn one_line(secret: &str) -> Result<HeaderValue, StartError> {
    let mut value =
        HeaderValue::from_str(secret).map_err(|error| failed("the service token is not one line of text", error))?;
    value.set_sensitive(true);
    Ok(value)
}

fn failed(reason: &str, cause: impl std::error::Error + Send + Sync + 'static) -> StartError {
    StartError::new("bff", format!("{reason}: {cause}")).because(cause)
}
