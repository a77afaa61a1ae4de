//! ML-DSA-87's verification as the text of FIPS 204 says it, in plain integers: to compare with, and to make signatures that
//! are wrong in one respect only. Numbers of algorithms, tables and lines are the standard's. Not for keys that matter.

use qc_pqc::cache::Claim;
use sha3::digest::{ExtendableOutput, Update, XofReader};
use std::sync::OnceLock;

/// The modulus.
pub const Q: i64 = 8_380_417;
/// Coefficients of a polynomial.
pub const N: usize = 256;
/// Rows and columns of the matrix (table 1).
pub const K: usize = 8;
/// See [`K`].
pub const L: usize = 7;
/// Dropped bits of t.
const D: u32 = 13;
/// Coefficients of the mask are below this (γ₁).
pub const GAMMA1: i64 = 1 << 19;
/// The range of the low bits (γ₂).
pub const GAMMA2: i64 = (Q - 1) / 32;
/// Ones in the challenge (τ).
const TAU: usize = 60;
/// τ · η: what keeps z from telling about the key (β).
pub const BETA: i64 = 120;
/// Hints at most (ω).
pub const OMEGA: usize = 75;
/// Bytes of c̃.
pub const COMMITMENT: usize = 64;
/// Bytes of one polynomial of z: 256 times 20 bits.
pub const Z_POLYNOMIAL: usize = 640;
/// Where the encoded hint begins in a signature.
pub const HINT: usize = COMMITMENT + L * Z_POLYNOMIAL;

/// A polynomial; coefficients are kept in 0 … q − 1 unless said otherwise.
pub type Poly = [i64; N];
/// A hint: for each row the places that are 1, ascending.
pub type Hint = [Vec<u8>; K];

/// A fault that a verifier might have, to show that the cases would find it. Each is one that has been published, or one
/// character away from the standard.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flaw {
    /// None: the standard.
    None,
    /// ‖z‖ is not looked at (the AVX2 code of pq-crystals until June 2026).
    NoNorm,
    /// The bound of ‖z‖ is γ₁ instead of γ₁ − β (RUSTSEC-2026-0077).
    NormOfGamma1,
    /// ‖z‖ = γ₁ − β passes.
    NormOneMore,
    /// ‖z‖ = γ₁ − β − 1 does not pass.
    NormOneLess,
    /// The same place may be there twice in a row (CVE-2026-24850).
    HintTwice,
    /// Places in any order.
    HintOrder,
    /// Bytes after the last place may be anything.
    HintPadding,
    /// Counters beyond ω are cut instead of refused (next to RUSTSEC-2026-0076).
    HintCount,
    /// UseHint takes r₀ = 0 for positive (RUSTSEC-2026-0125).
    UseHintZero,
    /// UseHint does not wrap from 15 to 0.
    UseHintWrap,
    /// Decompose stops at 15 instead of its special case r⁺ − r₀ = q − 1.
    DecomposeTop,
    /// A context's length is cut to a byte.
    ContextLength,
    /// The context is not bound at all.
    NoContext,
    /// The byte that tells pure from pre-hashed signatures is not bound.
    NoDomain,
    /// c̃ is compared without its last byte.
    ShortComparison,
    /// The key is not bound to the message.
    NoKey,
}

impl Flaw {
    /// All but [`Flaw::None`].
    pub const ALL: [Flaw; 16] = [
        Self::NoNorm,
        Self::NormOfGamma1,
        Self::NormOneMore,
        Self::NormOneLess,
        Self::HintTwice,
        Self::HintOrder,
        Self::HintPadding,
        Self::HintCount,
        Self::UseHintZero,
        Self::UseHintWrap,
        Self::DecomposeTop,
        Self::ContextLength,
        Self::NoContext,
        Self::NoDomain,
        Self::ShortComparison,
        Self::NoKey,
    ];
}

fn shake256(parts: &[&[u8]], output: &mut [u8]) {
    let mut state = sha3::Shake256::default();
    parts.iter().for_each(|part| state.update(part));
    state.finalize_xof().read(output);
}

/// ζ to the power of the bits of i reversed, appendix B: 1753 is the root of unity.
fn zetas() -> &'static [i64; N] {
    static ZETAS: OnceLock<[i64; N]> = OnceLock::new();
    ZETAS.get_or_init(|| {
        let power = |exponent: u8| (0..exponent).fold(1, |product, _| product * 1753 % Q);
        std::array::from_fn(|i| power((i as u8).reverse_bits()))
    })
}

