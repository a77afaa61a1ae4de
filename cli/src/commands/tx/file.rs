//! The files between `qc tx prepare`, `qc tx sign` and `qc tx submit`.
//!
//! What a file says in words (`does`) is never shown as it is: it is made again from the bytes that are signed, and must be
//! the same.

use crate::client::read_metadata_15;
use crate::errors::{Error, Result};
use crate::extrinsic::{show_call, take_apart, Known, Mortality, Parts, Signed, Target, Terms, Unsigned};
use crate::output::{amount_json, amount_text};
use qc_pqc::KeyId;
use qc_types::{Balance, Capabilities, TokenId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use subxt::config::substrate::H256;
use subxt::metadata::Metadata;

/// The version of the files.
const VERSION: u64 = 1;

/// What `format` says in a prepared file.
const PREPARED: &str = "qc-unsigned";

/// What `format` says in a signed file.
const SIGNED: &str = "qc-signed";

/// The longest call that is taken from a file, in bytes.
const CALL_BYTES_MAX: usize = 4 << 20;

/// A transaction that is ready to be signed. Holds no secret.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Prepared {
    format: String,
    version: u64,
    /// The key that is to sign.
    pub key: KeyId,
    /// The address of the key's account, by the word of who prepared it: it is not in what is signed.
    pub owner: String,
    genesis: H256,
    spec_version: u32,
    transaction_version: u32,
    nonce: u64,
    /// In plancks.
    tip: String,
    /// When it expires, if it does.
    pub mortality: Option<Mortality>,
    call: String,
    /// What it does, in words, a line each.
    pub does: Vec<String>,
    /// What it was expected to cost. Not in what is signed.
    fee_estimate: Value,
    /// Metadata of the chain, version 15, that show the call.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    metadata: Option<String>,
}

/// A signed transaction. Holds no secret.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignedFile {
    format: String,
    version: u64,
    /// What was signed.
    pub prepared: Prepared,
    /// The hash by which it is found again.
    pub transaction: H256,
    signed: String,
}

/// A call in words, made from its bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Described {
    /// A line each.
    pub lines: Vec<String>,
    /// What it needs of the key, if `qc` knows the call by itself.
    pub needs: Option<Capabilities>,
}

/// A file that is not what it should be.
fn bad_file(what: impl Into<String>) -> Error {
    Error::usage(
        "bad_transaction_file",
        what,
        "prepare (and sign) it again: qc tx prepare, qc tx sign",
    )
}

fn hexadecimal(text: &str, bytes_max: usize, what: &str) -> Result<Vec<u8>> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() / 2 <= bytes_max);
    let bytes = digits.and_then(|digits| hex::decode(digits).ok());
    bytes.ok_or_else(|| bad_file(format!("{what} is not hexadecimal, or far too long")))
}

/// A call in words: by what `qc` knows, or else by metadata, which must not contradict it.
pub fn describe(call: &[u8], metadata: Option<&Metadata>) -> Result<Described> {
    let forged = |what: String| {
        Error::usage(
            "call_unclear",
            what,
            "do not sign it; prepare it again with a qc and metadata of the chain that you trust",
        )
    };
    let known = Known::read(call);
    let shown = metadata
        .map(|metadata| show_call(metadata, call))
        .transpose()
        .map_err(|error| forged(format!("the metadata cannot show the call: {error}")))?;
    match (known, shown) {
        (Some(known), Some(shown)) if (shown.pallet.as_str(), shown.call.as_str()) != known.names() => {
            let (pallet, name) = known.names();
            Err(forged(format!(
                "the bytes are those of {pallet}.{name}, and the metadata call it {}.{}",
                shown.pallet, shown.call
            )))
        }
        (Some(known), _) => Ok(Described {
            lines: known.lines(),
            needs: Some(known.needs()),
        }),
        (None, Some(shown)) => Ok(Described {
            lines: shown.lines(),
            needs: None,
        }),
        (None, None) => Err(forged(
            "qc does not know this call by itself, and there are no metadata to show it".into(),
        )),
    }
}

/// All that is signed, in words, a line each.
fn lines(unsigned: &Unsigned, described: &Described) -> Vec<String> {
    let Terms { nonce, tip, mortality } = unsigned.terms;
    let mut lines = described.lines.clone();
    lines.push(format!("nonce     {nonce}"));
    if tip > 0 {
        lines.push(format!("tip       {}", amount_text(tip, TokenId::Flx)));
    }
    lines.push(match mortality {
        Some(era) => format!(
            "valid     for {} blocks from block {} on, {:?}",
            era.blocks, era.from_number, era.from_hash
        ),
        None => "valid     for ever, as long as the nonce is".into(),
    });
    let target = unsigned.target;
    lines.push(format!("chain     genesis {:?}", target.genesis));
    lines.push(format!(
        "runtime   version {}, transactions {}",
        target.spec_version, target.transaction_version
    ));
    lines
}

