//! Calls, as the command line asks for them.

use crate::records::account_value;
use crate::ss58::Account;
use qc_types::{Balance, TokenId};
use subxt::dynamic::Value;
use subxt::ext::scale_encode::{EncodeAsFields, Error, FieldIter, TypeResolver};
use subxt::ext::scale_value::Composite;
use subxt::tx::DynamicPayload;

/// A call with its arguments.
pub type Call = DynamicPayload<Arguments>;

/// The arguments of a call.
#[derive(Clone, Debug)]
pub enum Arguments {
    /// By name, encoded as the metadata say.
    Named(Composite<()>),
    /// Encoded already. [`crate::client::Chain::call_bytes`] looks whether the metadata can read them.
    Encoded(Vec<u8>),
}

impl EncodeAsFields for Arguments {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        fields: &mut dyn FieldIter<'_, R::TypeId>,
        types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match self {
            Self::Named(named) => named.encode_as_fields_to(fields, types, out),
            Self::Encoded(bytes) => {
                out.extend_from_slice(bytes);
                Ok(())
            }
        }
    }
}

/// How much is to move.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Portion {
    /// So many plancks.
    Exactly(Balance),
    /// All that can be moved.
    All,
}

/// A transfer, as the command line asks for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Transfer {
    /// Who receives.
    pub to: Account,
    /// Of what.
    pub token: TokenId,
    /// How much.
    pub portion: Portion,
    /// Whether the sender's account must live on.
    pub keep_alive: bool,
}

impl Transfer {
    /// The call that does it.
    pub fn call(&self) -> Call {
        let to = || Value::unnamed_variant("Id", [account_value(self.to)]);
        let mut fields: Vec<(&str, Value)> = Vec::new();
        let (pallet, name) = match (self.token.asset_id(), self.portion, self.keep_alive) {
            (None, Portion::Exactly(_), true) => ("Balances", "transfer_keep_alive"),
            (None, Portion::Exactly(_), false) => ("Balances", "transfer_allow_death"),
            (None, Portion::All, _) => ("Balances", "transfer_all"),
            (Some(_), Portion::Exactly(_), true) => ("Assets", "transfer_keep_alive"),
            (Some(_), Portion::Exactly(_), false) => ("Assets", "transfer"),
            (Some(_), Portion::All, _) => ("Assets", "transfer_all"),
        };
        if let Some(id) = self.token.asset_id() {
            fields.push(("id", Value::u128(u128::from(id))));
        }
        match (self.token.asset_id(), self.portion) {
            (None, Portion::Exactly(plancks)) => fields.extend([("dest", to()), ("value", Value::u128(plancks))]),
            (Some(_), Portion::Exactly(plancks)) => fields.extend([("target", to()), ("amount", Value::u128(plancks))]),
            (_, Portion::All) => fields.extend([("dest", to()), ("keep_alive", Value::bool(self.keep_alive))]),
        }
        Call::new(pallet, name, Arguments::Named(Composite::named(fields)))
    }
}