/// Algorithm 41.
fn ntt(w: &mut Poly) {
    let (mut m, mut length) = (0, 128);
    while length >= 1 {
        for start in (0..N).step_by(2 * length) {
            m += 1;
            let z = zetas()[m];
            for j in start..start + length {
                let t = z * w[j + length] % Q;
                w[j + length] = (w[j] + Q - t) % Q;
                w[j] = (w[j] + t) % Q;
            }
        }
        length /= 2;
    }
}

/// Algorithm 42.
fn inverse_ntt(w: &mut Poly) {
    let (mut m, mut length) = (N, 1);
    while length < N {
        for start in (0..N).step_by(2 * length) {
            m -= 1;
            let z = Q - zetas()[m];
            for j in start..start + length {
                let t = w[j];
                w[j] = (t + w[j + length]) % Q;
                w[j + length] = z * (t + Q - w[j + length]) % Q;
            }
        }
        length *= 2;
    }
    // 256⁻¹ mod q.
    w.iter_mut().for_each(|one| *one = *one * 8_347_681 % Q);
}

/// Algorithms 30 and 32: the matrix Â, row by row, from ρ.
pub fn expand_a(rho: &[u8]) -> Vec<Poly> {
    let entry = |place: usize| {
        let mut state = sha3::Shake128::default();
        state.update(rho);
        state.update(&[(place % L) as u8, (place / L) as u8]);
        let mut stream = state.finalize_xof();
        let (mut poly, mut filled, mut bytes) = ([0; N], 0, [0; 3]);
        while filled < N {
            stream.read(&mut bytes);
            let value = i64::from(bytes[0]) | i64::from(bytes[1]) << 8 | i64::from(bytes[2] & 127) << 16;
            if value < Q {
                poly[filled] = value;
                filled += 1;
            }
        }
        poly
    };
    (0..K * L).map(entry).collect()
}

/// Algorithm 29.
fn sample_in_ball(commitment: &[u8]) -> Poly {
    let mut state = sha3::Shake256::default();
    state.update(commitment);
    let mut stream = state.finalize_xof();
    let mut signs = [0; 8];
    stream.read(&mut signs);
    let signs = u64::from_le_bytes(signs);
    let mut c = [0; N];
    for i in N - TAU..N {
        let mut j = [0];
        stream.read(&mut j);
        while usize::from(j[0]) > i {
            stream.read(&mut j);
        }
        let j = usize::from(j[0]);
        c[i] = c[j];
        c[j] = if signs >> (i + TAU - N) & 1 == 1 { Q - 1 } else { 1 };
    }
    c
}

/// `count` numbers of `bits` bits each, little endian (algorithm 19 without its centring).
fn unpack(bytes: &[u8], bits: u32, count: usize) -> Vec<i64> {
    let (mut held, mut have, mut numbers) = (0_u64, 0, Vec::with_capacity(count));
    for byte in bytes {
        held |= u64::from(*byte) << have;
        have += 8;
        while have >= bits && numbers.len() < count {
            numbers.push((held & ((1 << bits) - 1)) as i64);
            held >>= bits;
            have -= bits;
        }
    }
    numbers
}

fn pack(numbers: impl Iterator<Item = i64>, bits: u32) -> Vec<u8> {
    let (mut held, mut have, mut bytes) = (0_u64, 0, Vec::new());
    for number in numbers {
        held |= (number as u64) << have;
        have += bits;
        while have >= 8 {
            bytes.push(held as u8);
            held >>= 8;
            have -= 8;
        }
    }
    bytes
}

/// z out of a signature, coefficients in −γ₁ + 1 … γ₁ (algorithm 27, line 3).
pub fn decode_z(signature: &[u8]) -> [Poly; L] {
    std::array::from_fn(|i| {
        let at = COMMITMENT + i * Z_POLYNOMIAL;
        let numbers = unpack(&signature[at..at + Z_POLYNOMIAL], 20, N);
        std::array::from_fn(|j| GAMMA1 - numbers[j])
    })
}

/// A polynomial of z, 640 bytes.
pub fn encode_z(z: &Poly) -> Vec<u8> {
    pack(z.iter().map(|one| GAMMA1 - one), 20)
}

