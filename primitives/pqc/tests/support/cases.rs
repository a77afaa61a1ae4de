//! Claims that verifiers might disagree on: honest ones, mutations of them, and forgeries under hollow keys that are wrong in
//! one respect only. What the right answer is, is known for each.

use super::reference::{
    decode_hint, encode_hint, encode_z, formatted, Flaw, Hint, HollowKey, Poly, BETA, COMMITMENT, GAMMA1, GAMMA2, HINT,
    K, L, N, OMEGA, Z_POLYNOMIAL,
};
use super::Random;
use qc_pqc::{cache::Claim, SecretKey, ML_DSA_87_PUBLIC_KEY_BYTES, ML_DSA_87_SIGNATURE_BYTES};

/// A claim that owns its parts, and the right answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// What was done to it.
    pub kind: &'static str,
    /// The public key's bytes.
    pub public_key: Vec<u8>,
    /// The context.
    pub context: Vec<u8>,
    /// The message.
    pub message: Vec<u8>,
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// Whether it has to verify.
    pub valid: bool,
}

impl Case {
    /// As the verifiers take it.
    pub fn claim(&self) -> Claim<'_> {
        Claim {
            public_key: &self.public_key,
            context: &self.context,
            message: &self.message,
            signature: &self.signature,
        }
    }

    fn same(&self, other: &Case) -> bool {
        self.claim() == other.claim()
    }
}

/// Makes cases, the same ones for the same seed.
pub struct Cases {
    random: Random,
    honest: Vec<Case>,
    hollow: Vec<HollowKey>,
}

type Mutation = fn(&Cases, &mut Random, &mut Case);

