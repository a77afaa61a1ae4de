//! How much is stored. Every map of the pallets that validators and time fill has a bound that its pallet's constants give.

use super::generate::storage_maps;
use frame_support::{storage::storage_prefix, traits::fungibles::Inspect};
use pallet_attunement::types::{
    CANDIDATES_MAX, CANDIDATE_PAGE_PLACES, OUTCOMES_MAX, PAGES_MAX, PARTICIPANTS_MAX, VALIDATORS_MAX,
};
use qc_runtime::{epoch::HISTORICAL_SESSIONS, Assets, Economy, Runtime};
use qc_types::TokenId;
use std::{collections::BTreeMap, sync::OnceLock};

/// The pallets whose storage is watched.
const WATCHED: [&str; 8] = [
    "Attunement",
    "Field",
    "Grandpa",
    "Historical",
    "Incidents",
    "Offences",
    "Session",
    "Sync",
];

/// How many entries a map of a watched pallet may have; `None` if nobody has said.
fn bound(map: &str) -> Option<u64> {
    let symbols = pallet_attunement::Symbols::<Runtime>::get();
    let sessions = u64::from(HISTORICAL_SESSIONS) + 1;
    let blacklisting_epochs = u64::from(symbols.blacklist_epochs) + 1;
    let (validators, candidates) = (u64::from(VALIDATORS_MAX), u64::from(CANDIDATES_MAX));
    Some(match map {
        "Attunement.CandidatePlaces" => candidates,
        "Attunement.CandidatePages" => candidates.div_ceil(CANDIDATE_PAGE_PLACES.into()),
        // Who is no candidate any more staked at least the minimum when it left, and all that is held yet.
        "Attunement.UnbondingQueues" => {
            let atr = Assets::total_issuance(TokenId::Atr.asset_id().expect("an asset"));
            candidates + u64::try_from(atr / symbols.stake_min).expect("few")
        }
        "Attunement.ParticipantPlaces" => u64::from(PARTICIPANTS_MAX),
        "Attunement.ParticipantPages" => u64::from(PAGES_MAX),
        "Attunement.Outcomes" => u64::from(OUTCOMES_MAX),
        "Attunement.Blacklist" => candidates * blacklisting_epochs,
        "Attunement.BlacklistEnds" => blacklisting_epochs,
        "Attunement.Offences" => sessions,
        "Attunement.Anchors" => Economy::shards().count() as u64,
        "Field.Histories" => pallet_field::types::HISTORY_EPOCHS.into(),
        "Grandpa.SetIdSession" | "Historical.HistoricalSessions" => sessions,
        "Incidents.ClosedIncidents" => pallet_cir::types::CLOSED_MAX,
        // Nothing of a report stays, whatever the round.
        "Offences.Reports" | "Offences.ConcurrentReportsIndex" => 0,
        // Each set of keys is paid for by a deposit; here everybody may have one.
        "Session.NextKeys" | "Session.ExternallySetKeys" => accounts(),
        "Session.KeyOwner" => 2 * accounts(),
        "Sync.Filings" => validators,
        "Sync.History" => pallet_sync::types::HISTORY_EPOCHS.into(),
        _ => return None,
    })
}

fn accounts() -> u64 {
    count("System", "Account")
}

/// How many keys there are under a map's prefix.
fn count(pallet: &str, map: &str) -> u64 {
    let prefix = storage_prefix(pallet.as_bytes(), map.as_bytes());
    let next = |key: &Vec<u8>| sp_io::storage::next_key(key).filter(|key| key.starts_with(&prefix));
    std::iter::successors(next(&prefix.to_vec()), next).count() as u64
}

/// How many entries every map of the watched pallets has; none has more than its bound, and each has one. All else that they
/// store are single values, which FRAME bounds.
pub fn bounded_counts() -> BTreeMap<String, u64> {
    static MAPS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let watched = MAPS
        .get_or_init(storage_maps)
        .iter()
        .filter(|(pallet, _)| WATCHED.contains(&pallet.as_str()));
    watched
        .map(|(pallet, map)| {
            let (name, found) = (format!("{pallet}.{map}"), count(pallet, map));
            let bound = bound(&name).unwrap_or_else(|| panic!("no bound is stated for the map {name}"));
            assert!(found <= bound, "{name} has {found} entries, but may have {bound}");
            (name, found)
        })
        .collect()
}