/// Algorithm 20. At most ω places in all.
pub fn encode_hint(hint: &Hint) -> [u8; OMEGA + K] {
    let mut bytes = [0; OMEGA + K];
    let mut filled = 0;
    for (row, places) in hint.iter().enumerate() {
        for place in places {
            bytes[filled] = *place;
            filled += 1;
        }
        bytes[OMEGA + row] = filled as u8;
    }
    bytes
}

/// Algorithm 21.
pub fn decode_hint(bytes: &[u8], flaw: Flaw) -> Option<Hint> {
    let mut hint = Hint::default();
    let mut index = 0;
    for (row, places) in hint.iter_mut().enumerate() {
        let mut end = usize::from(bytes[OMEGA + row]);
        if end > OMEGA && flaw == Flaw::HintCount {
            end = OMEGA;
        }
        if end < index || end > OMEGA {
            return None;
        }
        let first = index;
        while index < end {
            let bad = index > first
                && match flaw {
                    Flaw::HintTwice => bytes[index - 1] > bytes[index],
                    Flaw::HintOrder => false,
                    _ => bytes[index - 1] >= bytes[index],
                };
            if bad {
                return None;
            }
            places.push(bytes[index]);
            index += 1;
        }
    }
    let padded = bytes[index..OMEGA].iter().all(|byte| *byte == 0);
    (padded || flaw == Flaw::HintPadding).then_some(hint)
}

/// Algorithm 36: (r₁, r₀).
pub fn decompose(r: i64, flaw: Flaw) -> (i64, i64) {
    let mut r0 = r % (2 * GAMMA2);
    if r0 > GAMMA2 {
        r0 -= 2 * GAMMA2;
    }
    match r - r0 == Q - 1 {
        true if flaw == Flaw::DecomposeTop => (15, r0),
        true => (0, r0 - 1),
        false => ((r - r0) / (2 * GAMMA2), r0),
    }
}

/// Algorithm 40.
fn use_hint(hinted: bool, r: i64, flaw: Flaw) -> i64 {
    let (r1, r0) = decompose(r, flaw);
    let step = match hinted {
        false => return r1 % 16,
        true if r0 > 0 || (r0 == 0 && flaw == Flaw::UseHintZero) => 1,
        true => -1,
    };
    if flaw == Flaw::UseHintWrap {
        (r1 + step).clamp(0, 15)
    } else {
        (r1 + step).rem_euclid(16)
    }
}

/// The high bits after the hint, encoded (algorithm 28).
fn encode_w1(w: &[Poly; K], hint: &Hint, flaw: Flaw) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(K * N / 2);
    for (poly, places) in w.iter().zip(hint) {
        let mut hinted = [false; N];
        places.iter().for_each(|place| hinted[usize::from(*place)] = true);
        bytes.extend(pack((0..N).map(|at| use_hint(hinted[at], poly[at], flaw)), 4));
    }
    bytes
}

/// Â ∘ NTT(z), still in the other domain; z in −γ₁ + 1 … γ₁.
fn matrix_times(a: &[Poly], z: &[Poly; L]) -> [Poly; K] {
    let mut z: Vec<Poly> = z.iter().map(|poly| poly.map(|one| one.rem_euclid(Q))).collect();
    z.iter_mut().for_each(ntt);
    std::array::from_fn(|row| {
        std::array::from_fn(|at| {
            (0..L)
                .map(|column| a[row * L + column][at] * z[column][at] % Q)
                .sum::<i64>()
                % Q
        })
    })
}

/// M′ of algorithm 3, line 5; `domain` is 0 for pure signatures.
pub fn formatted(domain: u8, context: &[u8], message: &[u8]) -> Vec<u8> {
    [&[domain, context.len() as u8], context, message].concat()
}

/// µ (algorithm 8, line 7).
fn representative(key: &[u8], formatted: &[u8], flaw: Flaw) -> [u8; 64] {
    let (mut tr, mut mu) = ([0; 64], [0; 64]);
    if flaw != Flaw::NoKey {
        shake256(&[key], &mut tr);
    }
    shake256(&[&tr, formatted], &mut mu);
    mu
}

