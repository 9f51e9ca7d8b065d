//! The memory of parsers and trees: a bump allocator for each thread, emptied when the trees of a file are gone.
//!
//! A parse makes thousands of small blocks and a tree is freed node by node: a tenth to a fifth of the time of
//! reading a file. Inside a [`Scope`] a block is cut from a chunk, a freed block waits in a list of its size for
//! the next one, and what is never freed goes when the outermost scope of the thread ends; its chunks are then
//! used again from their start. Outside of scopes the system's allocator serves. Every block carries a header
//! that says how large it is and whose it is, so it may be resized and freed in a scope or out of one and on any
//! thread.
//!
//! This is the only unsafe code of the project. What it asks for: a block of an arena must not be used once the
//! scope that it was made in has ended. [`crate::with_trees`], the only way to a tree, keeps that: parsers and
//! trees live inside its scope, and what its callback returns cannot borrow from them.
#![expect(unsafe_code, reason = "the parser's runtime takes its allocator as four C functions")]

use std::alloc::{GlobalAlloc, Layout, System, handle_alloc_error};
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;
use std::sync::Once;

use tree_sitter::{Allocator, set_allocator};

/// What memory is cut into, and the size of a [`Header`]: blocks are aligned to it, as `malloc` promises.
const UNIT: usize = size_of::<Header>();
/// Units of a chunk. A block of more than an eighth of it gets a chunk of its own.
const CHUNK: usize = (1 << 20) / UNIT;
/// Chunks that a thread keeps for its next file.
const KEPT: usize = 16;
/// Blocks of fewer units than this are used again within a scope.
const CLASSES: usize = 32;

/// What stands before a block.
#[repr(C, align(16))]
#[derive(Clone, Copy)]
struct Header {
    /// Units of the block, without the header.
    units: usize,
    /// The arena that it belongs to, for comparison only; null for a block of the system's. In the first unit of
    /// a freed block: the next block of the list.
    owner: *const c_void,
}

/// Where a block, or memory for one, starts.
type Start = *mut Header;

/// The memory of one thread's trees.
struct Arena {
    /// Scopes that are open.
    depth: Cell<usize>,
    /// The free end of the chunk in use.
    at: Cell<Start>,
    /// Units free there.
    left: Cell<usize>,
    /// Chunks of [`CHUNK`] units, the first `used` of them with blocks in them.
    chunks: RefCell<Vec<Start>>,
    used: Cell<usize>,
    /// Chunks of one large block each, with their units.
    large: RefCell<Vec<(Start, usize)>>,
    /// Freed blocks by size, linked through their first unit.
    free: [Cell<Start>; CLASSES],
}

thread_local! {
    static ARENA: Arena = const {
        Arena {
            depth: Cell::new(0),
            at: Cell::new(ptr::null_mut()),
            left: Cell::new(0),
            chunks: RefCell::new(Vec::new()),
            used: Cell::new(0),
            large: RefCell::new(Vec::new()),
            free: [const { Cell::new(ptr::null_mut()) }; CLASSES],
        }
    };
}

/// While one is alive, the parser's blocks on this thread come from the arena.
pub(crate) struct Scope(());

impl Scope {
    pub(crate) fn open() -> Self {
        static INSTALLED: Once = Once::new();
        // SAFETY: the four functions are one family, never return null, align as `malloc` does; `Once` runs this
        // before any other use of the runtime, all of which go through a scope.
        INSTALLED.call_once(|| unsafe { set_allocator(Some(Allocator { malloc, calloc, realloc, free })) });
        ARENA.with(|arena| arena.depth.set(arena.depth.get() + 1));
        Self(())
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        ARENA.with(|arena| {
            arena.depth.set(arena.depth.get() - 1);
            if arena.depth.get() == 0 {
                arena.empty(KEPT);
            }
        });
    }
}

impl Arena {
    fn take(&self, units: usize) -> Start {
        if let Some(list) = self.free.get(units)
            && !list.get().is_null()
        {
            let block = list.get();
            // SAFETY: a block in the list is this arena's, not in use, and holds the link in its first unit.
            list.set(unsafe { block.read() }.owner.cast_mut().cast());
            return block;
        }
        if units >= self.left.get() {
            if units > CHUNK / 8 {
                let start = allocate(1 + units);
                self.large.borrow_mut().push((start, 1 + units));
                // SAFETY: the memory has a unit for the header, and the others.
                return unsafe { label(start, units, self.name()) };
            }
            self.next_chunk();
        }
        let start = self.at.get();
        self.left.set(self.left.get() - 1 - units);
        // SAFETY: the chunk has this many units from `start` on.
        unsafe {
            self.at.set(start.add(1 + units));
            label(start, units, self.name())
        }
    }

