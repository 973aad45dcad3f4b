//! Who is counted, how often, and what others are told.

use contracts::{
    analytics::{PostViewsPage, ViewInput, Visitors},
    blog::PostStatus,
    events::{PostPublished, PostUpdated, PostViewsCounted},
};
use kit::testing::{Backend, eventually};
use sea_orm::{DbErr, FromQueryResult};
use time::{Duration, OffsetDateTime};

use crate::support::{Analytics, DRAFT, FIREFOX, IPHONE, NOTICE, OTHERS_POST, POST, answer, facts, of_post, view};

kit::on_both_databases!(
    a_visitor_counts_once_a_day,
    one_address_is_a_handful_of_visitors,
    bots_are_left_out,
    midnight_makes_new_visitors_and_a_new_secret,
    midnight_is_that_of_the_site,
    only_what_everybody_may_see_is_counted,
    totals_are_told_once_and_absolute,
    nothing_that_names_anybody_is_kept,
    many_at_once_are_each_counted_once,
);

async fn a_visitor_counts_once_a_day(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let one = analytics.visitor("203.0.113.7", FIREFOX);
    let first = view(&one, &of_post(POST)).await;
    assert_eq!((first.counted, first.views), (true, 1));
    let again = view(&one, &of_post(POST)).await;
    assert_eq!((again.counted, again.views), (false, 1));
    // Another post, another browser, another address.
    assert!(view(&one, &of_post(OTHERS_POST)).await.counted);
    assert!(view(&analytics.visitor("203.0.113.7", IPHONE), &of_post(POST)).await.counted);
    let third = view(&analytics.visitor("203.0.113.8", FIREFOX), &of_post(POST)).await;
    assert_eq!((third.counted, third.views), (true, 3));
    assert!(view(&one, &format!("/api/views/page/{NOTICE}")).await.counted);

    let visitors: Visitors = analytics.client.get("/api/visitors").await.json(200);
    assert_eq!(visitors, Visitors { today: 3, yesterday: 0, total: 3 });
    assert!(!view(&one, &of_post(POST)).await.counted, "counting changed nothing for who came already");
}

async fn one_address_is_a_handful_of_visitors(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    // Thirty browsers, all at once.
    let browser = |n: u32| format!("Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0");
    let mut tasks = Vec::new();
    for n in 100..130 {
        let visitor = analytics.visitor("203.0.113.7", &browser(n));
        tasks.push(tokio::spawn(async move { view(&visitor, &of_post(POST)).await.counted }));
    }
    let mut counted = 0;
    for task in tasks {
        counted += u32::from(task.await.expect("no panic"));
    }
    assert_eq!(counted, 5);
    // They are the same five wherever they go.
    let mut elsewhere = 0;
    for n in 100..130 {
        let visitor = analytics.visitor("203.0.113.7", &browser(n));
        elsewhere += u32::from(view(&visitor, &of_post(OTHERS_POST)).await.counted);
    }
    assert_eq!(elsewhere, 5);
    assert!(view(&analytics.visitor("203.0.113.8", &browser(100)), &of_post(POST)).await.counted);
    let visitors: Visitors = analytics.client.get("/api/visitors").await.json(200);
    assert_eq!(visitors, Visitors { today: 6, yesterday: 0, total: 6 });
}

async fn bots_are_left_out(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    for bot in ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "curl/8.5.0", ""] {
        let counted = view(&analytics.visitor("203.0.113.7", bot), &of_post(POST)).await;
        assert_eq!((counted.counted, counted.views), (false, 0), "{bot}");
    }
    let visitors: Visitors = analytics.client.get("/api/visitors").await.json(200);
    assert_eq!(visitors, Visitors::default());
}

#[derive(FromQueryResult)]
struct Text {
    text: String,
}

async fn texts(analytics: &Analytics, query: &str) -> Result<Vec<String>, DbErr> {
    let db = analytics.db.connect().await;
    let rows = kit::db::sql::all::<Text, _>(db.read(), query, []).await?;
    Ok(rows.into_iter().map(|row| row.text).collect())
}

