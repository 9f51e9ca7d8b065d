//! What the replies of an endpoint give away about accounts, as their constant texts say it.

use routeward_flow::{Answer, Evaluator, Outcome};

use crate::posture::{Reply, Tells};

/// The replies that tell something, one for each text.
pub(crate) fn replies(evaluator: &Evaluator<'_>, outcome: &Outcome) -> Vec<Reply> {
    // One that sends the client elsewhere, or says that all went well, refuses nobody.
    let may_refuse = |answer: &&Answer| {
        !answer.is_redirect && answer.status.is_none_or(|status| status >= 400 || status == 200)
    };
    let answers = outcome.answers.iter().filter(may_refuse);
    let said = answers.filter_map(|answer| Some((answer.said?, answer.point.place)));
    let mut replies: Vec<Reply> = Vec::new();
    for (said, place) in said.chain(outcome.said_in_errors.iter().copied()) {
        let text = evaluator.symbols.text(said);
        let Some(tells) = told(evaluator, &text) else { continue };
        if !replies.iter().any(|known| known.tells == tells && known.text == text) {
            replies.push(Reply { tells, text, place });
        }
    }
    replies
}

fn told(evaluator: &Evaluator<'_>, text: &str) -> Option<Tells> {
    let speaks_of = |lexicon: &str| evaluator.speaks_of(lexicon, text);
    match (speaks_of("account"), speaks_of("password")) {
        (true, false) if speaks_of("missing") => Some(Tells::NoAccount),
        (true, false) if speaks_of("taken") => Some(Tells::Taken),
        (false, true) if speaks_of("wrong") => Some(Tells::WrongPassword),
        // `Invalid user name or password` tells nobody which of the two it is.
        _ => None,
    }
}
