//! The table of results, aligned or as Markdown.

use std::time::Duration;

use crate::measure::{Limit, Sample};
use crate::program::Found;

const HEADINGS: [&str; 10] = ["users", "MB", "program", "s", "user s", "sys s", "MB/s", "peak MB", "x cat", "found"];
/// Which columns hold words; numbers stand at the right.
const WORDS: [usize; 2] = [2, 9];

/// How a program did on a tenant.
pub(crate) enum Outcome {
    Measured(Figures, Option<Found>),
    Stopped(Limit),
    Failed(String),
}

/// The medians of all runs, and the most memory that one took.
#[derive(Clone, Copy)]
pub(crate) struct Figures {
    pub(crate) wall: Duration,
    user: Duration,
    system: Duration,
    memory: u64,
}

impl Figures {
    pub(crate) fn of(samples: &[Sample]) -> Self {
        Self {
            wall: median(samples.iter().map(|sample| sample.wall).collect()),
            user: median(samples.iter().map(|sample| sample.user).collect()),
            system: median(samples.iter().map(|sample| sample.system).collect()),
            memory: samples.iter().map(|sample| sample.memory).max().unwrap_or(0),
        }
    }
}

/// The middle one, or the mean of the two in the middle.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    let middle = times.len() / 2;
    match times.get(middle) {
        None => Duration::ZERO,
        Some(time) if times.len() % 2 == 1 => *time,
        Some(time) => (*time + times[middle - 1]) / 2,
    }
}

/// What a row is about, and how it went.
pub(crate) struct Row<'a> {
    /// How many users, and what else is special.
    pub(crate) tenant: &'a str,
    pub(crate) bytes: u64,
    /// What must be found.
    pub(crate) planted: Found,
    pub(crate) program: &'a str,
    pub(crate) outcome: &'a Outcome,
    /// What the others are measured against.
    pub(crate) floor: Option<Duration>,
}

/// A table that grows by rows.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; 10]>,
}

impl Table {
    pub(crate) fn add(&mut self, row: &Row<'_>) {
        let mut cells = [const { String::new() }; 10];
        cells[0] = row.tenant.to_owned();
        cells[1] = megabytes(row.bytes);
        cells[2] = row.program.to_owned();
        match row.outcome {
            Outcome::Measured(figures, found) => {
                cells[3] = seconds(figures.wall);
                cells[4] = seconds(figures.user);
                cells[5] = seconds(figures.system);
                cells[6] = format!("{:.0}", row.bytes as f64 / 1e6 / figures.wall.as_secs_f64());
                cells[7] = megabytes(figures.memory);
                cells[8] = row.floor.map(|floor| times(figures.wall, floor)).unwrap_or_default();
                cells[9] = match found {
                    None => String::new(),
                    Some(found) if *found == row.planted => found.to_string(),
                    Some(found) => format!("{found}, not {}", row.planted),
                };
            }
            Outcome::Stopped(Limit::Time(limit)) => cells[3] = format!("over {}", limit.as_secs()),
            Outcome::Stopped(Limit::Memory(limit)) => cells[7] = format!("over {}", megabytes(*limit)),
            Outcome::Failed(why) => cells[9] = why.clone(),
        }
        self.rows.push(cells);
    }

    pub(crate) fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let mut text = line(&HEADINGS.map(str::to_owned));
        text +=
            &line(&std::array::from_fn::<_, 10, _>(|at| if WORDS.contains(&at) { "---" } else { "---:" }.to_owned()));
        for row in &self.rows {
            text += &line(&row.clone().map(|cell| cell.replace('|', "\\|")));
        }
        text
    }

    pub(crate) fn plain(&self) -> String {
        let headings = HEADINGS.map(str::to_owned);
        let rows = || std::iter::once(&headings).chain(&self.rows);
        let widths: [usize; 10] =
            std::array::from_fn(|at| rows().map(|row| row[at].chars().count()).max().unwrap_or(0));
        let mut text = String::new();
        for row in rows() {
            let cells: [String; 10] = std::array::from_fn(|at| {
                let (cell, width) = (&row[at], widths[at]);
                if WORDS.contains(&at) { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            text += cells.join("  ").trim_end();
            text.push('\n');
        }
        text
    }
}

/// Three digits that count.
fn seconds(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        0.0..0.1 => format!("{seconds:.4}"),
        0.1..1.0 => format!("{seconds:.3}"),
        1.0..10.0 => format!("{seconds:.2}"),
        _ => format!("{seconds:.1}"),
    }
}

fn times(time: Duration, floor: Duration) -> String {
    let ratio = time.as_secs_f64() / floor.as_secs_f64();
    if ratio < 100.0 { format!("{ratio:.1}") } else { format!("{ratio:.0}") }
}

fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 10.0 { format!("{megabytes:.1}") } else { format!("{megabytes:.0}") }
}

/// A whole number in groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLANTED: Found = Found { duplicate_addresses: 4, missing_locations: 4 };

    fn sample(wall: u64, memory: u64) -> Sample {
        let [wall, user, system] = [wall, wall / 2, wall / 4].map(Duration::from_millis);
        Sample { wall, user, system, memory }
    }

    fn table() -> Table {
        let floor = Figures::of(&[sample(10, 2_000_000)]);
        let figures = Figures::of(&[sample(30, 3_000_000), sample(20, 41_000_000), sample(200, 1)]);
        let outcomes = [
            ("cat", Outcome::Measured(floor, None)),
            ("good", Outcome::Measured(figures, Some(PLANTED))),
            ("bad", Outcome::Measured(figures, Some(Found { missing_locations: 5, ..PLANTED }))),
            ("slow", Outcome::Stopped(Limit::Time(Duration::from_secs(120)))),
            ("large", Outcome::Stopped(Limit::Memory(15_000_000_000))),
            ("absent", Outcome::Failed("not there".to_owned())),
        ];
        let mut table = Table::default();
        for (program, outcome) in &outcomes {
            let (tenant, bytes, floor) = ("10,000", 60_000_000, Some(floor.wall));
            table.add(&Row { tenant, bytes, planted: PLANTED, program, outcome, floor });
        }
        table
    }

    #[test]
    fn columns_are_aligned() {
        let expected = [
            " users  MB  program         s  user s   sys s  MB/s     peak MB  x cat  found",
            "10,000  60  cat        0.0100  0.0050  0.0020  6000         2.0    1.0",
            "10,000  60  good       0.0300  0.0150  0.0070  2000          41    3.0  4 + 4",
            "10,000  60  bad        0.0300  0.0150  0.0070  2000          41    3.0  4 + 5, not 4 + 4",
            "10,000  60  slow     over 120",
            "10,000  60  large                                    over 15000",
            "10,000  60  absent                                                      not there",
        ];
        assert_eq!(table().plain().lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn markdown_has_a_line_per_row() {
        let text = table().markdown();
        assert_eq!(text.lines().count(), 8);
        let lines: Vec<&str> = text.lines().take(3).collect();
        assert_eq!(lines[1], "| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        assert_eq!(lines[2], "| 10,000 | 60 | cat | 0.0100 | 0.0050 | 0.0020 | 6000 | 2.0 | 1.0 |  |");
    }

    #[test]
    fn the_middle_of_an_even_number_is_a_mean() {
        let times = [4, 1, 3, 100].map(Duration::from_secs).to_vec();
        assert_eq!(median(times), Duration::from_millis(3500));
        assert_eq!(median(Vec::new()), Duration::ZERO);
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
