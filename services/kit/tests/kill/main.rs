//! Processes killed with SIGKILL at random between commit, publish, acknowledgement and effect, under
//! duplicated and late deliveries: every event has its effect exactly once, and nothing drifts.
//!
//! The program runs itself: without a role it is the judge, which starts processes, kills them, and
//! counts at the end. `MARU_KILL_EVENTS` sets how many events (default 2,000); `MARU_KILL_AWAY` for
//! how many seconds broker and database are taken away while writes go on (default 0: not at all);
//! `MARU_KILL_REPORT` names a file for the figures, as JSON.
#![expect(clippy::expect_used, reason = "a test that cannot be set up fails")]
#![expect(clippy::print_stdout, reason = "a child talks to its judge, and the judge to whoever runs it")]

mod chaos;
mod judge;
mod node;
mod schema;

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::var_os("MARU_KILL_ROLE").is_some() {
        node::run();
        return ExitCode::SUCCESS;
    }
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let chosen: Vec<judge::Setting> = [judge::Setting::Embedded, judge::Setting::Production]
        .into_iter()
        .filter(|setting| wanted.as_deref().is_none_or(|wanted| setting.name().contains(wanted)))
        .collect();
    // What looks for tests in a program asks first.
    if std::env::args().any(|argument| argument == "--list") {
        chosen.iter().for_each(|setting| println!("{}: test", setting.name()));
        return ExitCode::SUCCESS;
    }
    println!("\nrunning {} tests", chosen.len());
    let (mut failed, mut figures) = (0, Vec::new());
    for setting in &chosen {
        let outcome = judge::run(*setting);
        println!("test {} ... {}", setting.name(), if outcome.is_good() { "ok" } else { "FAILED" });
        println!("{outcome:#?}");
        failed += usize::from(!outcome.is_good());
        figures.push(outcome);
    }
    if let Ok(path) = std::env::var("MARU_KILL_REPORT") {
        let json = serde_json::to_vec_pretty(&figures).expect("figures are JSON");
        std::fs::write(path, json).expect("the report can be written");
    }
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    println!("\ntest result: {verdict}. {} passed; {failed} failed; 0 ignored", chosen.len() - failed);
    ExitCode::from(u8::from(failed > 0))
}