/// Mutations of an honest claim. Whatever they change makes it invalid: ML-DSA is strongly unforgeable, so that not even
/// another signature of the same message may come out of one without the secret key.
const MUTATIONS: [(&str, Mutation); 26] = [
    ("honest", |_, _, _| {}),
    ("signature: a bit", |_, random, case| {
        flip(random, &mut case.signature, 0, HINT + OMEGA + K)
    }),
    ("signature: a byte", |_, random, case| {
        let at = random.below(case.signature.len());
        case.signature[at] = random.byte();
    }),
    ("signature: length 0 … 2×", |_, random, case| {
        resize(random, &mut case.signature, ML_DSA_87_SIGNATURE_BYTES)
    }),
    ("signature: of another claim", |cases, random, case| {
        case.signature = random.one(&cases.honest).signature.clone();
    }),
    ("signature: spliced from two", |cases, random, case| {
        let at = random.below(case.signature.len());
        let other = &random.one(&cases.honest).signature;
        case.signature[at..].copy_from_slice(&other[at..]);
    }),
    ("signature: any bytes", |_, random, case| {
        case.signature = random.bytes(ML_DSA_87_SIGNATURE_BYTES);
    }),
    ("c̃: a bit", |_, random, case| {
        flip(random, &mut case.signature, 0, COMMITMENT)
    }),
    ("z: a bit", |_, random, case| {
        flip(random, &mut case.signature, COMMITMENT, HINT)
    }),
    ("z: a coefficient at a bound", |_, random, case| {
        let at = COMMITMENT + random.below(L) * Z_POLYNOMIAL;
        let polynomial = &mut case.signature[at..at + Z_POLYNOMIAL];
        let place = 5 * random.below(N / 2);
        // Two coefficients of 20 bits in five bytes.
        let pair = [bound(random), bound(random)];
        let mut z = [0; N];
        z[..2].copy_from_slice(&pair);
        polynomial[place..place + 5].copy_from_slice(&encode_z(&z)[..5]);
    }),
    ("hint: two places swapped", |_, random, case| {
        let (first, second) = (HINT + random.below(OMEGA), HINT + random.below(OMEGA));
        case.signature.swap(first, second);
    }),
    ("hint: a place as its neighbour", |_, random, case| {
        let at = HINT + random.below(OMEGA - 1);
        case.signature[at + 1] = case.signature[at];
    }),
    ("hint: a byte of the places", |_, random, case| {
        case.signature[HINT + random.below(OMEGA)] = random.byte();
    }),
    ("hint: a counter", |_, random, case| {
        case.signature[HINT + OMEGA + random.below(K)] = random.byte();
    }),
    ("hint: a counter by one", |_, random, case| {
        let at = HINT + OMEGA + random.below(K);
        case.signature[at] = match random.below(2) {
            0 => case.signature[at].wrapping_add(1),
            _ => case.signature[at].wrapping_sub(1),
        };
    }),
    ("hint: a place more or less, well formed", |_, random, case| {
        let mut hint = decode_hint(&case.signature[HINT..], Flaw::None).expect("the claim is honest");
        let places = &mut hint[random.below(K)];
        match places.pop() {
            Some(last) if random.below(2) == 0 && last < 255 => places.extend([last, last + 1]),
            Some(_) => {}
            None => places.push(random.byte()),
        }
        if hint.iter().map(Vec::len).sum::<usize>() <= OMEGA {
            case.signature[HINT..].copy_from_slice(&encode_hint(&hint));
        }
    }),
    ("hint: any bytes", |_, random, case| {
        let bytes = random.bytes(OMEGA + K);
        case.signature[HINT..].copy_from_slice(&bytes);
    }),
    ("key: a bit", |_, random, case| {
        flip(random, &mut case.public_key, 0, ML_DSA_87_PUBLIC_KEY_BYTES)
    }),
    ("key: length 0 … 2×", |_, random, case| {
        resize(random, &mut case.public_key, ML_DSA_87_PUBLIC_KEY_BYTES)
    }),
    ("key: another", |cases, random, case| {
        case.public_key = random.one(&cases.honest).public_key.clone()
    }),
    ("key: all bytes alike", |_, random, case| {
        let byte = *random.one(&[0, 1, 127, 128, 255]);
        case.public_key.fill(byte);
    }),
    ("message: a bit", |_, random, case| {
        let end = case.message.len();
        flip(random, &mut case.message, 0, end);
    }),
    ("message: length", |_, random, case| {
        let length = case.message.len();
        resize(random, &mut case.message, length.max(1));
    }),
    ("context: a bit", |_, random, case| {
        let end = case.context.len();
        flip(random, &mut case.context, 0, end);
    }),
    ("context: length 0 … 512", |_, random, case| {
        resize(random, &mut case.context, 256)
    }),
    ("context and message: the border moved", |_, random, case| {
        let all = [case.context.as_slice(), &case.message].concat();
        let at = random.below(all.len() + 1);
        (case.context, case.message) = (all[..at].to_vec(), all[at..].to_vec());
    }),
];

/// How a forgery writes its hint: all of them say the same places.
#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    Right,
    Twice,
    Order,
    Padding,
    Count,
}

/// What is wrong with a forgery.
const FORGERIES: [(&str, Spelling); 13] = [
    ("forged: right", Spelling::Right),
    ("forged: c̃ with a bit changed", Spelling::Right),
    ("forged: z = 0, hints at 0", Spelling::Right),
    ("forged: hints at the edges of w′", Spelling::Right),
    ("forged: z at its bound", Spelling::Right),
    ("forged: z beyond its bound", Spelling::Right),
    ("forged: a place twice", Spelling::Twice),
    ("forged: places out of order", Spelling::Order),
    ("forged: padding not zero", Spelling::Padding),
    ("forged: counter beyond ω", Spelling::Count),
    ("forged: context of 255 bytes", Spelling::Right),
    ("forged: context of 256 bytes, as if of 0", Spelling::Right),
    ("forged: domain of pre-hashed messages", Spelling::Right),
];

/// Names of all kinds of cases.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    let mutations = MUTATIONS.iter().map(|(kind, _)| *kind);
    mutations.chain(FORGERIES.iter().map(|(kind, _)| *kind))
}

fn flip(random: &mut Random, bytes: &mut [u8], from: usize, to: usize) {
    if from < to {
        bytes[from + random.below(to - from)] ^= 1 << random.below(8);
    }
}

