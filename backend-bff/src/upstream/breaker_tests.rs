use super::*;

fn breaker() -> Breaker {
    Breaker::new(BreakerLimits::default())
}

fn call(breaker: &Breaker, outcome: Outcome) -> Option<Change> {
    breaker.settle(&breaker.admit().expect("leave"), outcome)
}

async fn open() -> Breaker {
    let breaker = breaker();
    for _ in 0..7 {
        assert_eq!(call(&breaker, Outcome::Silent), None);
    }
    assert_eq!(call(&breaker, Outcome::Silent), Some(Change::Opened));
    breaker
}

#[tokio::test(start_paused = true)]
async fn silence_opens_it_and_one_good_trial_closes_it() {
    let breaker = open().await;
    assert!(breaker.admit().is_none());
    tokio::time::sleep_until(breaker.next_probe().expect("it is open")).await;
    assert!(breaker.admit().is_none(), "only a probe changes that");
    breaker.probed(true);
    let trial = breaker.admit().expect("a trial");
    assert!(breaker.admit().is_none(), "one at a time");
    assert_eq!(breaker.settle(&trial, Outcome::Abandoned), None);
    assert_eq!(call(&breaker, Outcome::Good), Some(Change::Closed));
    assert_eq!(breaker.standing(), Standing::Closed);
}

#[tokio::test(start_paused = true)]
async fn a_trial_that_takes_long_keeps_nobody_from_trying() {
    let breaker = open().await;
    tokio::time::sleep_until(breaker.next_probe().expect("it is open")).await;
    breaker.probed(true);
    let upload = breaker.admit().expect("a trial");
    assert!(!breaker.is_ready() && breaker.admit().is_none(), "one at a time");
    tokio::time::advance(TRIAL).await;
    assert!(breaker.is_ready());
    let second = breaker.admit().expect("another trial");
    assert_eq!(breaker.settle(&upload, Outcome::Abandoned), None);
    assert!(breaker.admit().is_none(), "the second is still under way");
    assert_eq!(breaker.settle(&second, Outcome::Good), Some(Change::Closed));
    assert_eq!(breaker.settle(&upload, Outcome::Silent), None, "of a time before");
    assert_eq!(breaker.standing(), Standing::Closed);
}

#[tokio::test(start_paused = true)]
async fn it_rests_longer_each_time_up_to_a_limit() {
    let breaker = open().await;
    let mut rests = Vec::new();
    for _ in 0..6 {
        let until = breaker.next_probe().expect("it is open");
        rests.push(until - Instant::now());
        tokio::time::sleep_until(until).await;
        breaker.probed(true);
        assert_eq!(call(&breaker, Outcome::Failed), Some(Change::Opened));
    }
    assert!(rests[0] <= Duration::from_millis(600) && rests[1] > rests[0] && rests[2] > rests[1], "{rests:?}");
    assert!(rests.iter().all(|rest| *rest <= Duration::from_secs(6)), "{rests:?}");
}

#[tokio::test(start_paused = true)]
async fn a_share_of_failures_opens_it_only_with_enough_calls() {
    let breaker = breaker();
    for _ in 0..9 {
        assert_eq!(call(&breaker, Outcome::Failed), None);
    }
    // These are forgotten by then.
    tokio::time::advance(Duration::from_secs(11)).await;
    for _ in 0..5 {
        assert_eq!(call(&breaker, Outcome::Good), None);
    }
    for _ in 0..4 {
        assert_eq!(call(&breaker, Outcome::Failed), None);
    }
    assert_eq!(call(&breaker, Outcome::Failed), Some(Change::Opened));
}

#[tokio::test(start_paused = true)]
async fn any_answer_ends_a_silence() {
    // The share of failures is not to open it before that.
    let breaker = Breaker::new(BreakerLimits { least_calls: u32::MAX, ..BreakerLimits::default() });
    for answer in [Outcome::Good, Outcome::Failed] {
        for _ in 0..7 {
            assert_eq!(call(&breaker, Outcome::Silent), None);
        }
        assert_eq!(call(&breaker, answer), None);
    }
    for _ in 0..7 {
        assert_eq!(call(&breaker, Outcome::Silent), None);
    }
    assert_eq!(call(&breaker, Outcome::Silent), Some(Change::Opened));
}

#[tokio::test(start_paused = true)]
async fn calls_under_way_for_too_long_open_it_and_a_late_answer_closes_it_again() {
    let breaker = breaker();
    let mut leaves: Vec<Leave> = (0..8).map(|_| breaker.admit().expect("leave")).collect();
    let mut changes: Vec<Option<Change>> = leaves.iter_mut().map(|leave| breaker.overdue(leave)).collect();
    assert_eq!(changes.pop(), Some(Some(Change::Opened)));
    assert!(changes.iter().all(Option::is_none));
    assert_eq!(breaker.settle(&leaves[0], Outcome::Silent), None);
    assert_eq!(breaker.settle(&leaves[1], Outcome::Good), Some(Change::Closed));
    assert_eq!(breaker.settle(&leaves[2], Outcome::Silent), None, "of a time before");
    assert_eq!(breaker.standing(), Standing::Closed);
}

#[tokio::test(start_paused = true)]
async fn an_address_that_hangs_is_left_alone_at_once() {
    let breaker = breaker();
    let age = breaker.age();
    assert!(!breaker.is_hung());
    assert_eq!(breaker.hangs(age), Some(Change::Opened));
    assert!(breaker.is_hung());
    assert_eq!(breaker.hangs(age), None, "that was found out of another time");
    assert_eq!(breaker.hangs(breaker.age()), None, "it is open");
}
