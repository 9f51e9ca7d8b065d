//! Every content that files ever had.

use std::io;

use gix::bstr::ByteSlice;
use gix::objs::tree::EntryKind;
use gix::revision::plumbing::Spec;
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;
use gix::{ObjectId, Repository as Handle};
use routeward_base::{FxHashMap, FxHashSet, Version, Versions};

use crate::{GitError, Handles, Repository};

/// A tree with more files is made to exhaust its readers.
const FILES: usize = 4_000_000;
/// So much of a commit's name is shown, in hexadecimal digits.
const SHOWN: usize = 12;

/// The contents of a history, each once, under the first path that it had, by the commit that brought it; the oldest
/// come first.
pub struct History {
    handles: Handles,
    contents: Vec<Content>,
    paths: Vec<String>,
    commits: Vec<Commit>,
    /// How many commits were looked at.
    looked_at: usize,
    is_cut: bool,
}

struct Content {
    id: ObjectId,
    path: u32,
    commit: u32,
    is_current: bool,
}

struct Commit {
    name: String,
    seconds: i64,
}

/// A commit with what is asked about it.
struct Known {
    id: ObjectId,
    parents: Vec<ObjectId>,
    seconds: i64,
}

impl History {
    pub(crate) fn new(repository: &Repository, range: Option<&str>) -> Result<Self, GitError> {
        repository.handles.with(|handle| {
            let (tips, hidden) = match range {
                Some(range) => ends(handle, range)?,
                None => (all_tips(handle)?, Vec::new()),
            };
            let commits = in_order(walk(handle, tips, hidden)?);
            let current = files(handle, repository.current(handle)?)?.into_iter().map(|(_, id)| id).collect();
            let mut reader = Reader::new(repository, handle, current);
            // What the commits before the range hold was not brought by it.
            let inside: FxHashSet<ObjectId> = commits.iter().map(|commit| commit.id).collect();
            let before = commits.iter().flat_map(|commit| &commit.parents).filter(|id| !inside.contains(*id));
            for id in before {
                reader.read(*id, None)?;
            }
            for commit in &commits {
                reader.read(commit.id, Some(commit.seconds))?;
            }
            let Reader { contents, paths, commits: names, .. } = reader;
            let is_cut = handle.is_shallow().unwrap_or(false);
            Ok(Self {
                handles: repository.handles.again(),
                contents,
                paths,
                commits: names,
                looked_at: commits.len(),
                is_cut,
            })
        })
    }
}

impl Versions for History {
    fn len(&self) -> usize {
        self.contents.len()
    }

    fn revisions(&self) -> usize {
        self.looked_at
    }

    fn is_cut(&self) -> bool {
        self.is_cut
    }

    fn version(&self, index: usize) -> Version<'_> {
        let content = &self.contents[index];
        let commit = &self.commits[content.commit as usize];
        Version {
            path: &self.paths[content.path as usize],
            revision: &commit.name,
            seconds: commit.seconds,
            is_current: content.is_current,
        }
    }

    fn size(&self, index: usize) -> Option<u64> {
        self.handles.size(self.contents[index].id)
    }

    fn read(&self, index: usize) -> io::Result<Vec<u8>> {
        self.handles.read(self.contents[index].id)
    }
}

/// Where a walk begins, and what it leaves out with all that came before it.
type Ends = (Vec<ObjectId>, Vec<ObjectId>);

fn ends(handle: &Handle, range: &str) -> Result<Ends, GitError> {
    let wrong = || GitError::Range { range: range.to_owned() };
    let spec = handle.rev_parse(range).map_err(|_| wrong())?;
    // A range may name tags, and what is no commit at all.
    let commit = |id: ObjectId| {
        let object = handle.find_object(id).map_err(|_| wrong())?;
        object.peel_to_commit().map_err(|_| wrong())
    };
    let one = |id: ObjectId| Ok::<_, GitError>(vec![commit(id)?.id]);
    let parents =
        |id: ObjectId| Ok::<_, GitError>(commit(id)?.parent_ids().map(gix::Id::detach).collect::<Vec<_>>());
    Ok(match spec.detach() {
        Spec::Include(id) => (one(id)?, Vec::new()),
        Spec::Range { from, to } => (one(to)?, one(from)?),
        Spec::Merge { theirs, ours } => {
            let base = handle.merge_base(theirs, ours).map_err(|_| wrong())?;
            ([one(theirs)?, one(ours)?].concat(), base.map(gix::Id::detach).into_iter().collect())
        }
        Spec::IncludeOnlyParents(id) => (parents(id)?, Vec::new()),
        Spec::ExcludeParents(id) => (one(id)?, parents(id)?),
        Spec::Exclude(_) => return Err(wrong()),
    })
}

/// What branches, tags and the current commit lead to.
fn all_tips(handle: &Handle) -> Result<Vec<ObjectId>, GitError> {
    let platform = handle.references().map_err(GitError::unreadable)?;
    let mut tips: Vec<ObjectId> = Vec::new();
    for mut reference in platform.all().map_err(GitError::unreadable)?.flatten() {
        let Ok(id) = reference.peel_to_id() else { continue };
        // A tag may name a tree or a file.
        let is_commit = handle.find_header(id).is_ok_and(|header| header.kind() == gix::object::Kind::Commit);
        tips.extend(is_commit.then(|| id.detach()));
    }
    tips.extend(handle.head_id().ok().map(gix::Id::detach));
    tips.sort_unstable();
    tips.dedup();
    Ok(tips)
}

