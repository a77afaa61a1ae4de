//! Networks that no preset has: as many founding validators as a test wants, at home where it wants them, on any graph
//! of shards. Each is a preset's genesis with other founders and other shares.

use super::{
    chain::{apply, genesis_json, Chain},
    transaction::{self, sign_by_pair},
    validators::{signed_report, sound_report},
};
use qc_harmonics::{
    economy::{allocate, anchors, home_of_hash, Grant, CHR_OF_FIVE, STAKED_ATR_OF_FIVE},
    field::Topology,
    sync::Report,
};
use qc_pqc::SecretKey;
use qc_runtime::{AccountId, Balance, Economy, RuntimeCall, SessionKeys, UncheckedExtrinsic, FLX};
use qc_types::{ShardId, TokenId};
use serde_json::{json, Value};
use sp_core::{ed25519, sr25519, Pair};
use sp_io::hashing::blake2_256;

/// FLX that every founder has for fees, where its shard has any.
const FLX_OF_FOUNDER: Balance = 1_000 * FLX;

/// FLX of the treasury, about a tenth of all, as on the presets.
const TREASURY_FLX: Balance = 618_033_988 * FLX;

/// A founding validator.
pub struct Founder {
    /// Its account.
    pub account: AccountId,
    /// Where that is at home.
    pub shard: u8,
    pair: sr25519::Pair,
    grandpa: ed25519::Pair,
    key: SecretKey,
}

impl Founder {
    /// Founder number `n`, at home in `shard` of `shards`: the first account of a row of seeds that is.
    pub fn at_home_in(shard: u8, shards: u8, n: u8) -> Self {
        let (seed, pair) = (0..=u16::MAX)
            .map(|attempt| blake2_256(&[b"founder".as_slice(), &[n], &attempt.to_le_bytes()].concat()))
            .map(|seed| (seed, sr25519::Pair::from_seed(&seed)))
            .find(|(_, pair)| home(&pair.public().into(), shards) == shard)
            .expect("one of many accounts is at home in any shard");
        Self {
            account: pair.public().into(),
            shard,
            pair,
            grandpa: ed25519::Pair::from_seed(&seed),
            key: SecretKey::from_seed(&seed),
        }
    }

    /// What this founder's node sends now, after `change`.
    pub fn report(&self, change: impl FnOnce(&mut Report)) -> UncheckedExtrinsic {
        let mut report = sound_report(&self.account);
        change(&mut report);
        signed_report(report, &self.key)
    }

    /// A transaction of this founder's, its next one.
    pub fn sign(&self, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
        let extension =
            transaction::extension(transaction::nonce(&self.account), sp_runtime::generic::Era::Immortal, 0);
        sign_by_pair(&self.pair, call.into(), extension)
    }

    /// Signs as this founder's GRANDPA voter.
    pub fn vote(&self, message: &[u8]) -> (ed25519::Public, ed25519::Signature) {
        (self.grandpa.public(), self.grandpa.sign(message))
    }
}

/// Where an account is at home unless it moved.
fn home(who: &AccountId, shards: u8) -> u8 {
    home_of_hash(&blake2_256(who.as_ref()), shards)
}

/// So many founders, at home in the shards of the ring of five in turn.
fn around_the_ring(count: u8) -> Vec<Founder> {
    (0..count).map(|n| Founder::at_home_in(n % 5, 5, n)).collect()
}

/// A graph of shards and what they hold at genesis.
pub struct Shares {
    /// Which shards are joined.
    pub edges: Vec<(u8, u8)>,
    /// CHR of each shard, whole tokens; 10¹⁰ in all.
    pub chr: Vec<Balance>,
    /// ATR that is staked in each, whole tokens, that of the founders at home there included.
    pub staked_atr: Vec<Balance>,
}

impl Shares {
    /// The ring of five as the protocol has it.
    pub fn of_the_ring() -> Self {
        Self {
            edges: Topology::ring_of_five().to_vec(),
            chr: CHR_OF_FIVE.to_vec(),
            staked_atr: STAKED_ATR_OF_FIVE.to_vec(),
        }
    }

    fn count(&self) -> u8 {
        u8::try_from(self.chr.len()).expect("a test's graph is small")
    }

    /// A genesis with these shares: the people of the presets who are at home in a shard that holds something, the
    /// founders, each of whom stakes `stake` plancks, and the rest in the pots and the treasury.
    pub fn genesis(&self, founders: &[Founder], stake: Balance) -> Value {
        let mut genesis = genesis_json("local_testnet");
        let shards = self.count();
        let is_kept = |who: &AccountId| self.chr[usize::from(home(who, shards))] > 0;
        let mut flx = self.people(&genesis["balances"]["balances"], is_kept);
        flx.extend(
            founders
                .iter()
                .filter(|one| is_kept(&one.account))
                .map(|one| (one.account.clone(), FLX_OF_FOUNDER)),
        );
        let mut chr = self.people(&genesis["economy"]["chr"], is_kept);
        self.fill_pots(&mut flx, &mut chr);
        let anchors = self.anchors(founders, stake);
        genesis["assets"]["accounts"] = json!(self.assets(&genesis, founders, stake, &anchors, is_kept));
        genesis["balances"]["balances"] = json!(flx);
        genesis["economy"]["chr"] = json!(chr);
        genesis["economy"]["shards"] = json!(shards);
        genesis["field"] = json!({ "shards": shards, "edges": self.edges });
        genesis["attunement"]["anchors"] = json!(anchors);
        name_founders(&mut genesis, founders, stake);
        genesis
    }

