//! What events and other services are told of posts.

use std::collections::HashSet;

use contracts::{blog::PostStatus, events::PostFacts};
use kit::db::{Db, sql};
use sea_orm::{DatabaseTransaction, DbErr, FromQueryResult};

use super::revision_images;
use crate::domain::images;

#[derive(FromQueryResult)]
struct Row {
    id: String,
    slug: String,
    title: String,
    author_id: String,
    status: String,
    cover: Option<String>,
    content: String,
}

impl From<Row> for PostFacts {
    fn from(row: Row) -> Self {
        Self {
            images: images::used(row.cover.as_deref(), &row.content),
            post_id: row.id,
            slug: row.slug,
            title: row.title,
            author_id: row.author_id,
            status: PostStatus::parse(&row.status).unwrap_or_default(),
        }
    }
}

const SELECT: &str = "SELECT p.id, p.slug, p.title, p.author_id, p.status, p.cover, x.content
    FROM posts p JOIN post_texts x ON x.post_id = p.id";

/// The post as it is after what was done in `tx`.
pub(crate) async fn of(tx: &DatabaseTransaction, id: &str) -> Result<PostFacts, DbErr> {
    let row = sql::one::<Row, _>(tx, &format!("{SELECT} WHERE p.id = $1"), [id.into()]).await?;
    let mut post = row.map(PostFacts::from).ok_or_else(|| DbErr::RecordNotFound(format!("the post {id}")))?;
    add(&mut post.images, revision_images::of(tx, id).await?);
    Ok(post)
}

/// So many posts after the one called `after`, by id.
pub(crate) async fn page(db: &Db, after: &str, limit: u32) -> Result<Vec<PostFacts>, DbErr> {
    let query = format!("{SELECT} WHERE p.id > $1 ORDER BY p.id LIMIT $2");
    let rows = sql::all::<Row, _>(db.read(), &query, [after.into(), i64::from(limit).into()]).await?;
    let mut posts: Vec<PostFacts> = rows.into_iter().map(PostFacts::from).collect();
    let (Some(first), Some(last)) = (posts.first(), posts.last()) else { return Ok(posts) };
    let mut kept = revision_images::of_all(db, &first.post_id, &last.post_id).await?;
    for post in &mut posts {
        add(&mut post.images, kept.remove(&post.post_id).unwrap_or_default());
    }
    Ok(posts)
}

/// What a kept revision uses is used: whoever restores it finds its images.
fn add(images: &mut Vec<String>, kept: Vec<String>) {
    // Texts may name very many.
    let mut seen: HashSet<String> = images.iter().cloned().collect();
    images.extend(kept.into_iter().filter(|image| seen.insert(image.clone())));
}
