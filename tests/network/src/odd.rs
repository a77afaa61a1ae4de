//! Odd bytes: random ones, values made from a type's description, and mutations; all from a seed.

use codec::{Compact, Encode};
use scale_info::{PortableRegistry, TypeDef, TypeDefPrimitive};

/// Elements of a generated collection at most.
const ELEMENTS_MAX: u64 = 4;
/// Types nested in a generated value at most; below, the first variant and empty collections.
const DEPTH_MAX: u32 = 12;

/// SplitMix64: small, and the same everywhere.
pub struct Source(u64);

impl Source {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`, or 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.bits().checked_rem(bound).unwrap_or(0)
    }

    /// An index below `bound`, or 0.
    pub fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap_or(0)
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        self.bits().to_le_bytes()[0]
    }

    /// Bytes, fewer than `bound`.
    pub fn bytes(&mut self, bound: usize) -> Vec<u8> {
        (0..self.index(bound)).map(|_| self.byte()).collect()
    }
}

/// A mutation of `bytes`: one to four of: flip a bit, set a byte, cut, insert, repeat a part, write a huge compact number.
pub fn mutate(source: &mut Source, bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=source.below(4) {
        let at = source.index(out.len() + 1);
        match source.below(6) {
            0 if at < out.len() => out[at] ^= 1 << source.below(8),
            1 if at < out.len() => out[at] = source.byte(),
            2 => out.truncate(at),
            3 => out.splice(at..at, source.bytes(16)).for_each(drop),
            4 => {
                let part = out[..at].iter().rev().take(32).copied().collect::<Vec<_>>();
                out.splice(at..at, part).for_each(drop);
            }
            _ => {
                let end = out.len().min(at + 5);
                out.splice(at..end, Compact(u32::MAX - u32::from(source.byte())).encode())
                    .for_each(drop);
            }
        }
    }
    out
}

/// Appends a value of the type `id`: well-formed, with random content.
pub fn value(source: &mut Source, types: &PortableRegistry, id: u32, depth: u32, out: &mut Vec<u8>) {
    let Some(ty) = types.resolve(id) else { return };
    let shallow = depth < DEPTH_MAX;
    match &ty.type_def {
        TypeDef::Composite(composite) => {
            composite
                .fields
                .iter()
                .for_each(|field| value(source, types, field.ty.id, depth + 1, out));
        }
        TypeDef::Tuple(tuple) => {
            tuple
                .fields
                .iter()
                .for_each(|field| value(source, types, field.id, depth + 1, out));
        }
        TypeDef::Variant(variants) => {
            let pick = if shallow {
                source.index(variants.variants.len())
            } else {
                0
            };
            let Some(variant) = variants.variants.get(pick) else {
                return;
            };
            out.push(variant.index);
            variant
                .fields
                .iter()
                .for_each(|field| value(source, types, field.ty.id, depth + 1, out));
        }
        TypeDef::Sequence(sequence) => {
            let count = if shallow { source.below(ELEMENTS_MAX + 1) } else { 0 };
            Compact(count).encode_to(out);
            (0..count).for_each(|_| value(source, types, sequence.type_param.id, depth + 1, out));
        }
        TypeDef::Array(array) => {
            (0..array.len).for_each(|_| value(source, types, array.type_param.id, depth + 1, out));
        }
        TypeDef::Compact(_) => match source.below(3) {
            0 => Compact(source.byte()).encode_to(out),
            1 => Compact(u32::from(source.byte()) << 9).encode_to(out),
            _ => Compact(u8::MIN).encode_to(out),
        },
        TypeDef::BitSequence(_) => Compact(0u32).encode_to(out),
        TypeDef::Primitive(primitive) => out.extend(primitive_bytes(source, primitive)),
    }
}

fn primitive_bytes(source: &mut Source, primitive: &TypeDefPrimitive) -> Vec<u8> {
    let width = match primitive {
        TypeDefPrimitive::Bool => return vec![source.byte() & 1],
        TypeDefPrimitive::Str => {
            return source
                .bytes(12)
                .iter()
                .map(|byte| char::from(byte & 0x7f))
                .collect::<String>()
                .encode()
        }
        TypeDefPrimitive::U8 | TypeDefPrimitive::I8 => 1,
        TypeDefPrimitive::U16 | TypeDefPrimitive::I16 => 2,
        TypeDefPrimitive::Char | TypeDefPrimitive::U32 | TypeDefPrimitive::I32 => 4,
        TypeDefPrimitive::U64 | TypeDefPrimitive::I64 => 8,
        TypeDefPrimitive::U128 | TypeDefPrimitive::I128 => 16,
        TypeDefPrimitive::U256 | TypeDefPrimitive::I256 => 32,
    };
    // Small, huge and random numbers in turn: the borders are where things break.
    match source.below(4) {
        0 => (0..width).map(|at| if at == 0 { source.byte() } else { 0 }).collect(),
        1 => vec![0xff; width],
        _ => (0..width).map(|_| source.byte()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let run = |seed| {
            let mut source = Source::new(seed);
            (0..50)
                .map(|_| mutate(&mut source, b"some bytes to start from"))
                .collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn empty_input_is_mutated_too() {
        let mut source = Source::new(1);
        assert!((0..100).any(|_| !mutate(&mut source, &[]).is_empty()));
    }
}
