use std::fmt;
use std::time::Duration;

use crate::measurement::peak_memory;

/// What a contender prints, as one line of JSON: see `benchmarks/README.md`.
#[derive(Default)]
pub struct Report {
    pub(crate) seconds: Vec<(&'static str, f64)>,
    pub(crate) samples: Vec<(&'static str, Vec<Duration>)>,
    pub(crate) count: usize,
    pub(crate) cpu: f64,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{{")?;
        if !self.seconds.is_empty() {
            let parts: Vec<_> =
                self.seconds.iter().map(|(name, seconds)| format!(r#""{name}":{seconds:.6}"#)).collect();
            write!(out, r#""seconds":{{{}}},"#, parts.join(","))?;
        }
        if !self.samples.is_empty() {
            let parts: Vec<_> = self
                .samples
                .iter()
                .map(|(name, times)| format!(r#""{name}":[{}]"#, microseconds(times)))
                .collect();
            write!(out, r#""samples":{{{}}},"#, parts.join(","))?;
        }
        write!(out, r#""count":{},"cpu":{:.6},"rss":{}}}"#, self.count, self.cpu, peak_memory())
    }
}

fn microseconds(times: &[Duration]) -> String {
    let texts: Vec<_> = times.iter().map(|time| format!("{:.3}", time.as_nanos() as f64 / 1e3)).collect();
    texts.join(",")
}
