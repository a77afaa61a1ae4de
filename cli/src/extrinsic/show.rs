//! Any call in words, by metadata.

use crate::ss58::Account;
use subxt::ext::scale_value::{scale, Composite, Primitive, Value, ValueDef, Variant};
use subxt::metadata::Metadata;

/// How many bytes are written out; of more, the first are, and how many there are.
const BYTES_SHOWN_MAX: usize = 64;

/// A call as metadata show it: the names of pallet and call, and a line for each argument.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// The pallet.
    pub pallet: String,
    /// The call.
    pub call: String,
    /// Its arguments, a line each.
    pub arguments: Vec<String>,
}

impl Shown {
    /// What it does, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("call      {}.{}", self.pallet, self.call)];
        lines.extend(self.arguments.iter().map(|argument| format!("  {argument}")));
        lines
    }
}

/// Shows a call. What is shown must give the very bytes again, to the last one; if not, the reason.
pub fn show_call(metadata: &Metadata, call: &[u8]) -> Result<Shown, String> {
    let (call_type, types) = (metadata.outer_enums().call_enum_ty(), metadata.types());
    let mut rest = call;
    let value = scale::decode_as_type(&mut rest, call_type, types).map_err(|error| error.to_string())?;
    let mut again = Vec::with_capacity(call.len());
    scale::encode_as_type(&value, call_type, types, &mut again).map_err(|error| error.to_string())?;
    if !rest.is_empty() || again != call {
        return Err("the bytes are not those of the call that they begin with".into());
    }
    let not_a_call = || "the metadata's type of calls is none".to_owned();
    let ValueDef::Variant(Variant {
        name: pallet,
        values: Composite::Unnamed(inner),
    }) = value.value
    else {
        return Err(not_a_call());
    };
    let [Value {
        value: ValueDef::Variant(call),
        ..
    }] = inner.as_slice()
    else {
        return Err(not_a_call());
    };
    let arguments = match &call.values {
        Composite::Named(named) => named
            .iter()
            .map(|(name, value)| format!("{name}: {}", text(value, metadata)))
            .collect(),
        Composite::Unnamed(values) => values.iter().map(|value| text(value, metadata)).collect(),
    };
    Ok(Shown {
        pallet,
        call: call.name.clone(),
        arguments,
    })
}

/// A value in words. Nothing of it is left out but the middle of long bytes, whose hash stands for them.
fn text(value: &Value<u32>, metadata: &Metadata) -> String {
    match &value.value {
        ValueDef::Primitive(primitive) => primitive_text(primitive),
        ValueDef::BitSequence(bits) => bits.iter().map(|bit| if bit { '1' } else { '0' }).collect(),
        ValueDef::Variant(variant) => variant_text(variant, metadata),
        ValueDef::Composite(composite) => {
            if let Some(bytes) = bytes_of(value, metadata) {
                return match (
                    type_name(value.context, metadata).as_deref(),
                    <[u8; 32]>::try_from(bytes.as_slice()),
                ) {
                    (Some("AccountId32"), Ok(id)) => Account(id).to_string(),
                    _ => bytes_text(&bytes),
                };
            }
            match composite {
                Composite::Named(_) => format!("{{ {} }}", inside(composite, metadata)),
                Composite::Unnamed(values) => match values.as_slice() {
                    [one] if !is_list(value.context, metadata) => text(one, metadata),
                    _ => format!("[{}]", inside(composite, metadata)),
                },
            }
        }
    }
}

/// An enum's variant; a call inside a call reads like one.
fn variant_text(variant: &Variant<u32>, metadata: &Metadata) -> String {
    let Variant { name, values } = variant;
    match values {
        Composite::Unnamed(inner) => match inner.as_slice() {
            [] => name.clone(),
            [Value {
                value: ValueDef::Variant(call),
                context,
            }] if type_name(*context, metadata).as_deref() == Some("Call") => {
                format!("{name}.{}", variant_text(call, metadata))
            }
            [one] if name == "Id" => text(one, metadata),
            _ => format!("{name}({})", inside(values, metadata)),
        },
        Composite::Named(_) => format!("{name} {{ {} }}", inside(values, metadata)),
    }
}

/// The parts of a composite value.
fn inside(composite: &Composite<u32>, metadata: &Metadata) -> String {
    let parts: Vec<String> = match composite {
        Composite::Named(named) => named
            .iter()
            .map(|(name, value)| format!("{name}: {}", text(value, metadata)))
            .collect(),
        Composite::Unnamed(values) => values.iter().map(|value| text(value, metadata)).collect(),
    };
    parts.join(", ")
}

fn primitive_text(primitive: &Primitive) -> String {
    match primitive {
        Primitive::Bool(value) => value.to_string(),
        Primitive::Char(value) => format!("{value:?}"),
        Primitive::String(value) => format!("{value:?}"),
        Primitive::U128(value) => value.to_string(),
        Primitive::I128(value) => value.to_string(),
        Primitive::U256(bytes) | Primitive::I256(bytes) => bytes_text(bytes),
    }
}

