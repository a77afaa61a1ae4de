//! Calls made out of the metadata: nothing here knows a call by name, so a call that a new version of a pallet brings is
//! made as well. Arguments are drawn towards what could hurt: CHR, people that hold it, the pots, edges of amounts.

use super::{
    people,
    watch::{CHR, PSY},
};
use codec::{Compact, DecodeAll, Encode};
use frame_metadata::{
    v14::{RuntimeMetadataV14, StorageEntryType},
    RuntimeMetadata,
};
use qc_runtime::{AccountId, Runtime, RuntimeCall};
use scale_info::{form::PortableForm, Field, PortableRegistry, TypeDef, TypeDefPrimitive, Variant};

/// A generator of numbers that is the same everywhere (splitmix64).
pub struct Draw(u64);

impl Draw {
    /// Starts a sequence.
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

    /// A number below `bound`, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound as u64) as usize
    }

    /// One of some.
    pub fn one_of<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[self.below(some.len())]
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// A call as the metadata names it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct CallName {
    /// The pallet.
    pub pallet: String,
    /// The call.
    pub call: String,
}

impl core::fmt::Display for CallName {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.pallet, self.call)
    }
}

/// How deep calls stand within calls at most.
const DEPTH_MAX: usize = 3;

/// Makes calls.
pub struct Generator {
    types: PortableRegistry,
    /// Name, index of the pallet, the call's variant.
    calls: Vec<(CallName, u8, Variant<PortableForm>)>,
    people: Vec<AccountId>,
    /// What a `Vec<u8>` may hold besides noise: storage keys, for instance.
    pub byte_strings: Vec<Vec<u8>>,
    /// The source of all choices.
    pub draw: Draw,
}

fn metadata() -> RuntimeMetadataV14 {
    match Runtime::metadata().1 {
        RuntimeMetadata::V14(metadata) => metadata,
        other => panic!("metadata of version {}", other.version()),
    }
}

/// Every map in storage, with its pallet's prefix before its own name.
pub fn storage_maps() -> Vec<(String, String)> {
    let mut maps = Vec::new();
    for pallet in metadata().pallets {
        let Some(storage) = pallet.storage else { continue };
        for entry in storage.entries {
            if matches!(entry.ty, StorageEntryType::Map { .. }) {
                maps.push((storage.prefix.clone(), entry.name));
            }
        }
    }
    maps
}

impl Generator {
    /// From the runtime's metadata.
    pub fn new(seed: u64) -> Self {
        let metadata = metadata();
        let mut calls = Vec::new();
        for pallet in &metadata.pallets {
            let Some(of_pallet) = &pallet.calls else { continue };
            let ty = metadata
                .types
                .resolve(of_pallet.ty.id)
                .expect("the metadata knows its types");
            let TypeDef::Variant(variants) = &ty.type_def else {
                panic!("the calls of {} are no enum", pallet.name)
            };
            for variant in &variants.variants {
                let name = CallName {
                    pallet: pallet.name.clone(),
                    call: variant.name.clone(),
                };
                calls.push((name, pallet.index, variant.clone()));
            }
        }
        let people = people::everybody();
        Self {
            types: metadata.types,
            calls,
            people,
            byte_strings: Vec::new(),
            draw: Draw::new(seed),
        }
    }

    /// Every call there is.
    pub fn names(&self) -> Vec<CallName> {
        self.calls.iter().map(|(name, ..)| name.clone()).collect()
    }

    /// A call of a name with drawn arguments. `None` if what was drawn cannot be decoded (too long for its bound, say).
    pub fn call(&mut self, name: &CallName) -> Option<RuntimeCall> {
        let at = self
            .calls
            .iter()
            .position(|(known, ..)| known == name)
            .expect("a call of the metadata");
        let mut bytes = Vec::new();
        self.write_call(at, 0, &mut bytes)?;
        RuntimeCall::decode_all(&mut &bytes[..]).ok()
    }

    /// Any call to stand within another: every second one of the assets, for these are what holds CHR. Not the time, which is
    /// an inherent, and whose author answers for it with the block.
    fn write_any_call(&mut self, depth: usize, out: &mut Vec<u8>) -> Option<()> {
        let assets: Vec<_> = (0..self.calls.len())
            .filter(|at| self.calls[*at].0.pallet == "Assets")
            .collect();
        let at = if depth >= DEPTH_MAX || self.draw.once_in(2) {
            *self.draw.one_of(&assets)
        } else {
            self.draw.below(self.calls.len())
        };
        if self.calls[at].0.pallet == "Timestamp" {
            return None;
        }
        self.write_call(at, depth, out)
    }

    fn write_call(&mut self, at: usize, depth: usize, out: &mut Vec<u8>) -> Option<()> {
        let (_, pallet, variant) = self.calls[at].clone();
        out.extend([pallet, variant.index]);
        self.write_fields(&variant.fields, depth, out)
    }

    fn write_fields(&mut self, fields: &[Field<PortableForm>], depth: usize, out: &mut Vec<u8>) -> Option<()> {
        fields
            .iter()
            .try_for_each(|field| self.write(field.ty.id, field.name.as_deref(), depth, out))
    }

