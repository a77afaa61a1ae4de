//! What validators did: slots assigned and authored, and the features made of that and of what others know.

use crate::{types::SlotRecord, Acting, Config, Pallet, Participants, Slots};
use frame_support::traits::Get;
use qc_harmonics::{
    attunement::{harmony, slots, Forgiveness, VALIDATOR_FEATURES},
    symbols::Symbols as SymbolTable,
};
use qc_math::MathError;
use qc_traits::{Dissonance, DutyInspect, NoteDuty, SlotFacts, SlotSpan};

impl<T: Config> Pallet<T> {
    /// Counts the slots since the parent for those whose they were. Slot s belongs to the validator of index s modulo the
    /// number of validators.
    pub(crate) fn count_slots() {
        if let Some(span) = T::Slots::passed() {
            Self::count_span(span);
        }
    }

    pub(crate) fn count_span(span: SlotSpan) {
        let validators = T::Validators::get().len();
        Slots::<T>::mutate(|records| {
            records.bounded_resize(validators, SlotRecord::default());
            if count_assigned(records.as_mut(), span).is_none() {
                log::error!(target: "runtime::attunement", "slots that cannot be counted: {span:?}");
            }
        });
    }

    /// Notes that a validator made the running block. For `pallet_authorship::EventHandler`; has to run before the session
    /// rotates.
    pub fn note_author(author: &T::AccountId) {
        // The first block's slot is nobody's duty.
        if T::Slots::passed().is_some() {
            Self::credit(author);
        }
    }

    pub(crate) fn credit(author: &T::AccountId) {
        let validators = T::Validators::get();
        let Some(index) = validators.iter().position(|who| who == author) else {
            log::error!(target: "runtime::attunement", "{author:?} made a block and is not in the set");
            return;
        };
        Slots::<T>::mutate(|records| {
            // The author may be noted before the slots are counted.
            records.bounded_resize(validators.len(), SlotRecord::default());
            let authored = records.get_mut(index).and_then(|record| {
                record.authored = record.authored.checked_add(1)?;
                Some(())
            });
            if authored.is_none() {
                log::error!(target: "runtime::attunement", "the block of {author:?} cannot be counted");
            }
        });
    }

    /// f0…f3 of a validator in the epoch that ends, of which the sync knows f2, and its forgiveness afterwards.
    pub(crate) fn features(
        symbols: &SymbolTable,
        who: &T::AccountId,
        forgiveness: Forgiveness,
        record: SlotRecord,
        conformity: Option<u128>,
    ) -> Result<([Option<u128>; VALIDATOR_FEATURES], Forgiveness), MathError> {
        let (kept, forgiveness) = slots(symbols, forgiveness, record.assigned, record.authored)?;
        let seals = T::Duties::seals(who);
        let harmony = harmony(T::Dissonance::of_account(who))?;
        Ok(([kept, seals, conformity, Some(harmony)], forgiveness))
    }
}

impl<T: Config> NoteDuty<T::AccountId> for Pallet<T> {
    fn note_duty(participant: &T::AccountId) {
        if let Some(place) = Participants::<T>::place(participant) {
            let mut acting = Acting::<T>::get();
            if !acting.has(place) {
                acting.set(place, true);
                Acting::<T>::put(acting);
            }
        }
    }
}

/// Adds the slots of a span to their validators' records: every record gets its share of the whole rounds, and those whose
/// turn the rest is one more. Looks at each record once, however long the span is.
///
/// `None`, and nothing is counted, for a span that ends before it begins or counts out of range.
pub(crate) fn count_assigned(records: &mut [SlotRecord], span: SlotSpan) -> Option<()> {
    let count = u64::try_from(records.len()).ok()?;
    let length = span.last.checked_sub(span.first)?.checked_add(1)?;
    let (rounds, rest, start) = (
        length.checked_div(count)?,
        length.checked_rem(count)?,
        span.first.checked_rem(count)?,
    );
    let assigned = |index: u64, before: u32| {
        let turn = index.checked_add(count)?.checked_sub(start)?.checked_rem(count)?;
        let slots = rounds.checked_add(u64::from(turn < rest))?;
        before.checked_add(u32::try_from(slots).ok()?)
    };
    let counted = (0..count).zip(records.iter());
    let counted = counted.map(|(index, record)| assigned(index, record.assigned));
    let counted: alloc::vec::Vec<u32> = counted.collect::<Option<_>>()?;
    for (record, assigned) in records.iter_mut().zip(counted) {
        record.assigned = assigned;
    }
    Some(())
}
