//! How a set breaks apart.
// The derive of SCALE casts the variants of an enum to their bytes.
#![allow(clippy::as_conversions)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// More than ⅓ of the whole set deviates, so nobody is punished.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum Breach {
    /// More than ⅓ share one same value that is not the chain's: the chain itself is in doubt.
    ChainInDoubt,
    /// They deviate each in another way.
    Scattered,
}
