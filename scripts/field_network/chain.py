"""What the chain says about an epoch, read in the state of its boundary block."""

import struct

from rpc import Scale

# The keys of the preset `local`, as `subkey inspect //Alice` and so on print them.
NAMES = {
    "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d": "alice",
    "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48": "bob",
    "90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22": "charlie",
    "306721211d5404bd9da88e0204360a1a9ab8b87c66c1bc2fcdd37f3c2222cc20": "dave",
}
# Fields of `Symbols` in their order, with whether each is a u32.
SYMBOLS = (
    "kappa tauEpochs* gamma alphaMin alphaMax alphaStep recalibrationEpochs* exponentMax psiGate psiSlash psiTarget "
    "coherenceDeficit psiMinHistoryDays* slashFraction slashEquivocation slashTampering fallEpochs* graceEpochs* "
    "blacklistEpochs* unbondingEpochs* forgivenEpochs* stakeMin entryStakeShare newcomerSeatsShare validatorsMin* "
    "validatorsMax* boostGain boostEpochs* boostPsy boostRecalibrationMin epsSync deltaMax deltaCurl strikesMax* "
    "strikeWindowEpochs* observersMin* kappaFlow amplificationNormal* amplificationElevated* amplificationHigh* "
    "amplificationCritical* intensityBase* rewardRate budgetNormal budgetElevated budgetHigh budgetCritical kappaRes "
    "psySupplyMax dDecay dStep dHalt beta lambda1 lambda2 cCrit cHoloMin driftMaxMs*"
).split()
OUTCOME = "resonance core caf coherence entropy entropy_rate alpha lambda".split()
STATUS = ["seeking", "leaving", "removed", "barred"]


def phases(scale):
    return [[scale.u128(), scale.u128(), scale.boolean()] for _ in range(4)]


def symbols(data):
    scale = Scale(data, "Attunement::Symbols")
    return scale.whole({name.rstrip("*"): scale.u32() if name.endswith("*") else scale.u128() for name in SYMBOLS})


def outcome(scale):
    head = {name: scale.u32() for name in ("epoch", "validators", "participants")}
    return head | {name: scale.u128() for name in OUTCOME}


def inputs(data):
    scale = Scale(data, "Attunement::Inputs")

    def one():
        return {
            "who": scale.account(),
            "phases": phases(scale),
            "features": [scale.option(scale.u128) for _ in range(4)],
            "stake": scale.u128(),
            "grace": scale.boolean(),
        }

    return scale.whole(scale.items(one))


def validator_outcomes(data):
    scale = Scale(data, "Attunement::ValidatorOutcomes")
    return scale.whole(scale.items(lambda: [scale.account(), scale.u128(), scale.u128(), scale.u128()]))


def view(scale):
    """The beginning of a `ValidatorView`."""
    status, is_active = STATUS[scale.u8()], scale.boolean()
    stake, unbonding, grace = scale.u128(), scale.u128(), scale.u32()
    psi, mean, effective = scale.u128(), scale.u128(), scale.u128()
    boost = {"level": scale.u128(), "ends": scale.u32()}
    return {"status": status, "active": is_active, "stake": stake, "unbonding": unbonding, "grace": grace, "psi": psi,
            "psi_mean": mean, "psi_eff": effective, "boost": boost, "phases": phases(scale)}


def sync_outcome(scale):
    found = {name: scale.u32() for name in ("epoch", "validators", "came", "void")}
    found["consensus"] = scale.option(scale.u128)
    found["trimmed"] = scale.option(lambda: [scale.u128(), scale.u128()])
    found["own"] = scale.option(scale.u128)
    found |= {name: scale.u32() for name in ("deviating", "struck", "tampered")}
    found["breach"] = scale.option(lambda: ["ChainInDoubt", "Scattered"][scale.u8()])
    found["spread_shards"] = scale.items(scale.u8)
    found["shard_medians"] = scale.items(lambda: scale.option(scale.u128))
    return found


def field_history(scale):
    return {"epoch": scale.u32(), "densities": scale.items(scale.u128), "alignment": scale.i128()}


def field_inputs(data):
    scale = Scale(data, "Field::Inputs")
    epoch = scale.u32()
    shards = scale.items(lambda: [scale.u128(), scale.u128(), scale.u128(), scale.u128()])
    return {"epoch": epoch, "shards": shards}


def page(node, function, epoch, read, at):
    """One epoch of a history that the runtime pages, or None."""
    scale = node.runtime(function, struct.pack("<II", epoch, 1), at)
    found = scale.whole(scale.items(lambda: read(scale)))
    return next((one for one in found if one["epoch"] == epoch), None)


def closed_epoch(node, at):
    """The epoch that was closed last in the state of a block, or None."""
    data = node.storage("Attunement", "LastOutcome", at)
    return None if data is None else outcome(Scale(data, "LastOutcome"))["epoch"]


def read_epoch(node, epoch, at, height):
    """All that a boundary block's state says about its epoch."""
    told = page(node, "AttunementApi_outcomes", epoch, outcome, at)
    moment = node.storage("Timestamp", "Now", at)
    row = {
        "epoch": epoch,
        "block": height,
        "ms": int.from_bytes(moment, "little"),
        "outcome": told,
        "inputs": inputs(node.storage("Attunement", "Inputs", at)),
        "validators": validator_outcomes(node.storage("Attunement", "ValidatorOutcomes", at)),
        "symbols": symbols(node.storage("Attunement", "Symbols", at)),
        "field": page(node, "FieldApi_history", epoch, field_history, at),
        "field_inputs": field_inputs(node.storage("Field", "Inputs", at)),
        "sync": page(node, "SyncApi_history", epoch - 1, sync_outcome, at) if epoch else None,
    }
    row["views"] = {}
    for one in row["inputs"]:
        scale = node.runtime("AttunementApi_validator", bytes.fromhex(one["who"]), at)
        row["views"][one["who"]] = scale.option(lambda: view(scale))
    return row