/// To half a minute before, or after, the next midnight of UTC.
fn to_midnight(analytics: &Analytics, seconds: i64) {
    let now = analytics.shared.shared.clock.now();
    let midnight = now.replace_time(time::Time::MIDNIGHT) + Duration::DAY;
    analytics.shared.advance(midnight - now + Duration::seconds(seconds));
}

async fn midnight_makes_new_visitors_and_a_new_secret(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let service = analytics.client.service();
    let one = analytics.visitor("203.0.113.7", FIREFOX);
    to_midnight(&analytics, -30);
    assert!(view(&one, &of_post(POST)).await.counted);
    assert!(!view(&one, &of_post(POST)).await.counted);
    analytics.shared.advance(Duration::minutes(1));
    let next_day = view(&one, &of_post(POST)).await;
    assert_eq!((next_day.counted, next_day.views), (true, 2));
    let visitors: Visitors = analytics.client.get("/api/visitors").await.json(200);
    assert_eq!(visitors, Visitors { today: 1, yesterday: 1, total: 2 });

    let pseudonyms = texts(&analytics, "SELECT visitor AS text FROM views").await.expect("views");
    assert_eq!(pseudonyms.len(), 2);
    assert_ne!(pseudonyms[0], pseudonyms[1], "nobody can tell that it was the same visitor");
    let salts = "SELECT salt AS text FROM salts";
    assert_eq!(texts(&analytics, salts).await.expect("salts").len(), 2);

    analytics.shared.advance(Duration::DAY);
    assert_eq!(
        service.send(http::Method::POST, "/internal/views/forget", None, axum::body::Bytes::new()).await.status,
        204
    );
    assert_eq!(texts(&analytics, salts).await.expect("salts").len(), 1, "a secret lives two days at most");
    analytics.shared.advance(Duration::days(3));
    service.send(http::Method::POST, "/internal/views/forget", None, axum::body::Bytes::new()).await;
    assert!(texts(&analytics, salts).await.expect("salts").is_empty());
    assert!(texts(&analytics, "SELECT visitor AS text FROM views").await.expect("views").is_empty());
    assert!(texts(&analytics, "SELECT visitor AS text FROM visitors").await.expect("visitors").is_empty());
    assert!(texts(&analytics, "SELECT network AS text FROM network_visitors").await.expect("networks").is_empty());
    let visitors: Visitors = analytics.client.get("/api/visitors").await.json(200);
    assert_eq!(visitors, Visitors { today: 0, yesterday: 0, total: 2 }, "numbers stay");
    assert_eq!(view(&one, &of_post(POST)).await.views, 3);
}

async fn midnight_is_that_of_the_site(backend: Backend) {
    let analytics = Analytics::start_with(backend, |settings| settings.utc_offset_minutes = 540).await;
    let one = analytics.visitor("203.0.113.7", FIREFOX);
    // Midnight in Seoul.
    let now: OffsetDateTime = analytics.shared.shared.clock.now();
    let turn = now.replace_time(time::Time::MIDNIGHT) + Duration::DAY + Duration::hours(15);
    analytics.shared.advance(turn - now - Duration::seconds(30));
    assert!(view(&one, &of_post(POST)).await.counted);
    analytics.shared.advance(Duration::minutes(1));
    assert!(view(&one, &of_post(POST)).await.counted);
    to_midnight(&analytics, 30);
    assert!(!view(&one, &of_post(POST)).await.counted, "midnight of UTC is just another hour");
}

