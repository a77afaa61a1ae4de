//! Keys and signatures: their encodings, what they bind, how they are made from a mnemonic, how the runtime reaches them.

use codec::{Decode, DecodeAll, Encode, MaxEncodedLen};
use qc_pqc::{
    derive, message, ml_dsa, self_check, verify, HexError, HostFunctions, KeyId, LengthError, PublicKey, Purpose,
    Scheme, SecretKey, SignError, Signature, ML_DSA_87_PUBLIC_KEY_BYTES, ML_DSA_87_SIGNATURE_BYTES,
};
use scale_info::{PortableRegistry, Registry, TypeDef, TypeInfo};
use sp_runtime_interface::sp_wasm_interface::HostFunctions as _;
use std::fmt::Debug;

const GENESIS: [u8; 32] = [7; 32];

fn key() -> SecretKey {
    SecretKey::from_seed(&[1; 32])
}

fn signature() -> Signature {
    key()
        .sign_deterministic(Purpose::Transaction, &GENESIS, b"payload")
        .expect("it can be signed")
}

/// Catches a change of what is stored, hashed and sent: the scheme's byte, then the bytes as they are.
#[test]
fn the_encoding_is_the_schemes_byte_and_the_bytes() {
    let public = key().public().clone();
    let signature = signature();
    assert_eq!(public.encode(), [&[0], public.as_bytes()].concat());
    assert_eq!(signature.encode(), [&[0], signature.as_bytes()].concat());
    assert_eq!(PublicKey::max_encoded_len(), 1 + ML_DSA_87_PUBLIC_KEY_BYTES);
    assert_eq!(Signature::max_encoded_len(), 1 + ML_DSA_87_SIGNATURE_BYTES);
    assert_eq!(Scheme::MlDsa87.encode(), [0]);
    assert_eq!(
        (public.scheme(), signature.scheme()),
        (Scheme::MlDsa87, Scheme::MlDsa87)
    );
    assert_eq!(KeyId::max_encoded_len(), 32);
    let hash = blake2b_simd::Params::new().hash_length(32).hash(&public.encode());
    assert_eq!(KeyId::of(&public).0, hash.as_bytes());
    // A fixed point: the key of the seed of ones. Whoever computes ids elsewhere can compare.
    assert_eq!(
        KeyId::of(&public).to_string(),
        "0x8fde5226dfb636ad2a0f0ccb3d9e89ffb00d58b95141d6bae8f382f3a1e4854e"
    );
}

fn only_its_own_length<T: Encode + Decode + PartialEq + Debug>(value: &T) {
    let encoded = value.encode();
    assert_eq!(T::decode_all(&mut encoded.as_slice()).as_ref(), Ok(value));
    for length in [0, 1, 2, encoded.len() / 2, encoded.len() - 1] {
        assert!(T::decode(&mut &encoded[..length]).is_err(), "{length}");
    }
    assert!(T::decode_all(&mut [encoded.as_slice(), &[0]].concat().as_slice()).is_err());
    for scheme in 1..=255 {
        assert!(
            T::decode(&mut [&[scheme], &encoded[1..]].concat().as_slice()).is_err(),
            "{scheme}"
        );
    }
}

#[test]
fn nothing_else_decodes() {
    only_its_own_length(key().public());
    only_its_own_length(&signature());
}

#[test]
fn raw_bytes_of_another_length_are_a_typed_error() {
    for given in [0, 1, 2591, 2593, 5184] {
        let error = LengthError { expected: 2592, given };
        assert_eq!(PublicKey::ml_dsa_87(&vec![0; given]), Err(error));
    }
    for given in [0, 1, 4626, 4628, 9254] {
        let error = LengthError { expected: 4627, given };
        assert_eq!(Signature::ml_dsa_87(&vec![0; given]), Err(error));
    }
    assert_eq!(
        PublicKey::ml_dsa_87(key().public().as_bytes()).as_ref(),
        Ok(key().public())
    );
    assert_eq!(Signature::ml_dsa_87(signature().as_bytes()), Ok(signature()));
}

