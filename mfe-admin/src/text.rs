//! Texts of the admin area.

use contracts::blog::PostStatus;

shared_ui::texts! {
    /// Texts of the admin area.
    pub(crate) struct Text {
        sections: "Admin sections", "관리 메뉴";
        dashboard: "Dashboard", "대시보드";
        posts: "Posts", "글";
        new_post: "New post", "새 글";
        edit_post: "Edit post", "글 수정";
        published_posts: "Published posts", "발행된 글";
        drafts: "Drafts", "임시글";
        users: "Accounts", "계정";
        categories: "Categories", "카테고리";
        tags: "Tags", "태그";
        recent: "Changed last", "최근 수정";
        modules: "Live modules", "실행 중인 모듈";
        module: "Module", "모듈";
        version: "Version", "버전";
        released: "Live since", "배포일";
        renders: "Renderings", "렌더링";
        failures: "Failures", "실패";
        title: "Title", "제목";
        author: "Author", "글쓴이";
        status: "Status", "상태";
        category: "Category", "카테고리";
        updated: "Changed", "수정일";
        actions: "Actions", "작업";
        search: "Search", "검색";
        search_label: "Search posts", "글 검색";
        all: "All", "전체";
        draft: "Draft", "임시글";
        public: "Published", "발행";
        private: "Private", "비공개";
        scheduled: "Scheduled", "예약";
        trashed: "Trash", "휴지통";
        no_posts: "No posts match.", "조건에 맞는 글이 없습니다.";
        edit: "Edit", "수정";
        publish: "Publish", "발행";
        delete: "Delete", "삭제";
        delete_question: "Move this post to the trash?", "이 글을 휴지통으로 옮길까요?";
        view_post: "View", "보기";
        slug: "Address", "주소";
        slug_hint: "Last part of the URL. Made from the title when empty.", "URL의 마지막 부분입니다. 비워 두면 제목으로 만듭니다.";
        tags_hint: "Separated by commas.", "쉼표로 구분합니다.";
        excerpt: "Excerpt", "요약";
        excerpt_hint: "Shown in lists. Made from the text when empty.", "목록에 보입니다. 비워 두면 본문으로 만듭니다.";
        content: "Text", "본문";
        content_hint: "Markdown.", "마크다운으로 씁니다.";
        none: "None", "없음";
        save: "Save", "저장";
        danger: "Delete this post", "글 삭제";
        danger_hint: "It goes to the trash and can be restored.", "휴지통으로 옮겨지며 되살릴 수 있습니다.";
    }
}

/// What a status is called.
pub(crate) fn status_text(status: PostStatus) -> &'static str {
    let text = text();
    match status {
        PostStatus::Draft => text.draft,
        PostStatus::Public => text.public,
        PostStatus::Private => text.private,
        PostStatus::Scheduled => text.scheduled,
        PostStatus::Trashed => text.trashed,
    }
}
