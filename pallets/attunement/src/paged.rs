//! Records in pages: whoever goes through many of them reads and writes a page at a time, not each of them. One of them is found
//! by its place, in two reads.
//!
//! Places are dense: with n records they are 0 to n − 1, and the last record takes the place of one that goes. So all pages are
//! full but the last.

use codec::FullCodec;
use core::{borrow::Borrow, marker::PhantomData, mem};
use frame_support::{storage, traits::Get, BoundedVec};

/// A map of records by key: `Places` has the place of each, `Count` how many there are, `Pages` the records in the order of their
/// places, `PerPage` (never 0) of them to a page.
///
/// While a record is added or taken away, iterators of before must not be used any more.
pub struct PagedMap<Key, Record, PerPage, Places, Pages, Count>(
    PhantomData<(Key, Record, PerPage, Places, Pages, Count)>,
);

/// Where a record was that was taken away.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Vacated {
    /// Its place.
    pub place: u32,
    /// The place whose record is now in its place, and which is there no more; the same one if it was the last.
    pub last: u32,
}

impl<Key, Record, PerPage, Places, Pages, Count> PagedMap<Key, Record, PerPage, Places, Pages, Count>
where
    Key: Clone + FullCodec,
    Record: FullCodec,
    PerPage: Get<u32>,
    Places: storage::StorageMap<Key, u32, Query = Option<u32>>,
    Pages: storage::StorageMap<u32, BoundedVec<(Key, Record), PerPage>, Query = BoundedVec<(Key, Record), PerPage>>,
    Count: storage::StorageValue<u32, Query = u32>,
    BoundedVec<(Key, Record), PerPage>: FullCodec,
{
    /// How many records there are.
    pub fn count() -> u32 {
        Count::get()
    }

    /// The place of a record.
    pub fn place(key: impl Borrow<Key>) -> Option<u32> {
        let key: &Key = key.borrow();
        Places::get(key)
    }

    /// Whether there is a record.
    pub fn contains_key(key: impl Borrow<Key>) -> bool {
        let key: &Key = key.borrow();
        Places::contains_key(key)
    }

    /// A record.
    pub fn get(key: impl Borrow<Key>) -> Option<Record> {
        let (page, index) = Self::place(key).and_then(at::<PerPage>)?;
        let mut entries = Pages::get(page);
        (index < entries.len()).then(|| entries.swap_remove(index).1)
    }

    /// Writes a record over the one that is there, or as the last one.
    pub fn insert(key: impl Borrow<Key>, record: Record) {
        let key: &Key = key.borrow();
        match Self::place(key).and_then(at::<PerPage>) {
            Some((page, index)) => Pages::mutate(page, |entries| {
                if let Some((_, old)) = entries.get_mut(index) {
                    *old = record;
                }
            }),
            None => Self::push(key, record),
        }
    }

    /// Changes a record; `None` if there is none.
    pub fn change<R>(key: impl Borrow<Key>, change: impl FnOnce(&mut Record) -> R) -> Option<R> {
        let (page, index) = Self::place(key).and_then(at::<PerPage>)?;
        Pages::mutate(page, |entries| entries.get_mut(index).map(|(_, record)| change(record)))
    }

    /// Takes a record away.
    pub fn remove(key: impl Borrow<Key>) {
        let _ = Self::take(key);
    }

    /// Takes a record away, and says where it was.
    pub fn take(key: impl Borrow<Key>) -> Option<(Record, Vacated)> {
        let key: &Key = key.borrow();
        let place = Self::place(key)?;
        let last = Self::count().checked_sub(1)?;
        let ((page, index), (last_page, _)) = (at::<PerPage>(place)?, at::<PerPage>(last)?);
        let mut entries = Pages::get(last_page);
        let (mover, moved) = entries.pop()?;
        if entries.is_empty() {
            Pages::remove(last_page);
        } else {
            Pages::insert(last_page, entries);
        }
        Count::put(last);
        Places::remove(key);
        let vacated = Vacated { place, last };
        if place == last {
            return Some((moved, vacated));
        }
        Places::insert(&mover, place);
        let entry = (mover, moved);
        let taken = Pages::mutate(page, |entries| {
            entries.get_mut(index).map(|place| mem::replace(place, entry))
        });
        taken.map(|(_, record)| (record, vacated))
    }

    /// Changes the records of a page that is there: they come in the order of their places.
    pub fn mutate_page<R>(page: u32, change: impl FnOnce(&mut [(Key, Record)]) -> R) -> R {
        Pages::mutate(page, |entries| change(entries.as_mut()))
    }

    /// Offers every record for a change, and writes the pages on which `change` says that it changed one.
    pub fn change_all(mut change: impl FnMut(&Key, &mut Record) -> bool) {
        for page in 0..Self::pages() {
            let mut entries = Pages::get(page);
            let changed = entries
                .iter_mut()
                .filter_map(|(key, record)| change(key, record).then_some(()));
            if changed.count() > 0 {
                Pages::insert(page, entries);
            }
        }
    }

    /// Every record, in the order of places.
    pub fn iter() -> impl Iterator<Item = (Key, Record)> {
        (0..Self::pages()).flat_map(|page| Pages::get(page))
    }

    /// Every key, in the order of places.
    pub fn iter_keys() -> impl Iterator<Item = Key> {
        Self::iter().map(|(key, _)| key)
    }

    /// Every record without its key, in the order of places.
    pub fn iter_values() -> impl Iterator<Item = Record> {
        Self::iter().map(|(_, record)| record)
    }

    /// Whether every record is in the place that is known of it, places are dense, and nothing else is stored.
    pub fn is_sound() -> bool
    where
        Places: storage::IterableStorageMap<Key, u32>,
        Pages: storage::IterableStorageMap<u32, BoundedVec<(Key, Record), PerPage>>,
    {
        let count = Self::count();
        let is_placed = |page: u32, index: usize, key: &Key| {
            let place = Places::get(key).filter(|place| *place < count);
            place.and_then(at::<PerPage>) == Some((page, index))
        };
        let is_page_sound = |page: u32| {
            let entries = Pages::get(page);
            let mut placed = entries.iter().enumerate();
            placed.all(|(index, (key, _))| is_placed(page, index, key))
        };
        let is_all = |found: usize| u32::try_from(found) == Ok(count);
        (0..Self::pages()).all(is_page_sound)
            && is_all(Self::iter_keys().count())
            && is_all(Places::iter().count())
            && u32::try_from(Pages::iter().count()) == Ok(Self::pages())
    }

    fn pages() -> u32 {
        // argued: `PerPage` is never 0; of a map whose pages took nothing there would be none to look at.
        Count::get().div_ceil(PerPage::get().max(1))
    }

    fn push(key: &Key, record: Record) {
        let place = Self::count();
        let pushed = at::<PerPage>(place)
            .zip(place.checked_add(1))
            .filter(|((page, _), _)| Pages::mutate(page, |entries| entries.try_push((key.clone(), record)).is_ok()));
        match pushed {
            Some((_, count)) => {
                Places::insert(key, place);
                Count::put(count);
            }
            // argued: out of reach, a page that is begun has room as all before it are full, and no map has 2^32 records.
            None => log::error!(target: "runtime::attunement", "no place {place} for a record"),
        }
    }
}

/// The page of a place, and its index there.
fn at<PerPage: Get<u32>>(place: u32) -> Option<(u32, usize)> {
    let per_page = PerPage::get();
    let index = usize::try_from(place.checked_rem(per_page)?).ok()?;
    Some((place.checked_div(per_page)?, index))
}
