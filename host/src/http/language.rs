//! Which language the caller reads: `Accept-Language` → one of the three that every text is given in.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponseParts, ResponseParts};
use concord_contract::language::Language;

/// The language to answer in. As a part of a response, it says so in the headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reads(pub Language);

impl<S: Sync> FromRequestParts<S> for Reads {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Reads, Infallible> {
        Ok(Reads(of_headers(&parts.headers)))
    }
}

impl IntoResponseParts for Reads {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        let headers = parts.headers_mut();
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.0.tag()));
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
        Ok(parts)
    }
}

fn of_headers(headers: &HeaderMap) -> Language {
    let lists = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let ranges = lists.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    negotiate(ranges)
}

/// The language of the range with the highest weight; of equal ones, of the first. English where none fits.
fn negotiate<'a>(ranges: impl Iterator<Item = &'a str>) -> Language {
    let mut best = (0, Language::default());
    for range in ranges {
        let (tag, weight) = match range.split_once(';') {
            Some((tag, parameters)) => (tag, weight(parameters)),
            None => (range, 1000),
        };
        if let Some(language) = language(tag.trim())
            && weight > best.0
        {
            best = (weight, language);
        }
    }
    best.1
}

/// The weight in thousandths; nought where it cannot be read, which says "not this one".
fn weight(parameters: &str) -> u32 {
    let Some(("q", number)) = parameters.trim().split_once('=') else { return 0 };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = part.bytes().all(|byte| byte.is_ascii_digit()) && part.len() <= 3;
    match (whole, digits) {
        ("0", true) => format!("{part:0<3}").parse().unwrap_or(0),
        ("1", true) => 1000,
        _ => 0,
    }
}

/// The language that a range (RFC 4647) asks for. Where it names no script, that of its place is meant, and
/// else the most usual one of the language (CLDR, likely subtags).
fn language(range: &str) -> Option<Language> {
    let mut parts = range.split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    let usual = match primary.as_str() {
        "en" | "*" => return Some(Language::En),
        "zh" | "cmn" => Language::ZhHans,
        "yue" => Language::ZhHant,
        _ => return None,
    };
    let script = parts.find_map(|part| match part.to_ascii_lowercase().as_str() {
        "hans" | "cn" | "sg" | "my" => Some(Language::ZhHans),
        "hant" | "tw" | "hk" | "mo" => Some(Language::ZhHant),
        _ => None,
    });
    Some(script.unwrap_or(usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> &'static str {
        negotiate(header.split(',')).tag()
    }

    #[test]
    fn a_place_or_script_says_which_chinese() {
        for hans in ["zh", "zh-CN", "zh-SG", "zh-Hans", "zh-Hans-HK", "ZH-cn", "cmn", "yue-CN"] {
            assert_eq!(of(hans), "zh-Hans", "{hans}");
        }
        for hant in
            ["zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-CN", "zh-hant-mo", "yue", "cmn-TW"]
        {
            assert_eq!(of(hant), "zh-Hant", "{hant}");
        }
    }

    #[test]
    fn the_highest_weight_wins_and_the_first_of_equals() {
        assert_eq!(of("en;q=0.5, zh-HK;q=0.9, zh-CN;q=0.8"), "zh-Hant");
        assert_eq!(of("zh-CN, en"), "zh-Hans");
        assert_eq!(of("fr-CH, fr;q=0.9, zh;q=0.75, *;q=0.5"), "zh-Hans");
        assert_eq!(of("en;q=0.001, zh-TW;q=0.002"), "zh-Hant");
        assert_eq!(of("en;q=0.5, zh-TW;q=1.000"), "zh-Hant");
    }

    #[test]
    fn what_is_refused_or_unreadable_is_not_taken() {
        assert_eq!(of("zh;q=0, en;q=0.1"), "en");
        assert_eq!(of("zh;q=high"), "en");
        assert_eq!(of("zh;q=0.1234"), "en");
        assert_eq!(of("zh;level=1, zh-TW;q=0.1"), "zh-Hant");
    }

    #[test]
    fn english_is_for_everybody_else() {
        for other in ["", "pt-PT", "*", "zhx", ",,;", "ja;q=1"] {
            assert_eq!(of(other), "en", "{other}");
        }
    }
}
