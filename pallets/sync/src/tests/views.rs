//! What the runtime API shows.

use crate::{
    mock::*,
    types::{DueReports, ReportStatus},
};
use qc_harmonics::sync::HARMONICS_VERSION;
use qc_types::ShardId;

#[test]
fn what_is_due() {
    execute(3, || {
        file_honest([2, 3]);
        assert_eq!(file(3, &with_coherence(3, 5)), Ok(()));
        let validators = vec![
            (1, ReportStatus::Missing),
            (2, ReportStatus::Reported),
            (3, ReportStatus::Void),
        ];
        let due = DueReports {
            epoch: 0,
            boundary_number: 2,
            boundary_hash: Some([3; 32]),
            harmonics_version: HARMONICS_VERSION,
            validators,
        };
        assert_eq!(PsiSync::due(), Some(due));
        assert_eq!(PsiSync::status_of(&1), ReportStatus::Missing);
        assert_eq!(PsiSync::shards_due(&2), [ShardId(0), ShardId(1), ShardId(2)]);
        assert_eq!(PsiSync::shards_due(&99), []);
    });
}

#[test]
fn the_boundary_block_does_not_know_its_own_hash() {
    execute(3, || {
        end_epoch_at_boundary();
        let due = PsiSync::due().expect("something is due");
        assert_eq!((due.epoch, due.boundary_hash), (1, None));
        assert_eq!(due.boundary_number, System::block_number());
    });
    externalities().execute_with(|| assert_eq!(PsiSync::due(), None));
}