    fn next_chunk(&self) {
        let mut chunks = self.chunks.borrow_mut();
        let used = self.used.get();
        if used == chunks.len() {
            chunks.push(allocate(CHUNK));
        }
        self.used.set(used + 1);
        self.at.set(chunks[used]);
        self.left.set(CHUNK);
    }

    /// Makes the block at the end of the chunk larger where it stands, if it is that and there is room.
    fn grow(&self, block: Start, old: usize, new: usize) -> bool {
        let more = new - old;
        if block.wrapping_add(old) != self.at.get() || more > self.left.get() {
            return false;
        }
        self.left.set(self.left.get() - more);
        // SAFETY: `more` units are free behind the block, whose header stands before it.
        unsafe {
            self.at.set(self.at.get().add(more));
            label(block.sub(1), new, self.name());
        }
        true
    }

    fn give_back(&self, block: Start, units: usize) {
        if let Some(list) = self.free.get(units) {
            // SAFETY: the block is this arena's, no longer in use, and has a unit at least.
            unsafe { block.write(Header { units, owner: list.get().cast_const().cast() }) };
            list.set(block);
        }
    }

    /// Takes every block back, and keeps `kept` chunks.
    fn empty(&self, kept: usize) {
        let mut chunks = self.chunks.borrow_mut();
        let kept = kept.min(chunks.len());
        let gone = chunks.drain(kept..).map(|start| (start, CHUNK));
        for (start, units) in gone.chain(self.large.borrow_mut().drain(..)) {
            // SAFETY: it was allocated with these units, and the scope of its blocks has ended.
            unsafe { System.dealloc(start.cast(), layout(units)) };
        }
        self.used.set(0);
        self.left.set(0);
        self.at.set(ptr::null_mut());
        self.free.iter().for_each(|list| list.set(ptr::null_mut()));
    }

    fn name(&self) -> *const c_void {
        ptr::from_ref(self).cast()
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        self.empty(0);
    }
}

/// Writes the header of a block; gives the block.
///
/// # Safety
/// From `start` on there are `1 + units` units for the caller to write.
unsafe fn label(start: Start, units: usize, owner: *const c_void) -> Start {
    // SAFETY: as the caller promises.
    unsafe {
        start.write(Header { units, owner });
        start.add(1)
    }
}

fn layout(units: usize) -> Layout {
    // No file asks for more than the address space; C has no way to hear of it but this.
    Layout::array::<Header>(units).unwrap_or_else(|_| handle_alloc_error(Layout::new::<Header>()))
}

fn allocate(units: usize) -> Start {
    let layout = layout(units);
    // SAFETY: the layout is not of size zero: a header is part of all memory asked for.
    let start = unsafe { System.alloc(layout) };
    if start.is_null() {
        handle_alloc_error(layout);
    }
    start.cast()
}

/// The units of a block for `bytes` bytes: one at least, for the link of a freed block.
fn units(bytes: usize) -> usize {
    bytes.div_ceil(UNIT).max(1)
}

/// Runs `f` with this thread's arena if a scope is open.
fn in_scope<T>(f: impl FnOnce(&Arena) -> T) -> Option<T> {
    ARENA.try_with(|arena| (arena.depth.get() > 0).then(|| f(arena))).ok().flatten()
}

extern "C" fn malloc(bytes: usize) -> *mut c_void {
    let units = units(bytes);
    let block = in_scope(|arena| arena.take(units));
    // SAFETY: the memory has a unit for the header, and the others.
    block.unwrap_or_else(|| unsafe { label(allocate(1 + units), units, ptr::null()) }).cast()
}

extern "C" fn calloc(count: usize, bytes: usize) -> *mut c_void {
    let bytes = count.saturating_mul(bytes);
    let block = malloc(bytes);
    // SAFETY: the block has at least `bytes` bytes.
    unsafe { block.cast::<u8>().write_bytes(0, bytes) };
    block
}

