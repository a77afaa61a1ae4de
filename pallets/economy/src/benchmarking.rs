//! Weights at the worst case: the queue of an epoch is full, and everyone in it moves for the first time.

use crate::{Call, Config, HomeShards, MoveQueues, Pallet, PendingMoves, ShardCount};
use frame_benchmarking::v2::*;
use frame_support::traits::{fungible::Mutate, Get};
use frame_system::RawOrigin;
use qc_traits::{EpochInspect, OnEpochEnd};
use qc_types::{Home, ShardId};

fn funded<T: Config>(index: u32) -> T::AccountId
where
    T::Native: Mutate<T::AccountId>,
{
    let who: T::AccountId = account("mover", index, 0);
    // From the treasury: nothing is minted, so the laws hold while weights are measured.
    let amount = T::HomeDeposit::get().saturating_mul(4);
    T::Native::transfer(
        &Pallet::<T>::treasury_account(),
        &who,
        amount,
        frame_support::traits::tokens::Preservation::Preserve,
    )
    .expect("the treasury is funded at genesis");
    who
}

fn elsewhere<T: Config>(who: &T::AccountId) -> ShardId {
    let Home::Shard(ShardId(home)) = Pallet::<T>::home(who) else {
        panic!("a mover is in a shard")
    };
    ShardId((home + 1) % ShardCount::<T>::get())
}

/// Asks for `count` moves that take effect at the end of the same epoch; returns the last who asked.
fn queue_moves<T: Config>(count: u32) -> Option<T::AccountId>
where
    T::Native: Mutate<T::AccountId>,
{
    let mut last = None;
    for index in 0..count {
        let who = funded::<T>(index);
        let to = elsewhere::<T>(&who);
        Pallet::<T>::do_request_home_move(who.clone(), to).expect("the queue has room");
        last = Some(who);
    }
    last
}

#[benchmarks(where T::Native: Mutate<T::AccountId>)]
mod benches {
    use super::*;

    #[benchmark]
    fn request_home_move() {
        queue_moves::<T>(T::MovesPerEpochMax::get() - 1);
        let who = funded::<T>(u32::MAX);
        let to = elsewhere::<T>(&who);

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), to);

        assert!(PendingMoves::<T>::contains_key(&who));
    }

    #[benchmark]
    fn cancel_home_move() {
        let who = queue_moves::<T>(T::MovesPerEpochMax::get()).expect("an epoch takes a move");

        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));

        assert!(!PendingMoves::<T>::contains_key(&who));
    }

    #[benchmark]
    fn on_epoch_end(m: Linear<0, { T::MovesPerEpochMax::get() }>) {
        let last = queue_moves::<T>(m);
        let due = T::Epochs::current_epoch() + 2;
        assert_eq!(MoveQueues::<T>::get(due).len(), m as usize);

        #[block]
        {
            Pallet::<T>::on_epoch_end(due);
        }

        assert!(last.is_none_or(|who| HomeShards::<T>::contains_key(who)));
    }
}
