//! Files of translations: there a name is what is translated, and a value is what people read.

use crate::secrets::name_of;

/// Folders of translations.
const FOLDERS: &[&str] =
    &["i18n", "l10n", "locale", "locales", "lang", "langs", "languages", "translations", "nls"];
/// Endings of files that hold names and texts.
const ENDINGS: &[&str] = &["json", "yaml", "yml", "properties", "arb", "strings", "xml", "resx", "po"];
/// So many texts make a file of translations, not fewer.
const LEAST: usize = 8;

/// True for a file of translations: by its folder, or because it holds nothing but texts for people, of which many are
/// more than a word. Cost: one pass over `text` where the folder says nothing.
pub(crate) fn is_translation(path: &str, text: &str) -> bool {
    let is_of_folder = path.split('/').rev().skip(1).any(|folder| FOLDERS.contains(&folder));
    let ending = name_of(path).rsplit_once('.').map_or("", |(_, ending)| ending);
    is_of_folder || ENDINGS.contains(&ending) && is_spoken(text)
}

/// All values are texts, and at least two of five are of several words, or in letters that programs do not use. A file
/// of settings has a number, a switch or an address somewhere.
fn is_spoken(text: &str) -> bool {
    let (mut values, mut spoken) = (0, 0);
    for value in text.lines().filter_map(value) {
        if is_technical(value) {
            return false;
        }
        values += 1;
        spoken += usize::from(is_sentence(value));
    }
    values >= LEAST && spoken * 5 >= values * 2
}

/// What a line gives to a name.
fn value(line: &str) -> Option<&str> {
    let line = line.trim();
    let is_comment = line.starts_with(['#', '!', '<']) || line.starts_with("//");
    let at = line.find([':', '=']).filter(|_| !is_comment)?;
    let value = line[at + 1..].trim().trim_end_matches([',', ';']).trim_matches(['"', '\'']);
    let is_opened = matches!(value, "" | "{" | "[" | "{}" | "[]" | "|" | ">" | ">-" | "|-");
    (!is_opened).then_some(value)
}

/// A number, a switch, an address or a path.
fn is_technical(value: &str) -> bool {
    value.parse::<f64>().is_ok()
        || ["true", "false", "null", "yes", "no", "on", "off"].contains(&value)
        || value.contains("://")
        || value.starts_with(['/', '$', '&', '*', '~'])
}

/// Several words, or letters beyond those that names are made of.
fn is_sentence(value: &str) -> bool {
    let has_letters = |word: &&str| word.chars().any(char::is_alphabetic);
    value.split_whitespace().filter(has_letters).nth(1).is_some()
        || value.chars().any(|char| char.is_alphabetic() && !char.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight entries of a bundle, and one more.
    fn bundle(more: &str) -> String {
        let texts = [
            "Please log in",
            "Password",
            "Your account was closed",
            "Kennwort",
            "Größe",
            "Send",
            "Try again later",
            "Cancel",
        ];
        let lines = texts.iter().enumerate().map(|(at, text)| format!("  \"key{at}\": \"{text}\",\n"));
        format!("{{\n{}  {more}\n}}\n", lines.collect::<String>())
    }

    #[test]
    fn files_of_texts_for_people_are_told_from_settings() {
        let check =
            |path: &str, text: &str, is: bool| assert_eq!(is_translation(path, text), is, "{path}: {text}");
        check("src/messages.json", &bundle(r#""password": "Kennwort1""#), true);
        check("src/messages.js", &bundle(r#""password": "Kennwort1""#), false);
        check("src/settings.json", &bundle(r#""port": 8080"#), false);
        check("src/settings.json", &bundle(r#""debug": true"#), false);
        check("src/settings.json", &bundle(r#""home": "https://shop.test""#), false);
        check("src/few.json", "{\n  \"a\": \"Log in here\"\n}\n", false);
        check("src/locale/de.js", "", true);
        check("locale.json", "", false);
        check("app.properties", "# none\na=b\n".repeat(9).as_str(), false);
    }
}
