//! Guests show with the password of a comment that it is theirs.

use contracts::problem::Problem;
use kit::ApiResult;

use crate::{
    app::App,
    domain::text::could_be_password,
    routes::caller::Caller,
    store::{
        buckets::{self, GUESSING, GUESSING_HERE},
        row::CommentRow,
    },
};

/// Checks the password that came with a request. Guesses are few, from one address and altogether.
pub(super) async fn prove(app: &App, caller: &Caller, comment: &CommentRow, password: Option<&str>) -> ApiResult<()> {
    let Some(password) = password.filter(|password| !password.is_empty()) else {
        return Err(Problem::validation()
            .with_field("password", "required", "The password of the comment is needed.")
            .into());
    };
    let now = app.clock.millis();
    let here = format!("guess:{}:{}", comment.id, caller.address);
    buckets::take(&app.db, &here, GUESSING_HERE, now).await?;
    buckets::take(&app.db, &format!("guess:{}", comment.id), GUESSING, now).await?;
    let matches =
        could_be_password(password) && app.passwords.matches(password, comment.password_hash.as_deref()).await?;
    if !matches {
        return Err(Problem::new(403, "wrong_password", "This is not the password of the comment")
            .with_field("password", "wrong_credentials", "This is not the password of the comment.")
            .into());
    }
    Ok(buckets::forgive(app.db.write(), &here).await?)
}
