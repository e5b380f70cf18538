//! The times of certificates (RFC 5280 section 4.1.2.5).

use super::der::Element;

const UTC: u8 = 0x17;
const GENERALIZED: u8 = 0x18;
const DAY: i64 = 86_400;

/// Microseconds since the epoch; 0 where the time cannot be read.
#[must_use]
pub fn micros(time: Element<'_>) -> i64 {
    read(time).map_or(0, |seconds| seconds.saturating_mul(1_000_000))
}

fn read(time: Element<'_>) -> Option<i64> {
    let (year, rest) = match time.tag {
        UTC => {
            let (digits, rest) = time.body.split_at_checked(2)?;
            let year = number(digits)?;
            (year + if year < 50 { 2000 } else { 1900 }, rest)
        }
        GENERALIZED => {
            let (digits, rest) = time.body.split_at_checked(4)?;
            (number(digits)?, rest)
        }
        _ => return None,
    };
    let two = |at: usize| number(rest.get(at..at.checked_add(2)?)?);
    let (month, day, hour, minute) = (two(0)?, two(2)?, two(4)?, two(6)?);
    // The seconds were once left out.
    let second = two(8).unwrap_or(0);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 24 || minute > 59 {
        return None;
    }
    Some(days(year, month, day) * DAY + hour * 3600 + minute * 60 + second.min(60))
}

fn number(digits: &[u8]) -> Option<i64> {
    let is_number = digits.iter().all(u8::is_ascii_digit);
    let value = digits
        .iter()
        .fold(0, |value, digit| value * 10 + i64::from(digit & 0x0f));
    is_number.then_some(value)
}

/// Days since the epoch (the civil calendar counted from March, so that leap days stand last).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tag: u8, body: &[u8]) -> i64 {
        micros(Element {
            tag,
            body,
            whole: body,
        })
    }

    #[test]
    fn both_forms_are_read() {
        assert_eq!(of(UTC, b"700101000000Z"), 0);
        assert_eq!(of(UTC, b"491231235959Z"), 2_524_607_999_000_000);
        assert_eq!(of(UTC, b"500101000000Z"), -631_152_000_000_000);
        assert_eq!(of(GENERALIZED, b"20240229120000Z"), 1_709_208_000_000_000);
        assert_eq!(of(GENERALIZED, b"99991231235959Z"), 253_402_300_799_000_000);
        assert_eq!(of(UTC, b"2402291200Z"), 1_709_208_000_000_000);
    }

    #[test]
    fn what_is_no_time_is_none() {
        assert_eq!(of(UTC, b"24"), 0);
        assert_eq!(of(UTC, b"24x101000000Z"), 0);
        assert_eq!(of(GENERALIZED, b"20241301000000Z"), 0);
        assert_eq!(of(4, b"700101000000Z"), 0);
    }
}
