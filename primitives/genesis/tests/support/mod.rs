//! A ceremony of five founders and two validators, whose keys are of stated seeds.

use qc_genesis::cards::{Card, FounderCard, SessionKeyFile, ValidatorCard};
use qc_genesis::{Account, Document, Plan};
use qc_pqc::SecretKey;
use sp_core::{ed25519, proof_of_possession::statement_of_ownership, sr25519, Pair};

/// What stands for a runtime's blob.
pub const CODE: &[u8] = b"\0asm\x01\0\0\0 not a runtime";

pub const FOUNDERS: [&str; 5] = ["Ada", "Ben \u{e9}", "Cleo", "Dora", "007"];

/// The plan: amounts and symbols that are in no other way round.
pub const PLAN: &str = r#"
[chain]
id = "qc-test"
name = "Quantum Currency Test"
epoch_blocks = 150

[founders]
threshold = 3
members = ["Ada", "Ben é", "Cleo", "Dora", "007"]

[[validators]]
name = "One"
stake = "2000.5"

[[validators]]
name = "Two"
stake = "3000"

[[accounts]]
account = "0x0101010101010101010101010101010101010101010101010101010101010101"
flx = "1000000.000000000001"
chr = "100000"
atr = "200000"
res = "7"

[[accounts]]
account = "0x0202020202020202020202020202020202020202020202020202020202020202"
flx = "5"
atr = "3000.000000000001"

[[accounts]]
account = "0x0303030303030303030303030303030303030303030303030303030303030303"
psy = "12"

[treasury]
flx = "618033988"

[symbols]
validatorsMin = 2
kappa = "90000000000000000"
"#;

pub fn founder_key(place: u8) -> SecretKey {
    SecretKey::from_seed(&[100 + place; 32])
}

pub fn seal_key(place: u8) -> SecretKey {
    SecretKey::from_seed(&[200 + place; 32])
}

/// The session keys of a validator, with their proof for an owner.
pub fn session(place: u8, owner: [u8; 32]) -> SessionKeyFile {
    let aura = sr25519::Pair::from_seed(&[10 + place; 32]);
    let grandpa = ed25519::Pair::from_seed(&[20 + place; 32]);
    let statement = statement_of_ownership(&owner);
    let proof = [aura.sign(&statement).0, grandpa.sign(&statement).0].concat();
    SessionKeyFile {
        owner: Account(owner),
        aura: aura.public().0,
        grandpa: grandpa.public().0,
        proof: proof.try_into().expect("two signatures of 64 bytes"),
    }
}

pub fn founder_card(place: u8) -> FounderCard {
    FounderCard {
        name: FOUNDERS[usize::from(place)].into(),
        public_key: founder_key(place).public().clone(),
    }
}

pub fn validator_card(place: u8) -> ValidatorCard {
    ValidatorCard {
        name: ["One", "Two"][usize::from(place)].into(),
        session: session(place, [place + 1; 32]),
        seal_key: seal_key(place).public().clone(),
    }
}

pub fn cards() -> Vec<(String, Card)> {
    let founders = (0..5).map(|place| (format!("founder {place}"), Card::Founder(founder_card(place))));
    let validators = (0..2).map(|place| {
        (
            format!("validator {place}"),
            Card::Validator(Box::new(validator_card(place))),
        )
    });
    // In no order that matters.
    validators.chain(founders).collect()
}

pub fn plan() -> Plan {
    Plan::parse(PLAN.as_bytes()).expect("it is a plan")
}

pub fn document() -> Document {
    let code = qc_genesis::canonical::sha256(CODE);
    plan().assemble(&cards(), code).expect("they fit together")
}
