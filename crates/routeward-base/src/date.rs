//! Days of the calendar, such as those on which something expires or was last changed. Nothing here reads a clock.

use std::fmt;

/// A day of the Gregorian calendar. Ordered by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`; nothing for another form or a day that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut number = |len: usize| parts.next().filter(|part| part.len() == len)?.parse::<u16>().ok();
        let (year, month, day) = (number(4)?, number(2)? as u8, number(2)? as u8);
        let is_valid = parts.next().is_none()
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        is_valid.then_some(Self { year, month, day })
    }

    /// The day (in UTC) that many seconds after the beginning of 1970.
    pub fn from_unix_seconds(seconds: u64) -> Self {
        Self::from_days(u32::try_from(seconds / 86_400).unwrap_or(u32::MAX))
    }

    /// The day that many days after 1970-01-01.
    pub fn from_days(days: u32) -> Self {
        let (mut days, mut year) = (days, 1970_u16);
        while days >= days_in_year(year) && year < u16::MAX {
            days -= days_in_year(year);
            year += 1;
        }
        let mut month = 1;
        while days >= u32::from(days_in_month(year, month)) && month < 12 {
            days -= u32::from(days_in_month(year, month));
            month += 1;
        }
        Self { year, month, day: days.min(30) as u8 + 1 }
    }

    /// Days since 1970-01-01; none before.
    pub fn days(self) -> u32 {
        let years: u32 = (1970..self.year).map(days_in_year).sum();
        let months: u32 = (1..self.month).map(|month| u32::from(days_in_month(self.year, month))).sum();
        if self.year < 1970 { 0 } else { years + months + u32::from(self.day) - 1 }
    }
}

/// The day from which time is counted.
impl Default for Date {
    fn default() -> Self {
        Self { year: 1970, month: 1, day: 1 }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_year(year: u16) -> u32 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_strictly_and_counted_from_1970() {
        let parsed = |text| Date::parse(text).map(|date| date.to_string());
        assert_eq!(parsed("2028-02-29").as_deref(), Some("2028-02-29"));
        for wrong in ["2027-02-29", "2027-13-01", "2027-1-1", "27-01-01", "2027-01-01-", "soon", ""] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
        assert_eq!(Date::from_unix_seconds(0).to_string(), "1970-01-01");
        assert_eq!(Date::from_unix_seconds(951_782_400).to_string(), "2000-02-29");
        assert_eq!(Date::from_unix_seconds(1_798_761_599).to_string(), "2026-12-31");
        for days in [0, 59, 11_016, 20_819, 60_000] {
            assert_eq!(Date::from_days(days).days(), days);
        }
        assert_eq!(Date::from_unix_seconds(u64::MAX).to_string().len(), "65535-12-31".len());
    }
}