/// Another length, from nothing to twice the right one; often just one off.
fn resize(random: &mut Random, bytes: &mut Vec<u8>, right: usize) {
    let length = match random.below(8) {
        0 => 0,
        1 => right - 1,
        2 => right + 1,
        3 => 2 * right,
        _ => random.below(2 * right + 1),
    };
    let fill = random.byte();
    bytes.resize(length, fill);
}

/// A coefficient of z at or beside one of its bounds, of either sign.
fn bound(random: &mut Random) -> i64 {
    let size = *random.one(&[
        GAMMA1 - BETA - 1,
        GAMMA1 - BETA,
        GAMMA1 - BETA + 1,
        GAMMA1 - 1,
        GAMMA1,
        0,
    ]);
    // −γ₁ has no encoding.
    if random.below(2) == 0 && size != GAMMA1 {
        -size
    } else {
        size
    }
}

impl Cases {
    /// Cases from this seed: `keys` honest keys with eight signatures each, and as many hollow ones.
    pub fn new(seed: u64, keys: usize) -> Self {
        let mut random = Random(seed);
        let mut honest = Vec::new();
        for _ in 0..keys {
            let key = SecretKey::from_seed(&random.seed());
            // Around SHAKE256's block, and beyond.
            for message in [0, 1, 32, 135, 136, 137, 500, 5_000] {
                let message = random.bytes(message);
                let context = *random.one(&[0, 1, 14, 17, 254, 255]);
                let context = random.bytes(context);
                let signature = key
                    .sign_with(&context, &message, random.seed())
                    .expect("it can be signed");
                honest.push(Case {
                    kind: "honest",
                    public_key: key.public().as_bytes().to_vec(),
                    context,
                    message,
                    signature: signature.as_bytes().to_vec(),
                    valid: true,
                });
            }
        }
        let hollow = (0..keys).map(|_| HollowKey::new(&random.seed())).collect();
        Self { random, honest, hollow }
    }

    /// The next case; each kind comes up equally often.
    pub fn next_case(&mut self) -> Case {
        let mut random = Random(self.random.bits());
        let at = random.below(MUTATIONS.len() + FORGERIES.len());
        match MUTATIONS.get(at) {
            Some((kind, mutate)) => {
                let original = random.one(&self.honest);
                let mut case = original.clone();
                mutate(self, &mut random, &mut case);
                case.kind = kind;
                case.valid = case.same(original) || self.honest.iter().any(|one| case.same(one));
                case
            }
            None => self.forge(&mut random, at - MUTATIONS.len()),
        }
    }

    fn forge(&self, random: &mut Random, which: usize) -> Case {
        let (kind, spelling) = FORGERIES[which];
        let key = random.one(&self.hollow);
        let within = 2 * (GAMMA1 - BETA) as usize - 1;
        let mut z: [Poly; L] = match kind {
            "forged: z = 0, hints at 0" => [[0; N]; L],
            _ => std::array::from_fn(|_| std::array::from_fn(|_| random.below(within) as i64 - (GAMMA1 - BETA - 1))),
        };
        let place = |random: &mut Random| (random.below(L), random.below(N));
        let (row, column) = place(random);
        match kind {
            "forged: z at its bound" => z[row][column] = *random.one(&[GAMMA1 - BETA - 1, BETA + 1 - GAMMA1]),
            "forged: z beyond its bound" => {
                z[row][column] = *random.one(&[GAMMA1 - BETA, BETA - GAMMA1, GAMMA1 - 1, 1 - GAMMA1, GAMMA1]);
            }
            _ => {}
        }
        let response = key.response(z);
        let hint = match kind {
            "forged: hints at the edges of w′" => edges(random, &response.w),
            _ => places(random, spelling),
        };
        let (context, message, signed) = match kind {
            "forged: context of 255 bytes" => claimed(random, 0, 255),
            "forged: context of 256 bytes, as if of 0" => claimed(random, 0, 256),
            "forged: domain of pre-hashed messages" => claimed(random, 1, 17),
            _ => claimed(random, 0, 17),
        };
        let valid = spelling == Spelling::Right
            && !matches!(
                kind,
                "forged: c̃ with a bit changed"
                    | "forged: z beyond its bound"
                    | "forged: context of 256 bytes, as if of 0"
                    | "forged: domain of pre-hashed messages"
            );
        let mut signature = response.signature(&signed, &hint, &spelled(random, &hint, spelling));
        if kind == "forged: c̃ with a bit changed" {
            // Often in its last bytes.
            let from = *random.one(&[0, 0, COMMITMENT - 32, COMMITMENT - 1]);
            flip(random, &mut signature, from, COMMITMENT);
        }
        Case {
            kind,
            public_key: key.bytes.clone(),
            signature,
            context,
            message,
            valid,
        }
    }
}