/// Bytes in hexadecimal, long ones by their beginning, their length and their hash.
fn bytes_text(bytes: &[u8]) -> String {
    if bytes.len() <= BYTES_SHOWN_MAX {
        return format!("0x{}", hex::encode(bytes));
    }
    let hash = super::hash(bytes);
    let begin = bytes.get(..8).unwrap_or_default();
    format!(
        "0x{}… ({} bytes, BLAKE2b-256 {hash:?})",
        hex::encode(begin),
        bytes.len()
    )
}

/// The last part of a type's path.
fn type_name(id: u32, metadata: &Metadata) -> Option<String> {
    metadata.types().resolve(id)?.path.segments.last().cloned()
}

/// Whether a type is a list of any length.
fn is_list(id: u32, metadata: &Metadata) -> bool {
    use scale_info::TypeDef;
    let found = metadata.types().resolve(id);
    found.is_some_and(|found| matches!(found.type_def, TypeDef::Sequence(_) | TypeDef::Array(_)))
}

/// The bytes of a value that is nothing else: an array or a list of `u8`, alone or in wrappers of one field.
fn bytes_of(value: &Value<u32>, metadata: &Metadata) -> Option<Vec<u8>> {
    use scale_info::{TypeDef, TypeDefPrimitive};
    let ValueDef::Composite(composite) = &value.value else {
        return None;
    };
    let element = match &metadata.types().resolve(value.context)?.type_def {
        TypeDef::Sequence(list) => list.type_param.id,
        TypeDef::Array(array) => array.type_param.id,
        _ => {
            let mut values = composite.values();
            return match (values.next(), values.next()) {
                (Some(one), None) => bytes_of(one, metadata),
                _ => None,
            };
        }
    };
    let is_byte = matches!(
        metadata.types().resolve(element)?.type_def,
        TypeDef::Primitive(TypeDefPrimitive::U8)
    );
    let byte = |value: &Value<u32>| value.as_u128().and_then(|number| u8::try_from(number).ok());
    is_byte.then(|| composite.values().map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{metadata, transfer, utility, InnerCall, RuntimeCall};
    use codec::Encode;
    use proptest::prelude::*;

    const TO: [u8; 32] = [0xbb; 32];

    #[test]
    fn accounts_bytes_and_inner_calls_are_readable() {
        let (metadata, address) = (metadata(), Account(TO).to_string());
        let shown = show_call(&metadata, &RuntimeCall::Balances(transfer(TO, 7)).encode()).unwrap();
        assert_eq!(
            (shown.pallet.as_str(), shown.call.as_str()),
            ("Balances", "transfer_keep_alive")
        );
        assert_eq!(shown.arguments, [format!("dest: {address}"), "value: 7".into()]);
        assert_eq!(shown.lines()[0], "call      Balances.transfer_keep_alive");

        let batch = |calls: Vec<InnerCall>| RuntimeCall::Utility(utility::Call::batch { calls }).encode();
        let two = batch(vec![
            InnerCall::Balances(transfer(TO, 1)),
            InnerCall::Balances(transfer(TO, 2)),
        ]);
        let inner = |value| format!("Balances.transfer_keep_alive {{ dest: {address}, value: {value} }}");
        assert_eq!(
            show_call(&metadata, &two).unwrap().arguments,
            [format!("calls: [{}, {}]", inner(1), inner(2))]
        );
        let one = batch(vec![InnerCall::Balances(transfer(TO, 1))]);
        assert_eq!(
            show_call(&metadata, &one).unwrap().arguments,
            [format!("calls: [{}]", inner(1))]
        );

        let remark = |remark: Vec<u8>| RuntimeCall::Utility(utility::Call::remark { remark, loud: true }).encode();
        let short = show_call(&metadata, &remark(vec![1, 2])).unwrap();
        assert_eq!(short.arguments, ["remark: 0x0102", "loud: true"]);
        let long = show_call(&metadata, &remark(vec![3; 100])).unwrap().arguments.remove(0);
        assert!(
            long.starts_with("remark: 0x0303030303030303… (100 bytes, BLAKE2b-256 0x"),
            "{long}"
        );
    }

    #[test]
    fn a_byte_more_or_less_is_refused() {
        let (metadata, call) = (metadata(), RuntimeCall::Balances(transfer(TO, 7)).encode());
        assert!(show_call(&metadata, &[&call[..], &[0]].concat()).is_err());
        for length in 0..call.len() {
            assert!(show_call(&metadata, &call[..length]).is_err(), "{length}");
        }
        assert!(show_call(&metadata, &[11, 0]).is_err(), "no such pallet");
        assert!(show_call(&metadata, &[12, 9]).is_err(), "no such call");
    }

    proptest! {
        /// Whatever the bytes: a call that is shown is shown differently from every other.
        #[test]
        fn different_calls_never_look_the_same(
            one in prop::collection::vec(any::<u8>(), 0..120), other in prop::collection::vec(any::<u8>(), 0..120),
        ) {
            let metadata = metadata();
            let remark = |remark: &[u8]| RuntimeCall::Utility(utility::Call::remark { remark: remark.to_vec(), loud: false });
            let shown = |bytes: &[u8]| show_call(&metadata, &remark(bytes).encode()).unwrap();
            prop_assert_eq!(one == other, shown(&one) == shown(&other));
            // And bytes that are no call at all are an error, not a panic.
            let _ = show_call(&metadata, &one);
        }
    }
}