unsafe extern "C" fn realloc(block: *mut c_void, bytes: usize) -> *mut c_void {
    if block.is_null() {
        return malloc(bytes);
    }
    let (start, new): (Start, usize) = (block.cast(), units(bytes));
    // SAFETY: the runtime passes a block of this family that is in use: a header stands before it.
    let Header { units: old, owner } = unsafe { start.sub(1).read() };
    let stays = || in_scope(|arena| arena.name() == owner && arena.grow(start, old, new)) == Some(true);
    if new <= old || stays() {
        return block;
    }
    let moved: Start = malloc(bytes).cast();
    // SAFETY: both blocks have `old` units, and they are two.
    unsafe {
        ptr::copy_nonoverlapping(start, moved, old);
        free(block);
    }
    moved.cast()
}

unsafe extern "C" fn free(block: *mut c_void) {
    if block.is_null() {
        return;
    }
    let start: Start = block.cast();
    // SAFETY: the runtime passes a block of this family that is in use: a header stands before it.
    let Header { units, owner } = unsafe { start.sub(1).read() };
    if owner.is_null() {
        // SAFETY: it was allocated with these units.
        unsafe { System.dealloc(start.sub(1).cast(), layout(1 + units)) };
    } else {
        // A block of another thread's goes when that thread's scope ends.
        in_scope(|arena| (arena.name() == owner).then(|| arena.give_back(start, units)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of `bytes` bytes, each of them `fill`.
    fn filled(bytes: usize, fill: u8) -> *mut c_void {
        let block = malloc(bytes);
        assert_eq!(block as usize % UNIT, 0);
        // SAFETY: the block has that many bytes.
        unsafe { block.cast::<u8>().write_bytes(fill, bytes) };
        block
    }

    fn holds(block: *mut c_void, bytes: usize, fill: u8) -> bool {
        // SAFETY: the callers pass blocks of at least that many bytes.
        (0..bytes).all(|at| unsafe { block.cast::<u8>().add(at).read() } == fill)
    }

    #[test]
    fn blocks_keep_their_bytes_through_growth_and_reuse() {
        for open in [false, true] {
            let scope = open.then(Scope::open);
            let mut blocks: Vec<(*mut c_void, usize, u8)> = Vec::new();
            for round in 0..2000_usize {
                let bytes = [0, 1, 16, 17, 500, 4096, CHUNK, CHUNK * UNIT, 3 * CHUNK * UNIT][round * 7 % 9];
                let bytes = if round % 50 == 0 { bytes } else { bytes.min(600) };
                let fill = round as u8;
                blocks.push((filled(bytes, fill), bytes, fill));
                if round % 3 == 0 {
                    let (block, bytes, fill) = blocks.swap_remove(round * 5 % blocks.len());
                    assert!(holds(block, bytes, fill));
                    // SAFETY: the block is in use and this is its last use under this name.
                    let grown = unsafe { realloc(block, bytes * 2 + 1) };
                    assert!(holds(grown, bytes, fill));
                    blocks.push((grown, bytes, fill));
                }
                if round % 2 == 0 {
                    let (block, bytes, fill) = blocks.swap_remove(round * 11 % blocks.len());
                    assert!(holds(block, bytes, fill));
                    // SAFETY: the last use of the block.
                    unsafe { free(block) };
                }
            }
            for (block, bytes, fill) in blocks {
                assert!(holds(block, bytes, fill));
                // SAFETY: the last use of the block.
                unsafe { free(block) };
            }
            drop(scope);
        }
    }

    #[test]
    fn zeroed_blocks_are_zero_where_others_were_before() {
        let _scope = Scope::open();
        let used = filled(64, 7);
        // SAFETY: the last use of the block.
        unsafe { free(used) };
        assert!(holds(calloc(4, 16), 64, 0));
    }

    #[test]
    fn memory_is_used_again_after_the_outermost_scope_and_not_before() {
        let outer = Scope::open();
        let first = malloc(100);
        drop(Scope::open());
        let second = malloc(100);
        assert_ne!(first, second);
        drop(outer);
        let _scope = Scope::open();
        assert_eq!(malloc(100), first);
    }

    #[test]
    fn a_block_may_be_freed_by_another_thread() {
        let _scope = Scope::open();
        let block = malloc(100) as usize;
        let other = std::thread::spawn(move || {
            let _scope = Scope::open();
            // SAFETY: the owner's scope is open until this thread has ended, and it does not use the block.
            unsafe { free(block as *mut c_void) };
            malloc(100) as usize
        });
        assert_ne!(other.join().ok(), Some(block));
    }
}
