//! Who of a network counts as themselves. Whoever calls their browser something else with each view would be as many
//! visitors otherwise.

use kit::db::{Db, sql};
use sea_orm::{DbErr, FromQueryResult};

/// Visitors of one network that are told apart on a day: the devices of a family.
const MOST: usize = 5;

#[derive(FromQueryResult)]
struct Row {
    visitor: String,
}

/// Whom `visitor` counts as on this day: themselves when they are among the first of their network, one of those
/// otherwise.
pub(crate) async fn counts_as(db: &Db, day: &str, network: &str, visitor: String) -> Result<String, DbErr> {
    let query = "SELECT visitor FROM network_visitors WHERE day = $1 AND network = $2 ORDER BY seat";
    // Each seat is given once. Who finds the next one taken meanwhile looks again, and there is one less.
    for _ in 0..=MOST {
        let mut seated = sql::all::<Row, _>(db.read(), query, [day.into(), network.into()]).await?;
        if seated.iter().any(|row| row.visitor == visitor) {
            return Ok(visitor);
        }
        if seated.len() >= MOST {
            let which = visitor.bytes().map(usize::from).sum::<usize>() % seated.len();
            return Ok(seated.swap_remove(which).visitor);
        }
        let seat = i32::try_from(seated.len()).unwrap_or(i32::MAX);
        let take = "INSERT INTO network_visitors (day, network, seat, visitor) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING";
        let values = [day.into(), network.into(), seat.into(), visitor.as_str().into()];
        if sql::execute(db.write(), take, values).await? > 0 {
            return Ok(visitor);
        }
    }
    Err(DbErr::Custom(format!("the seats of a network are not in a row, of which there are {MOST}")))
}
