//! Parses the files that a list names and prints the time in milliseconds, the least of five runs: what a check
//! cannot go below. One thread, so wall time is CPU time.

use std::time::{Duration, Instant};

use routeward_lang_javascript::parse_only;

fn main() {
    let list =
        std::env::args().nth(1).and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
    let texts: Vec<(&str, String)> =
        list.lines().filter_map(|path| Some((path, std::fs::read_to_string(path).ok()?))).collect();
    let mut least = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        for (path, text) in &texts {
            std::hint::black_box(parse_only(path, text));
        }
        least = least.min(start.elapsed());
    }
    println!("{}", least.as_secs_f64() * 1000.0);
}
