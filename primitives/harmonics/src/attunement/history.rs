//! Ψ̄: the average of Ψ over 90 days, out of packed daily buckets.

use crate::symbols::Symbols;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_math::{MathError, ONE};
use scale_info::TypeInfo;

/// How many days Ψ̄ looks back, today counted.
pub const HISTORY_DAYS: u32 = 90;

/// [`HISTORY_DAYS`] as a length.
const LENGTH: usize = 90;

/// A bucket's unit, 10⁻⁹, in units of 10⁻¹⁸.
const PACKED: u128 = 1_000_000_000;

/// What Ψ was, day by day. 392 bytes.
///
/// A bucket is the mean of Ψ over the epochs recorded on its day, floored to units of 10⁻⁹; a day on which nothing was recorded is
/// 0. Days are numbered by the caller, by a clock that may pause but never goes back.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct History {
    /// The day of enrolment.
    enrolled: u32,
    /// Days before it that a genesis start counts as lived.
    credited_days: u32,
    /// The day of the bucket that is open.
    today: u32,
    /// Σ Ψ recorded today, units of 10⁻¹⁸.
    today_sum: u128,
    /// How many were recorded today.
    today_count: u32,
    /// The closed days, day d at index d mod 90; today's is 0. Units of 10⁻⁹.
    buckets: [u32; LENGTH],
}

impl History {
    /// Of one who enrols on `day`.
    pub fn enrolled_on(day: u32) -> Self {
        Self {
            enrolled: day,
            credited_days: 0,
            today: day,
            today_sum: 0,
            today_count: 0,
            buckets: [0; LENGTH],
        }
    }

    /// Of a founder at genesis, on `day`: as if Ψ had been `psi` on each of the `psi_min_history` days before.
    /// Errors: [`AboveOne`](MathError::AboveOne) for a start above 1.
    pub fn founded_on(symbols: &Symbols, day: u32, psi: u128) -> Result<Self, MathError> {
        let mut history = Self::enrolled_on(day);
        let bucket = packed(psi)?;
        history.credited_days = symbols.psi_min_history_days.min(HISTORY_DAYS - 1);
        let before = (1..=history.credited_days).map(|back| {
            // argued: neither overflows; `back` is below 90.
            day % HISTORY_DAYS + HISTORY_DAYS - back
        });
        for slot in before {
            history.set(slot, bucket);
        }
        Ok(history)
    }

    /// The last day on which something was recorded; before that, the day of enrolment.
    pub const fn open_day(&self) -> u32 {
        self.today
    }

    /// Records the Ψ of an epoch that ended on `day`. A day before the open one counts as the open one.
    /// Errors: [`AboveOne`](MathError::AboveOne) for a Ψ above 1.
    pub fn record(&mut self, day: u32, psi: u128) -> Result<(), MathError> {
        if psi > ONE {
            return Err(MathError::AboveOne);
        }
        self.roll_to(day)?;
        self.today_sum = self.today_sum.checked_add(psi).ok_or(MathError::Overflow)?;
        self.today_count = self.today_count.checked_add(1).ok_or(MathError::Overflow)?;
        Ok(())
    }

    /// Ψ̄ as of `day`: Σ buckets of the 90 days up to it / max(`psi_min_history`, days since enrolment, at most 90), floored.
    /// The day of enrolment is the first. Units of 10⁻¹⁸, range [0, 1].
    pub fn mean(&self, symbols: &Symbols, day: u32) -> Result<u128, MathError> {
        let mut now = self.clone();
        now.roll_to(day)?;
        let closed: u128 = now.buckets.iter().map(|bucket| u128::from(*bucket)).sum();
        let sum = closed
            .checked_add(now.open_bucket()?.into())
            .ok_or(MathError::Overflow)?;
        let lived = now.today.checked_sub(now.enrolled).and_then(|days| days.checked_add(1));
        let lived = lived.and_then(|days| days.checked_add(now.credited_days));
        // Days since enrolment beyond the type are more than 90 anyway.
        let lived = lived.unwrap_or(HISTORY_DAYS).min(HISTORY_DAYS);
        let divisor = u128::from(lived.max(symbols.psi_min_history_days));
        let scaled = sum.checked_mul(PACKED).ok_or(MathError::Overflow)?;
        scaled.checked_div(divisor).ok_or(MathError::DivisionByZero)
    }

    /// Closes the open day and those without a record up to `day`: at most 90 buckets, however long the gap is.
    fn roll_to(&mut self, day: u32) -> Result<(), MathError> {
        if day <= self.today {
            return Ok(());
        }
        let bucket = self.open_bucket()?;
        self.set(self.today, bucket);
        // argued: no underflow and no overflow; `day` is above `today` here, and each step is at most the gap.
        let gap = (day - self.today).min(HISTORY_DAYS);
        for back in 0..gap {
            self.set(day - back, 0);
        }
        self.today = day;
        self.today_sum = 0;
        self.today_count = 0;
        Ok(())
    }

    /// The mean of what was recorded today.
    fn open_bucket(&self) -> Result<u32, MathError> {
        packed(self.today_sum.checked_div(self.today_count.into()).unwrap_or(0))
    }

    fn set(&mut self, day: u32, bucket: u32) {
        let slot = usize::try_from(day % HISTORY_DAYS).ok();
        if let Some(place) = slot.and_then(|slot| self.buckets.get_mut(slot)) {
            *place = bucket;
        }
    }
}

/// Ψ in units of 10⁻⁹, floored.
fn packed(psi: u128) -> Result<u32, MathError> {
    if psi > ONE {
        return Err(MathError::AboveOne);
    }
    u32::try_from(psi / PACKED).map_err(|_| MathError::Overflow)
}
