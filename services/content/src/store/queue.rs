//! Comments as admins look through them.

use std::collections::HashMap;

use contracts::content::{QueueCounts, QueueItem, QueuePage, Report};
use kit::{
    clock::rfc3339,
    db::{Db, sql},
};
use sea_orm::{DbErr, FromQueryResult, Value};

use super::{bans, like, reports, row::state, unsigned};

/// Which part of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Pending,
    Reported,
    Hidden,
    Trashed,
    All,
}

impl Part {
    fn condition(self) -> &'static str {
        match self {
            Self::Pending => "c.state = 'PENDING'",
            Self::Reported => "c.reports > 0 AND c.state <> 'TRASHED'",
            Self::Hidden => "c.state = 'HIDDEN'",
            Self::Trashed => "c.state = 'TRASHED' AND NOT c.purged",
            Self::All => "c.state <> 'TRASHED'",
        }
    }
}

/// What is asked for.
pub(crate) struct Asked<'a> {
    pub(crate) part: Part,
    pub(crate) q: Option<&'a str>,
    pub(crate) post: Option<&'a str>,
    pub(crate) page: u32,
    pub(crate) size: u32,
}

#[derive(FromQueryResult)]
struct Row {
    id: String,
    post_id: String,
    slug: String,
    title: String,
    parent_id: Option<String>,
    author_id: Option<String>,
    name: Option<String>,
    avatar: Option<String>,
    guest_name: Option<String>,
    content: String,
    html: String,
    is_private: bool,
    state: String,
    held_for: String,
    created_at: i64,
    edited_at: Option<i64>,
    trashed_at: Option<i64>,
    likes: i32,
    address_hash: Option<String>,
    banned: bool,
}

impl Row {
    fn into_item(self, reports: Vec<Report>) -> QueueItem {
        let is_guest = self.author_id.is_none();
        QueueItem {
            id: self.id,
            post_id: self.post_id,
            post_slug: self.slug,
            post_title: self.title,
            parent_id: self.parent_id,
            author_id: self.author_id,
            author_name: if is_guest { self.guest_name } else { self.name }.unwrap_or_default(),
            author_avatar: self.avatar,
            is_guest,
            content: self.content,
            html: self.html,
            is_private: self.is_private,
            state: state(&self.state),
            held_for: self.held_for.split(',').filter(|reason| !reason.is_empty()).map(str::to_owned).collect(),
            created_at: rfc3339(self.created_at),
            edited_at: self.edited_at.map(rfc3339),
            trashed_at: self.trashed_at.map(rfc3339),
            likes: unsigned(self.likes),
            reports,
            address_tag: self.address_hash.as_deref().map(bans::tag),
            is_banned: self.banned,
        }
    }
}

/// One page of a part, newest first.
pub(crate) async fn page(db: &Db, asked: &Asked<'_>, now: i64) -> Result<QueuePage, DbErr> {
    let counts = counts(db).await?;
    let (from, mut values) = from(asked);
    let total = match asked {
        Asked { q: None, post: None, part, .. } => counts_of(&counts, *part),
        _ => unsigned(sql::number(db.read(), &format!("SELECT COUNT(*) AS n {from}"), values.clone()).await?),
    };
    values.push(now.into());
    values.push(i64::from(asked.size).into());
    values.push((i64::from(asked.page.saturating_sub(1)) * i64::from(asked.size)).into());
    let count = values.len();
    let query = format!(
        "SELECT c.id, c.post_id, p.slug, p.title, c.parent_id, c.author_id, a.name, a.avatar, c.guest_name, c.content,
            c.html, c.is_private, c.state, c.held_for, c.created_at, c.edited_at, c.trashed_at, c.likes, c.address_hash,
            EXISTS (SELECT 1 FROM bans b WHERE b.address_hash = c.address_hash
                AND (b.until IS NULL OR b.until > ${})) AS banned
        {from} ORDER BY c.created_at DESC, c.id DESC LIMIT ${} OFFSET ${count}",
        count - 2,
        count - 1
    );
    let rows = sql::all::<Row, _>(db.read(), &query, values).await?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let mut reported: HashMap<String, Vec<Report>> = HashMap::new();
    for (comment, report) in reports::open(db.read(), &ids).await? {
        reported.entry(comment).or_default().push(report);
    }
    let items = rows.into_iter().map(|row| {
        let reports = reported.remove(&row.id).unwrap_or_default();
        row.into_item(reports)
    });
    Ok(QueuePage { items: items.collect(), total, counts })
}

/// Where the rows of a part come from, and the values that it needs.
fn from(asked: &Asked<'_>) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut condition = asked.part.condition().to_owned();
    if let Some(post) = asked.post {
        values.push(post.into());
        condition.push_str(&format!(" AND c.post_id = ${}", values.len()));
    }
    for word in asked.q.unwrap_or_default().split_whitespace().take(8) {
        values.push(like(word).into());
        condition.push_str(&format!(
            " AND (LOWER(c.content) LIKE ${n} ESCAPE '\\' OR LOWER(COALESCE(a.name, c.guest_name, '')) LIKE ${n} ESCAPE '\\'
                OR LOWER(p.title) LIKE ${n} ESCAPE '\\')",
            n = values.len()
        ));
    }
    let from = format!(
        "FROM comments c JOIN posts p ON p.id = c.post_id LEFT JOIN authors a ON a.id = c.author_id WHERE {condition}"
    );
    (from, values)
}

fn counts_of(counts: &QueueCounts, part: Part) -> u32 {
    match part {
        Part::Pending => counts.pending,
        Part::Reported => counts.reported,
        Part::Hidden => counts.hidden,
        Part::Trashed => counts.trashed,
        Part::All => counts.all,
    }
}

#[derive(FromQueryResult)]
struct CountsRow {
    pending: i64,
    hidden: i64,
    trashed: i64,
    reported: i64,
    everything: i64,
    in_no_list: i64,
}

/// Each number from an index of its own.
async fn counts(db: &Db) -> Result<QueueCounts, DbErr> {
    let query = "SELECT (SELECT COUNT(*) FROM comments WHERE state = 'PENDING') AS pending,
        (SELECT COUNT(*) FROM comments WHERE state = 'HIDDEN') AS hidden,
        (SELECT COUNT(*) FROM comments WHERE state = 'TRASHED' AND NOT purged) AS trashed,
        (SELECT COUNT(*) FROM comments WHERE reports > 0 AND state <> 'TRASHED') AS reported,
        (SELECT COUNT(*) FROM comments) AS everything,
        (SELECT COUNT(*) FROM comments WHERE state = 'TRASHED') AS in_no_list";
    let row = sql::one::<CountsRow, _>(db.read(), query, []).await?;
    Ok(row.map_or_else(QueueCounts::default, |row| QueueCounts {
        pending: unsigned(row.pending),
        reported: unsigned(row.reported),
        hidden: unsigned(row.hidden),
        trashed: unsigned(row.trashed),
        all: unsigned(row.everything - row.in_no_list),
    }))
}
