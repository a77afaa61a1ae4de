//! Bytes from outside: whatever they are, they are read and weighed, or refused with a typed error. Nothing panics.

use crate::support::{
    chain::{undone, Chain},
    generate::{Draw, Generator},
    people::signer,
    transaction::sign,
};
use codec::{DecodeLimit, Encode};
use qc_runtime::{Executive, UncheckedExtrinsic};
use sp_runtime::{generic::Era, transaction_validity::TransactionSource};
use std::{
    collections::BTreeSet,
    panic::{catch_unwind, AssertUnwindSafe},
};

/// How many inputs are tried.
const INPUTS: usize = 100_000;

/// How deep a decoder goes into a call before it gives up, as the pool and the block import have it.
const DEPTH: u32 = 256;

/// Sound transactions of all the calls there are, to start from.
fn seeds() -> Vec<Vec<u8>> {
    let mut generator = Generator::new(77);
    let names = generator.names();
    names
        .iter()
        .filter_map(|name| generator.call(name))
        .enumerate()
        .map(|(at, call)| sign(signer(at as u8), call, Era::Immortal, at as u128).encode())
        .collect()
}

fn change(bytes: &mut Vec<u8>, other: &[u8], draw: &mut Draw) {
    let at = draw.below(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
    match draw.below(8) {
        _ if bytes.is_empty() => bytes.push(draw.bits() as u8),
        0 => bytes[at] ^= 1 << draw.below(8),
        1 => bytes[at] = draw.bits() as u8,
        2 => bytes[at] = *draw.one_of(&[0, 1, 2, 3, 0x04, 0x05, 0x44, 0x45, 0x84, 0x85, 0xfc, 0xfd, 0xfe, 0xff]),
        3 => bytes.truncate(at),
        4 => bytes.insert(at, draw.bits() as u8),
        5 => drop(bytes.remove(at)),
        6 => {
            let from = draw.below(other.len());
            let piece = &other[from..(from + draw.below(40)).min(other.len())];
            bytes.splice(at..at, piece.iter().copied());
        }
        _ => {
            let piece: Vec<u8> = bytes[at..(at + draw.below(40)).min(bytes.len())].to_vec();
            let to = draw.below(bytes.len());
            bytes.splice(to..to, piece);
        }
    }
}

fn input(seeds: &[Vec<u8>], draw: &mut Draw) -> Vec<u8> {
    if draw.once_in(10) {
        let length = draw.below(300);
        return (0..length).map(|_| draw.bits() as u8).collect();
    }
    let mut bytes = draw.one_of(seeds).clone();
    for _ in 0..=draw.below(3) {
        let other = draw.one_of(seeds).clone();
        change(&mut bytes, &other, draw);
    }
    // Half of them with a length that fits, or most would fail at their first byte.
    if draw.once_in(2) && bytes.len() > 2 {
        let body = bytes.split_off(2);
        return body.encode();
    }
    bytes
}

/// Whether the bytes were read as an extrinsic, and whether the pool would take it.
fn offer(bytes: &[u8]) -> (bool, bool) {
    let Ok(extrinsic) = UncheckedExtrinsic::decode_all_with_depth_limit(DEPTH, &mut &bytes[..]) else {
        return (false, false);
    };
    let validity =
        undone(|| Executive::validate_transaction(TransactionSource::External, extrinsic, Default::default()));
    (true, validity.is_ok())
}

#[test]
fn no_bytes_make_the_pipeline_panic_and_no_damaged_ones_pass() {
    let mut chain = Chain::new("development");
    chain.empty_blocks(1);
    chain.look(|| {
        let seeds = seeds();
        let known: BTreeSet<_> = seeds.iter().cloned().collect();
        let mut draw = Draw::new(0xdec0de);
        let mut read = 0;
        for _ in 0..INPUTS {
            let bytes = input(&seeds, &mut draw);
            let outcome = catch_unwind(AssertUnwindSafe(|| offer(&bytes)));
            let Ok((is_read, is_taken)) = outcome else {
                panic!("a panic, by 0x{}", hex(&bytes))
            };
            read += usize::from(is_read);
            assert!(
                !is_taken || known.contains(&bytes),
                "taken, though nobody signed it: 0x{}",
                hex(&bytes)
            );
        }
        assert!(read > INPUTS / 50, "only {read} inputs come past the decoder");
    });
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A call within a call within a call: the decoder stops before the stack does.
#[test]
fn nesting_has_an_end() {
    Chain::new("development").look(|| {
        for depth in [1, 5, 100, 300, 3_000, 50_000] {
            // Utility.batch of one, over and over: pallet 40, call 0, one element.
            let call: Vec<u8> = [40, 0, 4].repeat(depth).into_iter().chain([0, 0, 0]).collect();
            let bytes = [vec![0x04], call].concat().encode();
            let (is_read, is_taken) = offer(&bytes);
            assert!(!is_taken);
            assert_eq!(is_read, depth <= 100, "at a depth of {depth}");
        }
    });
}
