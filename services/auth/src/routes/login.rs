//! `POST /api/auth/login`

use axum::{Json, extract::State};
use contracts::{
    auth::{AUDIENCE, LoginInput, Tokens},
    problem::Problem,
};
use kit::{ApiResult, extract::Body};

use super::{
    caller,
    origin::Origin,
    session::{self, Entrance},
};
use crate::{
    app::App,
    domain::throttle::SIGN_IN,
    store::{
        audit::{Happening, Note},
        users,
    },
};

/// Signs in with address and password. The answer, and its time, do not tell whether there is such
/// an account.
#[utoipa::path(
    post, path = "/api/auth/login", tag = "sign-in", request_body = LoginInput,
    responses(
        (status = 200, body = Tokens), (status = 401, description = "Address or password is wrong"),
        (status = 403, description = "The account is suspended"), (status = 429, description = "Too many attempts"),
    ),
)]
pub(super) async fn handle(
    State(app): State<App>,
    origin: Origin,
    Body(input): Body<LoginInput>,
) -> ApiResult<Json<Tokens>> {
    let email = input.email.trim().to_lowercase();
    let audience = audience(&app, input.audience.as_deref())?;
    origin.attempt(&app).await?;
    app.attempt(SIGN_IN, &email).await?;

    let now = app.clock.millis();
    let user = users::by_email(app.db.read(), &email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let matches = caller::matches(&app, &input.password, hash).await?;
    let refused = Note::new(Happening::SignInRefused).from(origin.address());
    let Some(user) = user.filter(|_| matches) else {
        refused.write(app.db.write(), now).await?;
        return Err(wrong_credentials().into());
    };
    if !user.is_active() {
        refused.about(&user.id).write(app.db.write(), now).await?;
        return Err(suspended().into());
    }
    app.forgive(SIGN_IN, &email).await?;
    let tx = app.db.begin().await?;
    // What happened to the account while the password was checked counts.
    let user = users::lock(&tx, &user.id).await?.filter(|now| now.password_hash == user.password_hash);
    let Some(user) = user else { return Err(wrong_credentials().into()) };
    if !user.is_active() {
        return Err(suspended().into());
    }
    Note::new(Happening::SignedIn).about(&user.id).from(origin.address()).write(&tx, now).await?;
    let entrance = Entrance { audience, ..Entrance::password(&origin) };
    let tokens = session::open(&app, &tx, &user, entrance).await?;
    tx.commit().await?;
    Ok(Json(tokens))
}

/// For whom the tokens are; 422 when nobody is configured under that name.
fn audience<'a>(app: &App, asked: Option<&'a str>) -> Result<&'a str, Problem> {
    let audience = asked.filter(|audience| !audience.is_empty()).unwrap_or(AUDIENCE);
    if app.keyring.knows(audience) {
        return Ok(audience);
    }
    Err(Problem::validation().with_field("audience", "unknown", "There is no client of that name."))
}

pub(super) fn suspended() -> Problem {
    Problem::new(403, "suspended", "This account is suspended")
}

fn wrong_credentials() -> Problem {
    Problem::new(401, "wrong_credentials", "E-mail address or password is wrong").with_field(
        "password",
        "wrong_credentials",
        "E-mail address or password is wrong.",
    )
}
