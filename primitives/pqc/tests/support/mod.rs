//! What the tests and the fuzz program share: a small generator of random numbers, a verifier written from the standard's
//! text, the other implementations, and cases that matter.
#![allow(dead_code)]

pub mod cases;
pub mod reference;

use qc_pqc::cache::{verify_uncached, Claim};

/// SplitMix64: small, fast, the same everywhere; what a seed gives never changes.
pub struct Random(pub u64);

impl Random {
    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        self.bits() as u8
    }

    /// So many bytes.
    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.byte()).collect()
    }

    /// 32 bytes.
    pub fn seed(&mut self) -> [u8; 32] {
        std::array::from_fn(|_| self.byte())
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A verifier, for comparison.
pub struct Implementation {
    /// Its name in reports.
    pub name: &'static str,
    /// Whether a claim verifies; lengths that are none of ML-DSA-87 are `false`.
    pub verify: fn(&Claim) -> bool,
}

/// The one that decides, first, and those it is compared with.
pub const IMPLEMENTATIONS: [Implementation; 4] = [
    Implementation {
        name: "libcrux-ml-dsa, portable (decides)",
        verify: verify_uncached,
    },
    Implementation {
        name: "fips204",
        verify: by_fips204,
    },
    Implementation {
        name: "ml-dsa (RustCrypto)",
        verify: by_rust_crypto,
    },
    Implementation {
        name: "reference, from the text of FIPS 204",
        verify: |claim| reference::verify(claim, reference::Flaw::None),
    },
];

/// fips204.
pub fn by_fips204(claim: &Claim) -> bool {
    use fips204::{
        ml_dsa_87::PublicKey,
        traits::{SerDes, Verifier},
    };
    let (Ok(key), Ok(signature)) = (claim.public_key.try_into(), claim.signature.try_into()) else {
        return false;
    };
    PublicKey::try_from_bytes(key).is_ok_and(|key| key.verify(claim.message, &signature, claim.context))
}

/// ml-dsa of RustCrypto.
pub fn by_rust_crypto(claim: &Claim) -> bool {
    use ml_dsa::{EncodedVerifyingKey, MlDsa87, Signature, VerifyingKey};
    let (Ok(key), Ok(signature)) = (
        EncodedVerifyingKey::<MlDsa87>::try_from(claim.public_key),
        Signature::<MlDsa87>::try_from(claim.signature),
    ) else {
        return false;
    };
    VerifyingKey::decode(&key).verify_with_context(claim.message, claim.context, &signature)
}

/// libcrux-ml-dsa as it chooses for this processor, AVX2 where there is. No part of the consensus; looked at out of interest.
pub fn by_dispatching_libcrux(claim: &Claim) -> bool {
    use libcrux_ml_dsa::ml_dsa_87::{verify, MLDSA87Signature, MLDSA87VerificationKey};
    let (Ok(key), Ok(signature)) = (claim.public_key.try_into(), claim.signature.try_into()) else {
        return false;
    };
    let (key, signature) = (MLDSA87VerificationKey::new(key), MLDSA87Signature::new(signature));
    verify(&key, claim.message, claim.context, &signature).is_ok()
}
