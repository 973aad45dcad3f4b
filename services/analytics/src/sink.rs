//! Google Analytics, for who wants it: the Measurement Protocol. Off unless configured, and even then
//! it learns nothing that is not counted here: no address, and a visitor's pseudonym of the day.

use std::time::Duration;

use kit::{Secret, Shared, error::Chain};
use serde::Serialize;
use tokio::sync::mpsc;
use url::Url;

/// Where views go besides.
#[derive(Clone, Debug)]
pub struct GoogleAnalytics {
    /// `G-…`
    pub measurement_id: String,
    /// Of the data stream.
    pub api_secret: Secret,
    /// `https://www.google-analytics.com/mp/collect` unless data must stay in a region.
    pub endpoint: String,
}

/// A view on its way out.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) visitor: String,
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) referrer: String,
}

/// Takes views; without a configured end it drops them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sink(Option<mpsc::Sender<Sent>>);

#[derive(Serialize)]
struct Payload<'a> {
    client_id: &'a str,
    events: [Event<'a>; 1],
}

#[derive(Serialize)]
struct Event<'a> {
    name: &'static str,
    params: Params<'a>,
}

#[derive(Serialize)]
struct Params<'a> {
    page_location: &'a str,
    page_title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    page_referrer: &'a str,
    /// Without it a view does not count as somebody being there.
    engagement_time_msec: u32,
}

/// So many views wait at most; more are not sent. Counting here never waits for anybody.
const WAITING: usize = 1_000;

impl Sink {
    pub(crate) fn send(&self, view: Sent) {
        if let Some(sender) = &self.0
            && sender.try_send(view).is_err()
        {
            tracing::warn!("Google Analytics is too slow: a view was not sent there");
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }
}

/// Starts sending, if it is configured.
pub(crate) fn start(settings: Option<GoogleAnalytics>, shared: &Shared) -> Result<Sink, url::ParseError> {
    let Some(settings) = settings else { return Ok(Sink::default()) };
    let mut endpoint = Url::parse(&settings.endpoint)?;
    endpoint
        .query_pairs_mut()
        .append_pair("measurement_id", &settings.measurement_id)
        .append_pair("api_secret", settings.api_secret.expose());
    let (sender, mut receiver) = mpsc::channel::<Sent>(WAITING);
    let client = reqwest::Client::new();
    shared.tasks.spawn(shared.shutdown.clone().run_until_cancelled_owned(async move {
        while let Some(view) = receiver.recv().await {
            let payload = Payload {
                client_id: &view.visitor,
                events: [Event {
                    name: "page_view",
                    params: Params {
                        page_location: &view.url,
                        page_title: &view.title,
                        page_referrer: &view.referrer,
                        engagement_time_msec: 1,
                    },
                }],
            };
            let request = client.post(endpoint.clone()).json(&payload).timeout(Duration::from_secs(5));
            if let Err(error) = request.send().await.and_then(reqwest::Response::error_for_status) {
                // The URL holds the secret.
                let error = error.without_url();
                tracing::warn!(cause = %Chain(&error), "a view was not taken by Google Analytics");
            }
        }
    }));
    Ok(Sink(Some(sender)))
}
