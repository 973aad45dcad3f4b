use std::sync::Arc;

use axum::{Json, extract::State};
use contracts::{
    auth::{Me, SessionInfo},
    blog::Paged,
    module::Role,
    pages::{SessionRow, SettingsPage},
};
use kit::ApiResult;

use super::{Missing, require};
use crate::{backend::Backend, listed::Listed, sessions::Visitor, upstream::optional};

/// `GET /bff/pages/my/settings`
pub(super) async fn page(State(backend): State<Arc<Backend>>, visitor: Visitor) -> ApiResult<Json<SettingsPage>> {
    require(&visitor, Role::User)?;
    let auth = &backend.upstreams.auth;
    let (me, sessions) = tokio::join!(
        auth.get::<Me>("/api/auth/me", &visitor),
        optional(auth.get::<Listed<SessionInfo>>("/api/auth/sessions?size=100", &visitor)),
    );
    let me = me?;
    let mut missing = Missing::default();
    let sessions = missing.or_default("sessions", sessions.map(Paged::from)).items;
    Ok(Json(SettingsPage {
        email: me.email,
        name: me.name,
        bio: me.bio,
        avatar: me.avatar,
        email_verified: me.email_verified,
        locale: me.locale.unwrap_or_default(),
        has_password: me.has_password,
        sessions: sessions.into_iter().map(session).collect(),
        missing: missing.0,
    }))
}

fn session(session: SessionInfo) -> SessionRow {
    SessionRow {
        id: session.id,
        device: session.user_agent.as_deref().map(device).unwrap_or_default(),
        created_at: session.created_at,
        seen_at: session.last_used_at,
        current: session.current,
    }
}

/// `Firefox, Linux`: what a browser calls itself, in words. Names stand before those that claim to be like them.
fn device(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Whale", "Whale"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => user_agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn browsers_are_named() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36";
        assert_eq!(device(chrome), "Chrome, Linux");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Safari/604.1";
        assert_eq!(device(safari), "Safari, iPhone");
        assert_eq!(device("curl/8.5.0"), "curl/8.5.0");
    }
}
