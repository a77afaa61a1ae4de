//! What the attunement has done to validators, and what it is told about participants.

/// Keeps a validator from authoring for the rest of the session.
///
/// `()` disables nobody.
pub trait DisableValidator<AccountId> {
    /// Disables a validator of the running set at once, if it is in it and the limit on disabled ones allows. Never fails.
    fn disable(who: &AccountId);
}

impl<AccountId> DisableValidator<AccountId> for () {
    fn disable(_: &AccountId) {}
}

/// Told when something became due of a participant: a packet it sent was included, a vote of its is due. So the epoch's end
/// looks at nobody else.
///
/// `()` forgets it.
pub trait NoteDuty<AccountId> {
    /// Something is due of the participant in the running epoch; [`DutyInspect`](crate::DutyInspect) says what when the
    /// epoch ends. Does nothing if the account is no participant.
    fn note_duty(participant: &AccountId);
}

impl<AccountId> NoteDuty<AccountId> for () {
    fn note_duty(_: &AccountId) {}
}