#[test]
fn text_is_the_encoding_in_hexadecimal() {
    let public = key().public().clone();
    let text = serde_json::to_string(&public).expect("it is a string");
    let digits: String = public.encode().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text, format!("\"0x{digits}\""));
    assert_eq!(serde_json::from_str::<PublicKey>(&text).expect("it comes back"), public);
    assert_eq!(
        text.to_uppercase().replace("0X", "0x").trim_matches('"').parse(),
        Ok(public)
    );
    let id = KeyId([0xa5; 32]);
    assert_eq!(serde_json::to_string(&id).expect("it is a string"), format!("\"{id}\""));
    assert_eq!(id.to_string().parse(), Ok(id));

    let parse = |text: &str| text.parse::<KeyId>();
    let whole = id.to_string();
    assert_eq!(parse(&whole[2..]), Err(HexError::NoPrefix));
    assert_eq!(parse(""), Err(HexError::NoPrefix));
    for given in [0, 1, 62, 63, 65, 66, 128] {
        let error = HexError::Length { expected: 64, given };
        assert_eq!(parse(&format!("0x{}", "a".repeat(given))), Err(error));
    }
    assert_eq!(parse(&whole.replacen("a5a5", "a5g5", 1)), Err(HexError::NoDigit(2)));
    assert_eq!(parse(&whole.replacen("a5a5", "a5é", 1)), Err(HexError::NoDigit(2)));
    let scheme = format!("0x01{}", &digits[2..]);
    assert_eq!(scheme.parse::<PublicKey>(), Err(HexError::NoSuchScheme));
    assert!(serde_json::from_str::<Signature>("7").is_err());
    assert!(serde_json::from_str::<Signature>("\"0x00\"").is_err());
}

/// Bytes that a type's encoding takes, as its metadata shows it.
fn shown<T: TypeInfo + 'static>() -> usize {
    let mut registry = Registry::new();
    let id = registry.register_type(&scale_info::meta_type::<T>()).id;
    let types = PortableRegistry::from(registry);
    let TypeDef::Variant(variants) = &types.resolve(id).expect("it is registered").type_def else {
        panic!("no enum");
    };
    assert_eq!(variants.variants.len(), 1);
    assert_eq!(
        (variants.variants[0].index, variants.variants[0].name.as_str()),
        (0, "MlDsa87")
    );
    let lengths = variants.variants[0].fields.iter().map(|field| {
        match &types.resolve(field.ty.id).expect("it is registered").type_def {
            TypeDef::Array(array) => array.len as usize,
            other => panic!("{other:?}"),
        }
    });
    let lengths: Vec<_> = lengths.collect();
    // Polkadot-JS refuses metadata with longer ones.
    assert!(lengths.iter().all(|length| *length <= 2048), "{lengths:?}");
    1 + lengths.into_iter().sum::<usize>()
}

/// Catches metadata that lies about the encoding, or that a wallet cannot read.
#[test]
fn the_metadata_shows_the_encoding_in_parts_that_wallets_read() {
    assert_eq!(shown::<PublicKey>(), PublicKey::max_encoded_len());
    assert_eq!(shown::<Signature>(), Signature::max_encoded_len());
}

#[test]
fn debug_is_short_and_tells_no_secret() {
    let secret = SecretKey::from_seed(&[0xe7; 32]);
    let text = format!("{secret:?} {:?} {:?}", secret.public(), signature());
    assert!(text.len() < 300, "{text}");
    assert!(!text.contains("e7e7") && !text.contains("231, 231"), "{text}");
    assert_eq!(secret.seed(), &[0xe7; 32]);
}

/// Catches a signature that passes for something that it was not made for.
#[test]
fn a_signature_binds_key_purpose_genesis_and_payload() {
    let (key, other) = (key(), SecretKey::from_seed(&[2; 32]));
    for purpose in Purpose::ALL {
        let signature = key.sign(purpose, &GENESIS, b"payload").expect("it can be signed");
        assert!(verify(key.public(), purpose, &GENESIS, b"payload", &signature));
        for another in Purpose::ALL {
            let passes = verify(key.public(), another, &GENESIS, b"payload", &signature);
            assert_eq!(passes, another == purpose, "{purpose:?} as {another:?}");
        }
        assert!(!verify(other.public(), purpose, &GENESIS, b"payload", &signature));
        assert!(!verify(key.public(), purpose, &[8; 32], b"payload", &signature));
        assert!(!verify(key.public(), purpose, &GENESIS, b"payloae", &signature));
        assert!(!verify(key.public(), purpose, &GENESIS, b"payload\0", &signature));
        assert!(!verify(key.public(), purpose, &GENESIS, b"", &signature));
    }
    let contexts = Purpose::ALL.map(Purpose::context);
    assert!((1..contexts.len()).all(|at| !contexts[..at].contains(&contexts[at])));
    assert!(contexts.iter().all(|context| context.len() <= 255));
    assert_eq!(message(&GENESIS, b"ab"), [&GENESIS[..], b"ab"].concat());
}

