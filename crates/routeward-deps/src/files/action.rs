//! Steps and workflows of others that workflows of GitHub use, and the images that they run in.

use routeward_formats::{Format, Node};

use super::image;
use crate::files::Cx;
use crate::{Dependency, Ecosystem, Origin, Scope};

/// True for a workflow, by the folder that it has to be in.
pub(crate) fn is_workflow(path: &str) -> bool {
    let Some((folder, name)) = path.rsplit_once('/') else { return false };
    let is_folder = folder == ".github/workflows" || folder.ends_with("/.github/workflows");
    is_folder && Format::of(name) == Some(Format::Yaml)
}

/// Reads a workflow, or an action that is made of steps.
pub(crate) fn read(cx: &mut Cx<'_>) {
    let document = cx.document(Format::Yaml);
    let Some(root) = document.root() else { return };
    let jobs = root.get("jobs").map(Node::entries).unwrap_or_default();
    for job in jobs.iter().map(|(_, job)| *job).chain(root.get("runs")) {
        used(cx, job);
        for step in job.get("steps").into_iter().flat_map(Node::items) {
            used(cx, step);
        }
        image::run(cx, job.get("container"), Scope::Development);
        for (_, service) in job.get("services").map(Node::entries).unwrap_or_default() {
            image::run(cx, service.get("image"), Scope::Development);
        }
    }
}

/// `uses: owner/repository/path@revision`, `./folder` or `docker://image`.
fn used(cx: &mut Cx<'_>, node: Node<'_>) {
    let Some((node, text)) = node.get("uses").and_then(|node| Some((node, node.text()?.trim()))) else {
        return;
    };
    if let Some(image) = text.strip_prefix("docker://") {
        image::add(cx, image, (node, image), Scope::Development);
        return;
    }
    // What a variable gives is not known.
    if text.contains("${{") || text.starts_with('.') {
        return;
    }
    let (path, revision) = text.split_once('@').unwrap_or((text, ""));
    let mut parts = path.split('/');
    let Some((owner, repository)) = parts.next().zip(parts.next()) else { return };
    let name = format!("{owner}/{repository}");
    let mut dependency = Dependency::new(Ecosystem::Action, &name, cx.inner(node, path));
    dependency.origin =
        Origin::Git { url: format!("https://github.com/{name}"), revision: revision.to_owned() };
    dependency.is_direct = Some(true);
    dependency.scope = Scope::Development;
    dependency.version_place = cx.inner(node, text);
    cx.add(dependency);
}
