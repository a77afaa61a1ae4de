//! Raising writes an incident down once; raising it again counts.

use crate::{mock::*, types::IncidentRecord, Event};
use qc_traits::{IncidentCause, RaiseIncident};
use qc_types::{CirCode, Scope, ShardId};

#[test]
fn an_incident_is_written_down() {
    execute(|| {
        System::set_block_number(7);
        set_epoch(4);
        spread(2);
        let record = IncidentRecord {
            number: 0,
            code: CirCode::FieldAnomaly,
            scope: Scope::Shard(ShardId(2)),
            cause: IncidentCause::Spread,
            block: 7,
            epoch: 4,
            last_epoch: 4,
            times: 1,
            ended: None,
        };
        assert_eq!(Cir::open_incidents(), [record]);
        let raised = Event::IncidentRaised {
            number: 0,
            code: CirCode::FieldAnomaly,
            scope: Scope::Shard(ShardId(2)),
            cause: IncidentCause::Spread,
        };
        assert_eq!(events(), [raised]);
    });
}

#[test]
fn the_same_one_is_counted_and_nothing_else() {
    execute(|| {
        spread(2);
        events();
        System::set_block_number(9);
        set_epoch(1);
        spread(2);
        let open = Cir::open_incidents();
        assert_eq!(open.len(), 1);
        assert_eq!(
            (open[0].times, open[0].epoch, open[0].last_epoch, open[0].block),
            (2, 0, 1, 1)
        );
        assert_eq!(events(), []);
    });
}

#[test]
fn another_code_scope_or_cause_is_another_incident() {
    execute(|| {
        let shard = |n| Scope::Shard(ShardId(n));
        Cir::raise(CirCode::FieldAnomaly, shard(2), IncidentCause::Spread);
        Cir::raise(CirCode::LocalDissonance, shard(2), IncidentCause::Spread);
        Cir::raise(CirCode::FieldAnomaly, shard(3), IncidentCause::Spread);
        Cir::raise(CirCode::FieldAnomaly, shard(2), IncidentCause::Curl);
        let numbers: Vec<_> = Cir::open_incidents().iter().map(|one| one.number).collect();
        assert_eq!(numbers, [0, 1, 2, 3]);
    });
}
