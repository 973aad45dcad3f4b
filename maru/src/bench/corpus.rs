//! Posts and comments as there might be, in Korean and English, the same each time.

use contracts::blog::{ImportPost, PostStatus};
use kit::clock::rfc3339;

use super::random::Random;

const KOREAN: &str = include_str!("words.ko.txt");
const ENGLISH: &str = include_str!("words.en.txt");

const CATEGORIES: usize = 20;
const TAGS: usize = 200;
const AUTHORS: usize = 20;
/// Words of each language that some posts are about, made of two of those that all posts use. A blog of some hundred
/// posts has about 18,000 different words.
const SUBJECTS: usize = 6_000;
/// What one post is about, and how often one of two such words is met among all others: so a word of a title is in about
/// a fifth of all posts, as in blogs that were looked at.
const SUBJECTS_OF_A_POST: usize = 30;
/// Posts appear evenly over so long.
const YEARS_MILLIS: i64 = 8 * 365 * 24 * 3600 * 1000;
const FIRST_MILLIS: i64 = 1_500_000_000_000;

const PARTICLES: [&str; 6] = ["을", "는", "에", "의", "에서", "으로"];

const CODE: &str = "```rust
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let figures: Vec<u64> = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    println!(\"{}\", figures.iter().sum::<u64>());
    Ok(())
}
```";

/// Words and the right to choose among them.
pub(super) struct Corpus {
    random: Random,
    korean: Vec<&'static str>,
    english: Vec<&'static str>,
}

/// Places of words among all that there is to write about.
type Subjects = Vec<usize>;

/// A comment. Others stand for accounts by the number of the author.
pub(super) struct Comment {
    /// Its place among those of its post, before this one, when it answers one.
    pub(super) answers: Option<usize>,
    pub(super) author: Option<usize>,
    pub(super) text: String,
    pub(super) likes: usize,
}

impl Corpus {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            korean: KOREAN.split_whitespace().collect(),
            english: ENGLISH.split_whitespace().collect(),
        }
    }

    pub(super) fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// The `number`-th of `count` posts, one in two of each language, one in twenty not public.
    pub(super) fn post(&mut self, number: usize, count: usize) -> ImportPost {
        let korean = number.is_multiple_of(2);
        let author = self.random.skewed(AUTHORS);
        let words = self.random.between(2, 5);
        let subjects: Subjects = (0..SUBJECTS_OF_A_POST).map(|_| self.random.skewed(SUBJECTS)).collect();
        let title = format!("{} {number}", self.words(korean, words, &subjects));
        let place = i64::try_from(number).unwrap_or_default() * YEARS_MILLIS / i64::try_from(count).unwrap_or(1);
        let tags = self.random.between(0, 6);
        let tags = (0..tags).map(|_| self.tag()).collect();
        ImportPost {
            source: format!("bench:{number}"),
            slug: String::new(),
            content: self.text(korean, &subjects),
            title,
            author_id: author_id(author),
            author_name: author_name(author),
            category: Some(category(self.random.skewed(CATEGORIES))),
            tags,
            status: if number % 20 == 19 { PostStatus::Private } else { PostStatus::Public },
            published_at: Some(rfc3339(FIRST_MILLIS + place)),
            locale: Some(if korean { "ko" } else { "en" }.to_owned()),
            ..ImportPost::default()
        }
    }

    /// So many comments of one post; about every other one answers an earlier one.
    pub(super) fn comments(&mut self, count: usize) -> Vec<Comment> {
        (0..count)
            .map(|place| {
                let answers = (place > 0 && self.random.below(2) == 0).then(|| self.random.below(place));
                let author = (self.random.below(3) == 0).then(|| self.random.below(AUTHORS));
                let (korean, words) = (self.random.below(2) == 0, self.random.between(4, 40));
                Comment { answers, author, text: self.words(korean, words, &[]), likes: self.random.skewed(20) }
            })
            .collect()
    }

    /// What somebody might type into the search: one word or two, such as titles have.
    pub(super) fn question(&mut self) -> String {
        let korean = self.random.below(2) == 0;
        let words = self.random.between(1, 2);
        let subjects: Subjects = (0..words).map(|_| self.random.skewed(SUBJECTS)).collect();
        self.words(korean, words, &subjects)
    }

    /// The same of words that nearly half of all posts have: the most that there may be to find.
    pub(super) fn common_question(&mut self) -> String {
        let korean = self.random.below(2) == 0;
        let words = self.random.between(1, 2);
        self.words(korean, words, &[])
    }

    /// The name of a tag; its slug too.
    pub(super) fn tag(&mut self) -> String {
        let number = self.random.skewed(TAGS);
        let (words, place) =
            if number.is_multiple_of(2) { (&self.korean, number / 2) } else { (&self.english, number / 2) };
        words[place % words.len()].to_owned()
    }

    /// The slug of a category.
    pub(super) fn category_slug(&mut self) -> String {
        category(self.random.skewed(CATEGORIES)).to_lowercase().replace(' ', "-")
    }

    /// Four to twelve parts of a few paragraphs, now and then a list or a piece of code.
    fn text(&mut self, korean: bool, subjects: &[usize]) -> String {
        let mut text = String::new();
        for part in 0..self.random.between(4, 12) {
            let words = self.random.between(1, 4);
            text.push_str(&format!("## {}\n\n", self.words(korean, words, subjects)));
            for _ in 0..self.random.between(1, 3) {
                let words = self.random.between(25, 90);
                let paragraph = self.words(korean, words, subjects);
                let stressed = self.words(korean, 1, subjects);
                text.push_str(&format!("{paragraph} **{stressed}** [link](/tags/{}).\n\n", self.tag()));
            }
            match (part + self.random.below(3)) % 6 {
                0 => text.push_str(&format!("{CODE}\n\n")),
                1 => {
                    for _ in 0..4 {
                        text.push_str(&format!("- {}\n", self.words(korean, 6, subjects)));
                    }
                    text.push('\n');
                }
                _ => {}
            }
        }
        text
    }

    /// So many words; every other one of `subjects`, where there are any.
    fn words(&mut self, korean: bool, count: usize, subjects: &[usize]) -> String {
        let mut text = String::new();
        for place in 0..count {
            if place > 0 {
                text.push(' ');
            }
            let words = if korean { &self.korean } else { &self.english };
            if !subjects.is_empty() && self.random.below(2) == 0 {
                let (first, second) = parts(*self.random.of(subjects), words.len());
                text.push_str(words[first]);
                text.push_str(words[second]);
            } else {
                let word: &&str = self.random.rather_of(words);
                text.push_str(word);
            }
            // Particles, as nouns have them.
            if korean && self.random.below(2) == 0 {
                text.push_str(PARTICLES[self.random.below(PARTICLES.len())]);
            }
        }
        text
    }
}

/// The two words, of so many, that a subject is made of: other ones for each.
fn parts(subject: usize, words: usize) -> (usize, usize) {
    let first = subject % words;
    (first, (first + 1 + subject / words) % words)
}

/// No account: the auth service is not asked for its card.
pub(super) fn author_id(number: usize) -> String {
    format!("bench-author-{number}")
}

pub(super) fn author_name(number: usize) -> String {
    format!("Author {number}")
}

fn category(number: usize) -> String {
    format!("Category {number}")
}

#[cfg(test)]
mod tests {
    use super::Corpus;

    #[test]
    fn it_is_the_same_each_time_and_in_both_languages() {
        let posts = |seed| {
            let mut corpus = Corpus::new(seed);
            (0..4).map(|number| corpus.post(number, 4)).collect::<Vec<_>>()
        };
        let (one, other) = (posts(1), posts(1));
        assert!(one.iter().zip(&other).all(|(one, other)| one.content == other.content && one.title == other.title));
        assert_ne!(one[0].content, posts(2)[0].content);
        assert!(one[0].title.chars().any(|c| ('가'..='힣').contains(&c)) && one[1].title.is_ascii());
    }

    #[test]
    fn a_comment_answers_an_earlier_one() {
        let comments = Corpus::new(1).comments(50);
        assert!(comments.iter().enumerate().all(|(place, comment)| comment.answers.is_none_or(|above| above < place)));
        assert!(comments.iter().any(|comment| comment.answers.is_some()));
    }
}