    fn write(&mut self, ty: u32, field: Option<&str>, depth: usize, out: &mut Vec<u8>) -> Option<()> {
        let known = self.types.resolve(ty).expect("the metadata knows its types").clone();
        match known.path.ident().as_deref() {
            Some("RuntimeCall") => return self.write_any_call(depth + 1, out),
            Some("AccountId32") => {
                out.extend(self.person().encode());
                return Some(());
            }
            _ => {}
        }
        match known.type_def {
            TypeDef::Composite(composite) => self.write_fields(&composite.fields, depth, out),
            TypeDef::Variant(variants) => {
                let usable = variants.variants;
                if usable.is_empty() {
                    return None;
                }
                // Addresses and options: mostly the variant that says something.
                let towards = match known.path.ident().as_deref() {
                    Some("MultiAddress") if !self.draw.once_in(20) => Some("Id"),
                    Some("Option") if !self.draw.once_in(3) => Some("Some"),
                    _ => None,
                };
                let named = usable.iter().find(|variant| Some(variant.name.as_str()) == towards);
                let variant = named.unwrap_or_else(|| self.draw.one_of(&usable)).clone();
                out.push(variant.index);
                self.write_fields(&variant.fields, depth, out)
            }
            TypeDef::Sequence(sequence) => self.write_sequence(sequence.type_param.id, field, depth, out),
            TypeDef::Array(array) => (0..array.len).try_for_each(|_| self.write(array.type_param.id, None, depth, out)),
            TypeDef::Tuple(tuple) => tuple
                .fields
                .iter()
                .try_for_each(|part| self.write(part.id, field, depth, out)),
            TypeDef::Primitive(primitive) => self.write_primitive(&primitive, field, out),
            TypeDef::Compact(compact) => self.write_compact(compact.type_param.id, field, out),
            TypeDef::BitSequence(_) => None,
        }
    }

    fn write_sequence(&mut self, item: u32, field: Option<&str>, depth: usize, out: &mut Vec<u8>) -> Option<()> {
        let is_bytes = matches!(
            self.types.resolve(item).map(|ty| &ty.type_def),
            Some(TypeDef::Primitive(TypeDefPrimitive::U8))
        );
        if is_bytes {
            if !self.byte_strings.is_empty() && !self.draw.once_in(4) {
                self.draw.one_of(&self.byte_strings).encode_to(out);
            } else {
                let length = self.draw.below(40);
                let noise: Vec<u8> = (0..length).map(|_| self.draw.bits() as u8).collect();
                noise.encode_to(out);
            }
            return Some(());
        }
        let length = self.draw.below(4) as u32;
        Compact(length).encode_to(out);
        (0..length).try_for_each(|_| self.write(item, field, depth, out))
    }

    fn write_primitive(&mut self, primitive: &TypeDefPrimitive, field: Option<&str>, out: &mut Vec<u8>) -> Option<()> {
        match primitive {
            TypeDefPrimitive::Bool => out.push(u8::from(self.draw.once_in(2))),
            TypeDefPrimitive::Str => String::from("a word").encode_to(out),
            TypeDefPrimitive::U8 => out.push(self.number(field) as u8),
            TypeDefPrimitive::U16 => (self.number(field) as u16).encode_to(out),
            TypeDefPrimitive::U32 => (self.number(field) as u32).encode_to(out),
            TypeDefPrimitive::U64 => (self.number(field) as u64).encode_to(out),
            TypeDefPrimitive::U128 => self.number(field).encode_to(out),
            TypeDefPrimitive::I8 => out.push(self.draw.bits() as u8),
            _ => return None,
        }
        Some(())
    }

    /// What is compact is a number, perhaps in a wrapper of one field; `Compact<()>` takes no bytes.
    fn write_compact(&mut self, inner: u32, field: Option<&str>, out: &mut Vec<u8>) -> Option<()> {
        let known = self.types.resolve(inner).expect("the metadata knows its types").clone();
        match known.type_def {
            TypeDef::Primitive(TypeDefPrimitive::U8) => Compact(self.number(field) as u8).encode_to(out),
            TypeDef::Primitive(TypeDefPrimitive::U16) => Compact(self.number(field) as u16).encode_to(out),
            TypeDef::Primitive(TypeDefPrimitive::U32) => Compact(self.number(field) as u32).encode_to(out),
            TypeDef::Primitive(TypeDefPrimitive::U64) => Compact(self.number(field) as u64).encode_to(out),
            TypeDef::Primitive(TypeDefPrimitive::U128) => Compact(self.number(field)).encode_to(out),
            TypeDef::Composite(wrapper) => {
                return wrapper
                    .fields
                    .first()
                    .map_or(Some(()), |field| self.write_compact(field.ty.id, None, out));
            }
            TypeDef::Tuple(_) => {}
            _ => return None,
        }
        Some(())
    }

    fn person(&mut self) -> AccountId {
        self.draw.one_of(&self.people).clone()
    }

    /// Ids are mostly those of CHR and PSY; other numbers are edges, what somebody holds, or anything.
    fn number(&mut self, field: Option<&str>) -> u128 {
        if field.is_some_and(|field| field == "id" || field.ends_with("asset_id")) {
            return u128::from(*self.draw.one_of(&[CHR, CHR, CHR, PSY, PSY, 3, 4, 0, 5]));
        }
        let held = 100_000 * qc_runtime::FLX;
        let edges = [
            0,
            1,
            2,
            3,
            10,
            held - 1,
            held,
            held + 1,
            10 * qc_runtime::FLX,
            u128::MAX,
        ];
        match self.draw.below(4) {
            0 => u128::from(self.draw.bits()),
            1 => u128::from(self.draw.bits() % 1_000),
            _ => *self.draw.one_of(&edges),
        }
    }
}
