//! There is always somebody who can administer the site.

use contracts::problem::Problem;
use kit::ApiResult;
use sea_orm::DatabaseTransaction;

use crate::store::users;

/// 409 when the user is the only admin who can sign in. Locks the admins until the transaction ends,
/// so that two do not leave at once; take it before other locks.
pub(in crate::routes) async fn refuse(tx: &DatabaseTransaction, user_id: &str) -> ApiResult<()> {
    let admins = users::lock_admins(tx).await?;
    if admins.as_slice() == [user_id] {
        let problem = Problem::new(409, "last_admin", "There would be no admin any more");
        return Err(problem.with_detail("Make somebody else an admin first.").into());
    }
    Ok(())
}