/// A context of this length, a message, and M′ as a verifier would have it that cuts the context's length to a byte.
fn claimed(random: &mut Random, domain: u8, length: usize) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let (context, message) = (random.bytes(length), random.bytes(40));
    let signed = formatted(domain, &context, &message);
    (context, message, signed)
}

/// A hint of random places: up to ω, or as the spelling needs it.
fn places(random: &mut Random, spelling: Spelling) -> Hint {
    let count = match spelling {
        Spelling::Right => random.below(OMEGA + 1),
        // Room for one more, and at least one to repeat, to swap or to follow.
        Spelling::Twice | Spelling::Order | Spelling::Padding => 20 + random.below(OMEGA - 20),
        Spelling::Count => OMEGA,
    };
    let mut hint = Hint::default();
    let mut placed = 0;
    while placed < count {
        let (row, place) = (random.below(K), random.byte());
        if !hint[row].contains(&place) {
            hint[row].push(place);
            placed += 1;
        }
    }
    hint.iter_mut().for_each(|places| places.sort_unstable());
    hint
}

/// A hint at the places where w′ is nearest to a change of its high bits, to the middle between two, or to q.
fn edges(random: &mut Random, w: &[Poly; K]) -> Hint {
    let near = *random.one(&[0, 1, 2]);
    let mut all: Vec<(i64, usize, u8)> = (0..K * N)
        .map(|at| {
            let (row, place) = (at / N, at % N);
            let (r1, r0) = super::reference::decompose(w[row][place], Flaw::None);
            let distance = match near {
                0 => r0.abs(),
                1 => GAMMA2 - r0.abs(),
                _ => (r1 + 1) % 16 * GAMMA2 + r0.abs(),
            };
            (distance, row, place as u8)
        })
        .collect();
    all.sort_unstable();
    let mut hint = Hint::default();
    all.iter()
        .take(OMEGA)
        .for_each(|(_, row, place)| hint[*row].push(*place));
    hint.iter_mut().for_each(|places| places.sort_unstable());
    hint
}

/// The hint as it stands in the signature.
fn spelled(random: &mut Random, hint: &Hint, spelling: Spelling) -> [u8; OMEGA + K] {
    let count: usize = hint.iter().map(Vec::len).sum();
    let fullest = (0..K).max_by_key(|row| hint[*row].len()).unwrap_or(0);
    let mut hint = hint.clone();
    match spelling {
        Spelling::Twice => {
            let at = random.below(hint[fullest].len());
            let place = hint[fullest][at];
            hint[fullest].insert(at, place);
        }
        Spelling::Order => {
            let at = random.below(hint[fullest].len() - 1);
            hint[fullest].swap(at, at + 1);
        }
        _ => {}
    }
    let mut bytes = encode_hint(&hint);
    match spelling {
        Spelling::Padding => bytes[count + random.below(OMEGA - count)] = random.byte() | 1,
        Spelling::Count => {
            // Of the last row, or of all rows that end at ω.
            let beyond = OMEGA as u8 + 1 + random.byte() % (255 - OMEGA as u8);
            bytes[OMEGA + K - 1] = beyond;
        }
        _ => {}
    }
    bytes
}
