use std::time::{Duration, Instant};

use crate::Report;

/// The measured part of an operation: the clock and the processor time since [`start`](Self::start).
pub struct Measurement {
    clock: Instant,
    cpu: f64,
    report: Report,
}

impl Measurement {
    pub fn start() -> Self {
        Self { cpu: cpu_seconds(), clock: Instant::now(), report: Report::default() }
    }

    /// Ends a part: the time since the start, or since the part before.
    pub fn part(&mut self, name: &'static str) {
        let now = Instant::now();
        self.report.seconds.push((name, (now - self.clock).as_secs_f64()));
        self.clock = now;
    }

    /// Ends the measured part. `count` is how many objects were made, read or deleted.
    pub fn end(mut self, count: usize) -> Report {
        self.report.cpu = cpu_seconds() - self.cpu;
        self.report.count = count;
        self.report
    }

    /// [`end`](Self::end) of an operation that measured single calls, each in the order in which it was made.
    pub fn end_with_samples(
        self,
        count: usize,
        samples: impl IntoIterator<Item = (&'static str, Vec<Duration>)>,
    ) -> Report {
        let mut report = self.end(count);
        report.samples = samples.into_iter().collect();
        report
    }
}

/// User and system time of this process and of its children that have ended.
fn cpu_seconds() -> f64 {
    [libc::RUSAGE_SELF, libc::RUSAGE_CHILDREN]
        .map(usage)
        .iter()
        .flat_map(|usage| [usage.ru_utime, usage.ru_stime])
        .map(|time| time.tv_sec as f64 + time.tv_usec as f64 / 1e6)
        .sum()
}

/// KiB of the peak resident memory of this process, or of its largest child if that is larger.
pub fn peak_memory() -> i64 {
    usage(libc::RUSAGE_SELF).ru_maxrss.max(usage(libc::RUSAGE_CHILDREN).ru_maxrss)
}

fn usage(whose: libc::c_int) -> libc::rusage {
    // SAFETY: rusage is plain data, and the kernel writes no more than that. It fails on neither argument.
    unsafe {
        let mut usage = std::mem::zeroed();
        libc::getrusage(whose, &mut usage);
        usage
    }
}
