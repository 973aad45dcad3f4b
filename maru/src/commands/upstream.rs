//! `maru upstream list | weight | mirror | report`: versions of services behind a running Maru.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use clap::Subcommand;

use super::{module::Reach, tell};
use crate::operator::{MirrorReport, UpstreamRow};

#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// Show every service, its versions with their weights, and how their addresses do
    List {
        #[command(flatten)]
        reach: Reach,
    },
    /// Change which share of the visitors gets which version; takes effect at once
    Weight {
        /// Service
        service: String,
        /// Version and weight, as in `new=10`; versions that are not named keep theirs
        #[arg(value_name = "VERSION=WEIGHT", required = true, value_parser = weight)]
        weights: Vec<(String, u32)>,
        #[command(flatten)]
        reach: Reach,
    },
    /// Send a share of the reading calls to another version too, and compare the answers
    Mirror {
        /// Service
        service: String,
        /// Version that is asked as well
        version: String,
        /// Of the reading calls; 0 ends it
        #[arg(long, value_name = "0-100", value_parser = clap::value_parser!(u8).range(0..=100))]
        percent: u8,
        #[command(flatten)]
        reach: Reach,
    },
    /// Show what the comparison found
    Report {
        /// Service
        service: String,
        #[command(flatten)]
        reach: Reach,
    },
}

fn weight(text: &str) -> Result<(String, u32)> {
    let Some((version, weight)) = text.split_once('=') else { bail!("say it as VERSION=WEIGHT, for example new=10") };
    Ok((version.to_owned(), weight.parse().context("a weight is a whole number, 0 or more")?))
}

pub(super) async fn run(action: Action) -> Result<()> {
    let lines = match action {
        Action::List { reach } => table(&reach.operator()?.upstreams().await?),
        Action::Weight { service, weights, reach } => {
            let weights: BTreeMap<String, u32> = weights.into_iter().collect();
            table(&[reach.operator()?.weigh(&service, &weights).await?])
        }
        Action::Mirror { service, version, percent, reach } => {
            let row = reach.operator()?.mirror(&service, &version, percent).await?;
            vec![match &row.mirror {
                Some(mirror) => format!(
                    "{} % of what is read of {name} goes to {} as well; see `maru upstream report {name}`",
                    mirror.percent,
                    mirror.target,
                    name = row.name
                ),
                None => format!("{} is not mirrored any more", row.name),
            }]
        }
        Action::Report { service, reach } => report(&reach.operator()?.mirror_report(&service).await?),
    };
    for line in lines {
        tell(&line);
    }
    Ok(())
}

fn table(services: &[UpstreamRow]) -> Vec<String> {
    let mut lines = vec![format!(
        "{:10}  {:12}  {:>6}  {:9}  {:>9}  address",
        "service", "version", "weight", "state", "under way"
    )];
    for service in services {
        for target in &service.targets {
            for address in &target.addresses {
                let state = match address.breaker.as_str() {
                    "closed" => "healthy",
                    "half_open" => "on trial",
                    _ => "left out",
                };
                lines.push(format!(
                    "{:10}  {:12}  {:>6}  {state:9}  {:>9}  {}",
                    service.name, target.name, target.weight, address.under_way, address.address
                ));
            }
        }
        if let Some(mirror) = &service.mirror {
            lines.push(format!("{:10}  {} % of reading calls are compared with {}", "", mirror.percent, mirror.target));
        }
    }
    lines
}

fn report(report: &MirrorReport) -> Vec<String> {
    let mut lines = vec![
        format!("compared        {}", report.compared),
        format!("equal           {}", report.equal),
        format!("status differs  {}", report.status_differs),
        format!("body differs    {}", report.body_differs),
        format!("no answer       {}", report.failed),
        format!("not compared    {}", report.skipped),
    ];
    if !report.samples.is_empty() {
        lines.push("the last that differed (status and bytes of both):".to_owned());
    }
    lines.extend(report.samples.iter().map(|sample| {
        format!(
            "  {} {} B  {} {} B  {}",
            sample.status, sample.bytes, sample.mirror_status, sample.mirror_bytes, sample.path
        )
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn weights_are_read() {
        assert_eq!(weight("new=10").unwrap(), ("new".to_owned(), 10));
        for wrong in ["new", "new=", "new=-1", "new=1.5"] {
            assert!(weight(wrong).is_err(), "{wrong}");
        }
    }
}
