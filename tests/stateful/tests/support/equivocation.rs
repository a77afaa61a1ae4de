//! Votes of GRANDPA that contradict each other, and the transaction that shows them to the chain: made byte by byte, as
//! a node that saw them would.

use super::founders::Founder;
use codec::{Decode, Encode};
use frame_support::traits::{KeyOwnerProofSystem, PalletInfoAccess};
use qc_runtime::{Grandpa, Historical, RuntimeCall, UncheckedExtrinsic};
use sp_core::crypto::key_types::GRANDPA;

/// Index of `report_equivocation_unsigned` in the pallet.
const REPORT_UNSIGNED: u8 = 1;

/// Index of a prevote, among messages and among equivocations.
const PREVOTE: u8 = 0;

/// Two prevotes of one founder for different blocks in one round of the running set.
pub fn equivocation(founder: &Founder, round: u64) -> UncheckedExtrinsic {
    let set = Grandpa::current_set_id();
    let vote = |block: [u8; 32]| {
        let target = (block, 1u32);
        let (voter, signature) = founder.vote(&(PREVOTE, target, round, set).encode());
        (voter, (target, signature))
    };
    let ((voter, first), (_, second)) = (vote([1; 32]), vote([2; 32]));
    let owner = Historical::prove((GRANDPA, voter)).expect("it is in the running set");
    let pallet = u8::try_from(<Grandpa as PalletInfoAccess>::index()).expect("an index has one byte");
    let proof = (set, PREVOTE, round, voter, first, second);
    let call = (pallet, REPORT_UNSIGNED, proof, owner).encode();
    let call = RuntimeCall::decode(&mut &call[..]).expect("the call has this form");
    UncheckedExtrinsic::new_bare(call)
}
