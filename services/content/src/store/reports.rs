//! What readers reported.

use contracts::content::{Report, ReportReason};
use kit::{clock::rfc3339, db::sql};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};

use super::places;

/// So many are shown for a comment.
const SHOWN: usize = 20;

#[derive(FromQueryResult)]
struct Row {
    comment_id: String,
    reason: String,
    note: Option<String>,
    by_member: bool,
    created_at: i64,
}

/// A report as it comes in.
pub(crate) struct NewReport<'a> {
    pub(crate) comment_id: &'a str,
    pub(crate) reporter: &'a str,
    pub(crate) by_member: bool,
    pub(crate) reason: ReportReason,
    pub(crate) note: Option<String>,
}

/// Keeps a report. False when this reporter reported the comment before.
pub(crate) async fn add(tx: &DatabaseTransaction, report: NewReport<'_>, now: i64) -> Result<bool, DbErr> {
    let insert = "INSERT INTO reports (comment_id, reporter, by_member, reason, note, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let values = [
        report.comment_id.into(),
        report.reporter.into(),
        report.by_member.into(),
        name(report.reason).into(),
        report.note.into(),
        now.into(),
    ];
    if sql::execute(tx, insert, values).await? == 0 {
        return Ok(false);
    }
    let count = "UPDATE comments SET reports = reports + 1 WHERE id = $1";
    sql::execute(tx, count, [report.comment_id.into()]).await?;
    Ok(true)
}

/// How many members reported the comment and were not answered.
pub(crate) async fn by_members(tx: &DatabaseTransaction, comment_id: &str) -> Result<i64, DbErr> {
    let query = "SELECT COUNT(*) AS n FROM reports WHERE comment_id = $1 AND by_member AND NOT answered";
    sql::number(tx, query, [comment_id.into()]).await
}

/// An admin has looked at all that was reported so far.
pub(crate) async fn answer(tx: &DatabaseTransaction, comment_id: &str) -> Result<(), DbErr> {
    sql::execute(tx, "UPDATE reports SET answered = TRUE WHERE comment_id = $1", [comment_id.into()]).await?;
    sql::execute(tx, "UPDATE comments SET reports = 0 WHERE id = $1", [comment_id.into()]).await.map(|_| ())
}

/// Open reports of these comments with the id of their comment, newest first.
pub(crate) async fn open<C: ConnectionTrait>(db: &C, comments: &[String]) -> Result<Vec<(String, Report)>, DbErr> {
    if comments.is_empty() {
        return Ok(Vec::new());
    }
    let query = format!(
        "SELECT comment_id, reason, note, by_member, created_at FROM (
            SELECT comment_id, reason, note, by_member, created_at,
                ROW_NUMBER() OVER (PARTITION BY comment_id ORDER BY created_at DESC, reporter) AS place
            FROM reports WHERE NOT answered AND comment_id IN ({})
        ) AS ranked WHERE place <= {SHOWN} ORDER BY comment_id, place",
        places(1, comments.len())
    );
    let rows = sql::all::<Row, _>(db, &query, comments.iter().map(|id| id.as_str().into())).await?;
    let report = |row: Row| {
        let created_at = rfc3339(row.created_at);
        let report = Report { reason: reason(&row.reason), note: row.note, by_member: row.by_member, created_at };
        (row.comment_id, report)
    };
    Ok(rows.into_iter().map(report).collect())
}

fn name(reason: ReportReason) -> &'static str {
    match reason {
        ReportReason::Spam => "SPAM",
        ReportReason::Abuse => "ABUSE",
        ReportReason::Privacy => "PRIVACY",
        ReportReason::Illegal => "ILLEGAL",
        ReportReason::Other => "OTHER",
    }
}

fn reason(name: &str) -> ReportReason {
    match name {
        "SPAM" => ReportReason::Spam,
        "ABUSE" => ReportReason::Abuse,
        "PRIVACY" => ReportReason::Privacy,
        "ILLEGAL" => ReportReason::Illegal,
        _ => ReportReason::Other,
    }
}
