//! Texts of the blog.

shared_ui::texts! {
    /// Texts of the blog.
    pub(crate) struct Text {
        home: "Home", "홈";
        latest: "Latest", "최신 글";
        featured: "Featured", "추천 글";
        topics: "Popular tags", "인기 태그";
        categories: "Categories", "카테고리";
        all_posts: "All posts", "모든 글";
        posts: "Posts", "글";
        category: "Category", "카테고리";
        tag: "Tag", "태그";
        no_posts: "Nothing has been published here yet.", "아직 발행된 글이 없습니다.";
        minutes: " min read", "분 읽기";
        published: "Published", "발행";
        updated: "Updated", "수정";
        contents: "Contents", "목차";
        written_by: "Written by", "글쓴이";
        with: "with", "함께 쓴 사람";
        edit: "Edit", "수정하기";
        draft_notice: "Only you can see this: it is not published.", "아직 발행되지 않아 나만 볼 수 있는 글입니다.";
        first_published: "First published at", "처음 실린 곳";
        count_one: " post", "개의 글";
        count: " posts", "개의 글";
        page: "page", "페이지";
    }
}

/// How many posts: `1 post`, `12 posts`, `12개의 글`.
pub(crate) fn post_count(posts: u32) -> String {
    let text = text();
    posts.to_string() + if posts == 1 { text.count_one } else { text.count }
}

/// How long it takes to read.
pub(crate) fn reading_time(minutes: u32) -> String {
    minutes.max(1).to_string() + text().minutes
}