    /// Everybody of a list of the preset but the protocol's own accounts.
    fn people(&self, list: &Value, is_kept: impl Fn(&AccountId) -> bool) -> Vec<(AccountId, Balance)> {
        let all: Vec<(AccountId, Balance)> = serde_json::from_value(list.clone()).expect("a list of balances");
        all.into_iter()
            .filter(|(who, _)| !is_protocols(who) && is_kept(who))
            .collect()
    }

    /// Puts what the people do not hold into the pots, and the rest of FLX into the treasury.
    fn fill_pots(&self, flx: &mut Vec<(AccountId, Balance)>, chr: &mut Vec<(AccountId, Balance)>) {
        let in_flx = |(who, amount): &(AccountId, Balance)| Grant {
            shard: home(who, self.count()),
            chr: 0,
            flx: *amount,
        };
        let in_chr = |(who, amount): &(AccountId, Balance)| Grant {
            shard: home(who, self.count()),
            chr: *amount,
            flx: 0,
        };
        let grants: Vec<Grant> = flx.iter().map(in_flx).chain(chr.iter().map(in_chr)).collect();
        let pots = allocate(&self.chr, TREASURY_FLX, &grants).expect("no shard holds less than its people");
        for (shard, left) in (0..).zip(pots).filter(|(_, left)| left.chr > 0) {
            chr.push((pot(shard), left.chr));
            flx.push((pot(shard), left.flx));
        }
        flx.push((Economy::treasury_account(), TREASURY_FLX));
    }

    /// What the pots stake beside the founders; nothing is named where that is nothing.
    fn anchors(&self, founders: &[Founder], stake: Balance) -> Vec<(u8, Balance)> {
        let stakes: Vec<_> = founders.iter().map(|one| (one.shard, stake)).collect();
        let anchors = anchors(&self.staked_atr, &stakes).expect("founders stake no more than their shard does");
        (0..).zip(anchors).filter(|(_, anchor)| *anchor > 0).collect()
    }

    /// PSY, ATR and RES: of the people as on the preset, of the pots for their anchors, of the founders for their
    /// stakes.
    fn assets(
        &self,
        genesis: &Value,
        founders: &[Founder],
        stake: Balance,
        anchors: &[(u8, Balance)],
        is_kept: impl Fn(&AccountId) -> bool,
    ) -> Vec<(u32, AccountId, Balance)> {
        let (psy, atr) = (TokenId::Psy.asset_id(), TokenId::Atr.asset_id());
        let (psy, atr) = (psy.expect("an asset"), atr.expect("an asset"));
        let of_preset = genesis["assets"]["accounts"].clone();
        let mut assets: Vec<(u32, AccountId, Balance)> = serde_json::from_value(of_preset).expect("a list of assets");
        assets.retain(|(_, who, _)| !is_protocols(who) && is_kept(who));
        assets.extend(anchors.iter().map(|(shard, anchor)| (atr, pot(*shard), anchor + 1)));
        for one in founders {
            assets.push((atr, one.account.clone(), 2 * stake));
            assets.push((psy, one.account.clone(), 10_000 * FLX));
        }
        assets
    }
}

fn pot(shard: u8) -> AccountId {
    Economy::commons_account(ShardId(shard))
}

fn is_protocols(who: &AccountId) -> bool {
    *who == Economy::treasury_account() || (0..50).any(|shard| *who == pot(shard))
}

/// Puts the founders in the place of the preset's validators.
fn name_founders(genesis: &mut Value, founders: &[Founder], stake: Balance) {
    let each = |make: &dyn Fn(&Founder) -> Value| -> Value { founders.iter().map(make).collect() };
    genesis["attunement"]["validators"] = each(&|one| json!([one.account, stake]));
    genesis["session"]["keys"] = each(&|one| {
        let keys = SessionKeys {
            aura: one.pair.public().into(),
            grandpa: one.grandpa.public().into(),
        };
        json!([one.account, one.account, keys])
    });
    genesis["keyLedger"]["keys"] = each(&|one| json!([one.account, one.key.public(), ["SEAL"]]));
}

/// A chain and its founding validators.
pub struct Network {
    /// The chain.
    pub chain: Chain,
    /// Its founders.
    pub founders: Vec<Founder>,
}

impl Network {
    /// So many founders around the ring of five who stake 2,000 ATR each; `change` is made to the genesis.
    pub fn around_the_ring(count: u8, change: impl FnOnce(&mut Value)) -> Self {
        let founders = around_the_ring(count);
        let mut genesis = Shares::of_the_ring().genesis(&founders, 2_000 * FLX);
        change(&mut genesis);
        Self {
            chain: Chain::of(&genesis),
            founders,
        }
    }

    /// Goes on to the boundary block of the running epoch, and makes it.
    pub fn close_epoch(&mut self) {
        let rest = self.chain.blocks_to_boundary();
        self.chain.empty_blocks(rest);
    }

    /// From a boundary block to the next one: in the second block the `reporters` report, each by its number, changed
    /// by `change`.
    pub fn epoch(&mut self, reporters: &[usize], change: impl Fn(usize, &mut Report)) {
        self.chain.empty_blocks(1);
        self.chain.block(|| {
            for n in reporters {
                let report = self.founders[*n].report(|report| change(*n, report));
                assert_eq!(apply(&report), Ok(Ok(())), "the report of founder {n}");
            }
        });
        self.close_epoch();
    }

    /// An epoch in which all founders report what is right.
    pub fn honest_epoch(&mut self) {
        let all: Vec<usize> = (0..self.founders.len()).collect();
        self.epoch(&all, |_, _| ());
    }
}
