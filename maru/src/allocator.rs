//! Settings of the allocators for a process that stays.
//!
//! mimalloc keeps what was freed for a second and asks for huge pages: right for a program that computes, but a
//! blog waits most of the time, and what a burst left behind (an import, a picture, a search index that is merged)
//! would stay with it. Beside it SQLite, which is C, takes memory from the C library, which gives each of its threads an
//! arena of its own that hardly ever shrinks: a hundred megabytes. Both read their settings from the environment when
//! the process begins, so the process begins again with them: a system call, and no code that the compiler cannot check.

/// What is freed goes back at once, and no page is made huge; one arena for all threads that run C. What the operator
/// set stays. None of it costs a measurable part of the pages per second (`cargo xtask bench`).
const SETTINGS: [(&str, &str); 4] = [
    ("MIMALLOC_PURGE_DELAY", "0"),
    ("MIMALLOC_ARENA_PURGE_MULT", "1"),
    ("MIMALLOC_ALLOW_THP", "0"),
    ("MALLOC_ARENA_MAX", "1"),
];

/// Begins again with these settings, unless it has them. Goes on without where that is not possible.
#[cfg(unix)]
pub fn settle() {
    use std::{
        env,
        os::unix::process::CommandExt,
        process::{Command, id},
    };

    const MARK: &str = "MARU_SETTLED";
    let own = id().to_string();
    if env::var(MARK).is_ok_and(|settled| settled == own) {
        return;
    }
    let Ok(program) = env::current_exe() else { return };
    let mut arguments = env::args_os();
    let mut command = Command::new(program);
    if let Some(name) = arguments.next() {
        command.arg0(name);
    }
    // The process keeps its id, so whoever inherits the mark does not take it for its own.
    command.args(arguments).env(MARK, own);
    for (name, value) in SETTINGS.iter().filter(|(name, _)| env::var_os(name).is_none()) {
        command.env(name, value);
    }
    // It only comes back when it failed; then nothing has changed.
    drop(command.exec());
}

/// There is nothing to settle where a process cannot begin again.
#[cfg(not(unix))]
pub fn settle() {}
