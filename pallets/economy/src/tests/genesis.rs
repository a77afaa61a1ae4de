//! What a genesis makes of its lists.

use crate::{mock::*, ChrTotals, FlxTotals, HomeShards, ShardCount};
use frame_support::traits::{
    fungible::{Inspect, Mutate},
    tokens::Preservation::Expendable,
};
use qc_harmonics::economy::{CHR_ISSUANCE, CHR_OF_FIVE, FLX_ISSUANCE};
use qc_types::{Home, ShardId, TokenId, PLANCKS_PER_WHOLE};

#[test]
fn the_totals_are_those_of_the_lists() {
    execute(|| {
        assert_eq!(ShardCount::<Test>::get(), 5);
        assert_eq!(chr_totals(), CHR_OF_FIVE.map(|whole| whole * PLANCKS_PER_WHOLE));
        let of_shard = (FLX_ISSUANCE - TREASURY_FLX) / 5;
        let ground = FLX_ISSUANCE - 5 * of_shard;
        assert_eq!(flx_totals(), [of_shard, of_shard, of_shard, of_shard, of_shard, ground]);
        assert_eq!(Balances::balance(&treasury()), ground);
        assert_eq!(Economy::total_issuance(TokenId::Chr), CHR_ISSUANCE);
        assert_eq!(Economy::total_issuance(TokenId::Flx), FLX_ISSUANCE);
        assert_eq!(Economy::total_issuance(TokenId::Psy), 8 * USER_ASSET);
        assert_eq!(Economy::total_issuance(TokenId::Atr), 8 * USER_ASSET);
        assert_eq!(Economy::total_issuance(TokenId::Res), 8 * USER_ASSET);
    });
}

#[test]
fn what_an_account_gets_is_its_own() {
    execute(|| {
        for who in users() {
            assert_eq!(Balances::balance(&who), USER_FLX);
            assert_eq!(Assets::balance(CHR, &who), USER_CHR);
            assert_eq!(Assets::balance(ATR, &who), USER_ASSET);
        }
        assert_eq!(Assets::balance(CHR, treasury()), 0);
        assert_eq!(HomeShards::<Test>::iter().count(), 0);
    });
}

#[test]
fn shard_totals_list_every_vertex_once_in_order() {
    execute(|| {
        let listed = Economy::shard_totals();
        let homes: Vec<_> = listed.iter().map(|totals| totals.home).collect();
        let expected: Vec<_> = (0..5)
            .map(|shard| Home::Shard(ShardId(shard)))
            .chain([Home::Ground])
            .collect();
        assert_eq!(homes, expected);
        assert_eq!(listed.iter().map(|totals| totals.flx).collect::<Vec<_>>(), flx_totals());
        assert_eq!(
            listed.iter().map(|totals| totals.chr).take(5).collect::<Vec<_>>(),
            chr_totals()
        );
        assert_eq!(listed[5].chr, 0);
    });
}

/// Without a provider of its own a pot that paid everything out would be reaped with its nonce and its references.
#[test]
fn protocol_accounts_outlive_their_last_planck() {
    execute(|| {
        for shard in 0..5 {
            let has = Balances::balance(&pot(shard));
            Balances::transfer(&pot(shard), &treasury(), has, Expendable).expect("the pot has it");
            assert_eq!(Balances::balance(&pot(shard)), 0);
            assert!(System::account_exists(&pot(shard)));
            // Its CHR counts as one reference more, and that one is not a provider.
            assert_eq!(System::providers(&pot(shard)), 1);
        }
        assert_eq!(System::providers(&treasury()), 2);
        assert_eq!(flx_totals()[5], FLX_ISSUANCE - 8 * USER_FLX);
    });
}

#[test]
#[should_panic(expected = "ProtocolAccount")]
fn the_treasury_gets_no_chr() {
    let mut genesis = genesis();
    genesis.economy.chr.push((treasury(), 1));
    externalities(&genesis);
}

#[test]
#[should_panic(expected = "UnknownAsset")]
fn chr_needs_its_asset() {
    let mut genesis = genesis();
    genesis.assets.assets.remove(0);
    externalities(&genesis);
}

#[test]
#[should_panic(expected = "Overflow")]
fn chr_out_of_range_is_refused() {
    let mut genesis = genesis();
    genesis.economy.chr.push((user(1), u128::MAX));
    externalities(&genesis);
}

/// The shard count decides the homes: another graph counts the same lists elsewhere, and every planck somewhere.
#[test]
fn any_number_of_shards_counts_every_planck_once() {
    for shards in [3, 4, 7, 50] {
        let mut genesis = genesis();
        genesis.economy.shards = shards;
        // Pots beyond the graph are ordinary accounts, counted where their hash says.
        externalities(&genesis).execute_with(|| {
            assert_eq!(Economy::shards().count(), usize::from(shards));
            let flx: u128 = Economy::shard_totals().iter().map(|totals| totals.flx).sum();
            let chr: u128 = Economy::shard_totals().iter().map(|totals| totals.chr).sum();
            assert_eq!((flx, chr), (FLX_ISSUANCE, CHR_ISSUANCE));
            assert_eq!(
                FlxTotals::<Test>::iter().map(|(_, flx)| flx).sum::<u128>(),
                FLX_ISSUANCE
            );
            assert_eq!(
                ChrTotals::<Test>::iter().map(|(_, chr)| chr).sum::<u128>(),
                CHR_ISSUANCE
            );
            assert_lawful();
        });
    }
}
