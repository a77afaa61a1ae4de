//! Public keys, signatures and key ids, as they travel and as they are stored.

use crate::hex::{self, HexError};
use alloc::{boxed::Box, string::String};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::{fmt, str::FromStr};
use scale_info::{
    build::{Fields, Variants},
    Path, Type, TypeInfo,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of an ML-DSA-87 public key (FIPS 204, table 2).
pub const ML_DSA_87_PUBLIC_KEY_BYTES: usize = 2592;

/// Bytes of an ML-DSA-87 signature (FIPS 204, table 2).
pub const ML_DSA_87_SIGNATURE_BYTES: usize = 4627;

/// The longest array of bytes that the metadata shows: Polkadot-JS refuses any array type of more than 2,048 items, and with
/// it the whole metadata. A longer one is shown as two or three in a row, which is the same encoding.
const SHOWN: usize = 2048;
const PUBLIC_KEY_REST: usize = ML_DSA_87_PUBLIC_KEY_BYTES - SHOWN;
const SIGNATURE_REST: usize = ML_DSA_87_SIGNATURE_BYTES - 2 * SHOWN;

/// The signature schemes that there are. The list can grow; an index is never used again.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    Hash,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    TypeInfo,
)]
pub enum Scheme {
    /// ML-DSA-87 (FIPS 204), the highest of its three parameter sets.
    #[codec(index = 0)]
    MlDsa87,
}

/// A public key: in SCALE the scheme's byte and then the key's bytes as they are, 2,593 in all. In text that encoding as
/// `0x` and hexadecimal digits.
///
/// Any 2,592 bytes are a public key (FIPS 204 excludes none); nobody can sign for most of them.
#[derive(Clone, Decode, DecodeWithMemTracking, Encode, Eq, Hash, MaxEncodedLen, PartialEq)]
pub enum PublicKey {
    /// Of ML-DSA-87.
    #[codec(index = 0)]
    MlDsa87(Box<[u8; ML_DSA_87_PUBLIC_KEY_BYTES]>),
}

/// A signature: in SCALE the scheme's byte and then the signature's bytes as they are, 4,628 in all. In text that encoding
/// as `0x` and hexadecimal digits.
///
/// Not unique for a key and a message: whoever has the secret key makes as many as they like. Nothing may be identified by
/// its signature.
#[derive(Clone, Decode, DecodeWithMemTracking, Encode, Eq, Hash, MaxEncodedLen, PartialEq)]
pub enum Signature {
    /// Of ML-DSA-87.
    #[codec(index = 0)]
    MlDsa87(Box<[u8; ML_DSA_87_SIGNATURE_BYTES]>),
}

/// Raw bytes that cannot be a key or a signature of their scheme.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LengthError {
    /// Bytes that the scheme asks for.
    pub expected: usize,
    /// Bytes that were given.
    pub given: usize,
}

impl fmt::Display for LengthError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} bytes instead of {}", self.given, self.expected)
    }
}

impl core::error::Error for LengthError {}

/// Copies bytes of the right length onto the heap, without a detour over the stack.
fn boxed<const N: usize>(bytes: &[u8]) -> Result<Box<[u8; N]>, LengthError> {
    let error = LengthError {
        expected: N,
        given: bytes.len(),
    };
    Box::<[u8]>::from(bytes).try_into().map_err(|_| error)
}

impl PublicKey {
    /// A key of ML-DSA-87 from its 2,592 bytes.
    pub fn ml_dsa_87(bytes: &[u8]) -> Result<Self, LengthError> {
        boxed(bytes).map(Self::MlDsa87)
    }

    /// The key's scheme.
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::MlDsa87(_) => Scheme::MlDsa87,
        }
    }

    /// The key's bytes, without the scheme's.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::MlDsa87(bytes) => bytes.as_slice(),
        }
    }
}

impl Signature {
    /// A signature of ML-DSA-87 from its 4,627 bytes.
    pub fn ml_dsa_87(bytes: &[u8]) -> Result<Self, LengthError> {
        boxed(bytes).map(Self::MlDsa87)
    }

    /// The signature's scheme.
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::MlDsa87(_) => Scheme::MlDsa87,
        }
    }

    /// The signature's bytes, without the scheme's.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::MlDsa87(bytes) => bytes.as_slice(),
        }
    }
}

impl TypeInfo for PublicKey {
    type Identity = Self;

    fn type_info() -> Type {
        let bytes = || {
            Fields::unnamed()
                .field(|one| one.ty::<[u8; SHOWN]>())
                .field(|one| one.ty::<[u8; PUBLIC_KEY_REST]>())
        };
        Type::builder()
            .path(Path::new("PublicKey", module_path!()))
            .docs(&["A public key: the scheme's byte, then the key's bytes (here in two parts: 2,048 and 544)."])
            .variant(Variants::new().variant("MlDsa87", |one| one.index(0).fields(bytes())))
    }
}

impl TypeInfo for Signature {
    type Identity = Self;

    fn type_info() -> Type {
        let bytes = || {
            Fields::unnamed()
                .field(|one| one.ty::<[u8; SHOWN]>())
                .field(|one| one.ty::<[u8; SHOWN]>())
                .field(|one| one.ty::<[u8; SIGNATURE_REST]>())
        };
        Type::builder()
            .path(Path::new("Signature", module_path!()))
            .docs(&["A signature: the scheme's byte, then its bytes (here in three parts: 2,048, 2,048 and 531)."])
            .variant(Variants::new().variant("MlDsa87", |one| one.index(0).fields(bytes())))
    }
}

/// The name of a key: `blake2_256` of the public key's SCALE encoding, the scheme's byte included.
#[derive(
    Clone,
    Copy,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    Hash,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    TypeInfo,
)]
pub struct KeyId(pub [u8; 32]);

impl KeyId {
    /// The id of a public key.
    pub fn of(key: &PublicKey) -> Self {
        Self(key.using_encoded(sp_io::hashing::blake2_256))
    }
}

impl AsRef<[u8]> for KeyId {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; 32]> for KeyId {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "PublicKey::{:?}({})", self.scheme(), hex::short(self.as_bytes()))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Signature::{:?}({})", self.scheme(), hex::short(self.as_bytes()))
    }
}

/// Text form of a type: `0x` and the hexadecimal digits of its SCALE encoding, to and from strings and serde.
macro_rules! as_hex {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = HexError;

            fn from_str(text: &str) -> Result<Self, HexError> {
                hex::decode(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.using_encoded(hex::encode))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

as_hex!(KeyId);
as_hex!(PublicKey);
as_hex!(Signature);
