//! Dates as Graph writes them.

/// When the export was made, in seconds since 1970: 2026-11-02T08:00:00Z. Nothing observed is later.
pub(crate) const EXPORTED_AT: u64 = 1_793_606_400;

/// One day, in seconds.
pub(crate) const DAY: u64 = 86_400;

/// `2026-11-02T08:00:00Z`.
pub(crate) fn iso(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / DAY);
    let clock = seconds % DAY;
    let mut text = String::with_capacity(20);
    push(&mut text, year / 100);
    push(&mut text, year % 100);
    text.push('-');
    push(&mut text, month);
    text.push('-');
    push(&mut text, day);
    text.push('T');
    push(&mut text, clock / 3600);
    text.push(':');
    push(&mut text, clock / 60 % 60);
    text.push(':');
    push(&mut text, clock % 60);
    text.push('Z');
    text
}

fn push(text: &mut String, two_digits: u64) {
    text.push(char::from(b'0' + (two_digits / 10) as u8));
    text.push(char::from(b'0' + (two_digits % 10) as u8));
}

/// Year, month and day of a day since 1970, counted in years that begin in March, so that the leap day is the last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year_of_era + next_year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_back() {
        assert_eq!(iso(EXPORTED_AT), "2026-11-02T08:00:00Z");
        assert_eq!(iso(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(iso(951_868_799), "2000-02-29T23:59:59Z");
    }
}