async fn only_what_everybody_may_see_is_counted(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let one = analytics.visitor("203.0.113.7", FIREFOX);
    for path in [
        of_post(DRAFT),
        of_post("0192f0c1-2345-7890-abcd-00000000ffff"),
        of_post("hello"),
        of_post("%00"),
        of_post(NOTICE),
        format!("/api/views/page/{POST}"),
        "/api/views/nothing/x".to_owned(),
    ] {
        answer(&one, &path).await.problem(404);
    }
    // Events make it public, then private again.
    let post = |status| facts(DRAFT, "draft", "author", status);
    analytics.deliver(DRAFT, 2, &PostPublished { post: post(PostStatus::Public) }).await;
    assert!(view(&one, &of_post(DRAFT)).await.counted);
    analytics.deliver(DRAFT, 3, &PostUpdated { post: post(PostStatus::Private), old_slug: None }).await;
    answer(&one, &of_post(DRAFT)).await.problem(404);
}

async fn totals_are_told_once_and_absolute(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let service = analytics.client.service();
    let tell = async || {
        let answer = service.send(http::Method::POST, "/internal/views/tell", None, axum::body::Bytes::new()).await;
        answer.json::<serde_json::Value>(200)["told"].as_u64()
    };
    for address in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
        view(&analytics.visitor(address, FIREFOX), &of_post(POST)).await;
    }
    assert_eq!(tell().await, Some(1));
    assert_eq!(tell().await, Some(0), "what was told is not told again");
    view(&analytics.visitor("203.0.113.4", FIREFOX), &of_post(POST)).await;
    view(&analytics.visitor("203.0.113.4", FIREFOX), &of_post(OTHERS_POST)).await;
    assert_eq!(tell().await, Some(2));
    let heard = eventually("the totals", async || {
        let heard = analytics.heard::<PostViewsCounted>();
        (heard.len() == 3).then_some(heard)
    })
    .await;
    let of = |id: &str| heard.iter().filter(|event| event.post_id == id).map(|event| event.views).collect::<Vec<_>>();
    assert_eq!((of(POST), of(OTHERS_POST)), (vec![3, 4], vec![1]));

    let page: PostViewsPage = service.get("/internal/views?limit=1").await.json(200);
    assert_eq!((page.items.len(), page.items[0].views, page.next.as_deref()), (1, 4, Some(POST)));
    let page: PostViewsPage = service.get(&format!("/internal/views?after={POST}&limit=10")).await.json(200);
    assert_eq!((page.items.len(), page.items[0].views, page.next), (1, 1, None));
    service.get("/internal/views?limit=0").await.problem(400);
    analytics.admin().get("/internal/views").await.problem(401);
}

async fn nothing_that_names_anybody_is_kept(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let one = analytics.visitor_with(&[
        ("x-client-address", "203.0.113.7"),
        ("user-agent", FIREFOX),
        ("x-client-country", "KR"),
    ]);
    let input = ViewInput { referrer: Some("https://secret.example.com/path?token=1".to_owned()) };
    assert_eq!(one.post(&of_post(POST), &input).await.status, 200);
    let kept =
        texts(&analytics, "SELECT visitor || ' ' || referrer || ' ' || country || ' ' || device AS text FROM views")
            .await
            .expect("views");
    assert_eq!(kept.len(), 1);
    assert!(kept[0].ends_with(" secret.example.com KR desktop"), "{}", kept[0]);
    assert!(!kept[0].contains("203.0.113"));
}

async fn many_at_once_are_each_counted_once(backend: Backend) {
    let analytics = Analytics::start(backend).await;
    let mut tasks = Vec::new();
    for n in 0..60 {
        // Twenty visitors, three times each, while counting goes on.
        let (visitor, service) =
            (analytics.visitor(&format!("198.51.100.{}", n % 20), FIREFOX), analytics.client.clone());
        tasks.push(tokio::spawn(async move {
            let counted = view(&visitor, &of_post(POST)).await.counted;
            service.get("/api/visitors").await.json::<Visitors>(200);
            counted
        }));
    }
    let mut counted = 0;
    for task in tasks {
        counted += u32::from(task.await.expect("no panic"));
    }
    assert_eq!(counted, 20);
    let visitors: Visitors = analytics.client.get("/api/visitors").await.json(200);
    assert_eq!(visitors.today, 20);
    assert_eq!(view(&analytics.visitor("198.51.100.200", FIREFOX), &of_post(POST)).await.views, 21);
}
