//! What the small chain answers: records put together from numbers and lengths, the lowest byte first.

use super::{OTHER, VALIDATOR};
use std::collections::BTreeMap;

/// A number of 16 bytes, the lowest first.
pub fn n16(number: u128) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// The same for one that may be below 0.
pub fn s16(number: i128) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// A number of 4 bytes, the lowest first.
pub fn n4(number: u32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// A list: the compact number of items, then the items.
pub fn list(items: &[Vec<u8>]) -> Vec<u8> {
    assert!(items.len() < 64, "a compact number of one byte");
    [vec![(items.len() as u8) << 2], items.concat()].concat()
}

/// Something rather than nothing.
pub fn some(item: Vec<u8>) -> Vec<u8> {
    [vec![1], item].concat()
}

pub const E12: u128 = 1_000_000_000_000;
pub const E18: u128 = 1_000_000_000_000_000_000;
const I18: i128 = 1_000_000_000_000_000_000;

fn topology() -> Vec<u8> {
    [&[1, 3][..], &[12, 0, 1, 0, 2, 1, 2], &[4, 12, 0, 1, 2]].concat()
}

fn field_view() -> Vec<u8> {
    let shard = |chr, atr, flx, d| [n16(chr), n16(atr), n16(flx), n16(d)].concat();
    let shards = [
        shard(10 * E12, 5 * E12, 100 * E12, E18 / 2),
        shard(0, 0, 0, 0),
        shard(1, 2, 3, 4),
    ];
    let inputs = [
        n4(41),
        list(&shards),
        list(&[n16(1), n16(2), n16(3)]),
        n16(7 * E12),
        n16(8 * E12),
    ];
    let fields = [
        n4(41),
        list(&[n16(4 * E18 + E18 / 2), n16(E18), n16(0)]),
        list(&[s16(-3 * I18 - I18 / 2), s16(-4 * I18 - I18 / 2), s16(-I18)]),
        list(&[s16(1_500_000_000_000), s16(0), s16(-1)]),
        list(&[s16(-2_000_000_000_000), s16(1), s16(0)]),
        list(&[s16(-3_200_000_000), s16(0), s16(0)]),
        s16(-I18 / 4),
    ];
    let curls = [
        n4(41),
        list(&[some(s16(0))]),
        n16(E18 / 100),
        vec![0],
        list(&[vec![1], vec![2]]),
    ];
    [some(inputs.concat()), some(fields.concat()), some(curls.concat())].concat()
}

fn field_history() -> Vec<u8> {
    let epoch = |epoch, psi| [n4(epoch), list(&[n16(psi), n16(0), n16(1)]), s16(0)].concat();
    list(&[epoch(40, E18), epoch(41, 2 * E18)])
}

/// What an epoch came to, as the chain keeps it.
pub fn outcome(epoch: u32) -> Vec<u8> {
    let fixed = [97, 98, 100, 97, 99].map(|percent| n16(E18 / 100 * percent)).concat();
    [
        n4(epoch),
        n4(2),
        n4(3),
        fixed,
        n16(E18 / 1_000),
        n16(E18 / 10 * 12),
        n16(E18 / 2),
    ]
    .concat()
}

fn validator_view() -> Vec<u8> {
    let phase = |percent, was_due: bool| [n16(E18 / 100 * percent), n16(7 * E18), vec![u8::from(was_due)]].concat();
    [
        vec![0, 1],
        n16(1_500 * E12),
        n16(250 * E12),
        n4(12),
        n16(E18 / 100 * 90),
        n16(E18 / 100 * 80),
        n16(E18 / 100 * 92),
        [n16(E18 / 2), n4(70)].concat(),
        [phase(99, true), phase(90, false), phase(75, true), phase(100, true)].concat(),
        // It fell now and 14 epochs ago, crossed then, and has been below for one.
        [n4(0b100_0000_0000_0001), n4(0b100_0000_0000_0000), n4(1)].concat(),
        some(n16(E18 / 10 * 11)),
    ]
    .concat()
}

fn symbols() -> Vec<u8> {
    [
        n16(E18 / 100 * 8),
        n16(E18 / 10 * 7),
        n16(E18 / 20),
        n4(15),
        n4(50),
        n4(288),
        n16(1_000 * E12),
        n4(50),
        n16(1_000 * E12),
        n4(3),
        n4(10),
    ]
    .concat()
}

/// What the reports on an epoch came to, as the chain keeps it.
pub fn sync_outcome(epoch: u32) -> Vec<u8> {
    let percent = |percent| n16(E18 / 100 * percent);
    [
        n4(epoch),
        n4(4),
        n4(3),
        n4(1),
        some(percent(96)),
        some([percent(95), percent(97)].concat()),
        vec![0],
        [n4(2), n4(1), n4(0)].concat(),
        some(vec![1]),
        list(&[vec![2]]),
        list(&[some(percent(96)), vec![0]]),
    ]
    .concat()
}

fn due() -> Vec<u8> {
    let validators = [
        [VALIDATOR.to_vec(), vec![2]].concat(),
        [OTHER.to_vec(), vec![1]].concat(),
    ];
    some([n4(41), n4(420), vec![0], vec![1, 0], list(&validators)].concat())
}

fn conformities() -> Vec<u8> {
    let of = |id: [u8; 32], conformity| [id.to_vec(), n16(conformity)].concat();
    list(&[of(VALIDATOR, E18 / 4), of(OTHER, 0)])
}

fn incidents() -> Vec<u8> {
    let tail = [n4(400), n4(39), n4(40), n4(2), vec![0]].concat();
    let number = |number: u64| number.to_le_bytes().to_vec();
    list(&[
        [number(3), vec![1, 1, 2, 0], tail.clone()].concat(),
        [number(4), vec![1, 0], VALIDATOR.to_vec(), vec![3], tail.clone()].concat(),
        [number(5), vec![2, 2, 4], tail].concat(),
    ])
}

/// Keys of the account: one that may SEAL, one that may TRANSFER.
fn owner() -> Vec<u8> {
    let record = |capabilities| {
        [
            VALIDATOR.to_vec(),
            vec![capabilities, 0],
            n4(5),
            vec![0],
            0u64.to_le_bytes().to_vec(),
            vec![0],
            n16(1),
        ]
        .concat()
    };
    let seal = qc_types::Capabilities::SEAL.bits();
    let keys = [
        [vec![0xc1; 32], record(seal)].concat(),
        [vec![0xc2; 32], record(1)].concat(),
    ];
    [n4(2), vec![0, 0], n16(9), list(&keys)].concat()
}

pub fn accounts(ids: &[[u8; 32]]) -> Vec<u8> {
    list(&ids.iter().map(|id| id.to_vec()).collect::<Vec<_>>())
}

fn set() -> Vec<u8> {
    let outcome = [n16(1), n16(2), n16(3)].concat();
    let outcomes = [[VALIDATOR.to_vec(), outcome].concat()];
    [accounts(&[VALIDATOR, OTHER]), list(&outcomes)].concat()
}

/// What every API of the small chain answers, by name.
pub fn answers() -> BTreeMap<String, Vec<u8>> {
    [
        ("FieldApi_topology", topology()),
        ("FieldApi_last_closed", field_view()),
        ("FieldApi_history", field_history()),
        ("AttunementApi_outcome", some(outcome(41))),
        ("AttunementApi_outcomes", list(&[outcome(40), outcome(41)])),
        ("AttunementApi_validator", some(validator_view())),
        ("AttunementApi_set", set()),
        ("AttunementApi_candidates", accounts(&[VALIDATOR, OTHER, [0xc3; 32]])),
        ("AttunementApi_blacklisting", some([vec![0], n4(2_057)].concat())),
        ("AttunementApi_symbols", symbols()),
        ("SyncApi_due", due()),
        ("SyncApi_conformities", conformities()),
        ("SyncApi_strikes", list(&[n4(37), n4(39)])),
        ("SyncApi_last_outcome", some(sync_outcome(40))),
        ("SyncApi_history", list(&[sync_outcome(39), sync_outcome(40)])),
        ("IncidentApi_open", incidents()),
        ("KeyLedgerApi_keys_of", owner()),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .into()
}
