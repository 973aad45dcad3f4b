//! Bug reports.

use contracts::analytics::{
    BugCategory, BugPriority, BugReport, BugReportInput, BugReportList, BugResponseInput, BugStatus,
};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};

use super::small;

#[derive(FromQueryResult)]
struct Row {
    id: String,
    title: String,
    description: String,
    category: String,
    priority: String,
    status: String,
    reporter_id: Option<String>,
    reporter_name: Option<String>,
    screenshot: Option<String>,
    page: Option<String>,
    response: Option<String>,
    responded_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    version: i32,
}

const SELECT: &str =
    "SELECT id, title, description, category, priority, status, reporter_id, reporter_name, screenshot,
    page, response, responded_at, created_at, updated_at, version FROM bug_reports";

/// Who reports.
#[derive(Clone, Debug)]
pub(crate) enum Reporter {
    Member {
        id: String,
        name: String,
    },
    /// Known only by a pseudonym, and only today.
    Guest(String),
}

/// Which reports.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) reporter: Option<String>,
    pub(crate) status: Option<BugStatus>,
    pub(crate) category: Option<BugCategory>,
    pub(crate) priority: Option<BugPriority>,
}

impl From<Row> for BugReport {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            description: row.description,
            category: BugCategory::parse(&row.category).unwrap_or_default(),
            priority: BugPriority::parse(&row.priority).unwrap_or_default(),
            status: BugStatus::parse(&row.status).unwrap_or_default(),
            reporter_id: row.reporter_id,
            reporter_name: row.reporter_name,
            screenshot: row.screenshot,
            page: row.page,
            response: row.response,
            responded_at: row.responded_at.map(rfc3339),
            created_at: rfc3339(row.created_at),
            updated_at: rfc3339(row.updated_at),
            version: small(row.version.into()),
        }
    }
}

/// How many reports this reporter made since `since`.
pub(crate) async fn recent<C: ConnectionTrait>(db: &C, reporter: &Reporter, since: i64) -> Result<i64, DbErr> {
    let (column, value) = match reporter {
        Reporter::Member { id, .. } => ("reporter_id", id),
        Reporter::Guest(pseudonym) => ("guest", pseudonym),
    };
    let query = format!("SELECT COUNT(*) AS n FROM bug_reports WHERE {column} = $1 AND created_at >= $2");
    sql::number(db, &query, [value.as_str().into(), since.into()]).await
}

/// Adds a checked report.
pub(crate) async fn insert<C: ConnectionTrait>(
    db: &C,
    id: &str,
    reporter: &Reporter,
    input: &BugReportInput,
    now: i64,
) -> Result<(), DbErr> {
    let (member, name, guest) = match reporter {
        Reporter::Member { id, name } => (Some(id.clone()), Some(name.clone()), None),
        Reporter::Guest(pseudonym) => (None, None, Some(pseudonym.clone())),
    };
    let query = "INSERT INTO bug_reports (id, title, description, category, priority, status, reporter_id,
            reporter_name, guest, screenshot, page, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 'PENDING', $6, $7, $8, $9, $10, $11, $11)";
    let values = [
        id.into(),
        input.title.as_str().into(),
        input.description.as_str().into(),
        input.category.as_str().into(),
        input.priority.as_str().into(),
        member.into(),
        name.into(),
        guest.into(),
        input.screenshot.clone().into(),
        input.page.clone().into(),
        now.into(),
    ];
    sql::execute(db, query, values).await.map(|_| ())
}

/// One report.
pub(crate) async fn find<C: ConnectionTrait>(db: &C, id: &str) -> Result<Option<BugReport>, DbErr> {
    Ok(sql::one::<Row, _>(db, &format!("{SELECT} WHERE id = $1"), [id.into()]).await?.map(BugReport::from))
}

/// One page of what passes, newest first.
pub(crate) async fn list(db: &Db, filter: &Filter, page: u32, size: u32) -> Result<BugReportList, DbErr> {
    let mut conditions = vec!["TRUE".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let mut and = |column: &str, value: Value| {
        values.push(value);
        conditions.push(format!("{column} = ${}", values.len()));
    };
    if let Some(reporter) = &filter.reporter {
        and("reporter_id", reporter.as_str().into());
    }
    if let Some(status) = filter.status {
        and("status", status.as_str().into());
    }
    if let Some(category) = filter.category {
        and("category", category.as_str().into());
    }
    if let Some(priority) = filter.priority {
        and("priority", priority.as_str().into());
    }
    let chosen = conditions.join(" AND ");
    let count = format!("SELECT COUNT(*) AS n FROM bug_reports WHERE {chosen}");
    let total = sql::number(db.read(), &count, values.clone()).await?;
    let query =
        format!("{SELECT} WHERE {chosen} ORDER BY id DESC LIMIT ${} OFFSET ${}", values.len() + 1, values.len() + 2);
    values.push(i64::from(size).into());
    values.push((i64::from(page.saturating_sub(1)) * i64::from(size)).into());
    let rows = sql::all::<Row, _>(db.read(), &query, values).await?;
    Ok(BugReportList { items: rows.into_iter().map(BugReport::from).collect(), total: small(total) })
}

/// Notes an admin's answer. Says whether there is such a report, at the version that was answered if one is named.
pub(crate) async fn respond<C: ConnectionTrait>(
    db: &C,
    id: &str,
    input: &BugResponseInput,
    now: i64,
) -> Result<bool, DbErr> {
    let query = "UPDATE bug_reports SET version = version + 1, status = $2, updated_at = $4,
            response = COALESCE($3, response), responded_at = CASE WHEN $3 IS NULL THEN responded_at ELSE $4 END
        WHERE id = $1 AND version = COALESCE($5, version)";
    let values = [
        id.into(),
        input.status.as_str().into(),
        input.response.clone().into(),
        now.into(),
        input.version.map(i64::from).into(),
    ];
    Ok(sql::execute(db, query, values).await? > 0)
}

/// How many are not resolved.
pub(crate) async fn open(db: &Db) -> Result<u32, DbErr> {
    sql::number(db.read(), "SELECT COUNT(*) AS n FROM bug_reports WHERE status <> 'RESOLVED'", []).await.map(small)
}

/// Nobody can tell any more whose reports they were.
pub(crate) async fn anonymise<C: ConnectionTrait>(db: &C, user: &str) -> Result<(), DbErr> {
    let query = "UPDATE bug_reports SET reporter_id = NULL, reporter_name = NULL WHERE reporter_id = $1";
    sql::execute(db, query, [user.into()]).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct Id {
    id: String,
}

/// Takes the screenshots off somebody's reports; says off which.
pub(crate) async fn drop_screenshots<C: ConnectionTrait>(db: &C, user: &str, now: i64) -> Result<Vec<String>, DbErr> {
    let query = "UPDATE bug_reports SET screenshot = NULL, updated_at = $2
        WHERE reporter_id = $1 AND screenshot IS NOT NULL RETURNING id";
    Ok(sql::all::<Id, _>(db, query, [user.into(), now.into()]).await?.into_iter().map(|row| row.id).collect())
}