/// Hedged: two signatures of one message differ, and both verify. The deterministic one is always the same.
#[test]
fn signatures_are_hedged_unless_asked() {
    let key = key();
    let sign = || key.sign(Purpose::Seal, &GENESIS, b"").expect("it can be signed");
    let (one, two) = (sign(), sign());
    assert_ne!(one, two);
    assert!([one, two]
        .iter()
        .all(|one| verify(key.public(), Purpose::Seal, &GENESIS, b"", one)));
    assert_eq!(signature(), signature());
    let too_long = key.sign_with(&[0; 256], b"", [0; 32]);
    assert_eq!(too_long, Err(SignError::ContextTooLong));
    assert_ne!(
        SecretKey::generate().expect("there is randomness").public(),
        SecretKey::generate().expect("there is randomness").public()
    );
}

#[test]
fn malformed_input_of_any_length_is_false() {
    let (key, signature) = (key(), signature());
    let (public, context) = (key.public().as_bytes(), Purpose::Transaction.context());
    let message = message(&GENESIS, b"payload");
    let verify = ml_dsa::ml_dsa_87_verify;
    assert!(verify(public, context, &message, signature.as_bytes()));
    let cut = |bytes: &[u8], length: usize| bytes.iter().copied().cycle().take(length).collect::<Vec<_>>();
    for length in [0, 1, 31, 32, 2591, 2593, 4627, 5184, 100_000] {
        assert!(!verify(&cut(public, length), context, &message, signature.as_bytes()));
    }
    for length in [0, 1, 63, 64, 2592, 4626, 4628, 9254, 100_000] {
        assert!(!verify(public, context, &message, &cut(signature.as_bytes(), length)));
    }
    for length in [0, 16, 18, 255, 256, 257, 100_000] {
        assert!(!verify(public, &cut(context, length), &message, signature.as_bytes()));
    }
    for length in [0, 38, 40, 1_000_000] {
        assert!(!verify(public, context, &cut(&message, length), signature.as_bytes()));
    }
}

/// Catches a change of the name or the shape by which runtimes, also old ones, import the function.
#[test]
fn the_host_function_keeps_its_name_and_shape() {
    let functions = HostFunctions::host_functions();
    let shown: Vec<String> = functions
        .iter()
        .map(|one| format!("{}{:?}", one.name(), one.signature()))
        .collect();
    assert_eq!(
        shown,
        ["ext_ml_dsa_ml_dsa_87_verify_version_1Signature { args: [I64, I64, I64, I64], return_value: Some(I32) }"]
    );
}

/// The worked example of docs/protocol/signatures.md.
#[test]
fn a_mnemonic_gives_the_documented_keys() {
    let words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    let bip39_seed = bip39::Mnemonic::parse_normalized(words)
        .expect("it is a mnemonic")
        .to_seed_normalized("");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let shown = [0, 1].map(|index| {
        let seed = derive::seed(&bip39_seed, index);
        (hex(&*seed), KeyId::of(SecretKey::from_seed(&seed).public()).to_string())
    });
    let chapter = include_str!("../../../docs/protocol/signatures.md");
    for shown in [
        hex(&bip39_seed),
        shown[0].0.clone(),
        shown[0].1.clone(),
        shown[1].0.clone(),
        shown[1].1.clone(),
    ] {
        assert!(chapter.contains(&shown), "the chapter does not have {shown}");
    }
    let purposes = Purpose::ALL.map(|purpose| String::from_utf8_lossy(purpose.context()).into_owned());
    assert!(purposes.iter().all(|context| chapter.contains(context)));
    // Another passphrase, other keys.
    let other = bip39::Mnemonic::parse_normalized(words)
        .expect("it is a mnemonic")
        .to_seed_normalized("TREZOR");
    assert_ne!(*derive::seed(&other, 0), *derive::seed(&bip39_seed, 0));
}

#[test]
fn this_machine_passes_its_check() {
    assert_eq!(self_check(), Ok(()));
}
