//! Days of the calendar, which is as exactly as the age of an advisory needs to be known.

use std::fmt;

/// A day, counted from 1970-01-01; that day itself where none is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Date(u32);

/// Days of four centuries, after which the calendar repeats itself.
const ERA: i64 = 146_097;
/// From the first of March of the year 0 to the first of January of 1970.
const EPOCH: i64 = 719_468;

impl Date {
    /// The day that many days after 1970-01-01.
    pub fn from_days(days: u32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> u32 {
        self.0
    }

    /// The day at the beginning of a time (RFC 3339) in the years 1970 to 9999.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.get(..10)?.split('-');
        let mut number = |digits: usize| {
            let part = parts.next().filter(|part| part.len() == digits)?;
            part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i64>().ok())?
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        // Years begin in March, so that the day that some have more is their last.
        let year = if month <= 2 { year - 1 } else { year };
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let in_era = year % 400;
        let day_of_era = in_era * 365 + in_era / 4 - in_era / 100 + day_of_year;
        u32::try_from(year / 400 * ERA + day_of_era - EPOCH).ok().map(Self)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let days = i64::from(self.0) + EPOCH;
        let day_of_era = days % ERA;
        let in_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / (ERA - 1)) / 365;
        let day_of_year = day_of_era - (365 * in_era + in_era / 4 - in_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = (from_march + 2) % 12 + 1;
        let year = days / ERA * 400 + in_era + i64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}