impl Prepared {
    /// Writes down a transaction.
    pub fn new(
        key: KeyId,
        owner: String,
        unsigned: &Unsigned,
        described: &Described,
        fee: Balance,
        metadata: Option<&[u8]>,
    ) -> Self {
        let target = unsigned.target;
        Self {
            format: PREPARED.into(),
            version: VERSION,
            key,
            owner,
            genesis: target.genesis,
            spec_version: target.spec_version,
            transaction_version: target.transaction_version,
            nonce: unsigned.terms.nonce,
            tip: unsigned.terms.tip.to_string(),
            mortality: unsigned.terms.mortality,
            call: format!("0x{}", hex::encode(&unsigned.call)),
            does: lines(unsigned, described),
            fee_estimate: amount_json(fee),
            metadata: metadata.map(|bytes| format!("0x{}", hex::encode(bytes))),
        }
    }

    /// Reads a prepared file.
    pub fn read(text: &str) -> Result<Self> {
        let prepared: Self = serde_json::from_str(text)
            .map_err(|error| bad_file(format!("this is not a file by qc tx prepare: {error}")))?;
        prepared.check_format()?;
        Ok(prepared)
    }

    fn check_format(&self) -> Result<()> {
        if self.format == PREPARED && self.version == VERSION {
            return Ok(());
        }
        Err(bad_file(format!(
            "it is of format {:?} version {}, and not {PREPARED:?} version {VERSION}",
            self.format, self.version
        )))
    }

    /// What is to be signed.
    pub fn unsigned(&self) -> Result<Unsigned> {
        let tip = self
            .tip
            .parse()
            .map_err(|_| bad_file("the tip is not a number of plancks"))?;
        if let Some(era) = self
            .mortality
            .filter(|era| !(era.blocks.is_power_of_two() && (4..=65_536).contains(&era.blocks)))
        {
            return Err(bad_file(format!("nothing can be valid for {} blocks", era.blocks)));
        }
        Ok(Unsigned {
            call: hexadecimal(&self.call, CALL_BYTES_MAX, "the call")?,
            terms: Terms {
                nonce: self.nonce,
                tip,
                mortality: self.mortality,
            },
            target: Target {
                genesis: self.genesis,
                spec_version: self.spec_version,
                transaction_version: self.transaction_version,
            },
        })
    }

    /// The metadata in the file, if there are any.
    pub fn metadata(&self) -> Result<Option<Metadata>> {
        let Some(text) = &self.metadata else {
            return Ok(None);
        };
        let bytes = hexadecimal(text, usize::MAX, "the metadata")?;
        let metadata = read_metadata_15(&bytes).map_err(|error| bad_file(format!("the metadata: {error}")))?;
        Ok(Some(metadata))
    }

    /// What the transaction does, made from the bytes that are signed. Fails if the file says anything else.
    pub fn shown(&self, metadata: Option<&Metadata>) -> Result<(Unsigned, Described)> {
        let unsigned = self.unsigned()?;
        let described = describe(&unsigned.call, metadata)?;
        if self.does == lines(&unsigned, &described) {
            return Ok((unsigned, described));
        }
        Err(Error::usage(
            "file_contradicts_itself",
            "what the file says in words is not what its bytes do",
            "do not sign or send it: somebody changed it, or another version of qc wrote it; prepare it again",
        ))
    }
}

impl SignedFile {
    /// Writes down a signed transaction.
    pub fn new(prepared: Prepared, signed: &Signed) -> Self {
        Self {
            format: SIGNED.into(),
            version: VERSION,
            prepared: Prepared {
                metadata: None,
                ..prepared
            },
            transaction: signed.hash,
            signed: format!("0x{}", hex::encode(&signed.bytes)),
        }
    }

    /// Reads a signed file, with the transaction in it, which must be the one that was prepared.
    pub fn read(text: &str) -> Result<(Self, Signed, Parts)> {
        let file: Self = serde_json::from_str(text)
            .map_err(|error| bad_file(format!("this is not a file by qc tx sign: {error}")))?;
        if file.format != SIGNED || file.version != VERSION {
            return Err(bad_file(format!(
                "it is of format {:?} version {}, and not {SIGNED:?} version {VERSION}",
                file.format, file.version
            )));
        }
        file.prepared.check_format()?;
        let signed = Signed::of(hexadecimal(&file.signed, 2 * CALL_BYTES_MAX, "the transaction")?);
        let parts = take_apart(&signed.bytes).ok_or_else(|| bad_file("the transaction is none of version 1"))?;
        let again = file
            .prepared
            .unsigned()?
            .put_together(&file.prepared.key, &parts.signature);
        if again != signed || signed.hash != file.transaction {
            return Err(bad_file("the transaction is not the one that was prepared"));
        }
        Ok((file, signed, parts))
    }
}

#[cfg(test)]
mod tests;