/// Algorithms 3 and 8, with one fault or none.
pub fn verify(claim: &Claim, flaw: Flaw) -> bool {
    let (key, signature) = (claim.public_key, claim.signature);
    let too_long = claim.context.len() > 255 && flaw != Flaw::ContextLength;
    if key.len() != 32 + 320 * K || signature.len() != HINT + OMEGA + K || too_long {
        return false;
    }
    let z = decode_z(signature);
    let Some(hint) = decode_hint(&signature[HINT..], flaw) else {
        return false;
    };
    let bound = match flaw {
        Flaw::NoNorm => i64::MAX,
        Flaw::NormOfGamma1 => GAMMA1,
        Flaw::NormOneMore => GAMMA1 - BETA + 1,
        Flaw::NormOneLess => GAMMA1 - BETA - 1,
        _ => GAMMA1 - BETA,
    };
    if z.iter().flatten().any(|one| one.abs() >= bound) {
        return false;
    }
    let mut c = sample_in_ball(&signature[..COMMITMENT]);
    ntt(&mut c);
    let mut w = matrix_times(&expand_a(&key[..32]), &z);
    for (row, poly) in w.iter_mut().enumerate() {
        let at = 32 + 320 * row;
        let numbers = unpack(&key[at..at + 320], 10, N);
        let mut t1: Poly = std::array::from_fn(|at| (numbers[at] << D) % Q);
        ntt(&mut t1);
        (0..N).for_each(|at| poly[at] = (poly[at] + Q - c[at] * t1[at] % Q) % Q);
        inverse_ntt(poly);
    }
    let context = if flaw == Flaw::NoContext { &[] } else { claim.context };
    let mut formatted = formatted(0, context, claim.message);
    if flaw == Flaw::NoDomain {
        // As if both domains were tried.
        let other = self::formatted(1, context, claim.message);
        if matches(key, &other, &w, &hint, signature, flaw) {
            formatted = other;
        }
    }
    matches(key, &formatted, &w, &hint, signature, flaw)
}

fn matches(key: &[u8], formatted: &[u8], w: &[Poly; K], hint: &Hint, signature: &[u8], flaw: Flaw) -> bool {
    let commitment = commit(key, formatted, w, hint, flaw);
    let compared = COMMITMENT - usize::from(flaw == Flaw::ShortComparison);
    commitment[..compared] == signature[..compared]
}

fn commit(key: &[u8], formatted: &[u8], w: &[Poly; K], hint: &Hint, flaw: Flaw) -> [u8; COMMITMENT] {
    let mut commitment = [0; COMMITMENT];
    let mu = representative(key, formatted, flaw);
    shake256(&[&mu, &encode_w1(w, hint, flaw)], &mut commitment);
    commitment
}

/// A public key whose t₁ is zero. Anyone can sign for it, since w′ does not depend on the challenge: that makes signatures
/// of which everything is right but what the test chose to be wrong.
pub struct HollowKey {
    /// 2,592 bytes: ρ and zeroes.
    pub bytes: Vec<u8>,
    a: Vec<Poly>,
}

impl HollowKey {
    /// The one with this ρ.
    pub fn new(rho: &[u8; 32]) -> Self {
        let mut bytes = vec![0; 32 + 320 * K];
        bytes[..32].copy_from_slice(rho);
        Self {
            bytes,
            a: expand_a(rho),
        }
    }

    /// A z, what the verifier will compute of it, ready for a hint.
    pub fn response(&self, z: [Poly; L]) -> Response<'_> {
        let mut w = matrix_times(&self.a, &z);
        w.iter_mut().for_each(inverse_ntt);
        Response { key: self, z, w }
    }
}

/// z, and w′ = A z.
pub struct Response<'a> {
    key: &'a HollowKey,
    z: [Poly; L],
    /// w′, coefficients in 0 … q − 1.
    pub w: [Poly; K],
}

impl Response<'_> {
    /// The signature of M′ with this hint. `encoded` is the hint as it stands in the signature, so that it can say something
    /// else, or the same in a way that the standard does not allow.
    pub fn signature(&self, formatted: &[u8], hint: &Hint, encoded: &[u8; OMEGA + K]) -> Vec<u8> {
        let commitment = commit(&self.key.bytes, formatted, &self.w, hint, Flaw::None);
        let mut signature = commitment.to_vec();
        self.z.iter().for_each(|poly| signature.extend(encode_z(poly)));
        signature.extend(encoded);
        signature
    }
}
