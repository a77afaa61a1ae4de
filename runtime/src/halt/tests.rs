//! What a halt lets through, by gates of the tests: the runtime's own halts nothing yet.

use super::is_way_out;
use crate::{
    extensions::{code, CheckHalt},
    filter::goes_on,
    AccountId, Runtime, RuntimeCall, RuntimeOrigin,
};
use qc_harmonics::sync::Report;
use qc_pqc::{KeyId, Signature};
use qc_traits::HaltGate;
use qc_types::Scope;
use sp_runtime::transaction_validity::InvalidTransaction;

const HALTED: Result<(), InvalidTransaction> = Err(InvalidTransaction::Custom(code::HALTED));

/// The whole chain is halted.
struct Chain;

impl HaltGate<AccountId> for Chain {
    fn is_halted(_: &Scope<AccountId>) -> bool {
        true
    }
}

/// One account is.
struct One;

impl HaltGate<AccountId> for One {
    fn is_halted(scope: &Scope<AccountId>) -> bool {
        *scope == Scope::Account(account(1))
    }
}

fn account(n: u8) -> AccountId {
    AccountId::new([n; 32])
}

/// The inherent, a report, the revocation of a key.
fn way_out() -> [RuntimeCall; 3] {
    let report = Report {
        version: 1,
        epoch: 0,
        coherence: 0,
        densities: Default::default(),
        boundary: [0; 32],
        code_hash: [0; 32],
    };
    let (key, signature) = (KeyId([7; 32]), vec![1; 4_627].try_into().expect("its length"));
    let signature = Signature::MlDsa87(signature);
    [
        pallet_timestamp::Call::<Runtime>::set { now: 1 }.into(),
        pallet_sync::Call::<Runtime>::report { report, key, signature }.into(),
        pallet_key_ledger::Call::<Runtime>::revoke { key }.into(),
    ]
}

/// Some of the rest, the way out inside a wrapper among it: what is in the wrapper would pass, the wrapper does not.
fn the_rest() -> Vec<RuntimeCall> {
    let remark = frame_system::Call::<Runtime>::remark { remark: vec![] }.into();
    let transfer = pallet_balances::Call::<Runtime>::transfer_keep_alive {
        dest: account(2).into(),
        value: 1,
    };
    let batch = |call: &RuntimeCall| {
        pallet_utility::Call::<Runtime>::batch {
            calls: vec![call.clone()],
        }
        .into()
    };
    let key = pallet_key_ledger::Call::<Runtime>::require_pqc {}.into();
    let wrapped = way_out().each_ref().map(batch);
    [remark, transfer.into(), key].into_iter().chain(wrapped).collect()
}

fn check<Gate: HaltGate<AccountId>>(origin: RuntimeOrigin, call: &RuntimeCall) -> Result<(), InvalidTransaction> {
    CheckHalt::check::<Gate>(&origin, call)
}

#[test]
fn of_a_halted_chain_the_way_out_goes_on_and_nothing_else() {
    assert_eq!(code::HALTED, 51);
    let origins = || [RuntimeOrigin::none(), RuntimeOrigin::signed(account(1))];
    for call in way_out() {
        assert!(is_way_out(&call) && goes_on::<Chain>(&call), "{call:?}");
        for origin in origins() {
            assert_eq!(check::<Chain>(origin, &call), Ok(()), "{call:?}");
        }
    }
    for call in the_rest() {
        assert!(!is_way_out(&call) && !goes_on::<Chain>(&call), "{call:?}");
        for origin in origins() {
            assert_eq!(check::<Chain>(origin, &call), HALTED, "{call:?}");
        }
    }
}

/// An account is halted as a signer; inside a wrapper the filter asks for the chain alone.
#[test]
fn of_a_halted_account_the_way_out_goes_on_and_everybody_else() {
    for call in the_rest() {
        assert_eq!(
            check::<One>(RuntimeOrigin::signed(account(1)), &call),
            HALTED,
            "{call:?}"
        );
        assert_eq!(
            check::<One>(RuntimeOrigin::signed(account(2)), &call),
            Ok(()),
            "{call:?}"
        );
        assert_eq!(check::<One>(RuntimeOrigin::none(), &call), Ok(()), "{call:?}");
        assert!(goes_on::<One>(&call), "{call:?}");
    }
    for call in way_out() {
        assert_eq!(
            check::<One>(RuntimeOrigin::signed(account(1)), &call),
            Ok(()),
            "{call:?}"
        );
    }
}

#[test]
fn the_gate_of_this_version_halts_nothing() {
    for call in way_out().into_iter().chain(the_rest()) {
        assert!(goes_on::<super::Gate>(&call), "{call:?}");
        assert_eq!(check::<super::Gate>(RuntimeOrigin::signed(account(1)), &call), Ok(()));
    }
}
