use tokio::net::TcpListener;

use super::*;
use crate::upstream::{breaker::Standing, meters::Meters, transport::Clients};

#[tokio::test]
async fn nobody_waits_for_an_address_that_hangs() {
    // Connections are made, and then nothing comes.
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address")).parse().expect("a URL");
    let limits = Limits { deadline: Duration::from_secs(3600), ..Limits::default() };
    let transport = Clients::new().expect("clients").to(&url);
    let address = Address::new(transport, &limits, Meters::new("blog").breaker("main", "hanging"));
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let mut ticket = address.ticket().expect("leave");
        let deadline = Instant::now() + limits.deadline;
        waiting.push(tokio::spawn(async move { ticket.exchange(Request::new(Body::empty()), deadline, true).await }));
    }
    for call in waiting {
        let answer = timeout(Duration::from_secs(30), call).await.expect("an end to waiting").expect("no panic");
        assert!(matches!(answer, Err(Failure::Late)), "{answer:?}");
    }
    assert_eq!(address.breaker.standing(), Standing::Open);
    assert!(address.ticket().is_none());
}