fn walk(handle: &Handle, tips: Vec<ObjectId>, hidden: Vec<ObjectId>) -> Result<Vec<Known>, GitError> {
    let walk = handle.rev_walk(tips).sorting(Sorting::ByCommitTime(CommitTimeOrder::NewestFirst));
    let found = walk.with_hidden(hidden).all().map_err(GitError::unreadable)?;
    found
        .map(|info| {
            let info = info.map_err(GitError::unreadable)?;
            let seconds = info.commit_time.unwrap_or_default();
            Ok(Known { id: info.id, parents: info.parent_ids.iter().copied().collect(), seconds })
        })
        .collect()
}

/// Each commit behind its parents, and by its time as far as that allows: clocks are wrong.
fn in_order(mut commits: Vec<Known>) -> Vec<Known> {
    commits.sort_by_key(|commit| (commit.seconds, commit.id));
    let by_id: FxHashMap<ObjectId, usize> =
        commits.iter().enumerate().map(|(at, commit)| (commit.id, at)).collect();
    let (mut order, mut is_entered) = (Vec::with_capacity(commits.len()), vec![false; commits.len()]);
    for first in 0..commits.len() {
        let mut work = vec![(first, false)];
        while let Some((at, is_left)) = work.pop() {
            if is_left {
                order.push(at);
            } else if !std::mem::replace(&mut is_entered[at], true) {
                work.push((at, true));
                let parents = commits[at].parents.iter().rev();
                work.extend(parents.filter_map(|id| by_id.get(id)).map(|parent| (*parent, false)));
            }
        }
    }
    let mut all: Vec<Option<Known>> = commits.into_iter().map(Some).collect();
    order.into_iter().filter_map(|at| all[at].take()).collect()
}

/// An entry of a tree.
pub(crate) struct Entry {
    pub(crate) name: String,
    kind: EntryKind,
    pub(crate) id: ObjectId,
}

impl Entry {
    pub(crate) fn is_folder(&self) -> bool {
        self.kind == EntryKind::Tree
    }

    fn is_file(&self) -> bool {
        matches!(self.kind, EntryKind::Blob | EntryKind::BlobExecutable)
    }
}

/// The entries of a tree with a name that is text.
pub(crate) fn entries(handle: &Handle, tree: ObjectId) -> Result<Vec<Entry>, GitError> {
    let tree = handle.find_tree(tree).map_err(GitError::unreadable)?;
    let mut found = Vec::new();
    for entry in tree.iter() {
        let entry = entry.map_err(GitError::unreadable)?;
        if let Ok(name) = entry.filename().to_str() {
            found.push(Entry { name: name.to_owned(), kind: entry.kind(), id: entry.object_id() });
        }
    }
    Ok(found)
}

/// All files of a tree, links and submodules left out.
pub(crate) fn files(handle: &Handle, tree: Option<ObjectId>) -> Result<Vec<(String, ObjectId)>, GitError> {
    let mut found = Vec::new();
    let mut work: Vec<(String, ObjectId)> = tree.map(|tree| (String::new(), tree)).into_iter().collect();
    while let Some((folder, tree)) = work.pop() {
        for entry in entries(handle, tree)? {
            let path = join(&folder, &entry.name);
            if entry.is_folder() {
                work.push((path, entry.id));
            } else if entry.is_file() {
                found.push((path, entry.id));
            }
            if found.len() + work.len() > FILES {
                return Err(GitError::TooMany(FILES));
            }
        }
    }
    Ok(found)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Goes through commits, each tree once.
struct Reader<'a> {
    repository: &'a Repository,
    handle: &'a Handle,
    seen: FxHashSet<ObjectId>,
    current: FxHashSet<ObjectId>,
    contents: Vec<Content>,
    paths: Vec<String>,
    by_path: FxHashMap<String, u32>,
    commits: Vec<Commit>,
}

impl<'a> Reader<'a> {
    fn new(repository: &'a Repository, handle: &'a Handle, current: FxHashSet<ObjectId>) -> Self {
        Self {
            repository,
            handle,
            seen: FxHashSet::default(),
            current,
            contents: Vec::new(),
            paths: Vec::new(),
            by_path: FxHashMap::default(),
            commits: Vec::new(),
        }
    }

    /// Takes up what a commit brings, or only marks what it holds as seen. A commit that is not here, as behind the end
    /// of a shallow clone, holds nothing.
    fn read(&mut self, commit: ObjectId, brings: Option<i64>) -> Result<(), GitError> {
        let Some(found) = self.handle.try_find_object(commit).map_err(GitError::unreadable)? else {
            return Ok(());
        };
        let found = found.try_into_commit().map_err(GitError::unreadable)?;
        let tree = found.tree_id().map_err(GitError::unreadable)?.detach();
        let Some(tree) = self.repository.inner(self.handle, tree)? else { return Ok(()) };
        let first = self.contents.len();
        let mut work = vec![(String::new(), tree)];
        while let Some((folder, tree)) = work.pop() {
            if !self.seen.insert(tree) {
                continue;
            }
            for entry in entries(self.handle, tree)? {
                if entry.is_folder() {
                    work.push((join(&folder, &entry.name), entry.id));
                } else if entry.is_file() && self.seen.insert(entry.id) && brings.is_some() {
                    self.add(join(&folder, &entry.name), entry.id);
                }
            }
        }
        if let Some(seconds) = brings.filter(|_| self.contents.len() > first) {
            let name = commit.to_hex_with_len(SHOWN).to_string();
            self.commits.push(Commit { name, seconds });
        }
        Ok(())
    }

    fn add(&mut self, path: String, id: ObjectId) {
        let path = *self.by_path.entry(path).or_insert_with_key(|path| {
            self.paths.push(path.clone());
            self.paths.len() as u32 - 1
        });
        let (commit, is_current) = (self.commits.len() as u32, self.current.contains(&id));
        self.contents.push(Content { id, path, commit, is_current });
    }
}
