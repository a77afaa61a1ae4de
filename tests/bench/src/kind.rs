//! What is sent. A later kind of transaction is one more variant and one more arm in each function here.

use subxt::ext::scale_value::Value;

use crate::chain::{address, Chain};
use crate::{storage, Result};

/// A kind of transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// `Balances.transfer_keep_alive` of FLX between load accounts.
    FlxTransfer,
    /// The same transfer, authorised by an ML-DSA-87 key of the key ledger (a version 1 transaction).
    MlDsaTransfer,
    /// `System.remark` of 32 bytes: what a transaction costs that does nothing.
    Remark,
}

/// Plancks that one transfer moves.
pub const TRANSFER_PLANCKS: u128 = 1_000_000;

impl Kind {
    /// Its name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::FlxTransfer => "flx-transfer",
            Self::MlDsaTransfer => "ml-dsa-transfer",
            Self::Remark => "remark",
        }
    }

    /// Whether a post-quantum key signs it, which has to be registered before.
    pub fn is_signed_by_key(self) -> bool {
        matches!(self, Self::MlDsaTransfer)
    }

    /// The call that `sender` signs, `receiver` being another load account. Errors: the runtime has no such call.
    pub fn call(self, chain: &Chain, receiver: &[u8; 32]) -> Result<Vec<u8>> {
        match self {
            Self::FlxTransfer | Self::MlDsaTransfer => chain.call(
                "Balances",
                "transfer_keep_alive",
                vec![address(receiver), Value::u128(TRANSFER_PLANCKS)],
            ),
            Self::Remark => chain.call("System", "remark", vec![Value::from_bytes(receiver)]),
        }
    }

    /// The storage keys that must exist before the first transaction, for an account: funding fills them.
    pub fn needs(self, who: &[u8; 32]) -> Vec<u8> {
        match self {
            Self::FlxTransfer | Self::MlDsaTransfer | Self::Remark => storage::account(who),
        }
    }
}
