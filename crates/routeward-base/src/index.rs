//! Typed indices into arenas: four bytes instead of a pointer, and no two arenas can be confused.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A typed index. Implemented by [`index_type!`](crate::index_type).
pub trait Idx: Copy + Eq + Ord + std::hash::Hash + std::fmt::Debug {
    /// Builds the index from its position.
    fn new(raw: u32) -> Self;
    /// The position.
    fn raw(self) -> u32;
}

/// Declares `struct Id` as a four-byte typed index.
#[macro_export]
macro_rules! index_type {
    ($(#[$meta:meta])* pub struct $name:ident;) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub u32);

        impl $crate::Idx for $name {
            fn new(raw: u32) -> Self {
                Self(raw)
            }
            fn raw(self) -> u32 {
                self.0
            }
        }
    };
}

/// A growable array indexed by `I`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IndexVec<I, T> {
    items: Vec<T>,
    marker: PhantomData<fn(I) -> I>,
}

impl<I, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        Self { items: Vec::new(), marker: PhantomData }
    }
}

impl<I: Idx, T> IndexVec<I, T> {
    /// An empty array.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends and returns the new index.
    pub fn push(&mut self, item: T) -> I {
        let id = self.next();
        self.items.push(item);
        id
    }

    /// The index that the next `push` returns.
    pub fn next(&self) -> I {
        I::new(self.items.len() as u32)
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// True if nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The item, if the index is in range.
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.raw() as usize)
    }

    /// Items in index order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Pairs of index and item, in index order.
    pub fn iter_enumerated(&self) -> impl Iterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(i, item)| (I::new(i as u32), item))
    }

    /// The items as a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// Drops every item from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
    }
}

impl<I, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(iter: It) -> Self {
        Self { items: iter.into_iter().collect(), marker: PhantomData }
    }
}

impl<'a, I: Idx, T> IntoIterator for &'a IndexVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<I: Idx, T> Index<I> for IndexVec<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.raw() as usize]
    }
}

impl<I: Idx, T> IndexMut<I> for IndexVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.raw() as usize]
    }
}

/// A contiguous piece of a pool (`Vec<T>`): how a node holds its children without an allocation of its own.
pub struct Range32<T> {
    start: u32,
    len: u32,
    marker: PhantomData<fn() -> T>,
}

impl<T> Range32<T> {
    /// The empty piece.
    pub const EMPTY: Self = Self { start: 0, len: 0, marker: PhantomData };

    /// Appends `items` to `pool` and returns where they lie.
    pub fn extend(pool: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> Self {
        let start = pool.len() as u32;
        pool.extend(items);
        Self { start, len: pool.len() as u32 - start, marker: PhantomData }
    }

    /// The items.
    pub fn of(self, pool: &[T]) -> &[T] {
        &pool[self.start as usize..(self.start + self.len) as usize]
    }

    /// Number of items.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// True if there are none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

impl<T> Clone for Range32<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Range32<T> {}
impl<T> PartialEq for Range32<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.len) == (other.start, other.len)
    }
}
impl<T> Eq for Range32<T> {}
impl<T> std::fmt::Debug for Range32<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}..{}", self.start, self.start + self.len)
    }
}

/// A growable array indexed by `I` that never moves an item: it grows by whole chunks, so that a large one costs
/// neither a copy of itself nor the slack of one. A look-up costs one step more than that of an [`IndexVec`].
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    chunks: Vec<Vec<T>>,
    marker: PhantomData<fn(I) -> I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), marker: PhantomData }
    }
}

impl<I: Idx, T> Arena<I, T> {
    /// Bits of an index that count within a chunk.
    const BITS: u32 = 9;
    /// Items of a chunk.
    const CHUNK: usize = 1 << Self::BITS;

    fn split(id: I) -> (usize, usize) {
        let raw = id.raw() as usize;
        (raw >> Self::BITS, raw & (Self::CHUNK - 1))
    }

    /// Appends and returns the new index.
    pub fn push(&mut self, item: T) -> I {
        let id = self.next();
        match self.chunks.last_mut() {
            Some(chunk) if chunk.len() < Self::CHUNK => chunk.push(item),
            _ => {
                let mut chunk = Vec::with_capacity(Self::CHUNK);
                chunk.push(item);
                self.chunks.push(chunk);
            }
        }
        id
    }

    /// The index that the next `push` returns.
    pub fn next(&self) -> I {
        I::new(self.len() as u32)
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * Self::CHUNK + last.len())
    }

    /// True if nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// The item, if the index is in range.
    pub fn get(&self, id: I) -> Option<&T> {
        let (chunk, at) = Self::split(id);
        self.chunks.get(chunk)?.get(at)
    }

    /// Items in index order, to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }

    /// Pairs of index and item, in index order.
    pub fn iter_enumerated(&self) -> impl Iterator<Item = (I, &T)> {
        self.chunks.iter().flatten().enumerate().map(|(i, item)| (I::new(i as u32), item))
    }
}

impl<I: Idx, T> Index<I> for Arena<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        let (chunk, at) = Self::split(id);
        &self.chunks[chunk][at]
    }
}

impl<I: Idx, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        let (chunk, at) = Self::split(id);
        &mut self.chunks[chunk][at]
    }
}
